"""References, names of entries, gaps: what is right about a bank account, without one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from tagwerk.domain.payments.rules.bank_entries import (
    Gap,
    Stretch,
    batch_id,
    creditor_reference,
    gaps,
    keys_of,
    newest,
    organisations_named,
    run_of_batch,
)
from tagwerk.domain.payments.rules.bank_files import BankLine, Part
from tagwerk.domain.payments.rules.sepa import checked_id, execution_day


@given(st.integers(1, 99_999_999), st.text(max_size=40), st.text("- ./:", max_size=3))
def test_a_reference_is_found_wherever_it_stands(number: int, around: str, between: str) -> None:
    reference = creditor_reference(number)
    assert iso11649.is_valid(reference)
    spelt = between.join(reference.lower())
    assert number in organisations_named(f"{around} {spelt} {around}")


@pytest.mark.parametrize(
    "text", ["", "RF", "RF00TW00000042", "RF18 TW00 0000 4", "rf99tw00000042", "TW00000042"]
)
def test_what_is_no_reference_names_nobody(text: str) -> None:
    assert organisations_named(text) == set()


def test_digits_behind_a_reference_do_not_spoil_it() -> None:
    assert organisations_named(f"{creditor_reference(42)} 2026-11 No. 7") == {42}


@given(st.integers(1, 10**15))
def test_the_name_of_a_file_leads_back_to_its_run(run_id: int) -> None:
    assert run_of_batch(checked_id(batch_id(run_id, date(2026, 11, 23)))) == run_id


@pytest.mark.parametrize(
    "text", ["", "TAGWERK-2026-11-23-0", "TAGWERK-2026-11-23-", "X-2026-11-23-1", "TAGWERK-2026-11-23-1 "]
)
def test_other_names_lead_nowhere(text: str) -> None:
    assert run_of_batch(text) is None


def line(ref: str = "", text: str = "", micros: int = 5) -> BankLine:
    part = Part(micros, "", "", "", False, "", "", text)
    return BankLine(ref, micros, "EUR", date(2026, 11, 23), True, "", False, (part,))


def test_the_same_entry_has_one_name_in_every_file() -> None:
    lines = [line("A"), line("B"), line(text="x"), line(text="x"), line(text="y")]
    keys = keys_of(lines)
    assert len(set(keys)) == 5 and keys == keys_of(lines)
    assert keys_of([line("A", text="told with more words")])[0] == keys[0]
    assert keys_of([line("A", micros=6)])[0] != keys[0]


def days(*spans: tuple[int, int, int, int]) -> list[Stretch]:
    return [
        Stretch(opening, date(2026, 11, first), closing, date(2026, 11, last))
        for first, opening, last, closing in spans
    ]


@pytest.mark.parametrize(
    ("spans", "missing"),
    [
        ([], []),
        ([(2, 10, 2, 20), (3, 20, 3, 30)], []),
        ([(3, 20, 3, 30), (2, 10, 2, 20), (5, 30, 5, 31)], []),  # in no order, and a day without movements
        ([(2, 10, 2, 20), (4, 25, 4, 30)], [Gap(date(2026, 11, 2), 20, date(2026, 11, 4), 25)]),
        ([(1, 0, 30, 99), (4, 25, 4, 30)], []),  # a month covers its days
        ([(2, 10, 2, 15), (2, 15, 2, 20), (3, 20, 3, 30)], []),  # several of one day
        ([(2, 15, 2, 20), (2, 10, 2, 15), (3, 20, 3, 30)], []),
    ],
)
def test_gaps_between_statements_are_named(
    spans: list[tuple[int, int, int, int]], missing: list[Gap]
) -> None:
    assert gaps(days(*spans)) == missing


def test_the_newest_statement_of_a_day_with_several() -> None:
    assert newest([]) is None
    found = newest(days((2, 15, 2, 20), (2, 10, 2, 15), (1, 0, 1, 10)))
    assert found is not None and found.closing_micros == 20


def test_banks_pay_on_weekdays() -> None:
    assert [execution_day(date(2026, 11, day)).day for day in (23, 26, 27, 28, 29)] == [24, 27, 30, 30, 30]
