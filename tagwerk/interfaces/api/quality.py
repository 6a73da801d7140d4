"""How good the answers of a project are, and over which tasks people disagree."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Calibrated, Confusion, DayAgreement
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["quality"])


class DayOut(BaseModel):
    """Agreement on the tasks that were settled on a day."""

    day: date = Field(description="UTC")
    tasks: int = Field(description="With two answers or more")
    alpha: float | None = Field(description="Krippendorff's; null where it is not defined")


class ConfusionOut(BaseModel):
    """What workers answered where the result is known, over the newest tasks with two answers or more."""

    values: list[Any]
    counts: list[list[int]] = Field(description="Rows: the result; columns: what was answered")
    tasks: int


class CalibratedOut(BaseModel):
    """Gold about which the model was about so sure, without knowing it."""

    sure: float
    right: float
    tasks: int


class QuestionQuality(BaseModel):
    """How good the answers to a question are."""

    question: str
    days: list[DayOut]
    confusion: ConfusionOut | None = Field(
        description="null for texts, several choices and more than 32 classes"
    )
    calibration: list[CalibratedOut] = Field(
        description="Empty while no model is fitted, or there is little gold"
    )


class QualityOut(BaseModel):
    """How good the answers of a project are."""

    tasks: int = Field(description="That are settled")
    answers: int = Field(description="That count for them")
    saved: int = Field(description="Fewer than if every task had got the most")
    expected_right: float = Field(description="How many results are expected to be right")
    answers_per_right_result: float | None
    price_of_right_result: Money | None = Field(
        description="By what answers were really paid, with fee, gold, bonuses and guaranteed hours, or as long as none is paid by the price; null where nothing is paid"
    )
    questions: list[QuestionQuality]


class AnswerOf(BaseModel):
    """What somebody said."""

    worker: str = Field(description="Pseudonym")
    value: Any


class DisputedOut(BaseModel):
    """A task over which answers are spread."""

    task: str
    data: dict[str, Any]
    entropy: float = Field(description="Of the answers, in bits")
    agreement: float | None
    value: Any = Field(description="The result as it is now")
    confidence: float | None
    answers: list[AnswerOf]


class DisputedPaging(Paging):
    """Which tasks are asked for."""

    question: str | None = Field(
        None, max_length=80, description="One whose answers can be compared; by default the first of them"
    )


LOOK = Key(Permission.PROJECT_VIEW)


@router.get(
    "/projects/{project}/quality",
    auth=LOOK,
    response=QualityOut,
    operation_id="get_quality",
    summary="How good the answers are",
)
def get_quality(request: HttpRequest, project: str) -> QualityOut:
    """Agreement by day, what is taken for what, certainty held against gold, and what stopping saved."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    work.project_with_answers(asking(request), view.id, Permission.PROJECT_VIEW)
    worth = quality.worth(view.id)
    price = quality.price_of_right(view, worth)
    return QualityOut(
        tasks=worth.tasks,
        answers=worth.answers,
        saved=worth.saved(view.answers_max),
        expected_right=worth.right,
        answers_per_right_result=worth.answers_per_right,
        price_of_right_result=money(price.micros, view.currency) if price else None,
        questions=_questions(view),
    )


def _questions(view: ProjectView) -> list[QuestionQuality]:
    days = quality.agreement_by_day(view, today=timezone.now().date())
    confusions, calibrations = quality.confusions(view), quality.calibrations(view.id)
    return [
        QuestionQuality(
            question=one.question,
            days=[_day(day) for day in days.get(one.question, [])],
            confusion=_confusion(confusions.get(one.question)),
            calibration=[_bin(part) for part in calibrations.get(one.question, [])],
        )
        for one in quality.ballots_of(view.design_id)
    ]


def _day(one: DayAgreement) -> DayOut:
    return DayOut(day=one.day, tasks=one.tasks, alpha=one.alpha)


def _bin(one: Calibrated) -> CalibratedOut:
    return CalibratedOut(sure=one.sure, right=one.right, tasks=one.tasks)


def _confusion(found: Confusion | None) -> ConfusionOut | None:
    if found is None:
        return None
    return ConfusionOut(values=found.values, counts=found.counts.tolist(), tasks=found.tasks)


@router.get(
    "/projects/{project}/disputed",
    auth=LOOK,
    response=Page[DisputedOut],
    operation_id="list_disputed_tasks",
    summary="List tasks over which people disagree",
)
def list_disputed_tasks(request: HttpRequest, project: str, paging: Query[DisputedPaging]) -> dict[str, Any]:
    """Tasks whose answers to a question differ, the most spread first, each with all answers that count."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    found = quality.disputed(
        asking(request),
        view.id,
        paging.question,
        after=place_of(request, paging.cursor) or 0,
        limit=paging.limit,
    )
    items = [
        DisputedOut(
            task=public_id("tsk", one.task_id),
            data=one.data,
            entropy=one.entropy,
            agreement=one.agreement,
            value=one.value,
            confidence=one.confidence,
            answers=[AnswerOf(worker=name, value=value) for name, value in one.answers],
        )
        for one in found
    ]
    places = [one.task_id for one in found]
    return {"items": items, "next": next_cursor(request, places, paging.limit)}
