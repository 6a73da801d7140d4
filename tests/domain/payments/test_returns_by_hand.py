"""Payments that came back without saying which they were: less a fee, without a reference, or paid by hand."""

import pytest

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.domain.ledger.rules import rail_fee, suspense
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.simulation.bank import Habits, Movement, account_day, answer
from tests.domain.payments.test_bank import IBAN, TODAY, agrees, assign, bring, entry, of, paid_run
from tests.domain.payments.test_bank_bookings import doubts
from tests.domain.payments.test_by_hand import mark, run_by_hand
from tests.domain.payments.wages import now, payout_of, right_book, there
from tests.people import actor, person

pytestmark = pytest.mark.django_db


def test_a_return_less_the_banks_fee_is_the_workers_in_full() -> None:
    run, content = paid_run("ben")
    said = answer(content, seed=3, opening_cents=10_000, habits=Habits(returned=1))
    less = said.came_back.replace(b">10.00<", b">8.50<").replace(b">100.00<", b">98.50<")
    bring(said.booked, less)
    assert doubts() == ["amount_differs"] and there(person("ben").id) == 0
    (waits,) = queries.bank_entries(actor("dan"), waiting=True)
    payout = payout_of(person("ben").id, run)
    (offered,) = queries.payouts_for(actor("dan"), waits.id)
    assert (offered.id, offered.amount_micros) == (payout.id, 10_000_000)
    assign(waits.id, Meaning.RETURNED, payout_id=payout.id)
    payout.refresh_from_db()
    assert (payout.state, there(person("ben").id)) == ("returned", 10)
    assert of(rail_fee("EUR")) == 1.5 and of(suspense("EUR")) == 0 and agrees()
    with pytest.raises(Invalid):
        assign(entry(500), Meaning.RETURNED, payout_id=payout.id)


def test_a_return_without_a_reference_is_assigned_and_is_less_than_the_payout() -> None:
    run, _content = paid_run("ben", "cyn")
    found = entry(1_050, "back")
    for wrong in (payout_of(person("ben").id, run).id, 0):
        with pytest.raises(Invalid):
            assign(found, Meaning.RETURNED, payout_id=wrong)
    assign(found, Meaning.RETURNED, payout_id=payout_of(person("cyn").id, run).id)
    assert there(person("cyn").id) == 11 and of(rail_fee("EUR")) == 0.5 and right_book()


def test_what_was_paid_by_hand_comes_back_and_its_entry_follows() -> None:
    run = run_by_hand()
    bring(account_day(IBAN, TODAY, 0, [Movement(-2_150, "two in cash")]))
    ben = payout_of(person("ben").id, run)
    with pytest.raises(Conflict):
        payments.say_payout_came_back(actor=actor("dan"), payout_id=ben.id, now=now())
    mark(run)
    (waits,) = queries.bank_entries(actor("dan"), waiting=True)
    assign(waits.id, Meaning.BY_HAND)
    with pytest.raises(NotFound):
        payments.say_payout_came_back(actor=actor("ben"), payout_id=ben.id, now=now())
    payments.say_payout_came_back(actor=actor("dan"), payout_id=ben.id, now=now())
    ben.refresh_from_db()
    assert (ben.state, there(ben.person_id)) == ("returned", 10) and agrees()
    bring(account_day(IBAN, TODAY, -2_150, [Movement(1_000, "back")], seed=7))
    (waits,) = queries.bank_entries(actor("dan"), waiting=True)
    assign(waits.id, Meaning.RETURNED, payout_id=ben.id)
    assert there(ben.person_id) == 10 and of(suspense("EUR")) == 0 and agrees()
