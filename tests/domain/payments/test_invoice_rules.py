"""What invoices come to: sums that stay sums, deposits that are never used twice."""

from hypothesis import example, given
from hypothesis import strategies as st

from tagwerk.domain.payments.rules.invoices import Advance, WorkLine, figures, given_back, taken
from tagwerk.domain.payments.rules.vat import rounded, tax_within


def line(micros, kind="pay", project=1):
    return WorkLine(kind, project, "x", 3, micros)


def deposit(gross, rate=1900, booking=1):
    vat = tax_within(gross, rate, "EUR") if rate else 0
    return Advance(booking, f"RE-2026-{booking:05d}", gross - vat, vat, rate)


def test_a_month_that_was_paid_in_advance_is_settled():
    found = figures(
        lines=[line(100_000_000), line(20_000_000, "fee")], carry_micros=0, advances=[deposit(1_190_000_000)],
        rate_bp=1900, currency="EUR",
    )  # fmt: skip
    assert (found.net_micros, found.vat_micros, found.gross_micros) == (120_000_000, 22_800_000, 142_800_000)
    assert (found.due_micros, found.advances[0].vat_micros) == (0, 22_800_000)


def test_what_was_lent_is_due_with_its_vat():
    found = figures(
        lines=[line(100_000_000)],
        carry_micros=0,
        advances=[deposit(59_500_000)],
        rate_bp=1900,
        currency="EUR",
    )
    assert (found.due_net_micros, found.due_vat_micros) == (50_000_000, 9_500_000)


def test_deposits_from_before_vat_leave_the_vat_due_and_a_fallen_rate_too_much_paid():
    before = figures(
        lines=[line(100_000_000)],
        carry_micros=0,
        advances=[deposit(500_000_000, 0)],
        rate_bp=1900,
        currency="EUR",
    )
    assert (before.due_net_micros, before.due_vat_micros) == (0, 19_000_000)
    fallen = figures(
        lines=[line(100_000_000)],
        carry_micros=0,
        advances=[deposit(1_190_000_000)],
        rate_bp=0,
        currency="EUR",
    )
    assert fallen.due_micros == -19_000_000


def test_an_agent_invoices_the_fee_and_its_vat_is_due():
    found = figures(
        lines=[line(20_000_000, "fee")], carry_micros=0, advances=[deposit(1_190_000_000)], rate_bp=1900,
        currency="EUR", paid_from_balance=False,
    )  # fmt: skip
    assert (found.net_micros, found.due_net_micros, found.due_vat_micros) == (20_000_000, 0, 3_800_000)
    assert found.advances[0].booking_id == 0


MONTHS = st.lists(st.lists(st.integers(1, 10**9), max_size=6), min_size=1, max_size=12)


@example([[500], []], 0, "KWD")  # half a unit, rounded up: nothing is given back for it
@given(MONTHS, st.sampled_from([0, 700, 1900, 2550]), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_no_run_of_invoices_is_further_than_half_a_unit_from_the_book(months, rate, currency):
    unit = {"EUR": 10_000, "JPY": 1_000_000, "KWD": 1_000}[currency]
    carry, book, invoiced = 0, 0, 0
    advances = [Advance(1, "", 10**13, 0, rate)]
    for month in months:
        found = figures(
            lines=[line(micros) for micros in month], carry_micros=carry, advances=advances, rate_bp=rate,
            currency=currency,
        )  # fmt: skip
        carry, book, invoiced = found.carry_micros, book + sum(month), invoiced + found.net_micros
        assert sum(one.micros for one in found.lines) == (found.net_micros if found.lines else 0)
        assert found.net_micros % unit == found.vat_micros % unit == 0
        assert found.due_micros == 0
        assert abs(book - invoiced) * 2 <= unit


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=8), st.integers(0, 10**7), st.sampled_from([0, 1900])
)
def test_what_is_taken_is_never_more_than_was_paid_in(cents, wanted, rate):
    advances = [deposit(amount * 10_000, rate, number) for number, amount in enumerate(cents, 1)]
    used, left = taken(advances, wanted * 10_000, "EUR")
    assert sum(one.net_micros for one in used) + left == wanted * 10_000
    paid = {one.booking_id: one for one in advances}
    assert all(0 < one.net_micros <= paid[one.booking_id].net_micros for one in used)
    back = given_back(advances, wanted * 10_000, "EUR")
    gross = sum(one.net_micros + one.vat_micros for one in back)
    assert gross == min(wanted * 10_000, sum(cents) * 10_000)
    assert all(one.vat_micros <= paid[one.booking_id].vat_micros for one in back)
    assert rounded(gross, 10_000) == gross
