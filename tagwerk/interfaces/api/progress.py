"""How far a project is."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import QuestionProgress
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.api.asking import Key
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["projects"])


class ValueCount(BaseModel):
    """A result and how many tasks have it."""

    value: Any
    tasks: int


class QuestionProgressOut(BaseModel):
    """How a question does."""

    question: str
    values: list[ValueCount] = Field(description="The most frequent results first")
    alpha: float | None = Field(description="Krippendorff's alpha: how much workers agree beyond chance")
    alpha_tasks: int = Field(description="Over how many tasks")
    gold_seen: int
    gold_correct: int


class ProgressMoney(BaseModel):
    """A paid project's money."""

    reserved: Money
    committed: Money = Field(description="What all that was opened has cost and can still cost")
    paid: Money


class ProgressOut(BaseModel):
    """How far a project is."""

    state: str
    tasks: int
    gold_tasks: int
    opened: int
    waiting: int = Field(description="Not open yet")
    decided: int = Field(description="Want no more answers")
    held: int = Field(description="In somebody's hands now")
    answers: int
    approved: int
    rejected: int
    workers: int
    done: int = Field(description="Tasks with a result that is sure enough")
    exhausted: int = Field(description="Tasks that got the most answers and are not sure")
    waits_for_money: bool
    settled: bool = Field(description="Finished, and the rest of the money released")
    money: ProgressMoney | None
    questions: list[QuestionProgressOut]


@router.get(
    "/projects/{project}/progress",
    auth=Key(Permission.PROJECT_VIEW),
    response=ProgressOut,
    operation_id="get_progress",
    summary="How far it is",
)
def get_progress(request: HttpRequest, project: str) -> ProgressOut:
    """Tasks, answers, results, agreement and money of a project."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    done, judged = work.progress(view.id), quality.progress(view.id)
    names = ("tasks", "gold_tasks", "opened", "waiting", "decided", "held", "answers", "approved", "rejected")
    more = ("workers", "waits_for_money", "settled")
    return ProgressOut(
        state=view.state.value,
        **{name: getattr(done, name) for name in names + more},
        done=judged.done,
        exhausted=judged.exhausted,
        money=_money(done, view.currency) if view.paid else None,
        questions=[_question(one) for one in quality.questions(view.id)],
    )


def _money(done: work.Progress, currency: str) -> ProgressMoney:
    return ProgressMoney(
        reserved=money(done.reserved_micros, currency),
        committed=money(done.committed_micros, currency),
        paid=money(done.paid_micros, currency),
    )


def _question(one: QuestionProgress) -> QuestionProgressOut:
    return QuestionProgressOut(
        question=one.question,
        values=[ValueCount(value=value, tasks=tasks) for value, tasks in one.values],
        alpha=one.alpha,
        alpha_tasks=one.alpha_tasks,
        gold_seen=one.gold_seen,
        gold_correct=one.gold_correct,
    )
