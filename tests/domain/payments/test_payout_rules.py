from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tagwerk.domain.payments.rules.payer import smallest_payout
from tagwerk.domain.payments.rules.payouts import OURS, last_cutoff, next_run
from tagwerk.domain.payments.rules.rails import Rail, carries, payable, smallest_micros, written
from tagwerk.domain.payments.rules.reasons import REASONS

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "cutoff"),
    [
        (datetime(2026, 11, 29, 23, 59, 59, tzinfo=BERLIN), datetime(2026, 11, 23, tzinfo=BERLIN)),
        (datetime(2026, 11, 30, 0, 0, 0, tzinfo=BERLIN), datetime(2026, 11, 30, tzinfo=BERLIN)),
        # 23:30 of Sunday in UTC is Monday in Berlin.
        (datetime(2026, 11, 29, 23, 30, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=BERLIN)),
        # The clocks change on Sunday 29 March and 25 October 2026: that week has 167 hours, this one 169.
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=BERLIN)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), datetime(2026, 3, 23, tzinfo=BERLIN)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), datetime(2026, 10, 19, tzinfo=BERLIN)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=BERLIN)),
    ],
)
def test_a_week_ends_on_sunday_at_midnight_by_the_operators_clock(now: datetime, cutoff: datetime) -> None:
    assert last_cutoff(now, "Europe/Berlin") == cutoff


def test_weeks_follow_one_another_without_gap_or_overlap_across_changes_of_the_clock() -> None:
    hour, seen = datetime(2026, 3, 1, tzinfo=UTC), set()
    while hour < datetime(2026, 11, 15, tzinfo=UTC):
        seen.add(last_cutoff(hour, "Europe/Berlin"))
        hour += timedelta(hours=1)
    weeks = sorted(seen)
    lengths = [(after.astimezone(UTC) - before.astimezone(UTC)) for before, after in pairwise(weeks)]
    assert sorted(set(lengths)) == [timedelta(hours=167), timedelta(hours=168), timedelta(hours=169)]


def test_the_next_run_is_on_tuesday_at_six_also_after_the_clocks_changed() -> None:
    assert next_run(datetime(2026, 11, 30, 12, tzinfo=BERLIN), "Europe/Berlin") == datetime(
        2026, 12, 1, 6, tzinfo=BERLIN
    )
    assert next_run(datetime(2026, 12, 1, 6, tzinfo=BERLIN), "Europe/Berlin") == datetime(
        2026, 12, 8, 6, tzinfo=BERLIN
    )
    assert next_run(datetime(2026, 3, 30, 1, tzinfo=BERLIN), "Europe/Berlin") == datetime(
        2026, 3, 31, 6, tzinfo=BERLIN
    )


@given(some.integers(0, 10**15), some.sampled_from(Rail), some.sampled_from(["EUR", "JPY", "KWD", "HUF"]))
def test_nothing_is_lost_by_rounding(micros: int, rail: Rail, currency: str) -> None:
    leaves, stays = payable(micros, rail, currency)
    assert leaves + stays == micros
    assert 0 <= stays < smallest_micros(rail, currency)
    assert written(leaves, rail, currency).count(".") <= 1


@pytest.mark.parametrize(
    ("micros", "rail", "currency", "text"),
    [
        (12_340_000, Rail.SEPA, "EUR", "12.34"),
        (50_000, Rail.SEPA, "EUR", "0.05"),
        (120_000_000, Rail.PAYPAL, "JPY", "120"),
        (1_234_000, Rail.MANUAL, "KWD", "1.234"),
        (1_230_000, Rail.MANUAL, "HUF", "1.23"),
        (1_000_000, Rail.PAYPAL, "HUF", "1"),
    ],
)
def test_amounts_are_written_as_the_rail_wants_them(
    micros: int, rail: Rail, currency: str, text: str
) -> None:
    assert written(micros, rail, currency) == text


def test_an_amount_finer_than_the_rail_is_our_mistake() -> None:
    with pytest.raises(AssertionError, match="finer"):
        written(12_345_678, Rail.SEPA, "EUR")


def test_a_transfer_in_the_euro_zone_carries_euros_only() -> None:
    assert [carries(rail, "EUR") for rail in Rail] == [True, True, True]
    assert [carries(rail, "KWD") for rail in Rail] == [False, False, True]


def test_what_needs_nothing_of_the_worker_leaves_their_account_in_use() -> None:
    assert {code for code, reason in REASONS.items() if reason.what_to_do.startswith("You need not")} <= OURS


@pytest.mark.parametrize(
    ("currency", "units"), [("EUR", 5), ("USD", 5), ("JPY", 850), ("KWD", 1.75), ("XXX", 5)]
)
def test_the_smallest_payout_is_about_as_much_in_every_currency(currency: str, units: float) -> None:
    assert smallest_payout(5_000_000, currency) == units * 1_000_000
    assert smallest_payout(0, currency) == 0
