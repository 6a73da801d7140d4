"""Entry tests, as workers see them. No right answer is read here."""

import datetime
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.domain.academy import rules
from tagwerk.domain.academy.models import EntryTest, EntryTestAttempt, EntryTestTask
from tagwerk.domain.academy.queries.gates import open_tests
from tagwerk.domain.academy.queries.qualifications import own_holdings, qualification_for
from tagwerk.domain.academy.queries.test_times import has_to_be_paid, minutes_taken
from tagwerk.domain.academy.rules import CategoryScore, TestPay
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import WORK, Actor, require_scope


@dataclass(frozen=True)
class OfferedTest:
    """A test that a worker can take, now or later."""

    id: int
    slug: str
    title: str
    description: str
    organisation_id: int | None  # None: of the whole instance
    organisation_name: str  # empty: of the whole instance
    tasks: int
    pass_mark: int
    attempt_id: int | None  # under way
    last_score: int | None
    next_at: datetime.datetime | None  # None: at once
    minutes: int | None  # that an attempt takes
    pay: TestPay | None  # of the next attempt; None: it is not paid
    shortest_seconds: int  # so long an attempt takes at least to be paid
    has_to_pay: bool  # it takes long and pays nothing: only who is paused until they pass it may begin it
    unpaid_to_own: bool  # it pays others: who belongs to its owner could see the right answers
    fee_bp: int  # on top of the pay, for the operator; 0 where the operator pays


@dataclass(frozen=True)
class PlanOfTest:
    """The numbers of a qualification's open test, for who manages it."""

    id: int
    design_id: int
    tasks: int
    draw: int
    pass_mark: int
    tolerance_bp: int
    retry_after_seconds: int
    holding_seconds: int | None
    attempts: int
    passed: int
    minutes: int | None  # as somebody said
    measured_minutes: float | None  # the middle of the newest attempts; None: there were too few
    pay: TestPay | None


@dataclass(frozen=True)
class AttemptTask:
    """A task of an attempt, in the order shown, and what was answered."""

    id: int
    data: dict[str, Any]
    answers: dict[str, Any] | None


@dataclass(frozen=True)
class AttemptView:
    """An attempt, for who takes it."""

    id: int
    test_id: int
    qualification_id: int
    title: str
    design_id: int
    tasks: tuple[AttemptTask, ...]
    pass_mark: int
    finished_at: datetime.datetime | None
    score: int | None
    passed: bool | None
    categories: tuple[CategoryScore, ...] = ()  # once it is finished, those first that went worst


def offered_tests(actor: Actor) -> list[OfferedTest]:
    """The tests of qualifications that the worker does not hold yet, those of the instance first."""
    if actor.person_id is None:
        return []
    held = {line.qualification_id for line in own_holdings(actor.person_id)}
    latest = _latest_attempts(actor.person_id)
    last_by_qualification: dict[int, EntryTestAttempt] = {}
    for attempt in sorted(latest.values(), key=lambda one: one.id):
        last_by_qualification[attempt.test.qualification_id] = attempt
    under_way = [one.test_id for one in latest.values() if _can_go_on(one)]
    found = list(
        EntryTest.objects.filter(Q(id__in=under_way) | Q(id__in=open_tests().values("id")))
        .select_related("qualification__organisation")
        .order_by("qualification__organisation_id", "qualification__title", "id")
    )
    owners, shut = _owners_around(actor.person_id), has_to_be_paid(found)
    payers = {number for test in found if test.pay_micros and (number := test.qualification.organisation_id)}
    fees = accounts.fees_of(payers)
    return [
        _offered(
            test, latest.get(test.id), last_by_qualification.get(test.qualification_id),
            is_own=test.qualification.organisation_id in owners, is_shut=test.id in shut,
            fee_bp=fees[number].fee_bp if (number := test.qualification.organisation_id) in fees else 0,
        )
        for test in found
        if test.id in under_way or test.qualification_id not in held
    ]  # fmt: skip


def _owners_around(person_id: int) -> set[int | None]:
    """Whose tests are a person's own: of the organisations that they are a member of; None: they operate the instance."""
    found = accounts.actor_of_person(person_id)
    return {*found.roles, *([None] if found.is_operator else [])}


def attempt_for(actor: Actor, attempt_id: int) -> AttemptView:
    """One's own attempt, with its tasks."""
    require_scope(actor, WORK)
    found = EntryTestAttempt.objects.select_related("test__qualification")
    attempt = found.filter(id=attempt_id, person_id=actor.person_id or 0).first()
    if attempt is None:
        raise NotFound("attempt_not_found", "There is no such attempt.")
    data = dict(EntryTestTask.objects.filter(id__in=attempt.task_ids).values_list("id", "data"))
    return AttemptView(
        id=attempt.id,
        test_id=attempt.test_id,
        qualification_id=attempt.test.qualification_id,
        title=attempt.test.qualification.title,
        design_id=attempt.test.design_id,
        tasks=tuple(
            AttemptTask(number, data[number], attempt.answers.get(str(number))) for number in attempt.task_ids
        ),
        pass_mark=attempt.test.pass_mark,
        finished_at=attempt.finished_at,
        score=attempt.score,
        passed=attempt.passed,
        categories=tuple(CategoryScore(*one) for one in attempt.categories),
    )


