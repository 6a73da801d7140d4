"""Entry tests, for workers' programs: which are open and what they pay, taking one, and what came out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries as academy_queries
from tagwerk.domain.academy.queries import AttemptTask, AttemptView, OfferedTest
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.designs.rules.render import order_for
from tagwerk.domain.projects.rules import price
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.actions.paid_tests import HELD_HOURS
from tagwerk.interfaces.api.asking import WORKER, asking, worker_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.shapes import Body, Json, Money, money
from tagwerk.interfaces.api.work_shapes import DesignOut, design_facts

router = Router(tags=["my-tests"])


class AttemptPayOut(BaseModel):
    """What your next attempt pays, whether you pass or not."""

    pay: Money
    fee: Money = Field(description="What the operator gets on top of it from who offers the test")
    paid_from: int = Field(description="From so many points on")
    shortest_seconds: int = Field(description="Who ends sooner is not paid")
    within_hours: int = Field(description="Who ends later is not paid")


class OfferedTestOut(BaseModel):
    """An entry test that you can take, now or later."""

    id: str
    qualification: str = Field(description="The slug of what it grants")
    title: str
    description: str
    organisation: str | None = Field(description="Who offers it; null: the instance")
    tasks: int = Field(description="In one attempt, drawn by chance")
    pass_mark: int = Field(description="Points of 100")
    minutes: int | None = Field(description="That an attempt takes, as its owner says")
    pay: AttemptPayOut | None = Field(description="null: your next attempt is not paid")
    attempt: str | None = Field(description="Of yours that is under way: go on with it")
    last_score: int | None
    next_at: datetime | None = Field(description="From when you can try again; null: at once")
    shut: bool = Field(
        description="It takes longer than ten minutes and pays nothing: nobody can begin it until that has changed"
    )


class AttemptTaskOut(BaseModel):
    """A task of an attempt. Nothing here says what is right."""

    id: str
    data: Json
    order: str | None = Field(
        description="ab, or ba: the sides of each “compare” block with “shuffle” stand the other way round"
    )
    answers: Json | None = Field(description="What you have answered; null: nothing yet")


class CategoryScoreOut(BaseModel):
    """How one kind of task, or one question, went."""

    name: str
    right: int
    tasks: int
    score: int = Field(description="Points of 100")


class AttemptOut(BaseModel):
    """An attempt of yours at a test."""

    id: str
    test: str
    title: str
    design: DesignOut = Field(description="What its tasks show and ask")
    tasks: list[AttemptTaskOut] = Field(description="In the order in which they are shown")
    pass_mark: int
    finished_at: datetime | None = Field(description="null: it is under way")
    score: int | None
    passed: bool | None
    holds: bool = Field(
        description="Whether you hold the qualification now; who passed may have lost it since"
    )
    categories: list[CategoryScoreOut] = Field(
        description="What went worst first; of three tasks or more each, and only where there are several"
    )
    paid: Money | None = Field(description="What it paid you")


class TestAnswersIn(Body):
    """Your answers to a task of a test."""

    answers: Json = Field(description="Question → answer")


@router.get(
    "/work/tests",
    auth=WORKER,
    response=Page[OfferedTestOut],
    operation_id="list_my_tests",
    summary="Tests that you can take",
)
def list_my_tests(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Entry tests of what you do not hold yet: what each asks, and whether your next attempt is paid."""
    worker_asking(request)
    found = sorted(queries.tests_for(asking(request)), key=lambda one: one.id)
    after = place_of(request, paging.cursor) or 0
    shown = [one for one in found if one.id > after][: paging.limit]
    items = [_offered(one) for one in shown]
    return {"items": items, "next": next_cursor(request, [one.id for one in shown], paging.limit)}


@router.post(
    "/work/tests/{test}/attempts",
    auth=WORKER,
    response={201: AttemptOut},
    operation_id="begin_attempt",
    summary="Begin a test",
)
def begin_attempt(request: HttpRequest, test: str) -> tuple[int, AttemptOut]:
    """Begin an attempt, or go on with the one under way. Its pay is held from now on, where it has any."""
    worker_asking(request)
    attempt_id = actions.start_attempt(actor=asking(request), test_id=row_number("tst", test))
    return 201, _attempt(request, attempt_id)


