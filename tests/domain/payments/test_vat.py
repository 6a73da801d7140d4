"""VAT: which case, at which rate, and sums that stay sums."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid
from tagwerk.domain.payments.rules.numbers import company_iban, vat_id
from tagwerk.domain.payments.rules.vat import (
    Rate,
    VatCase,
    VatScheme,
    case_of,
    cent_micros,
    rate_on,
    rounded,
    tax_on,
    tax_within,
    whole_units,
)

STANDARD = VatScheme.STANDARD


@pytest.mark.parametrize(
    ("scheme", "seller", "buyer", "number", "case"),
    [
        (VatScheme.NONE, "DE", "FR", "FR40303265045", VatCase.NONE),
        (VatScheme.SMALL_BUSINESS, "DE", "DE", "", VatCase.SMALL_BUSINESS),
        (STANDARD, "DE", "DE", "", VatCase.DOMESTIC),
        (STANDARD, "DE", "", "", VatCase.DOMESTIC),
        (STANDARD, "DE", "FR", "FR40303265045", VatCase.REVERSE_CHARGE),
        (STANDARD, "DE", "FR", "", VatCase.DOMESTIC),
        (STANDARD, "DE", "US", "", VatCase.THIRD_COUNTRY),
        (STANDARD, "DE", "CH", "", VatCase.THIRD_COUNTRY),
        (STANDARD, "CH", "FR", "FR40303265045", VatCase.THIRD_COUNTRY),
    ],
)
def test_cases(scheme, seller, buyer, number, case):
    assert case_of(scheme, seller, buyer, number) is case


@pytest.mark.parametrize(
    ("country", "day", "rate"),
    [
        ("DE", date(2020, 6, 30), 1900), ("DE", date(2020, 7, 1), 1600), ("DE", date(2021, 1, 1), 1900),
        ("EE", date(2025, 6, 30), 2200), ("EE", date(2025, 7, 1), 2400), ("CH", date(2026, 1, 1), 810),
        ("US", date(2026, 1, 1), None),
    ],
)  # fmt: skip
def test_rates_by_day(country, day, rate):
    assert rate_on(country, day) == rate


def test_own_rates_count_first():
    own = [Rate("DE", date(2027, 1, 1), 2000), Rate("AT", date(2000, 1, 1), 1)]
    assert [rate_on("DE", date(year, 6, 1), own) for year in (2026, 2027)] == [1900, 2000]


@given(st.integers(0, 10**13), st.integers(0, 5_000), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_gross_is_net_and_tax_to_the_smallest_unit(cents, rate, currency):
    unit = cent_micros(currency)
    gross = cents // unit * unit
    tax = tax_within(gross, rate, currency)
    assert tax % unit == 0
    assert 0 <= tax <= gross
    assert abs(tax_on(gross - tax, rate, currency) - tax) <= unit


def test_tax_is_rounded_half_up_and_by_the_unit_of_the_currency():
    assert tax_within(1_190_000_000, 1900, "EUR") == 190_000_000
    assert tax_on(100_000_000, 1900, "JPY") == 19_000_000
    assert tax_on(2_500_000, 1000, "JPY") == 0  # a quarter of a yen
    assert tax_on(500_000, 100, "EUR") == 10_000  # half a cent is a cent
    assert tax_on(1_000, 1900, "KWD") == 0
    assert tax_on(-2_500_000, 1900, "EUR") == -480_000
    assert (rounded(5_000, 10_000), rounded(-5_000, 10_000), rounded(4_999, 10_000)) == (10_000, -10_000, 0)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_parts_as_whole_units_add_up(parts):
    total = rounded(sum(parts), 10_000)
    whole = whole_units(parts, total, 10_000)
    assert sum(whole) == total
    assert all(part % 10_000 == 0 for part in whole)
    assert all(abs(one - exact) <= 10_000 for one, exact in zip(whole, parts, strict=True))


def test_numbers_are_written_together():
    assert company_iban("de89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert [vat_id(text) for text in ("", "ATU 1358 5627", "CHE-123.456.788", "EL094259216")] == [
        "", "ATU13585627", "CHE123456788", "EL094259216",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["DE123456789", "FR1", "12345", "DE\u202e136695976"])
def test_wrong_vat_ids_are_refused(text):
    with pytest.raises(Invalid, match="not a VAT id"):
        vat_id(text)
