"""What entry tests have paid a worker."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from tagwerk.domain.work.models import TestPay


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
