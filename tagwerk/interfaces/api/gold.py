"""Gold: tasks whose right answer is known, how each does, and results that become gold."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import Invalid, NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.actions.gold_care import MOST_PROMOTED
from tagwerk.domain.quality.queries import Candidate, GoldTask
from tagwerk.domain.quality.rules.words import GoldState
from tagwerk.domain.work.rules.rows import LONGEST_EXPLANATION
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import LongPaging, Page, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Json

router = Router(tags=["gold"])
REVIEW = Key(Permission.ANSWER_REVIEW)


class GoldOut(BaseModel):
    """A gold task, and how it does."""

    task: str
    own_id: str | None = Field(description="The `_id` of its row")
    answers: Json = Field(
        description='Question → its right answer, or `{"any_of": […], "within": …}`: several, and how near is right'
    )
    explanation: str
    state: GoldState = Field(description="Only what is `serving` is given out")
    why: str = Field(
        description="Why it is not served: known or fast (people know it), wrong_key (good workers do not find it), by_member"
    )
    evidence: Json = Field(description="The figures behind `why`")
    promoted: bool = Field(description="Whether it is an ordinary task as well, with a result of its own")
    seen: int = Field(description="How many have answered it")
    correct: int = Field(description="How many of them were right in every question")
    middle_seconds: float | None = Field(description="How long the newest answers took, in the middle")
    counts: bool = Field(description="Whether all answers to it are in the workers' records")
    changed_at: datetime | None = Field(description="When its state changed last")


class CandidateOut(BaseModel):
    """A task whose result could become gold."""

    task: str
    own_id: str | None = Field(description="The `_id` of its row")
    result: Json
    confidence: float | None
    answers: int


class GoldIn(Body):
    """What is to be changed about a gold task; what is left out stays."""

    answers: Json | None = Field(
        None, description="Its right answers, as in `_gold`; all answers are scored anew"
    )
    explanation: str | None = Field(None, max_length=LONGEST_EXPLANATION, description="Why they are right")
    served: bool | None = Field(None, description="Whether it is given out; true says that it is sound")


class PromotionIn(Body):
    """Which results become gold."""

    tasks: list[str] = Field(min_length=1, max_length=MOST_PROMOTED)
    explanation: str = Field("", max_length=LONGEST_EXPLANATION, description="Why their results are right")


class PromotionOut(BaseModel):
    """What became of them."""

    made: int = Field(description="How many serve as gold that did not before")


class GoldPaging(LongPaging):
    """Which gold is asked for."""

    state: GoldState | None = Field(None, description="Only what is in this state")


class CandidatePaging(LongPaging):
    """Which candidates are asked for."""

    decided: bool = Field(
        False, description="Results that members decided, instead of those that are certain"
    )


@router.get(
    "/projects/{project}/gold",
    auth=REVIEW,
    response=Page[GoldOut],
    operation_id="list_gold",
    summary="List gold",
)
def list_gold(request: HttpRequest, project: str, paging: Query[GoldPaging]) -> dict[str, Any]:
    """The project's gold in the order of its tasks, each with how it does and what was found out about it."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    found = queries.gold_page(
        asking(request), view.id, state=paging.state, after=place_of(request, paging.cursor) or 0, limit=paging.limit
    )  # fmt: skip
    places = [one.task_id for one in found]
    return {"items": [_gold(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.get(
    "/projects/{project}/gold/candidates",
    auth=REVIEW,
    response=Page[CandidateOut],
    operation_id="list_gold_candidates",
    summary="List results that could become gold",
)
def list_gold_candidates(
    request: HttpRequest, project: str, paging: Query[CandidatePaging]
) -> dict[str, Any]:
    """Tasks with a result that is at least 98 % certain from three answers or more that agree, the surest first; or those
    that members decided, the newest first."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    found = queries.gold_candidates(
        asking(request), view.id, decided=paging.decided, after=place_of(request, paging.cursor), limit=paging.limit
    )  # fmt: skip
    places = [one.task_id for one in found]
    return {"items": [_candidate(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/projects/{project}/gold",
    auth=REVIEW,
    response=PromotionOut,
    operation_id="promote_results",
    summary="Make gold of results",
)
def promote_results(request: HttpRequest, project: str, data: PromotionIn) -> PromotionOut:
    """Have tasks served as gold, with their results as right answers, to people who have not had them. The tasks keep
    their answers, their results and their pay. Again changes nothing."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    made = quality.promote_results(
        actor=asking(request), project_id=view.id, task_ids=[row_number("tsk", one) for one in data.tasks],
        explanation=data.explanation,
    )  # fmt: skip
    return PromotionOut(made=made)


@router.put(
    "/projects/{project}/tasks/{task}/gold",
    auth=REVIEW,
    response=GoldOut,
    operation_id="change_gold",
    summary="Correct, explain, retire or reinstate gold",
)
def change_gold(request: HttpRequest, project: str, task: str, data: GoldIn) -> GoldOut:
    """Give a gold task other right answers, say why they are right, have it served no more or again. A task that was no
    gold serves as gold from now on, if right answers are sent."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    if data.answers is None and data.explanation is None and data.served is None:
        raise Invalid("nothing_to_change", "Say what is to be changed.")
    actor, number = asking(request), row_number("tsk", task)
    if data.answers is not None or data.explanation is not None:
        quality.give_key(
            actor=actor, project_id=view.id, task_id=number, right=data.answers, explanation=data.explanation
        )
    if data.served is not None:
        change = quality.reinstate_gold if data.served else quality.retire_gold
        change(actor=actor, project_id=view.id, task_id=number)
    found = queries.gold_for(actor, view.id, number)
    if found is None:
        raise NotFound("gold_not_found", "This task is no gold.")
    return _gold(found)


def _gold(one: GoldTask) -> GoldOut:
    return GoldOut(
        task=public_id("tsk", one.task_id), own_id=one.external_id, answers=one.answers, explanation=one.explanation,
        state=one.state, why=one.why, evidence=one.evidence, promoted=one.promoted, seen=one.seen, correct=one.correct,
        middle_seconds=None if one.middle_ms is None else one.middle_ms / 1000, counts=one.counts,
        changed_at=one.changed_at,
    )  # fmt: skip


def _candidate(one: Candidate) -> CandidateOut:
    return CandidateOut(
        task=public_id("tsk", one.task_id), own_id=one.external_id,
        result={name: view.value for name, view in one.result.results.items()},
        confidence=one.result.confidence, answers=one.result.answers,
    )  # fmt: skip
