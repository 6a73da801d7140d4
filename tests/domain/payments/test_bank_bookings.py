"""How banks book a file of payments and its returns: at once or singly, told before the statement or after it."""

from datetime import date
from typing import Any

import pytest

from tagwerk.base.money import MICROS
from tagwerk.domain.ledger.rules import suspense
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import BankEntry, Payout
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.simulation.bank import Habits, Movement, account_day, answer
from tests.domain.payments.test_bank import IBAN, agrees, bring, meanings, of, paid_run, states
from tests.domain.payments.wages import now, right_book
from tests.people import actor

pytestmark = pytest.mark.django_db


def doubts() -> list[str | None]:
    return [one.doubt for one in queries.bank_entries(actor("dan"), waiting=True)]


def test_single_debits_that_name_their_file_pay_each_its_payout() -> None:
    run, content = paid_run()
    bring(answer(content, seed=1, opening_cents=10_000, habits=Habits(single_entries=True)).booked)
    assert states(run) == ["paid"] * 4 and meanings() == ["payout"] * 4
    assert of(suspense("EUR")) == 0 and agrees()


@pytest.mark.parametrize(("single", "meaning"), [(True, "payout"), (False, "run")])
def test_a_file_of_one_payout_is_paid_however_it_is_debited(single: bool, meaning: str) -> None:
    run, content = paid_run("ben")
    bring(answer(content, seed=1, opening_cents=10_000, habits=Habits(single_entries=single)).booked)
    assert states(run) == ["paid"] and meanings() == [meaning] and agrees()


@pytest.mark.parametrize("order", [(False, True), (True, False)])
def test_what_is_debited_at_once_and_singly_is_doubted(order: tuple[bool, bool]) -> None:
    _run, content = paid_run("ben")
    first, second = (Habits(single_entries=single) for single in order)
    bring(answer(content, seed=1, opening_cents=10_000, habits=first).booked)
    bring(answer(content, seed=2, opening_cents=9_000, habits=second).booked)
    assert doubts() == ["twice"] and of(suspense("EUR")) == -10


def notice(statement: bytes, details: str) -> bytes:
    """The same entries as a camt.054, under another number of the bank's."""
    said = statement.decode().replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").replace("Stmt>", "Ntfctn>")
    said = said.replace("<AcctSvcrRef>", "<AcctSvcrRef>N").replace("</Btch>", f"</Btch>{details}")
    return (said[: said.index("<Bal>")] + said[said.rindex("</Bal>") + 6 :]).encode()


def payouts_of(run: Any) -> str:
    return "".join(
        f"<TxDtls><Refs><EndToEndId>{one.ref.hex}</EndToEndId></Refs><Amt Ccy='EUR'>{one.amount_micros / MICROS:.2f}</Amt>"
        "<CdtDbtInd>DBIT</CdtDbtInd></TxDtls>"
        for one in Payout.objects.filter(run=run)
    )


@pytest.mark.parametrize("told_singly", [True, False])
@pytest.mark.parametrize("single", [True, False])
def test_a_notice_of_debits_gives_way_to_the_statement(single: bool, told_singly: bool) -> None:
    run, content = paid_run()
    said = answer(content, seed=1, opening_cents=10_000, habits=Habits(single_entries=single))
    told = answer(content, seed=1, opening_cents=10_000, habits=Habits(single_entries=told_singly))
    hints = notice(told.booked, payouts_of(run))
    bring(hints)
    assert states(run) == ["paid"] * 4 and right_book()
    assert meanings() == (["payout"] * 4 if told_singly else ["run"])
    bring(said.booked, hints + b" ")  # and a notice that comes late says nothing new
    assert meanings() == (["payout"] * 4 if single else ["run"])
    assert not BankEntry.objects.filter(on_statement=False).exists()
    assert of(suspense("EUR")) == 0 and agrees()


def returns_in_one() -> tuple[Any, bytes]:
    """A run of which two payouts came back; a statement with one credit for both, and the notice that says whose."""
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=9_900, habits=Habits(returned=2))
    bring(said.booked)
    day = date.fromisoformat(said.came_back.decode().split("<Dt><Dt>")[1][:10])
    back = list(Payout.objects.filter(ref__in=said.returned))
    total = sum(one.amount_micros for one in back) // 10_000
    statement = account_day(IBAN, day, 5_300, [Movement(total, "")])
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>{one.ref.hex}</EndToEndId></Refs><Amt Ccy='EUR'>{one.amount_micros / MICROS:.2f}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"
        for one in back
    )
    start, rest = statement.decode().split("<NtryDtls>")
    detailed = f"{start}<NtryDtls>{details}</NtryDtls>{rest.split('</NtryDtls>')[1]}"
    told = detailed.replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").replace("Stmt>", "Ntfctn>")
    bring(statement)
    assert meanings() == ["run", "unknown"] and of(suspense("EUR")) == total / 100
    return run, told.encode()


def test_details_that_come_later_open_up_what_nobody_knew() -> None:
    run, details = returns_in_one()
    bring(details)
    assert states(run) == ["paid", "paid", "returned", "returned"]
    assert meanings() == ["returned", "returned", "run", "split"] and of(suspense("EUR")) == 0
    assert agrees()


def test_details_do_not_open_up_what_an_operator_has_assigned() -> None:
    run, details = returns_in_one()
    waiting = BankEntry.objects.get(meaning="unknown").id
    payments.assign_bank_entry(actor=actor("dan"), entry_id=waiting, meaning=Meaning.OWN, now=now())
    bring(details)
    assert states(run) == ["paid"] * 4 and meanings() == ["own", "run"]
    assert of(suspense("EUR")) == 0 and agrees()
