"""Money, times and numbers in the reader's language."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from tagwerk.interfaces.web import formats

NOON = datetime(2026, 11, 20, 11, 3, tzinfo=UTC)


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("micros", "english", "german"),
    [
        (300_000, "€0.30", "0,30\xa0€"),
        (1_234, "€0.001234", "0,001234\xa0€"),
        (-12_400_000, "-€12.40", "-12,40\xa0€"),
        (1_234_567_890_000, "€1,234,567.89", "1.234.567,89\xa0€"),
    ],
)
def test_money(micros: int, english: str, german: str, language: str) -> None:
    with translation.override(language):
        assert formats.money_text(micros, "EUR") == (english if language == "en" else german)


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [(0, "0 sec", "0 Sek."), (200, "3 min 20 sec", "3 Min. 20 Sek."), (7_500, "2 hr 5 min", "2 Std. 5 Min."),
     (259_200, "3 days", "3 Tage"), (86_460, "1 day", "1 Tag")],
)  # fmt: skip
def test_duration(seconds: float, english: str, german: str, language: str) -> None:
    with translation.override(language):
        assert formats.duration_text(seconds) == (english if language == "en" else german)


def test_a_moment_is_told_in_the_reader_s_time_zone() -> None:
    with timezone.override("Europe/Berlin"), translation.override("en"):
        assert formats.when_text(NOON) == "20 Nov 2026, 12:03"
        assert formats.day_text(NOON) == "20 Nov 2026"
    with timezone.override("UTC"), translation.override("de"):
        assert formats.when_text(NOON) == "20.11.2026, 11:03"


def test_the_exact_time_names_its_zone() -> None:
    with timezone.override("Europe/Berlin"), translation.override("de"):
        assert formats.exact_text(NOON + timedelta(seconds=5)) == "20.11.2026, 12:03:05 MEZ"
    with timezone.override("UTC"), translation.override("en"):
        assert formats.exact_text(NOON) == "20 Nov 2026, 11:03:00 UTC"


def test_what_is_long_ago_is_told_by_its_day() -> None:
    with timezone.override("Europe/Berlin"), translation.override("en"):
        assert formats.near_text(NOON - timedelta(days=3), now=NOON) == "3 days ago"
        assert formats.near_text(NOON - timedelta(days=40), now=NOON) == "11 Oct 2026"


def test_how_long_ago() -> None:
    with translation.override("en"):
        assert formats.ago_text(NOON - timedelta(minutes=3), now=NOON) == "3 minutes ago"
        assert formats.ago_text(NOON + timedelta(days=2), now=NOON) == "in 2 days"


@pytest.mark.parametrize(("share", "text"), [(0.5, "50%"), (0.955, "95.5%"), (1.0, "100%")])
def test_percent(share: float, text: str) -> None:
    with translation.override("en"):
        assert formats.percent_text(share) == text


def test_numbers_have_the_separators_of_the_language() -> None:
    with translation.override("de"):
        assert formats.number_text(12_408) == "12.408"


def test_times_of_today_and_of_other_days() -> None:
    now = timezone.now()
    with timezone.override("UTC"):
        assert formats.clock_text(now) == now.strftime("%H:%M")
        assert formats.clock_text(datetime(2025, 1, 2, 9, 5, tzinfo=UTC)) == "2 Jan, 09:05"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Friday, 20 November"), ("de", "Freitag, 20. November")]
)
def test_a_day_with_its_name(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.long_day_text(datetime(2026, 11, 20, 12, tzinfo=UTC)) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (48, "48 min"), (60, "1 hr"), (125, "2 hr 5 min")]
)
def test_minutes(minutes: int, text: str) -> None:
    assert formats.minutes_text(minutes) == text
    assert formats.hourly_text(12_400_000, "EUR") == "€12.40/h"


@pytest.mark.parametrize(
    ("language", "minutes", "text"),
    [("en", 1, "1 minute"), ("en", 1.5, "1.5 minutes"), ("de", 1, "1 Minute"), ("de", 20, "20 Minuten")],
)
def test_minutes_written_out(language: str, minutes: float, text: str) -> None:
    with translation.override(language):
        assert formats.whole_minutes_text(minutes) == text
