"""What is right about pay beside the price of answers: bonuses and guaranteed hours. Pure."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tagwerk.domain.work.rules.wages import CENT_MICROS, HOUR_MS

ENOUGH_TIMED = 30  # submissions from which on a project's own times say what is long
LONG_ESTIMATES = 3  # before that, so many times the estimate is


class BonusSource(StrEnum):
    """By hand, by a file, or by a rule."""

    HAND = "hand"
    FILE = "file"
    RULE = "rule"


def top_up(*, floor_micros: int, credited_ms: int, earned_micros: int) -> int:
    """What is missing for these hours to pay the floor, rounded up to the cent; 0: nothing is."""
    missing = floor_micros * credited_ms - earned_micros * HOUR_MS
    return -(-missing // (HOUR_MS * CENT_MICROS)) * CENT_MICROS if missing > 0 else 0


def longest_credited_ms(*, answers: int, p95_ms: int, estimate_seconds: int) -> int:
    """How much time one answer is credited at most: the 95th percentile of the project, or three estimates."""
    return p95_ms if answers >= ENOUGH_TIMED else LONG_ESTIMATES * estimate_seconds * 1000


def monday_of(moment: datetime, zone: str) -> date:
    """The Monday of the week in which a moment lies, as calendars in that zone say."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def week_bounds(monday: date, zone: str) -> tuple[datetime, datetime]:
    """When a week begins and ends there; it has an hour more or less where clocks change."""
    begin, end = (
        datetime.combine(day, time(), ZoneInfo(zone)) for day in (monday, monday + timedelta(days=7))
    )
    return begin, end
