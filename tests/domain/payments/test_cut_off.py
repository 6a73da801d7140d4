"""What a run pays is what was earned before its cut-off, whatever moves meanwhile."""

from datetime import UTC, datetime

import pytest

from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout, PayoutRun
from tests.domain.payments.wages import earn, now, payee, payout_of, released_run, right_book, take, there
from tests.people import actor

pytestmark = pytest.mark.django_db


def test_what_comes_after_the_cut_off_waits_for_the_next_run() -> None:
    ben = payee("ben")
    earn(ben, 10)
    cutoff = datetime.now(UTC)
    earn(ben, 7)
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), cutoff_at=cutoff)
    payments.lock_run(run_id=run_id, now=now())
    assert Payout.objects.get(run_id=run_id).amount_micros == 10_000_000
    assert there(ben) == 7


@pytest.mark.parametrize("news", ["none", "paid", "failed", "returned"])
def test_what_was_on_its_way_at_the_cut_off_makes_no_room_for_what_came_after(news: str) -> None:
    ben = payee("ben")
    earn(ben, 60)
    first = payout_of(ben, released_run())
    earn(ben, 40)
    cutoff = datetime.now(UTC)
    earn(ben, 50)
    if news == "paid":
        payments.mark_paid(refs=[first.ref], now=now())
    elif news == "failed":  # the operator's fault, so the account is in use as before
        payments.mark_failed(ref=first.ref, reason="AM04", now=now())
    elif news == "returned":
        payments.mark_paid(refs=[first.ref], now=now())
        payments.mark_returned(ref=first.ref, reason="AM04", now=now())
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), cutoff_at=cutoff)
    payments.lock_run(run_id=run_id, now=now())
    came_back = 60 if news in ("failed", "returned") else 0
    assert payout_of(ben, PayoutRun.objects.get(id=run_id)).amount_micros == (40 + came_back) * 1_000_000
    assert there(ben) == 50 and right_book()


def test_what_came_back_before_the_cut_off_is_counted_once() -> None:
    ben = payee("ben")
    earn(ben, 60)
    first = payout_of(ben, released_run())
    payments.mark_returned(ref=first.ref, reason="AM04", now=now())
    cutoff = datetime.now(UTC)
    earn(ben, 50)
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), cutoff_at=cutoff)
    assert Payout.objects.get(run_id=run_id).amount_micros == 60_000_000


def test_what_had_been_paid_at_the_cut_off_and_came_back_since_was_booked_after_it() -> None:
    ben = payee("ben")
    earn(ben, 60)
    first = payout_of(ben, released_run())
    payments.mark_paid(refs=[first.ref], now=now())
    earn(ben, 40)
    cutoff = datetime.now(UTC)
    payments.mark_returned(ref=first.ref, reason="AM04", now=now())
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), cutoff_at=cutoff)
    assert Payout.objects.get(run_id=run_id).amount_micros == 40_000_000


def test_what_came_back_is_paid_no_further_than_it_is_there() -> None:
    ben = payee("ben")
    earn(ben, 60)
    first = payout_of(ben, released_run())
    cutoff = datetime.now(UTC)
    payments.mark_returned(ref=first.ref, reason="AM04", now=now())
    take(ben, 45)
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), cutoff_at=cutoff)
    payments.lock_run(run_id=run_id, now=now())
    assert Payout.objects.get(run_id=run_id).amount_micros == 15_000_000 and right_book()
