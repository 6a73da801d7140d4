"""What an hour pays in a project, for those who order it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.wages import ENOUGH_WORKERS, Wages
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.formats import money_text, number_text, percent_text
from tagwerk.interfaces.web.pages.requester.frame import Frame
from tagwerk.interfaces.web.pages.worker.access import hourly_micros

Figure = dict[str, str]


def wage_panel(frame: Frame) -> dict[str, Any]:
    """Measured once there are enough people, else the estimate, which is called one."""
    project = frame.project
    if not frame.figures.approved:
        return {
            "figures": [_estimate(project, None)],
            "note": _few(0),
        }  # nothing is measured, so nothing is asked
    found, country = work.wages_at_home(project.id)
    floor = work.floors_for(country, [], timezone.localdate()).floor(project)
    if found is None or not found.wages.is_enough:
        return {"figures": [_estimate(project, floor)], "note": _few(found.wages.workers if found else 0)}
    return {"figures": _measured(project, found.wages, floor), "below": _below(found.wages, floor)}


def _estimate(project: ProjectView, floor: Wage | None) -> Figure:
    hour = hourly_micros(project.usual_micros, project.estimate_seconds)
    basis = _("estimate, from the time in the project file")
    if floor is not None:
        basis += f" · {_floor_text(floor)}"
    return {
        "label": _("Pay for an hour"),
        "value": money_text(hour, project.currency) if hour else "–",
        "basis": basis,
    }


def _few(workers: int) -> str:
    return _("Measured once {enough} people have work decided; so far {count}.").format(
        enough=ENOUGH_WORKERS, count=workers
    )


def _measured(project: ProjectView, wages: Wages, floor: Wage | None) -> list[Figure]:
    people = ngettext("of {count} person", "of {count} people", wages.workers).format(
        count=number_text(wages.workers)
    )
    answers = ngettext("{count} answer", "{count} answers", wages.answers).format(
        count=number_text(wages.answers)
    )
    all_time = _("all pay by all time, {answers}").format(answers=answers)
    shown = [
        {"label": label, "value": money_text(micros, project.currency), "basis": basis}
        for label, micros, basis in (
            (_("Pay for an hour"), wages.per_hour_micros, all_time),
            (_("The middle wage"), wages.median_micros, people),
            (_("A tenth earns less than"), wages.tenth_micros, people),
        )
    ]
    share = wages.share_at_least(floor.per_hour_micros) if floor else None
    if floor is not None and share is not None:
        shown.append(
            {"label": _("Earn at least that"), "value": percent_text(share), "basis": _floor_text(floor)}
        )
    return shown


def _floor_text(floor: Wage) -> str:
    return _("minimum wage in {country}: {wage}").format(
        country=country_name(floor.country), wage=money_text(floor.per_hour_micros, floor.currency)
    )


def _below(wages: Wages, floor: Wage | None) -> bool:
    """Whether most people here earn less than the minimum wage."""
    return floor is not None and wages.median_micros < floor.per_hour_micros
