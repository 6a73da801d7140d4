"""The panels of a project's overview: each has an address of its own, asks one question of the database, and looks again
by itself while the project runs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Figures
from tagwerk.domain.quality.rules.finishing import WINDOW_HOURS, finish
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.active_times import middle_seconds
from tagwerk.interfaces.web.formats import duration_text, number_text, percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import Frame, project_page
from tagwerk.interfaces.web.pages.requester.project_wages import wage_panel
from tagwerk.interfaces.web.pages.requester.spans import span_text
from tagwerk.interfaces.web.pages.requester.words import answer_text, answers_count_text, tasks_text
from tagwerk.interfaces.web.pay_words import agreed_text
from tagwerk.interfaces.web.plots import Measure, Plot, Series, bars, histogram, parts, time_series

LIVE = (State.OPEN, State.PAUSED)  # in a finished project nothing moves any more
MAIN = ("pace", "results", "times")
OF_ANSWERS = ("results", "agreement", "gold")  # shut to members who work on the project, as its tasks are
SHOWN_VALUES = 12
SHOWN_HOURS = 7 * 24
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Panel:
    """A part of the overview as the templates need it; without an address it does not look again."""

    name: str
    url: str
    seconds: int
    values: Mapping[str, Any]

    @property
    def main(self) -> bool:
        """Whether it stands in the wide column."""
        return self.name in MAIN

    @property
    def template(self) -> str:
        return f"pages/requester/_panel_{self.name}.html"


@require_safe
@project_page(Permission.PROJECT_VIEW)
def project_panel(request: ActorRequest, frame: Frame, panel: str) -> HttpResponse:
    """One panel alone, as the page asks for it again."""
    if panel not in PANELS or not _is_shown(frame, panel):
        raise NotFound("panel_not_found", "There is no such panel.")
    shown = panel_of(frame, panel)
    return render(
        request, "pages/requester/_panel.html", {"panel": shown, "project": frame.project, "frame": frame}
    )


def panels_of(frame: Frame) -> list[Panel]:
    """What the overview shows below the progress, in its order."""
    return [panel_of(frame, name) for name in PANELS if name != "progress" and _is_shown(frame, name)]


def _is_shown(frame: Frame, name: str) -> bool:
    if name in ("money", "wage"):
        return frame.shows_money
    return name not in OF_ANSWERS or not frame.works_here


def panel_of(frame: Frame, name: str) -> Panel:
    """A panel with its figures."""
    make, seconds = PANELS[name]
    url = frame.url("project_panel", panel=name) if frame.project.state in LIVE else ""
    return Panel(name, url, seconds, make(frame))


# Progress: how far, how long still, who is at it.


def _progress(frame: Frame) -> dict[str, Any]:
    found = frame.figures
    judged = found.judged
    plot = parts(
        title=_("Tasks by state"), name_label=_("State"), value_label=_("Tasks"), whole=found.tasks,
        parts=[
            (_("certain"), judged.done, "ok"),
            (_("not certain"), judged.exhausted, "wait"),
            (_("in work"), judged.open, "info"),
            (_("not begun"), max(0, found.tasks - judged.settled - judged.open), "rest"),
        ],
    )  # fmt: skip
    return {
        "figures": [*_result_figures(frame, found), _people(found)],
        "plot": plot,
        "waits_for_money": found.waits_for_money and frame.shows_money,
    }


def _result_figures(frame: Frame, found: Figures) -> list[dict[str, str]]:
    judged = found.judged
    figures = [
        {
            "label": _("Tasks with a result"),
            "value": number_text(judged.settled),
            "unit": _("of {count}").format(count=number_text(found.tasks)),
            "basis": percent_text(judged.settled / found.tasks) if found.tasks else "",
        },
        _time_left(frame, found),
        {
            "label": _("Answers"),
            "value": number_text(found.answers),
            "basis": _("{count} approved").format(count=number_text(found.approved)),
        },
    ]
    if judged.answers_per_task is not None:
        per_task = number_text(round(judged.answers_per_task, 2))
        basis = _("over {tasks}").format(tasks=tasks_text(judged.settled + judged.open))
        figures.append({"label": _("Answers per task"), "value": per_task, "basis": basis})
    return [one for one in figures if one]


def _time_left(frame: Frame, found: Figures) -> dict[str, str]:
    """How long it still takes, as a range; why that cannot be said, where it cannot."""
    project, judged = frame.project, found.judged
    open_tasks = found.opened if found.waiting else found.tasks
    if project.state not in LIVE or judged.settled >= open_tasks:
        return {}
    per_hour = number_text(round(found.pace.per_hour, 1))
    left = finish(
        found.pace, tasks=open_tasks, settled=judged.settled, settled_answers=judged.settled_answers,
        open_answers=judged.open_answers, least=project.answers_min, most=project.answers_max,
    )  # fmt: skip
    if left is None:
        value, basis = "–", _too_early(found.pace.answers)
    else:
        value = span_text(left.least_hours, left.most_hours)
        if found.pace.hours < WINDOW_HOURS - 1:
            basis = _("at {count} answers an hour, the pace since the launch").format(count=per_hour)
        else:
            basis = _("at {count} answers an hour, the pace of the last {hours} hours").format(
                count=per_hour, hours=WINDOW_HOURS
            )
    label = _("Time to finish, open tasks") if found.waiting else _("Time to finish")
    return {"label": label, "value": value, "basis": basis}


def _too_early(answers: int) -> str:
    if not answers:
        return _("No answers in the last {hours} hours.").format(hours=WINDOW_HOURS)
    return _("Too early to say: {answers} in the last {hours} hours.").format(
        answers=answers_count_text(answers), hours=WINDOW_HOURS
    )


def _people(found: Figures) -> dict[str, str]:
    basis = _("{day} in the last 24 hours, {ever} in all").format(
        day=number_text(found.workers_today), ever=number_text(found.workers)
    )
    return {"label": _("People at work"), "value": number_text(found.workers_now), "basis": basis}


# Everything else: one plot, or two, with its figures.


def _pace(frame: Frame) -> dict[str, Any]:
    now = timezone.now()
    begin = max(now - SHOWN_HOURS * HOUR, frame.project.launched_at or now)
    begin = begin.replace(minute=0, second=0, microsecond=0)
    counted = {one.hour: one for one in work.hours_of_work(frame.project.id, since=begin)}
    times, at = [], begin
    while at <= now:
        times.append(at)
        at += HOUR
    total = sum(one.answers for one in counted.values())
    series = Series(_("Answers"), [counted[at].answers if at in counted else 0 for at in times])
    plot = time_series(
        title=_("Answers per hour"),
        times=times if total else [],
        series=[series] if total else [],
        basis=_("{answers} in the last 7 days, gold included").format(answers=answers_count_text(total)),
        time_label=_("Hour"),
    )
    return {"plot": plot, "empty": _("Nobody has handed anything in during the last 7 days.")}


def _results(frame: Frame) -> dict[str, Any]:
    return {
        "plots": result_plots(frame),
        "texts": [one.label for one in frame.design.questions if one.kind == "text"],
    }


def result_plots(frame: Frame) -> list[Plot]:
    """How the results of each question are distributed, those that have any."""
    counted, plots = quality.values_of(frame.project.id), []
    for ballot in quality.ballots_of(frame.project.design_id):
        values = counted.get(ballot.question, [])
        if not values or not ballot.places:
            continue
        total = sum(tasks for _value, tasks in values)
        question = frame.design.by_name[ballot.question]
        shown = [
            (answer_text(frame.design, question, value), tasks) for value, tasks in _in_order(ballot, values)
        ]
        if rest := total - sum(tasks for _label, tasks in shown):
            shown.append((_("others"), rest))
        plots.append(
            bars(
                title=question.label, name_label=_("Result"), value_label=_("Tasks"), bars=shown, whole=total,
                basis=_("{tasks} with answers so far, certain or not").format(tasks=tasks_text(total)),
            )
        )  # fmt: skip
    return plots


def _in_order(ballot: Ballot, values: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """A scale from one end to the other, with what nobody chose; anything else by how often it is."""
    if _is_scale(ballot) and len(ballot.labels) <= SHOWN_VALUES:
        counted = {json.dumps(value): tasks for value, tasks in values}
        scale = [ballot.kind.from_label(ballot.options, label) for label in ballot.labels]
        return [(value, counted.get(json.dumps(value), 0)) for value in scale]
    return values[:SHOWN_VALUES]


def _is_scale(ballot: Ballot) -> bool:
    """Whether its values are points on a line."""
    return isinstance(ballot.kind.from_label(ballot.options, ballot.labels[0]), int | float)


def _agreement(frame: Frame) -> dict[str, Any]:
    found = quality.agreement_of(frame.project)
    known = {name: alpha for name, (alpha, _tasks) in found.items() if alpha is not None}
    tasks = max((tasks for name, (_alpha, tasks) in found.items() if name in known), default=0)
    plot = bars(
        title=_("Agreement"), name_label=_("Question"), value_label=_("Krippendorff’s alpha"), whole=1.0,
        bars=[(frame.design.by_name[name].label, round(alpha, 2)) for name, alpha in known.items()],
        basis=_("on {tasks} with two answers or more").format(tasks=tasks_text(tasks)),
    )  # fmt: skip
    return {"plot": plot, "empty": _("Agreement is known once tasks have two answers.")}


def _gold(frame: Frame) -> dict[str, Any]:
    found = quality.gold_of(frame.project.id)
    asked = [(one, *found[one.name]) for one in frame.design.questions if found.get(one.name, (0, 0))[0]]
    plot = bars(
        title=_("Right on gold"), name_label=_("Question"), value_label=_("Right answers"), whole=1.0,
        bars=[(question.label, right / seen) for question, seen, right in asked], measure=Measure(percent=True),
        basis=_("{answers} to gold").format(answers=answers_count_text(max((seen for _q, seen, _r in asked), default=0))),
    )  # fmt: skip
    return {"plot": plot, "empty": _("Nobody has answered gold yet. Rows with a column _gold are gold.")}


@dataclass(frozen=True)
class Seconds(Measure):
    """Durations; without an end where there is none."""

    def write(self, value: float | int | None) -> str:
        return "–" if value is None else duration_text(value)


def _times(frame: Frame) -> dict[str, Any]:
    found = work.active_times(frame.project.id)
    total, middle = sum(one.answers for one in found), middle_seconds(found)
    basis = answers_count_text(total)
    if middle is not None:
        basis = _("half took less than {time} · {answers}").format(time=duration_text(middle), answers=basis)
    edges = (
        [float(one.least) for one in found] + [float(found[-1].below or 2 * found[-1].least)] if found else []
    )
    plot: Plot = histogram(
        title=_("Active time of an answer"), edges=edges, counts=[one.answers for one in found], of=Seconds(),
        count_label=_("Answers"), from_label=_("From"), to_label=_("To"), basis=basis,
    )  # fmt: skip
    return {"plot": plot, "empty": _("Times are known with the first answers.")}


def _money(frame: Frame) -> dict[str, Any]:
    project = frame.project
    spent = frame.spending
    budget = max(project.budget_micros or 0, spent.put_in_micros - spent.released_micros)

    left = max(0, budget - spent.spent_micros - spent.reserved_micros)
    amounts = [(_("spent"), spent.spent_micros, "ok"), (_("set aside"), spent.reserved_micros, "info")]
    if left:
        amounts.append((_("left of the budget"), left, "rest"))
    share = percent_text(spent.spent_micros / budget) if budget else ""
    plot = parts(
        title=_("Money"), name_label=_("What for"), value_label=project.currency, parts=amounts, whole=budget,
        measure=Measure(currency=project.currency), basis=_("{share} spent").format(share=share) if share else "",
    )  # fmt: skip
    price = project.price
    return {
        "spent": spent,
        "budget_micros": budget,
        "most_micros": work.most_price(project),
        "plot": plot,
        "fee_share": percent_text(price.fee_bp / 10_000),
        "take_share": percent_text(price.take_bp / 10_000),
        "agreed": agreed_text(project),
    }


PANELS: dict[str, tuple[Callable[[Frame], dict[str, Any]], int]] = {
    "progress": (_progress, 10),
    "pace": (_pace, 60),
    "results": (_results, 30),
    "agreement": (_agreement, 120),
    "gold": (_gold, 60),
    "times": (_times, 60),
    "money": (_money, 30),
    "wage": (wage_panel, 300),
}
