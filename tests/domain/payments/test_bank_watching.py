"""What operators are told of the bank: what it pays after all, what waits for a word, what does not agree."""

from datetime import timedelta

import pytest

from tagwerk.base.models import StoredEvent
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.domain.payments.rules.bank_entries import Meaning, creditor_reference
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.simulation.bank import Habits, Movement, account_day, answer
from tests.domain.payments.test_bank import IBAN, TODAY, agrees, assign, bring, entry, paid_run, states
from tests.domain.payments.test_bank_bookings import doubts
from tests.domain.payments.test_by_hand import mark, run_by_hand
from tests.domain.payments.wages import company, earn, now, payee, released_run
from tests.people import actor

pytestmark = pytest.mark.django_db
RF = creditor_reference(7)


def paid_after_all() -> list[int]:
    found = StoredEvent.objects.filter(name="PayoutPaidAfterAll").order_by("id")
    return [event.facts["payout_id"] for event in found]


@pytest.mark.parametrize("single", [True, False])
def test_what_the_bank_pays_after_it_was_given_back_is_told(single: bool) -> None:
    run, content = paid_run()
    out = Payout.objects.filter(run=run).first()
    assert out is not None
    payments.take_out_payout(actor=actor("dan"), payout_id=out.id, now=now())
    said = answer(content, seed=1, opening_cents=10_000, habits=Habits(single_entries=single))
    bring(said.booked, said.booked + b"\n")  # the file that still had it
    assert paid_after_all() == [out.id] and doubts() == ["given_back"] and agrees()
    assert states(run) == ["failed", *(["paid"] if single else ["submitted"]) * 3]


def test_a_file_that_was_rejected_and_is_carried_out_is_told_for_each_payout() -> None:
    run, content = paid_run()
    said = answer(content, seed=1, opening_cents=10_000)
    bring(said.status.replace(b"ACCP", b"RJCT"), said.booked)
    assert states(run) == ["failed"] * 4 and doubts() == ["given_back"]
    assert sorted(paid_after_all()) == sorted(Payout.objects.values_list("id", flat=True))


def test_entries_that_wait_are_told_each_day_with_what_is_odd() -> None:
    company()
    bring(account_day(IBAN, TODAY, 0, [Movement(500, "?"), Movement(700, f"{RF} {creditor_reference(8)}")]))
    for hours in (0, 0, 24):
        assert payments.check_bank(now=now() + timedelta(hours=hours))
    told = list(Notice.objects.filter(kind="bank_entries_wait"))
    assert [one.params for one in told] == [{"entries": 2, "doubts": 1}] * 2
    assert [one.doubt for one in queries.bank_entries(actor("dan"), waiting=True)] == [
        "several_references",
        None,
    ]


def test_a_week_without_statements_is_told_while_payouts_left() -> None:
    run, content = paid_run("ben")
    day = timedelta(days=1)
    assert queries.bank_silences(actor("dan"), now=now() + 2 * day) == []
    (silent,) = queries.bank_silences(actor("dan"), now=now() + 4 * day)
    assert (silent.currency, silent.newest_on, silent.payouts) == ("EUR", None, 1)
    for _again in range(2):
        payments.check_bank(now=now() + 4 * day)
    assert [one.kind for one in Notice.objects.all()] == ["bank_silent"]
    bring(account_day(IBAN, TODAY, 10_000, []))
    assert queries.bank_silences(actor("dan"), now=now() + 6 * day) == []
    mark(run, Rail.SEPA)  # said by an operator, seen by nobody
    (silent,) = queries.bank_silences(actor("dan"), now=now() + 10 * day)
    assert (silent.newest_on, silent.payouts) == (TODAY, 1)
    bring(answer(content, seed=1, opening_cents=10_000).booked)
    assert queries.bank_silences(actor("dan"), now=now() + 30 * day) == [] and agrees()


def test_a_difference_is_not_covered_by_what_is_paid_later() -> None:
    bring_opening()
    run = run_by_hand()
    mark(run)  # 21.50
    assign(entry(-2_100, "two in cash"), Meaning.BY_HAND)
    late = timedelta(days=6)
    assert [one.difference_micros for one in standings(timedelta())] == [0]
    assert [one.difference_micros for one in standings(late)] == [-500_000]
    earn(payee("gil", Rail.MANUAL), 20)
    mark(released_run())
    Payout.objects.filter(state="paid", amount_micros=20_000_000).update(settled_at=now() + late)
    (after,) = standings(late)
    assert (after.waiting_micros, after.difference_micros) == (-20_000_000, -500_000)


def bring_opening() -> None:
    company()
    bring(account_day(IBAN, TODAY, 0, []))


def standings(later: timedelta) -> list[queries.BankStanding]:
    return queries.bank_standings(actor("dan"), now=now() + later)


def test_a_return_that_no_statement_has_yet_waits() -> None:
    _run, content = paid_run()
    said = answer(content, seed=3, opening_cents=9_900, habits=Habits(returned=1))
    bring(account_day(IBAN, TODAY, 9_900, []), said.booked, said.notice)
    (found,) = standings(timedelta())
    assert found.waiting_micros > 0 and found.difference_micros == 0
    bring(said.came_back)
    assert agrees() and standings(timedelta())[0].waiting_micros == 0
