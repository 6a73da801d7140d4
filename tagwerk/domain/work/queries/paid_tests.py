"""What entry tests have paid a worker, and which they have to pass to go on."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Sum

from tagwerk.domain.academy import queries as academy
from tagwerk.domain.academy.queries import OfferedTest
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.models import Enrolment, TestPay
from tagwerk.domain.work.rules.pausing import RULE_AGREEMENT, RULE_DECISIONS, RULE_GOLD, RULE_SIGNALS

_BY_RULE = (RULE_GOLD, RULE_AGREEMENT, RULE_DECISIONS, RULE_SIGNALS)


@dataclass(frozen=True, slots=True)
class PaidTest:
    """What somebody was paid for an attempt at an entry test."""

    reward_micros: int
    currency: str


def paid_for_test(person_id: int, attempt_id: int) -> PaidTest | None:
    """What a worker's own attempt was paid; None: nothing."""
    row = TestPay.objects.filter(worker_id=person_id, attempt_id=attempt_id, paid=True).first()
    return PaidTest(row.reward_micros, row.currency) if row else None


def tests_paid_micros(person_id: int, currency: str, *, since: datetime) -> int:
    """What attempts that ended since then were paid."""
    rows = TestPay.objects.filter(worker_id=person_id, currency=currency, paid=True, ended_at__gte=since)
    return rows.aggregate(sum=Sum("reward_micros"))["sum"] or 0


def pauses_until_test(person_id: int) -> set[tuple[int | None, str]]:
    """Organisation and slug of the qualifications that a worker has to get again by a test to go on where they are paused."""
    paused = Enrolment.objects.filter(worker_id=person_id, pause_reason__in=_BY_RULE)
    found = projects.projects_numbered(list(paused.values_list("project_id", flat=True))).values()
    return {
        (project.organisation_id, rule.get("qualification", ""))
        for project in found
        for rule in (project.file.get("quality") or {}).get("rules") or ()
        if rule.get("until") == "test"
    }


def ends_a_pause(person_id: int, test_id: int) -> bool:
    """Whether passing a test lets somebody go on where they are paused."""
    waited_for = pauses_until_test(person_id)
    return bool(waited_for) and academy.tested_by(test_id) in waited_for


def tests_for(actor: Actor) -> list[OfferedTest]:
    """The tests that a worker can take; one that ends a pause of theirs is not shut to them because it has to pay."""
    tests = academy.offered_tests(actor)
    if not any(test.has_to_pay for test in tests):
        return tests
    waited_for = pauses_until_test(actor.person_id or 0)
    return [
        replace(test, has_to_pay=False)
        if test.minutes is None and (test.organisation_id, test.slug) in waited_for
        else test
        for test in tests
    ]