@router.get(
    "/work/attempts/{attempt}",
    auth=WORKER,
    response=AttemptOut,
    operation_id="get_attempt",
    summary="An attempt of yours",
)
def get_attempt(request: HttpRequest, attempt: str) -> AttemptOut:
    """Its tasks and what you answered; once it is finished, what came out."""
    return _attempt(request, row_number("att", attempt))


@router.put(
    "/work/attempts/{attempt}/tasks/{test_task}",
    auth=WORKER,
    response={204: None},
    operation_id="answer_test_task",
    summary="Answer a task of a test",
)
def answer_test_task(request: HttpRequest, attempt: str, test_task: str, data: TestAnswersIn) -> None:
    """Answer it, or answer it otherwise. Nothing is scored before you finish the attempt."""
    worker_asking(request)
    academy.answer_attempt(
        actor=asking(request), attempt_id=row_number("att", attempt), task_id=row_number("tsk", test_task),
        answers=data.answers,
    )  # fmt: skip


@router.post(
    "/work/attempts/{attempt}/finish",
    auth=WORKER,
    response=AttemptOut,
    operation_id="finish_attempt",
    summary="Finish a test",
)
def finish_attempt(request: HttpRequest, attempt: str) -> AttemptOut:
    """Have the answers to all tasks scored. Who passes holds the qualification; the same again gives the same."""
    person_id, number = worker_asking(request), row_number("att", attempt)
    finished = actions.finish_attempt(actor=asking(request), attempt_id=number)
    if finished.passed and not finished.revoked:
        actions.refresh_enrolments(person_id=person_id)
    return _attempt(request, number)


def _offered(one: OfferedTest) -> OfferedTestOut:
    return OfferedTestOut(
        id=public_id("tst", one.id), qualification=one.slug, title=one.title, description=one.description,
        organisation=one.organisation_name or None, tasks=one.tasks, pass_mark=one.pass_mark, minutes=one.minutes,
        pay=_pay(one), attempt=public_id("att", one.attempt_id) if one.attempt_id is not None else None,
        last_score=one.last_score, next_at=one.next_at, shut=one.has_to_pay,
    )  # fmt: skip


def _pay(one: OfferedTest) -> AttemptPayOut | None:
    if one.pay is None:
        return None
    whole = price(reward_micros=one.pay.pay_micros, fee_bp=one.fee_bp, currency=one.pay.currency)
    return AttemptPayOut(
        pay=money(whole.reward_micros, whole.currency), fee=money(whole.fee_micros, whole.currency),
        paid_from=one.pay.paid_from or 0, shortest_seconds=one.shortest_seconds, within_hours=HELD_HOURS,
    )  # fmt: skip


def _attempt(request: HttpRequest, attempt_id: int) -> AttemptOut:
    person_id = worker_asking(request)
    view: AttemptView = academy_queries.attempt_for(asking(request), attempt_id)
    design = designs.design(view.design_id)
    paid = queries.paid_for_test(person_id, view.id)
    held = {one.qualification_id for one in academy_queries.own_holdings(person_id)}
    return AttemptOut(
        id=public_id("att", view.id), test=public_id("tst", view.test_id), title=view.title,
        design=DesignOut(**design_facts(design)), tasks=[_task(design, one) for one in view.tasks],
        pass_mark=view.pass_mark, finished_at=view.finished_at, score=view.score, passed=view.passed,
        holds=view.qualification_id in held,
        categories=[
            CategoryScoreOut(name=one.name, right=one.right, tasks=one.tasks, score=one.score)
            for one in view.categories
        ],
        paid=money(paid.reward_micros, paid.currency) if paid else None,
    )  # fmt: skip


def _task(design: DesignView, one: AttemptTask) -> AttemptTaskOut:
    return AttemptTaskOut(
        id=public_id("tsk", one.id), data=one.data, order=order_for(design, one.id), answers=one.answers
    )
