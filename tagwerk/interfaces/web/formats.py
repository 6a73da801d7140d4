"""How money, times, durations and numbers are written in the reader's language."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from babel import Locale
from babel.dates import format_datetime, format_skeleton, format_timedelta, get_timezone_name
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from django.utils import timezone, translation

from tagwerk.base.money import MICROS

# English pages are read in Europe more than in America: day before month, hours from 0 to 23.
LOCALES = {"en": "en_GB", "de": "de_DE"}
CENT_MICROS = MICROS // 100
NEAR = timedelta(days=30)
SPANS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def locale() -> Locale:
    """The locale of the language that is active now."""
    return Locale.parse(LOCALES.get(translation.get_language() or "en", "en_GB"))


def money_text(micros: int, currency: str) -> str:
    """An amount with its currency, to the cent; finer only where it is finer: "€0.30", "€0.001234"."""
    amount = Decimal(micros) / MICROS
    return format_currency(amount, currency, locale=locale(), decimal_quantization=micros % CENT_MICROS == 0)


def hourly_text(micros: int, currency: str) -> str:
    """Pay for an hour: "€12.40/h"."""
    return f"{money_text(micros, currency)}/h"


def number_text(value: int | float | Decimal) -> str:
    """A number with the language's separators, at most three decimals."""
    return format_decimal(value, locale=locale())


def percent_text(share: float) -> str:
    """A share of one as per cent, with one decimal below 10 % and above 90 % where it says something."""
    exact = round(share * 1000) % 10 != 0
    pattern = str(locale().percent_formats[None].pattern)
    return format_percent(share, format=pattern.replace("0", "0.0", 1) if exact else None, locale=locale())


def duration_text(seconds: float) -> str:
    """A duration by its two largest units: "3 min 20 sec", "2 days"."""
    rest, parts = round(seconds), list[str]()
    for unit, length in SPANS:
        count, rest = divmod(rest, length)
        if count and len(parts) < 2:
            parts.append(_count_text(count, unit))
        elif parts:
            break
    return " ".join(parts) or _count_text(0, "second")


def _count_text(count: int, unit: str) -> str:
    # Of American English only here: "3 min 20 sec" where British English writes "3 mins 20 secs".
    tongue = locale().language
    return format_unit(count, unit, length="long" if unit == "day" else "short", locale=tongue)


def when_text(moment: datetime) -> str:
    """A moment in the reader's time zone: "20 Nov 2026, 12:03"."""
    return format_datetime(timezone.localtime(moment), "medium", locale=locale()).rpartition(":")[0]


def clock_text(moment: datetime) -> str:
    """A time of day, with the day where it is not today: "12:03", "21 Nov, 12:03"."""
    here = timezone.localtime(moment)
    clock = format_skeleton("Hm", here, locale=locale())
    return (
        clock
        if here.date() == timezone.localdate()
        else f"{format_skeleton('MMMd', here, locale=locale())}, {clock}"
    )


def long_day_text(moment: datetime) -> str:
    """A day with its name: "Friday, 20 November"."""
    here = timezone.localtime(moment)
    return (
        f"{format_datetime(here, 'EEEE', locale=locale())}, {format_skeleton('MMMMd', here, locale=locale())}"
    )


def whole_minutes_text(minutes: float) -> str:
    """Minutes written out: "1 minute", "20 minutes"."""
    return format_unit(minutes, "minute", length="long", locale=locale().language)


def minutes_text(minutes: int) -> str:
    """Minutes, and hours where there are any: "0 min", "48 min", "2 hr 5 min"."""
    hours, rest = divmod(minutes, 60)
    parts = [_count_text(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(_count_text(rest, "minute"))
    return " ".join(parts)


def day_text(moment: datetime | date) -> str:
    """A day, or that of a moment in the reader's time zone: "20 Nov 2026"."""
    day = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return format_skeleton("yMMMd", datetime(day.year, day.month, day.day), locale=locale())  # noqa: DTZ001 (a day)


def exact_text(moment: datetime) -> str:
    """The moment to the second, with the zone it is told in: "20 Nov 2026, 12:03:05 CET"."""
    local = timezone.localtime(moment)
    zone = get_timezone_name(local, width="short", locale=locale())
    return f"{format_datetime(local, 'medium', locale=locale())} {zone}"


def near_text(moment: datetime, *, now: datetime) -> str:
    """How long ago while one counts in days, and the day itself once it is longer ago than that."""
    return ago_text(moment, now=now) if abs(moment - now) < NEAR else day_text(moment)


def ago_text(moment: datetime, *, now: datetime) -> str:
    """How long ago, or until when: "3 minutes ago", "in 2 days"."""
    difference: timedelta = moment.astimezone(UTC) - now.astimezone(UTC)
    return format_timedelta(difference, add_direction=True, locale=locale())
