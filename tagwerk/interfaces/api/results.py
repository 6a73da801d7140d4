"""Results: what the answers to each task add up to, as far as they are delivered."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.exports import queries
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as quality_queries
from tagwerk.domain.quality.actions.results import MOST_ASKED
from tagwerk.domain.quality.rules.words import Cause, Reason
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import LongPaging, Page, cursor_at, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Json, json_answer

router = Router(tags=["results"])
EXPORT = Key(Permission.RESULT_EXPORT)
REVIEW = Key(Permission.ANSWER_REVIEW)


class ResultOut(BaseModel):
    """One task as it leaves the house."""

    id: str = Field(alias="_id", description="Your own id of the row, else the task's")
    data: Json
    result: Json | None = Field(
        description="Question → value; null with the reason where nothing is delivered"
    )
    confidence: dict[str, float | None] | None
    agreement: dict[str, float | None] | None
    method: dict[str, str | None] | None = Field(
        description="Question → how its result was found: ibcc, one_coin, gold_vote, majority, merge, member, experts, gold"
    )
    model: dict[str, int] | None = Field(
        description="Question → the version of the fitted models that decided; 0: none did"
    )
    answers: int = Field(description="How many approved answers count")
    gold: bool = Field(description="Whether the right answer was known")
    reason: str | None
    raw_answers: list[Json] = Field(
        default=[],
        description="Every approved answer, if asked for; `weights`: how much it counts, by question",
    )


class ModelOut(BaseModel):
    """One version of the models that find a question's results."""

    question: str
    version: int
    method: str = Field(description="ibcc and one_coin are fitted models; gold_vote and majority are votes")
    reason: str = Field(description="Why: " + ", ".join(Reason))
    cause: str = Field(description="Why it was fitted: " + ", ".join(Cause))
    figures: dict[str, float] = Field(
        description="What the choice rests on: answers, tasks, workers, per_task …"
    )
    fitted_at: datetime


class OverruleIn(Body):
    """What a result is to be."""

    value: Any = Field(description="As a worker would answer the question")
    as_gold: bool = Field(
        False, description="Whether the task serves as gold too, to people who have not had it"
    )


class MoreIn(Body):
    """How many more answers are wanted."""

    answers: int = Field(1, ge=1, le=MOST_ASKED)


class ResultPaging(LongPaging):
    """Which results are asked for."""

    answers: bool = Field(False, description="Add every approved answer, with its worker's pseudonym")


@router.get(
    "/projects/{project}/results",
    auth=EXPORT,
    response=Page[ResultOut],
    by_alias=True,
    operation_id="list_results",
    summary="List results",
)
def list_results(request: HttpRequest, project: str, paging: Query[ResultPaging]) -> HttpResponse:
    """One record per task in the order of import. Only what is approved is delivered; the rest says why not."""
    view = project_of(request, project, Permission.RESULT_EXPORT)
    page = queries.records_page(
        asking(request),
        view.id,
        after=place_of(request, paging.cursor) or 0,
        limit=paging.limit,
        raw_answers=paging.answers,
    )
    following = None if page.next_after is None else cursor_at(request, page.next_after)
    body: dict[str, Any] = {"items": page.records, "next": following}
    return json_answer(body)


@router.get(
    "/projects/{project}/models",
    auth=Key(Permission.PROJECT_VIEW),
    response=list[ModelOut],
    operation_id="list_models",
    summary="How results are found",
)
def list_models(request: HttpRequest, project: str) -> list[ModelOut]:
    """The newest versions of the models that find a project's results, newest first, and why each was chosen."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    found = quality_queries.model_versions(asking(request), view.id)
    return [ModelOut(**{name: getattr(one, name) for name in ModelOut.model_fields}) for one in found]


@router.post(
    "/projects/{project}/models/refit",
    auth=REVIEW,
    response={204: None},
    operation_id="refit_models",
    summary="Fit the models again",
)
def refit_models(request: HttpRequest, project: str) -> None:
    """Have the models fitted to all answers there are now; it happens by itself as answers come, and every night."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality.ask_refit(actor=asking(request), project_id=view.id)


@router.post(
    "/projects/{project}/tasks/{task}/more-answers",
    auth=REVIEW,
    response={204: None},
    operation_id="ask_for_answers",
    summary="Ask for more answers to a task",
)
def ask_for_answers(request: HttpRequest, project: str, task: str, data: MoreIn) -> None:
    """Put a task back into the queue for more answers than it has or waits for, however sure its result is."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality.ask_for_answers(
        actor=asking(request), project_id=view.id, task_id=row_number("tsk", task), answers=data.answers
    )


@router.post(
    "/projects/{project}/tasks/{task}/results/{question}",
    auth=REVIEW,
    response={204: None},
    operation_id="overrule_result",
    summary="Decide a result by hand",
)
def overrule_result(request: HttpRequest, project: str, task: str, question: str, data: OverruleIn) -> None:
    """Decide the result of one question of a task: certain from now on, and left alone by judging."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality.overrule_result(
        actor=asking(request),
        project_id=view.id,
        task_id=row_number("tsk", task),
        question=question,
        value=data.value,
        as_gold=data.as_gold,
    )
