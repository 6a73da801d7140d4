"""Giving tasks their units, by the pay plan: when they come in, and again when the plan of a draft changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.domain.accounts.rules import Actor, Permission, require_operator
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.factors import floors_of, most_factors
from tagwerk.domain.work.queries.feed import has_answers
from tagwerk.domain.work.rules.factors import in_audience
from tagwerk.domain.work.rules.units import Length, Meter, meter_of

CHUNK = 5_000
Bad = Callable[[int, Refusal], None]


@transaction.atomic
def revise(*, actor: Actor, project_id: int, file: ProjectFile) -> ProjectView:
    """Give a project a new version of its file; where a draft's pay plan changes, its tasks get other units."""
    projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    locked_opening(project_id=project_id)  # a launch waits: it sets money aside for what the file says
    project_actions.revise_project(
        actor=actor, project_id=project_id, file=file, has_answers=has_answers(project_id)
    )
    measure_tasks(project_id=project_id)
    project = projects.project(project_id)
    _require_covered_floors(project)
    return project


@transaction.atomic
def agree_price(*, actor: Actor, project_id: int, price_micros: int | None) -> ProjectView:
    """An operator says what a draft's client pays for what its file pays an amount for; None: its usual fee counts again."""
    require_operator(actor)
    projects.project(project_id)  # refuses one that is not there
    locked_opening(project_id=project_id)  # a launch waits: it sets money aside at this price
    return project_actions.agree_price(actor=actor, project_id=project_id, price_micros=price_micros)


def _require_covered_floors(project: ProjectView) -> None:
    """Refuse to let people in from countries for whose minimum wages no money was set aside."""
    if project.state is ProjectState.DRAFT:
        return
    most = most_factors(project)
    beyond = [
        country
        for country, factor_bp in in_audience(floors_of(project), project.audience).items()
        if factor_bp > most.floor_bp
    ]
    if beyond:
        raise Conflict(
            "floors_not_covered",
            "The project is launched, and no money is set aside for the minimum wages of {countries}; copy the project instead.",
            countries=", ".join(sorted(beyond)),
        )


@transaction.atomic
def measure_tasks(*, project_id: int) -> None:
    """Give the tasks of a draft the units of its pay plan; refused, with the first of them, where some have none."""
    project = projects.project(project_id)
    meter = meter_of(project.file)
    if project.state is not ProjectState.DRAFT:
        return  # the plan is frozen, and so are the units
    if not meter.measures and not sql.value("SELECT 1 FROM opening WHERE project_id = %s", [project_id]):
        return
    opening = locked_opening(project_id=project_id)
    if opening.measured_by == meter.mark:
        return
    if meter.measures:
        _measure_all(project, meter)
    else:
        sql.write("UPDATE task SET units = DEFAULT WHERE project_id = %s AND units <> 1000000", [project_id])
    opening.measured_by = meter.mark
    opening.save(update_fields=["measured_by"])
    note_usual_pay(project=project)


def note_usual_pay(*, project: ProjectView) -> None:
    """Note what a task pays on average, for offers: of the newest."""
    if not project.measures:
        return
    mean = sql.value(_MEAN, [project.reward_micros, project.id, NEWEST])
    if mean:
        project_actions.note_task_pay(project_id=project.id, task_micros=int(mean))


def looked_up(*, project_id: int, meter: Meter, lengths: Mapping[int, Length], bad: Bad) -> dict[int, int]:
    """Row → units, for rows that are paid by the length of an uploaded file; others are told to `bad`."""
    seconds = project_actions.media_seconds(
        project_id=project_id, names={one.media for one in lengths.values()}
    )
    found = {}
    for number, length in lengths.items():
        try:
            found[number] = meter.of_length(length, seconds.get(length.media))
        except Invalid as refusal:
            bad(number, refusal)
    return found


def _measure_all(project: ProjectView, meter: Meter) -> None:
    wrong: list[tuple[int, Refusal]] = []
    after = 0
    while some := sql.rows(_NEXT, [project.id, after, CHUNK]):
        units, lengths = _measured(meter, some, wrong)
        units |= looked_up(
            project_id=project.id,
            meter=meter,
            lengths=lengths,
            bad=lambda number, why: wrong.append((number, why)),
        )
        sql.write(_SET, [list(units), list(units.values()), project.id])
        after = some[-1][0]
    if wrong:
        task_id, reason = min(wrong, key=lambda one: one[0])
        raise Invalid(
            "tasks_unmeasured", "{count} of the tasks cannot be paid like that. The first of them: {reason}",
            path="pay.units_from" if meter.units_from else "pay.amount", count=len(wrong), reason=reason, task=task_id,
        )  # fmt: skip


def _measured(
    meter: Meter, some: Sequence[tuple[int, Any, int | None]], wrong: list[tuple[int, Refusal]]
) -> tuple[dict[int, int], dict[int, Length]]:
    units, lengths = dict[int, int](), dict[int, Length]()
    for task_id, data, amount in some:
        try:
            found = meter.of(sql.read_json(data), amount)
        except Invalid as refusal:
            wrong.append((task_id, refusal))
            continue
        if isinstance(found, Length):
            lengths[task_id] = found
        else:
            units[task_id] = found
    return units, lengths


NEWEST = 1_000  # tasks: enough to say what one pays on average
_NEXT = "SELECT id, data, amount_micros FROM task WHERE project_id = %s AND id > %s ORDER BY id LIMIT %s"
_SET = """
UPDATE task t SET units = one.units FROM unnest(%s::bigint[], %s::bigint[]) one (id, units)
WHERE t.project_id = %s AND t.id = one.id AND t.units <> one.units
"""
_MEAN = """
SELECT round(avg(work_reward(%s, t.units))) FROM (
    SELECT units FROM task WHERE project_id = %s AND NOT is_gold ORDER BY id DESC LIMIT %s) t
"""
