"""What operators are told of the bank: what it pays after all, what waits for a word, what does not agree."""

from datetime import timedelta

import pytest

from tagwerk.base.models import StoredEvent
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.domain.payments.rules.bank_entries import creditor_reference
from tagwerk.simulation.bank import Habits, Movement, account_day, answer
from tests.domain.payments.test_bank import IBAN, TODAY, agrees, bring, paid_run, states
from tests.domain.payments.test_bank_bookings import doubts
from tests.domain.payments.wages import company, now
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