GO_ON = datetime.timedelta(days=7)  # so long an attempt is listed whose test is offered no more


@dataclass(frozen=True, slots=True)
class PaidAttempt:
    """An attempt as far as pay is concerned."""

    id: int
    test_id: int
    organisation_id: int | None  # None: of the whole instance
    is_new: bool  # nothing is answered yet
    pay: TestPay | None  # what it may be paid


def attempt_pay(attempt_id: int) -> PaidAttempt:
    """What an attempt pays, for who asks on behalf of its person: the first, or the first since the last was passed.

    Who belongs to the owner of the test could see its right answers, and is not paid.
    """
    attempt = EntryTestAttempt.objects.select_related("test__qualification").get(id=attempt_id)
    earlier = EntryTestAttempt.objects.filter(
        test__qualification_id=attempt.test.qualification_id, person_id=attempt.person_id, id__lt=attempt_id
    )  # a test that was put in the place of another is not somebody's first again
    organisation_id = attempt.test.qualification.organisation_id
    is_own = organisation_id in _owners_around(attempt.person_id)
    is_paid = not is_own and _is_paid_after(earlier.order_by("-id").first())
    pay = _pay(attempt.test) if is_paid else None
    return PaidAttempt(attempt.id, attempt.test_id, organisation_id, not attempt.answers, pay)


def earns_pay(attempt_id: int) -> bool:
    """Whether a finished attempt has earned the pay that was held for it; clicking through has not."""
    attempt = EntryTestAttempt.objects.select_related("test").get(id=attempt_id)
    if attempt.score is None or attempt.finished_at is None:
        return False
    took = (attempt.finished_at - attempt.started_at).total_seconds()
    test = attempt.test
    return attempt.score >= test.paid_from and took >= rules.shortest_seconds(test.minutes)


def _is_paid_after(last: EntryTestAttempt | None) -> bool:
    """Whoever failed tries again for nothing: else a test could be failed for a living."""
    return last is None or bool(last.passed)


def _pay(test: EntryTest) -> TestPay | None:
    if not test.pay_micros:
        return None
    return TestPay(test.pay_micros, test.currency, test.paid_from, test.paid_attempts)


def plan_of_test(actor: Actor, qualification_id: int) -> PlanOfTest | None:
    """The open test of a qualification that the actor manages; None: it has none."""
    qualification_for(actor, qualification_id)
    test = EntryTest.objects.filter(qualification_id=qualification_id, closed_at=None).first()
    if test is None:
        return None
    finished = EntryTestAttempt.objects.filter(test=test, finished_at__isnull=False)
    took = minutes_taken([test.id])[test.id]
    return PlanOfTest(
        id=test.id,
        design_id=test.design_id,
        tasks=EntryTestTask.objects.filter(test=test).count(),
        draw=test.draw,
        pass_mark=test.pass_mark,
        tolerance_bp=test.tolerance_bp,
        retry_after_seconds=test.retry_after_seconds,
        holding_seconds=test.holding_seconds,
        attempts=finished.count(),
        passed=finished.filter(passed=True).count(),
        minutes=test.minutes,
        measured_minutes=median(took) if len(took) >= rules.MEASURED_ATTEMPTS else None,
        pay=_pay(test),
    )


def _latest_attempts(person_id: int) -> dict[int, EntryTestAttempt]:
    found = EntryTestAttempt.objects.filter(person_id=person_id).select_related("test")
    return {attempt.test_id: attempt for attempt in found.order_by("test_id", "-id").distinct("test_id")}


def _can_go_on(attempt: EntryTestAttempt) -> bool:
    return attempt.finished_at is None and attempt.started_at > timezone.now() - GO_ON


def _offered(
    test: EntryTest,
    last: EntryTestAttempt | None,
    last_of_all: EntryTestAttempt | None,
    *,
    is_own: bool,
    is_shut: bool,
    fee_bp: int,
) -> OfferedTest:
    """`last`: the newest attempt at this test; `last_of_all`: at any test of its qualification."""
    next_at = rules.next_attempt_at(last.started_at if last else None, test.retry_after_seconds)
    under_way = last is not None and last.finished_at is None
    return OfferedTest(
        id=test.id,
        slug=test.qualification.slug,
        title=test.qualification.title,
        description=test.qualification.description,
        organisation_id=test.qualification.organisation_id,
        organisation_name=_owner_name(test),
        tasks=test.draw,
        pass_mark=test.pass_mark,
        attempt_id=last.id if last is not None and under_way else None,
        last_score=last.score if last else None,
        next_at=next_at if next_at and next_at > timezone.now() and not under_way else None,
        minutes=test.minutes,
        pay=_pay(test) if not (under_way or is_own) and _is_paid_after(last_of_all) else None,
        shortest_seconds=rules.shortest_seconds(test.minutes),
        has_to_pay=is_shut and not under_way,
        unpaid_to_own=is_own and bool(test.pay_micros),
        fee_bp=fee_bp,
    )


def _owner_name(test: EntryTest) -> str:
    return test.qualification.organisation.name if test.qualification.organisation else ""
