"""The operator's own account at PayPal: what is moved to it, and whether the book and PayPal say the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.money import MICROS
from tagwerk.domain.ledger.rules import bank, capital, paypal, rail_fee, suspense
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PaypalBalance
from tagwerk.domain.payments.queries import payouts
from tagwerk.domain.payments.queries.paypal import paypal_standings
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.domain.payments.rules.paypal import Settled, difference
from tagwerk.domain.payments.rules.reasons import reason_of
from tests.domain.payments.test_bank import assign, entry
from tests.domain.payments.test_paypal import look, of, sent_run, world
from tests.domain.payments.wages import company, now, right_book
from tests.paypal_server import FakePaypal
from tests.people import actor

__all__ = ["world"]
pytestmark = pytest.mark.django_db
LATER = timedelta(hours=7)  # all news have come


def moved(cents: int) -> None:
    """Money goes from the bank to PayPal, so long ago that it has arrived."""
    company()
    assign(entry(-cents, "PAYPAL (EUROPE) SARL"), Meaning.PAYPAL)


def check(after: timedelta = timedelta(days=6)) -> bool:
    return payments.check_paypal(now=now() + after)


def test_money_that_is_moved_to_paypal_is_in_the_book_there() -> None:
    company()
    assign(entry(-10_000, "PAYPAL (EUROPE) SARL"), Meaning.PAYPAL)
    assign(entry(2_500, "PAYPAL"), Meaning.PAYPAL)
    assert of(paypal("EUR")) == 75 and of(bank("EUR")) == -75 and of(capital("EUR")) == 0
    assert of(suspense("EUR")) == 0 and right_book()


@pytest.mark.parametrize(
    ("book", "there", "less", "more", "found"),
    [(100, 100, 0, 0, 0), (100, 60, 40, 0, 0), (100, 50, 40, 0, 10), (100, 110, 0, 10, 0), (100, 130, 50, 10, -20)],
)  # fmt: skip
def test_what_is_on_its_way_explains_so_much(book: int, there: int, less: int, more: int, found: int) -> None:
    assert difference(book, there, less=less, more=more) == found


def test_book_and_paypal_are_compared_each_night(world: FakePaypal) -> None:
    sent_run(world)
    moved(10_000)
    world.balances = {"EUR": "166.25", "USD": "12.00"}  # 100 were there before anything was compared
    world.set_all("SUCCESS")
    look()
    assert check() and of(capital("EUR")) == 100 and of(paypal("EUR")) == 166.25
    assert [one.settled_as for one in paypal_standings(actor("dan"))] == [Settled.OPENING]
    world.balances["EUR"] = "151.25"
    for _again in range(2):
        assert not check()
    (told,) = Notice.objects.filter(kind="paypal_differs")
    assert told.person_id == actor("dan").person_id and told.params["difference"]["micros"] == 15 * MICROS
    assert of(paypal("EUR")) == 166.25 and right_book()  # nothing is booked that nobody has said


def test_payouts_on_their_way_are_no_difference(world: FakePaypal) -> None:
    run = sent_run(world)
    moved(10_000)
    world.balances = {"EUR": "100.00"}
    assert check() and of(capital("EUR")) == 0
    world.balances["EUR"] = "66.25"  # PayPal has taken them off with its fee, and they are not claimed
    world.set_all("UNCLAIMED")
    look()
    assert check()
    world.set_all("SUCCESS")
    look()
    assert check() and of(paypal("EUR")) == 66.25 and run.state == "released"
    world.balances["EUR"] = "100.00"  # a balance of three hours ago
    assert check(timedelta()) and not check(LATER)


def test_money_between_bank_and_paypal_is_on_its_way_for_days(world: FakePaypal) -> None:
    sent_run(world)
    world.balances = {"EUR": "0.00"}
    assert check(timedelta())
    moved(10_000)
    assert check(timedelta()) and not check()


@pytest.mark.parametrize(("settled", "account", "sign"), [(Settled.OWN, capital, -1), (Settled.FEE, rail_fee, 1)])  # fmt: skip
def test_an_operator_says_what_a_difference_is(
    world: FakePaypal, settled: Settled, account: Any, sign: int
) -> None:
    sent_run(world)
    moved(10_000)
    dan = actor("dan")
    enter = {"currency": "EUR", "now": now() + timedelta(days=6)}
    payments.enter_paypal_balance(actor=dan, amount_micros=100 * MICROS, **enter)
    assert check()  # PayPal does not let this app read it; what the operator said counts
    payments.enter_paypal_balance(actor=dan, amount_micros=60 * MICROS, **enter)
    (found,) = paypal_standings(dan)
    lacks = found.difference_micros / MICROS
    assert 0 < lacks < 40 and not check()  # the payouts on their way explain the rest
    settle = {"settled": settled, "now": now()}
    for stranger in ("ben", "ada"):
        with pytest.raises(NotFound):
            payments.settle_paypal_difference(actor=actor(stranger), balance_id=found.id, **settle)
        with pytest.raises(NotFound):
            payments.enter_paypal_balance(actor=actor(stranger), amount_micros=0, **enter)
    payments.settle_paypal_difference(actor=dan, balance_id=found.id, **settle)
    assert (
        of(account("EUR")) == sign * lacks and of(paypal("EUR")) == 100 - lacks and right_book() and check()
    )
    with pytest.raises(Conflict):
        payments.settle_paypal_difference(actor=dan, balance_id=found.id, **settle)


def test_only_what_differs_now_can_be_said(world: FakePaypal) -> None:
    sent_run(world)
    dan = actor("dan")
    for there in (0, 5, 9):
        payments.enter_paypal_balance(actor=dan, currency="EUR", amount_micros=there * MICROS, now=now())
    first, second, newest = PaypalBalance.objects.order_by("id").values_list("id", flat=True)
    for balance_id, settled in ((first, Settled.OWN), (second, Settled.OWN), (newest, Settled.OPENING)):
        with pytest.raises(Conflict):
            payments.settle_paypal_difference(actor=dan, balance_id=balance_id, settled=settled, now=now())
    with pytest.raises(NotFound):
        payments.settle_paypal_difference(actor=dan, balance_id=newest + 1, settled=Settled.OWN, now=now())
    with pytest.raises(Invalid):
        payments.enter_paypal_balance(actor=dan, currency="USD", amount_micros=0, now=now())


@pytest.mark.parametrize("trouble", ["-.5x", "", "NaN", "1e3", "-"])
def test_a_balance_that_cannot_be_read_is_none(world: FakePaypal, trouble: str) -> None:
    sent_run(world)
    world.balances = {"EUR": trouble}
    assert check() and not PaypalBalance.objects.exists()


@pytest.mark.parametrize(
    ("facts", "name"),
    [({"settled_as": "gift"}, "paypal_balance_settled_known"), ({"currency": "eur"}, "paypal_balance_currency_shape")],
)  # fmt: skip
def test_balances_are_of_a_known_sort(facts: dict[str, str], name: str) -> None:
    usual = {"currency": "EUR", "amount_micros": 0, "at": now(), "book_micros": 0, "difference_micros": 0}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PaypalBalance.objects.create(**(usual | facts))


def test_a_payout_that_paypal_holds_back_is_shown_as_such(world: FakePaypal) -> None:
    sent_run(world, "ben")
    world.set_all("ONHOLD")
    look()
    person_id = actor("ben").person_id or 0
    (one,) = payouts.payouts_of(person_id)
    assert (one.state, one.reason) == ("submitted", "ONHOLD") and reason_of(one.reason).why.startswith(
        "PayPal holds it"
    )
    assert payouts.payouts_of_person(actor("dan"), person_id)[0].reason == "ONHOLD"
    world.set_all("SUCCESS")
    look()
    assert payouts.payout_for(actor("ben"), one.id).reason == ""
