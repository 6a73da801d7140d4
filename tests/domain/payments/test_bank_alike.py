"""Two payments that look the same, from a bank that numbers nothing: both are booked, and each once."""

import re
from datetime import timedelta
from itertools import permutations

import pytest

from tagwerk.domain.ledger.rules import capital, prepaid
from tagwerk.domain.payments.models import BankEntry
from tagwerk.domain.payments.rules.bank_entries import creditor_reference
from tagwerk.simulation.bank import Movement, account_day
from tests.domain.payments.test_bank import IBAN, TODAY, agrees, bring, of, standing
from tests.domain.payments.test_bank_duplicates import remarks
from tests.domain.payments.wages import company
from tests.people import organisation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def nameless(content: bytes) -> bytes:
    return re.sub(rb"<AcctSvcrRef>[^<]*</AcctSvcrRef>", b"<AcctSvcrRef>NONREF</AcctSvcrRef>", content)


def day(opening: int, *cents: int, on: int = 0) -> bytes:
    """A statement of today, or so many days before, with such payments of one organisation."""
    text = creditor_reference(organisation())
    return nameless(
        account_day(IBAN, TODAY - on * DAY, opening, [Movement(each, text) for each in cents], seed=1)
    )


def booked() -> float:
    return of(prepaid(organisation(), "EUR"))


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_equal_deposits_in_several_statements_of_a_day_are_all_booked(order: tuple[int, ...]) -> None:
    company()
    files = [day(0, 5_000), day(5_000, 5_000), day(10_000, 5_000)]
    bring(*(files[place] for place in order))
    if 1 in order[:2]:  # each was next to one that was there
        assert BankEntry.objects.count() == 3 and booked() == 150 and agrees() and remarks() == []
    else:
        assert BankEntry.objects.count() == 1 and {code for code, _about in remarks()} == {"lines_alike"}
    for _again in range(2):
        bring(*(file + b"\n" for file in files))  # the same in other files
    bring(day(0, 5_000, 5_000, 5_000))  # and all of them in one
    assert BankEntry.objects.count() == 3 and booked() == 150 and agrees()


def test_two_statements_in_one_day_with_several_equal_lines_each() -> None:
    company()
    bring(day(0, 5_000), day(5_000, 5_000, 5_000, 700), day(15_700, -200, 5_000))
    assert BankEntry.objects.count() == 6 and booked() == 207 and agrees() and remarks() == []


def test_a_statement_that_covers_another_one_repeats_it() -> None:
    company()
    bring(day(0, 5_000, on=1), day(5_000, 300))
    whole = day(0, 5_000, on=1).replace(
        b">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>", b">53.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>"
    )
    entry = re.search(rb"<Ntry>.*?</Ntry>", day(5_000, 300), re.S)
    assert entry is not None and whole != day(0, 5_000, on=1)
    bring(whole.replace(b"</Ntry>", b"</Ntry>" + entry[0], 1))
    assert BankEntry.objects.count() == 2 and booked() == 53 and remarks() == []


def test_a_day_that_is_told_again_and_ends_where_it_began_is_not_doubled() -> None:
    """The second statement has all of the first one, and a payment that takes it back to where it began."""
    company()
    bring(day(0, 5_000), day(0, 5_000, -5_000))
    assert BankEntry.objects.count() == 2 and booked() == 50
    assert {code for code, _about in remarks()} <= {"lines_alike"}


def test_what_cannot_be_told_is_left_out_and_said() -> None:
    company()
    bring(day(0, 5_000), day(9_000, 5_000))  # the one between is missing
    assert BankEntry.objects.count() == 1 and booked() == 50
    ((code, about),) = remarks()
    assert code == "lines_alike" and about.endswith(": 1") and standing().difference_micros != 0


def test_statements_without_balances_say_what_is_left_out() -> None:
    company()
    bare = re.sub(rb"<Bal>.*?</Bal>", b"", day(0, 5_000), flags=re.S)
    bring(bare, bare + b"\n")
    assert BankEntry.objects.count() == 1 and [code for code, _about in remarks()] == ["lines_alike"]


def test_the_same_statement_again_says_nothing() -> None:
    company()
    bring(day(700, 5_000), day(700, 5_000) + b"\n")
    assert BankEntry.objects.count() == 1 and remarks() == [] and of(capital("EUR")) == 7 and agrees()
