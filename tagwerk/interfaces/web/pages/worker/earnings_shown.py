"""A worker's work over time and by project: a plot of what it pays, and the pay for an hour of each part."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tagwerk.base.ids import public_id
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import DayOfWork
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.formats import day_text, number_text
from tagwerk.interfaces.web.pages.worker.access import hourly_micros

VIEWS: dict[str, Any] = {
    "day": gettext_lazy("By day"),
    "week": gettext_lazy("By week"),
    "project": gettext_lazy("By project"),
}
DAYS = 30
WEEKS = 26


@dataclass(frozen=True, slots=True)
class Part:
    """What was done in one day, week or project."""

    label: str
    answers: int
    approved_micros: int
    pending_micros: int
    rejected: int
    active_ms: int
    timed_micros: int
    project: str = ""  # its public id

    @property
    def earned_micros(self) -> int:
        """Pending answers count as paid."""
        return self.approved_micros + self.pending_micros

    @property
    def minutes(self) -> int:
        """Of active work."""
        return self.active_ms // 60_000

    @property
    def hourly_micros(self) -> int:
        """What an hour of it paid; 0 where no time is known."""
        return hourly_micros(self.timed_micros, self.active_ms / 1000)


@dataclass(frozen=True, slots=True)
class Shown:
    """The plot, and the parts that were worked in, the newest or best first."""

    plot: plots.Plot
    name_label: str
    parts: list[Part]
    total: Part


def shown_by(by: str, person_id: int, currency: str) -> Shown:
    """The paid work of one currency by day (30 of them), week or project (26 weeks)."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1) if by == "day" else _monday(today) - timedelta(weeks=WEEKS - 1)
    since = _midnight(first)
    days = [
        one for one in queries.days_of_work(person_id, since=since, time_zone=timezone.get_current_timezone_name())
        if one.paid and one.currency == currency
    ]  # fmt: skip
    total = _part(_("Together"), days)
    basis = ngettext("{count} answer", "{count} answers", total.answers).format(
        count=number_text(total.answers)
    )
    if by == "project":
        return _by_project(days, total, currency, basis)
    every = [
        first + timedelta(days=step) for step in range(0, (today - first).days + 1, 1 if by == "day" else 7)
    ]
    return _over_time(every, days, total, currency, basis, by)


def _over_time(
    every: Sequence[date], days: Iterable[DayOfWork], total: Part, currency: str, basis: str, by: str
) -> Shown:
    groups = defaultdict(list)
    for one in days:
        groups[one.day if by == "day" else _monday(one.day)].append(one)
    parts = {day: _part(day_text(_midnight(day)), groups[day]) for day in (every if groups else ())}
    plot = plots.columns(
        title=_("Earned by day") if by == "day" else _("Earned by week"), name_label=_("Day") if by == "day" else _("Week from"),
        names=[part.label for part in parts.values()], values=[part.earned_micros for part in parts.values()],
        value_label=_("Earned"), measure=plots.Measure(currency=currency), basis=basis,
    )  # fmt: skip
    worked = [part for part in reversed(list(parts.values())) if part.answers]
    return Shown(plot, _("Day") if by == "day" else _("Week from"), worked, total)


def _by_project(days: Iterable[DayOfWork], total: Part, currency: str, basis: str) -> Shown:
    groups = defaultdict(list)
    for one in days:
        groups[one.project_id, one.project_title].append(one)
    parts = [_part(title, those, public_id("prj", number)) for (number, title), those in groups.items()]
    parts.sort(key=lambda part: -part.earned_micros)
    plot = plots.bars(
        title=_("Earned by project"), name_label=_("Project"), value_label=_("Earned"), basis=basis,
        measure=plots.Measure(currency=currency), bars=[(part.label, part.earned_micros) for part in parts[:12]],
    )  # fmt: skip
    return Shown(plot, _("Project"), parts, total)


def _part(label: str, days: Sequence[DayOfWork], project: str = "") -> Part:
    def together(name: str) -> int:
        return sum(getattr(one, name) for one in days)

    return Part(
        label, together("answers"), together("approved_micros"), together("pending_micros"), together("rejected"),
        together("active_ms"), together("timed_micros"), project,
    )  # fmt: skip


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
