"""Runs of the schedule that pay nobody, and the Tuesdays after them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout, PayoutRun
from tests.domain.payments.wages import earn, now, payee, right_book, there
from tests.people import person

pytestmark = pytest.mark.django_db


def a_tuesday(weeks: int = 0) -> datetime:
    """A Tuesday noon after all that was booked."""
    day = (now() + timedelta(days=9 + 7 * weeks)).date()
    return datetime.combine(day + timedelta(days=(1 - day.weekday()) % 7), time(12), UTC)


def test_a_run_that_pays_nobody_is_done_and_the_next_tuesday_pays() -> None:
    ben = person("ben").id
    earn(ben, 10)
    (first,) = payments.make_weekly_runs(now=a_tuesday())
    payments.lock_run(run_id=first, now=a_tuesday())
    run = PayoutRun.objects.get(id=first)
    assert (run.state, run.payouts, run.released_at) == ("done", 0, None) and run.ended_at is not None
    payments.tell_run_waits(run_id=first)
    assert not Notice.objects.exists() and payments.make_weekly_runs(now=a_tuesday()) == []
    payee("ben")
    (second,) = payments.make_weekly_runs(now=a_tuesday(1))
    payments.lock_run(run_id=second, now=a_tuesday(1))
    assert Payout.objects.get(run_id=second).state == "locked"
    payments.withdraw_payouts(person_id=ben, reason="fraud_review", now=a_tuesday(1))
    assert PayoutRun.objects.get(id=second).state == "done" and there(ben) == 10
    (third,) = payments.make_weekly_runs(now=a_tuesday(2))
    payments.lock_run(run_id=third, now=a_tuesday(2))
    assert PayoutRun.objects.get(id=third).sum_micros == 10_000_000 and right_book()
