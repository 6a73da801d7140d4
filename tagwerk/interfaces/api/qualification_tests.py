"""The entry test of a qualification, for who manages it. Right answers come in and never go out."""

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.base.money import micros_of
from tagwerk.domain.academy import actions, queries
from tagwerk.domain.academy.queries import PlanOfTest
from tagwerk.domain.academy.rules import MOST_PAID_ATTEMPTS, MOST_TEST_TASKS, TestPay
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.designs import actions as designs
from tagwerk.interfaces.api.asking import asking, organisation_asking
from tagwerk.interfaces.api.projects import FileIn, file_of
from tagwerk.interfaces.api.qualifications import MANAGE
from tagwerk.interfaces.api.shapes import Body, Json, Money, money

router = Router(tags=["qualifications"])
TEST = "/qualifications/{qualification}/test"


class TestPayIn(Body):
    """What an attempt pays, whether passed or not."""

    amount: str = Field(max_length=40, examples=["3.00"], description="In the organisation's currency")
    attempts: int = Field(ge=1, le=MOST_PAID_ATTEMPTS, description="No more are paid")
    paid_from: int | None = Field(
        None, ge=0, le=100,
        description="From so many points on; else half of the pass mark, or what guessing seldom reaches",
    )  # fmt: skip


class EntryTestIn(FileIn):
    """A test, in place of the one before; who has begun that one may end it."""

    tasks: list[Json] = Field(
        min_length=1, max_length=MOST_TEST_TASKS,
        description="Each with its right answers in `_gold` and, if you like, its kind in `_category`: who has taken the test reads how each kind went",
    )  # fmt: skip
    draw: int = Field(10, ge=1, le=MOST_TEST_TASKS, description="Tasks of an attempt, drawn by chance")
    pass_mark: int = Field(80, ge=1, le=100, description="Points of 100")
    tolerance: float = Field(
        0.0, ge=0, lt=1, description="The distance to the right answer that still counts"
    )
    retry_after_seconds: int = Field(86_400, ge=0, le=31_536_000)
    holding_seconds: int | None = Field(
        None, ge=1, le=1_000_000_000, description="How long what it grants lasts; null: for ever"
    )
    minutes: int | None = Field(None, description="That an attempt takes; over ten, it has to be paid")
    pay: TestPayIn | None = None


class OwnTestPayOut(BaseModel):
    """What an attempt pays."""

    amount: Money
    attempts: int
    paid_from: int | None


class EntryTestOut(BaseModel):
    """The test that is offered. Its tasks and right answers are shown to nobody."""

    tasks: int
    draw: int
    pass_mark: int
    tolerance: float
    retry_after_seconds: int
    holding_seconds: int | None
    minutes: int | None = Field(description="As you said")
    measured_minutes: float | None = Field(
        description="The middle of the newest attempts; null: there were too few"
    )
    pay: OwnTestPayOut | None
    attempts: int = Field(description="Finished so far")
    passed: int


@router.get(TEST, auth=MANAGE, response=EntryTestOut, operation_id="get_entry_test", summary="The entry test")
def get_entry_test(request: HttpRequest, qualification: str) -> EntryTestOut:
    """What the qualification's test asks and pays, how long it takes, and how many have passed it."""
    return _test(request, row_number("qlf", qualification))


@router.put(
    TEST,
    auth=MANAGE,
    response=EntryTestOut,
    operation_id="define_entry_test",
    summary="Make or replace the entry test",
)
def define_entry_test(request: HttpRequest, qualification: str, data: EntryTestIn) -> EntryTestOut:
    """Give the qualification its test. `file` says what the tasks show and ask; pay and audience in it do not matter."""
    number, owner_id = row_number("qlf", qualification), organisation_asking(request)
    found = queries.qualification_for(asking(request), number)
    if found.organisation_id != owner_id:
        raise NotFound("qualification_not_found", "There is no such qualification.")
    design = designs.save_design(organisation_id=owner_id, file=file_of(data))
    actions.define_entry_test(
        actor=asking(request), qualification_id=number, design_id=design.id, rows=data.tasks, draw=data.draw,
        pass_mark=data.pass_mark, tolerance=data.tolerance, retry_after_seconds=data.retry_after_seconds,
        holding_seconds=data.holding_seconds, minutes=data.minutes,
        pay=_pay(data.pay, accounts.organisation(owner_id).currency),
    )  # fmt: skip
    return _test(request, number)


@router.delete(
    TEST,
    auth=MANAGE,
    response={204: None},
    operation_id="close_entry_test",
    summary="Offer the entry test no more",
)
def close_entry_test(request: HttpRequest, qualification: str) -> None:
    """Nobody can begin it from now on; attempts under way may end."""
    actions.close_entry_test(actor=asking(request), qualification_id=row_number("qlf", qualification))


def _pay(given: TestPayIn | None, currency: str) -> TestPay | None:
    if given is None:
        return None
    return TestPay(micros_of(given.amount, path="pay"), currency, given.paid_from, given.attempts)


def _test(request: HttpRequest, qualification_id: int) -> EntryTestOut:
    plan = queries.plan_of_test(asking(request), qualification_id)
    if plan is None:
        raise NotFound("test_not_found", "There is no such test.")
    return EntryTestOut(
        tasks=plan.tasks, draw=plan.draw, pass_mark=plan.pass_mark, tolerance=plan.tolerance_bp / 10_000,
        retry_after_seconds=plan.retry_after_seconds, holding_seconds=plan.holding_seconds, minutes=plan.minutes,
        measured_minutes=plan.measured_minutes, pay=_pay_out(plan), attempts=plan.attempts, passed=plan.passed,
    )  # fmt: skip


def _pay_out(plan: PlanOfTest) -> OwnTestPayOut | None:
    if plan.pay is None:
        return None
    return OwnTestPayOut(
        amount=money(plan.pay.pay_micros, plan.pay.currency), attempts=plan.pay.paid_attempts,
        paid_from=plan.pay.paid_from,
    )  # fmt: skip
