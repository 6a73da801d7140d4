"""What goes wrong during a run: afterwards the book is right, and everybody has been paid what they earned, once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import ProtectedError

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout, PayoutRun
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments.test_races import at_once
from tests.domain.payments.wages import (
    all_is_right,
    company,
    earn,
    iban_of,
    locked_run,
    method_of,
    now,
    payee,
    payout_of,
    with_method,
)
from tests.people import actor, person


def suspended(who: int) -> None:
    accounts.suspend_person(actor=actor("dan"), person_id=who, reason="abuse", note="So it is.")


def without_method(who: int) -> None:
    payments.remove_payout_method(person_id=who, method_id=method_of(who).id, now=now())


def with_another_method(who: int) -> None:
    with_method(who, "ben", account=iban_of(77), now=now())


BERLIN = ZoneInfo("Europe/Berlin")
WAYS = [
    (suspended, "locked", 10), (suspended, "released", 10), (without_method, "locked", 0), (without_method, "released", 10),
    (with_another_method, "locked", 0), (with_another_method, "released", 10),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("fault", "when", "paid"), WAYS)
def test_somebody_is_shut_out_or_changes_their_account_during_a_run(
    fault: Callable[[int], None], when: str, paid: int
) -> None:
    ben, eve = payee("ben"), payee("eve")
    for who in (ben, eve):
        earn(who, 10)
    company()
    run = locked_run()
    if when == "locked":
        fault(ben)
        assert all_is_right({ben: 10, eve: 10})
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    if when == "released":
        fault(ben)
    payments.mark_paid(refs=list(Payout.objects.values_list("ref", flat=True)), now=now())
    run.refresh_from_db()
    assert run.state == "done"
    assert payout_of(eve, run).state == "paid"
    assert payout_of(ben, run).state == ("paid" if paid else "withdrawn")
    assert all_is_right({ben: 10, eve: 10})


@pytest.mark.django_db
def test_who_is_in_the_book_is_not_deleted() -> None:
    ben = payee("ben")
    earn(ben, 10)
    locked_run()
    with pytest.raises(ProtectedError):
        person("ben").delete()
    assert all_is_right({ben: 10})


@pytest.mark.django_db(transaction=True)
def test_two_runs_that_are_begun_at_once_pay_everybody_once() -> None:
    earned = {payee(name): float(10 + place) for place, name in enumerate(("ben", "eve", "gus"))}
    for who, units in earned.items():
        earn(who, units)
    company()
    dan, moment = actor("dan"), now()
    at_once(
        [lambda: payments.make_run(actor=dan, currency="EUR", now=moment, now_due=True)] * 2
        + [lambda: payments.tend_runs(now=moment)] * 2
    )
    at_once([lambda: payments.tend_runs(now=moment)] * 3)
    run = PayoutRun.objects.get()
    at_once([lambda: payments.release_run(actor=dan, run_id=run.id, now=moment, with_second_factor=True)] * 2)
    refs = list(Payout.objects.values_list("ref", flat=True))
    at_once([lambda: payments.mark_paid(refs=refs, now=moment)] * 3)
    run.refresh_from_db()
    assert (run.state, run.payouts, run.sum_micros) == ("done", 3, 33_000_000)
    assert all_is_right(earned)


@pytest.mark.django_db
@pytest.mark.parametrize(("currency", "units", "stays"), [("JPY", 1234.0, 0), ("KWD", 12.3456, 0.0006)])
def test_currencies_without_and_with_three_decimals_are_paid_to_the_end(
    currency: str, units: float, stays: float
) -> None:
    ben = payee("ben", Rail.MANUAL)
    earn(ben, units, currency)
    company()
    run = locked_run(currency)
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    payments.mark_paid(refs=[payout_of(ben, run).ref], now=now())
    assert payout_of(ben, run).amount_micros == round((units - stays) * 1_000_000)
    assert all_is_right({ben: units}, currency)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tuesday", [datetime(2027, 3, 30, 6, tzinfo=BERLIN), datetime(2027, 11, 2, 6, tzinfo=BERLIN)]
)
def test_after_a_week_in_which_the_clocks_change_there_is_one_run(tuesday: datetime) -> None:
    """The schedule looks every hour from Monday on, for a week."""
    ben = payee("ben")
    earn(ben, 10)
    company()
    begin = tuesday.astimezone(UTC) - timedelta(hours=29)
    made = {}
    for hour in range(7 * 24):
        moment = begin + timedelta(hours=hour)
        for number in payments.make_weekly_runs(now=moment):
            made[number] = moment
            payments.lock_run(run_id=number, now=moment)
            payments.confirm_run(actor=actor("dan"), run_id=number)
            payments.release_run(actor=actor("dan"), run_id=number, now=moment, with_second_factor=True)
            payments.mark_paid(refs=[payout_of(ben, PayoutRun.objects.get(id=number)).ref], now=moment)
    [(number, moment)] = made.items()
    assert moment == tuesday and payout_of(ben, PayoutRun.objects.get(id=number)).state == "paid"
    assert all_is_right({ben: 10})
