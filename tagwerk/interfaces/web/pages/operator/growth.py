"""How the instance grows: people, answers and money by day. Added up from the log of events, and days that are over are
kept, so that only what is new is read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from tagwerk.base.log import events_by_day
from tagwerk.interfaces.web import plots

DAYS = 90
KEPT = "operator:growth"
FRESH_SECONDS = 600
NAMES = ("PersonSignedUp", "AnswersApproved")

Days = dict[tuple[str, str], dict[str, int]]  # (what, currency) → day → figure


def growth() -> list[plots.Plot]:
    """One plot for people, one for answers, one for the money of each currency."""
    days = _days()
    shown = [timezone.now().date() - timedelta(days=back) for back in reversed(range(DAYS))]
    currencies = sorted({currency for what, currency in days if what == "money"})
    return [
        _plot(_("New people"), _("people"), days.get(("people", ""), {}), shown),
        _plot(_("Answers approved"), _("answers"), days.get(("answers", ""), {}), shown),
        *(
            _plot(_("Earned by workers"), _("per day"), days.get(("money", one), {}), shown, one)
            for one in currencies
        ),
    ]


def _plot(
    title: str, unit: str, figures: dict[str, int], shown: list[date], currency: str = ""
) -> plots.Plot:
    values = [figures.get(day.isoformat(), 0) for day in shown] if figures else []
    return plots.time_series(
        title=f"{title} ({currency})" if currency else title,
        times=[datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in shown] if figures else [],
        series=[plots.Series(title, values)],
        measure=plots.Measure(unit, currency=currency),
        basis=_("by day, last 90 days"),
        time_label=_("Day"),
        by_day=True,
    )


def _days() -> Days:
    now = timezone.now()
    kept: dict[str, Any] | None = cache.get(KEPT)
    if kept and kept["at"] > now - timedelta(seconds=FRESH_SECONDS):
        return dict(kept["days"])
    first = (now - timedelta(days=DAYS)).date()
    since = max(first, kept["at"].date() - timedelta(days=1)) if kept else first
    days = _older(kept["days"] if kept else {}, first, since)
    for one in events_by_day(NAMES, since):
        day = one.day.isoformat()
        if one.name == "PersonSignedUp":
            _add(days, ("people", ""), day, one.events)
        else:
            _add(days, ("answers", ""), day, one.answers)
            if one.reward_micros:
                _add(days, ("money", one.currency), day, one.reward_micros)
    cache.set(KEPT, {"at": now, "days": days}, 30 * 86_400)
    return days


def _older(days: Days, first: date, since: date) -> Days:
    """What is known of the days that are over and still shown."""
    inside = (first.isoformat(), since.isoformat())
    return {
        what: {day: figure for day, figure in figures.items() if inside[0] <= day < inside[1]}
        for what, figures in days.items()
    }


def _add(days: Days, what: tuple[str, str], day: str, figure: int) -> None:
    figures = days.setdefault(what, {})
    figures[day] = figures.get(day, 0) + figure
