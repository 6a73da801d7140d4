"""What a pilot tells about time and cost, each with how sure that is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Measured, Times
from tagwerk.domain.work.queries import Estimate
from tagwerk.inference.sampling import Interval
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.formats import duration_text, money_text, number_text
from tagwerk.interfaces.web.pages.requester.frame import Frame
from tagwerk.interfaces.web.pages.requester.setup_frame import cents_up

HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Known:
    """The times as a plot, what follows in sentences, and what is still missing."""

    times: plots.Plot
    lines: list[str]
    is_enough: bool
    wait: str


def known(frame: Frame, measured: Measured, found: Estimate) -> Known:
    """What the pilot tells so far."""
    times = measured.times
    answers, people = (times.answers, times.people) if times else (0, 0)
    return Known(
        times=_plot(times),
        lines=_lines(frame, times, found) if times else [],
        is_enough=answers >= quality.PILOT_ANSWERS and people >= quality.PILOT_WORKERS,
        wait=_(
            "Estimate again after {wanted} answers by {crowd} people: with fewer, these ranges say little. So far {answers} by {people} are timed."
        ).format(
            wanted=number_text(quality.PILOT_ANSWERS), crowd=number_text(quality.PILOT_WORKERS),
            answers=number_text(answers), people=number_text(people),
        ),
    )  # fmt: skip


def _plot(times: Times | None) -> plots.Plot:
    rows = [
        (label, one)
        for label, one in (
            (_("typical (median)"), times.median if times else None),
            (_("mean"), times.mean if times else None),
        )
        if one is not None
    ]
    return plots.intervals(
        title=_("Time for an answer"), name_label=_("Figure"), value_label=_("Seconds"), low_label=_("at least"), high_label=_("at most"),
        rows=[(label, round(one.low, 1), round(one.value, 1), round(one.high, 1)) for label, one in rows],
        measure=plots.Measure(_("seconds")), whole=max((one.high for _label, one in rows), default=1.0),
        basis=_("{answers} answers by {people} people").format(answers=number_text(times.answers), people=number_text(times.people)) if times else "",
    )  # fmt: skip


def _lines(frame: Frame, times: Times, found: Estimate) -> list[str]:
    lines = []
    if times.mean is not None:
        answers = found.forecast.mid.answers
        lines.append(
            _("All tasks take {time} of work ({low} to {high}), which follows from the mean.").format(
                **{name: duration_text(answers * one) for name, one in _ends(times.mean).items()}
            )
        )
    if (
        frame.shows_money
        and times.typical is not None
        and frame.project.estimate_seconds
        and not frame.project.hour_micros
    ):
        lines.append(_meant(frame, times.typical, found))
    return lines


def _ends(one: Interval) -> dict[str, float]:
    return {"time": one.value, "low": one.low, "high": one.high}


def _meant(frame: Frame, typical: Interval, found: Estimate) -> str:
    """What the pay per hour that was meant would cost at the times that were measured."""
    project = frame.project
    meant = project.usual_micros * HOUR_SECONDS // project.estimate_seconds

    def cost(seconds: float) -> int:
        return cents_up(round(found.expected_micros * seconds / project.estimate_seconds))

    return _(
        "{hourly} an hour, as you meant it, would be {one} for an answer at the time that was measured, and {cost} for all tasks ({low} to {high}). As they are paid now, all tasks cost {now}."
    ).format(
        hourly=money_text(meant // 10_000 * 10_000, project.currency),
        one=money_text(cents_up(round(meant * typical.value / HOUR_SECONDS)), project.currency),
        cost=money_text(cost(typical.value), project.currency),
        low=money_text(cost(typical.low), project.currency),
        high=money_text(cost(typical.high), project.currency),
        now=money_text(cents_up(found.expected_micros), project.currency),
    )
