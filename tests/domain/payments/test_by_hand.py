"""What operators say of payouts themselves, and what workers say of their bank's name for them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.payments.queries import naming, receiving
from tagwerk.domain.payments.queries.rail_files import manual_file, sepa_file
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.domain.payments.rules.by_hand import safe_cell
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.simulation.bank import Habits, answer
from tests.domain.payments.test_bank import agrees, assign, bring, entry, paid_run, states
from tests.domain.payments.test_sepa import valid
from tests.domain.payments.wages import (
    earn,
    locked_run,
    method_of,
    now,
    payee,
    payout_of,
    released_run,
    right_book,
    there,
)
from tests.people import actor, person

pytestmark = pytest.mark.django_db


def run_by_hand():
    """Ben is paid in cash, Cyn to an account that looks like a formula, Fay by the bank."""
    earn(payee("ben", Rail.MANUAL), 10)
    earn(payee("cyn", Rail.MANUAL, '=HYPERLINK("http://evil";"x")'), 11.5)
    earn(payee("fay"), 12)
    return released_run()


def mark(run, rail: Rail = Rail.MANUAL, **more: list[int]) -> int:
    return payments.mark_paid_by_hand(actor=actor("dan"), run_id=run.id, rail=rail, now=now(), **more)


def test_the_list_says_whom_to_pay_and_no_cell_is_a_formula() -> None:
    run = run_by_hand()
    text = b"".join(manual_file(actor("dan"), run.id).pieces).decode()
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"Ben", "Cyn"}
    assert (rows["Ben"]["amount"], rows["Ben"]["currency"], rows["Ben"]["account"]) == (
        "10.00",
        "EUR",
        "cash, please",
    )
    assert rows["Cyn"]["account"].startswith("'=HYPERLINK")


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert cell[:1] not in tuple("=+-@|%\t\r\n") and cell.isprintable() | (cell == "")
    assert cell.lstrip()[:1] not in ("=", "+", "-", "@")


def test_one_or_all_are_marked_as_paid() -> None:
    run = run_by_hand()
    ben = payout_of(actor("ben").person_id, run)
    assert mark(run, payout_ids=[ben.id]) == 1 and states(run) == ["paid", "submitted", "submitted"]
    assert mark(run) == 1 and states(run) == ["paid", "paid", "submitted"]
    with pytest.raises(Conflict):
        mark(run)
    with pytest.raises(Conflict):
        mark(run, Rail.PAYPAL)
    with pytest.raises(NotFound):
        payments.mark_paid_by_hand(actor=actor("ben"), run_id=run.id, rail=Rail.SEPA, now=now())
    assert mark(run, Rail.SEPA) == 1 and right_book()


def test_what_was_paid_by_hand_is_not_booked_again_from_the_statement() -> None:
    run = run_by_hand()
    mark(run)
    assign(entry(-2_150, "two in cash"), Meaning.BY_HAND)
    assert agrees()


def test_a_statement_after_all_was_marked_as_paid_changes_nothing() -> None:
    run, content = paid_run()
    mark(run, Rail.SEPA)
    bring(answer(content, seed=1, opening_cents=10_000).booked)
    assert states(run) == ["paid"] * 4 and agrees()


def test_nothing_leaves_before_its_release() -> None:
    earn(payee("ben"), 10)
    run = locked_run()
    for file in (sepa_file, manual_file):
        with pytest.raises(Conflict):
            file(actor("dan"), run.id)
        with pytest.raises(NotFound):
            file(actor("dan"), run.id + 1)
    with pytest.raises(Conflict):
        mark(run, Rail.SEPA)


def test_whose_name_does_not_fit_is_taken_out_of_the_file() -> None:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=10_000, habits=Habits(other_names=1))
    bring(said.names)
    (differs,) = naming.names_in_run(actor("dan"), run.id)
    assert differs.on_its_way and differs.code == "RVNM"
    payments.take_out_payout(actor=actor("dan"), payout_id=differs.payout_id, now=now())
    payout = Payout.objects.get(id=differs.payout_id)
    assert (payout.state, payout.reason) == ("failed", "RVNM") and there(
        payout.person_id
    ) == payout.amount_micros / 1e6
    anew = b"".join(sepa_file(actor("dan"), run.id).pieces)
    assert len(list(valid(anew).iter("{*}CdtTrfTxInf"))) == 3
    bring(answer(anew, seed=4, opening_cents=10_000).booked)
    assert states(run) == ["failed", "paid", "paid", "paid"] and agrees()
    for who, number in (("dan", payout.id), ("ben", payout.id)):
        with pytest.raises((Conflict, NotFound)):
            payments.take_out_payout(actor=actor(who), payout_id=number, now=now())


def test_a_worker_confirms_the_name_that_the_bank_has() -> None:
    _run, content = paid_run("ben")
    said = answer(content, seed=3, opening_cents=0, habits=Habits(close_names=1))
    bring(said.names)
    payout = Payout.objects.get()
    for _again in range(2):
        payments.tell_payee_name(payout_id=payout.id)
    assert Notice.objects.filter(kind="payee_name_near", person_id=payout.person_id).count() == 1
    (asked,) = naming.names_to_answer(payout.person_id)
    assert asked.name == "Ben Sr." and naming.names_to_answer(payout.person_id + 1) == []
    with pytest.raises(NotFound):
        payments.answer_bank_name(
            person_id=actor("cyn").person_id, payout_id=payout.id, is_mine=True, now=now()
        )
    payments.answer_bank_name(person_id=payout.person_id, payout_id=payout.id, is_mine=True, now=now())
    details = receiving.payout_details(payout.person_id)
    assert (
        details is not None and details.holder == "Ben Sr." and naming.names_to_answer(payout.person_id) == []
    )
    with pytest.raises(NotFound):
        payments.answer_bank_name(person_id=payout.person_id, payout_id=payout.id, is_mine=True, now=now())


def test_an_account_with_another_name_is_out_of_use() -> None:
    _run, content = paid_run("ben")
    bring(answer(content, seed=3, opening_cents=0, habits=Habits(close_names=1)).names)
    payout = Payout.objects.get()
    earn(payout.person_id, 20)
    waits = payout_of(payout.person_id, locked_run())
    payments.answer_bank_name(person_id=payout.person_id, payout_id=payout.id, is_mine=False, now=now())
    assert method_of(payout.person_id).ended_because == "RVMC" and there(payout.person_id) == 20
    waits.refresh_from_db()
    assert (waits.state, waits.reason) == ("withdrawn", "RVMC")
    for _again in range(2):
        payments.tell_name_denied(payout_id=payout.id)
    told = dict(Notice.objects.values_list("kind", "person_id"))
    assert told == {"payout_account_denied": payout.person_id, "payout_to_a_stranger": actor("dan").person_id}
    assert payout_of(payout.person_id, locked_run()).reason == "method_missing"
    details = receiving.payout_details(payout.person_id)
    assert details is not None and details.holder == "Ben"


def test_what_was_taken_out_is_in_no_file_again() -> None:
    earn(payee("ben"), 10)
    earn(payee("fay"), 12)
    run = released_run()
    out = payout_of(person("ben").id, run)
    payments.take_out_payout(actor=actor("dan"), payout_id=out.id, now=now())
    content = b"".join(sepa_file(actor("dan"), run.id).pieces)
    assert valid(content) and out.ref.hex.encode() not in content
    assert b"<CtrlSum>12.00</CtrlSum>" in content and there(person("ben").id) == 10
