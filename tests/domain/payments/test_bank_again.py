"""A debit whose sum differed is looked at again: what the bank says later may make it fit."""

import pytest

from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import suspense
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import BankEntry, BankFile, Payout
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.simulation.bank import Answer, Habits, answer
from tests.domain.payments.test_bank import agrees, assign, bring, meanings, paid_run, states
from tests.domain.payments.test_bank_bookings import doubts
from tests.domain.payments.test_races import THREADS, at_once
from tests.domain.payments.wages import now, right_book
from tests.people import actor


def booked_before_the_rejection() -> tuple[object, Answer]:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=10_000, habits=Habits(rejected=1))
    bring(said.booked)
    assert doubts() == ["sum_differs"] and states(run) == ["submitted"] * 4
    return run, said


@pytest.mark.django_db
def test_a_statement_before_the_rejection_is_matched_once_it_comes() -> None:
    run, said = booked_before_the_rejection()
    bring(said.status)
    assert states(run) == ["failed", "paid", "paid", "paid"] and meanings() == ["run"] and agrees()
    assert ledger.balance(suspense("EUR").code).posted == 0


@pytest.mark.django_db
def test_the_job_matches_it_once_the_payout_is_taken_out_by_hand() -> None:
    run, said = booked_before_the_rejection()
    payments.settle_bank_entries(now=now())
    assert meanings() == ["unknown"], "nothing has changed"
    out = Payout.objects.get(ref=said.rejected[0])
    payments.take_out_payout(actor=actor("dan"), payout_id=out.id, now=now())
    for _again in range(2):
        payments.settle_bank_entries(now=now())
    assert states(run) == ["failed", "paid", "paid", "paid"] and meanings() == ["run"] and agrees()


@pytest.mark.django_db
def test_what_an_operator_has_said_of_it_stays() -> None:
    run, said = booked_before_the_rejection()
    assign(BankEntry.objects.get().id, Meaning.OWN)
    bring(said.status)
    assert states(run) == ["failed", *["submitted"] * 3] and meanings() == ["own"] and right_book()


@pytest.mark.django_db
def test_of_two_debits_only_one_is_the_runs() -> None:
    run, said = booked_before_the_rejection()
    bring(said.booked.replace(b"<AcctSvcrRef>", b"<AcctSvcrRef>X"))
    bring(said.status)
    assert meanings() == ["run", "unknown"] and states(run) == ["failed", "paid", "paid", "paid"]


@pytest.mark.django_db(transaction=True)
def test_many_that_look_again_at_once_book_it_once() -> None:
    run, said = booked_before_the_rejection()
    payments.mark_failed(ref=Payout.objects.get(ref=said.rejected[0]).ref, reason="AC01", now=now())
    entry_id = BankEntry.objects.get().id
    say = {"actor": CONSOLE, "entry_id": entry_id, "meaning": Meaning.OWN, "now": now()}
    at_once(
        [
            *[lambda: payments.settle_bank_entries(now=now())] * THREADS,
            lambda: payments.assign_bank_entry(**say),
        ]
    )
    assert meanings() in (["run"], ["own"]) and right_book()
    if meanings() == ["run"]:
        assert states(run) == ["failed", "paid", "paid", "paid"] and agrees()
    assert ledger.balance(suspense("EUR").code).posted == 0


@pytest.mark.django_db
def test_an_entry_that_cannot_be_settled_keeps_no_other_one_waiting() -> None:
    run, content = paid_run()
    file = BankFile.objects.create(sha256=b"x", name="odd.xml", kinds="camt.053", imported_at=now())
    odd = BankEntry.objects.create(
        file=file, iban="DE", currency="???", key="odd", amount_micros=7, on_statement=True
    )
    for _again in range(2):
        with pytest.raises(ExceptionGroup) as told:
            bring(answer(content, seed=3, opening_cents=10_000).booked)
        assert [one.__notes__ for one in told.value.exceptions] == [[f"at bank entry {odd.id}"]]
    assert states(run) == ["paid"] * 4 and sorted(meanings()) == ["", "run"]
    odd.delete()
    payments.settle_bank_entries(now=now())
    assert agrees()
