"""What tasks cost, one by one: each pays by its own units. Where all pay the same, nothing is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagwerk.base.errors import Invalid
from tagwerk.base.money import fee_micros, for_units
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.factors import most_factors
from tagwerk.domain.work.rules.coverage import CENT_MICROS, money_for_gold
from tagwerk.domain.work.rules.factors import WorkerFactors
from tagwerk.domain.work.rules.units import ONE, Length, Meter, meter_of

SAMPLE = 1_000  # tasks by which a pay plan is judged that nobody has kept yet


@dataclass(frozen=True, slots=True)
class Costs:
    """Ordinary tasks, one answer to each: how many, what they pay together, what that costs at most, with the worker who is
    paid most, and the dearest one's price."""

    tasks: int
    reward_micros: int
    total_micros: int
    most_micros: int

    @property
    def mean_micros(self) -> int:
        """What one of them pays on average, in whole micros."""
        return (self.reward_micros + self.tasks // 2) // self.tasks if self.tasks else 0


def task_price(project: ProjectView, units: int, most: WorkerFactors) -> int:
    """What one answer to a task of so many units costs at most, with the fee: by the worker who is paid `most`."""
    reward = for_units(project.reward_micros, most.of(units))
    return reward + fee_micros(reward, project.fee_bp)


def most_price(project: ProjectView) -> int:
    """What an answer costs at most, by the worker who is paid most; where tasks differ, to one on average."""
    if project.task_micros is None:
        return task_price(project, ONE, most_factors(project))
    reward = most_factors(project).of(project.task_micros)
    return reward + fee_micros(reward, project.fee_bp)


def tasks_measured(project_id: int, project: ProjectView) -> bool:
    """Whether the tasks carry the units of this pay plan; once it is launched, they keep what they have."""
    if project.state is not State.DRAFT:
        return True
    mark = meter_of(project.file).mark
    kept = sql.value("SELECT measured_by FROM opening WHERE project_id = %s", [project_id])
    return mark == (kept or "")


def costs_of(project: ProjectView, *, tasks: int) -> Costs:
    """Of the project's first so many tasks, as they would be under its pay plan."""
    if not project.measures:
        one = task_price(project, ONE, most_factors(project))
        return Costs(tasks, tasks * project.reward_micros, tasks * one, one)
    if not tasks_measured(project.id, project):
        return _sampled(project, tasks)
    return _read(project, _FIRST, [project.id, tasks])


def waiting_costs(project: ProjectView, *, tasks: int) -> Costs:
    """Of the tasks that are not open yet; `tasks`: how many those are."""
    if not project.measures:
        return costs_of(project, tasks=tasks)
    return _read(project, _WAITING, [project.id])


def gold_price(project: ProjectView) -> int:
    """The price of an answer to the dearest gold that is served: no other can cost more."""
    most = sql.value(_DEAREST_GOLD, [project.id]) if project.measures else ONE
    return task_price(project, int(most or ONE), most_factors(project))


def gold_money_bp(project: ProjectView, costs: Costs) -> int:
    """The share of the money that is kept for gold: where gold is dearer than other tasks, more than its share of them."""
    share = project.gold_cost_bp
    if not project.measures or not share:
        return share
    return money_for_gold(
        share, gold_micros=gold_price(project), ordinary_micros=costs.total_micros, tasks=costs.tasks
    )


def _read(project: ProjectView, chosen: str, values: Sequence[int]) -> Costs:
    """A task with a deadline may be urgent when it is opened, so it counts as if it were."""
    urgent_bp = meter_of(project.file).factors.urgent_bp
    most = most_factors(project)
    found = sql.row(
        _COSTS.format(
            chosen=chosen, most="units" if most.plain else "work_worker_units(units, %s::integer[])"
        ),
        [
            project.reward_micros,
            project.reward_micros,
            *([] if most.plain else [most.list]),
            urgent_bp,
            *values,
            project.fee_bp,
        ],
    )
    assert found is not None
    return Costs(*map(int, found))


def _sampled(project: ProjectView, tasks: int) -> Costs:
    """As many tasks as the draft has, each like the mean of its first thousand, under a plan that is not kept yet."""
    meter = meter_of(project.file)
    most = most_factors(project)
    prices = [
        (for_units(project.reward_micros, units), task_price(project, units, most))
        for data, amount in sql.rows(_SAMPLE, [project.id, SAMPLE])
        if (units := _units(meter, sql.read_json(data), amount)) is not None
    ]
    if not prices:
        one = task_price(project, ONE, most)
        return Costs(tasks, tasks * project.reward_micros, tasks * one, one)
    reward, total = sum(one for one, _ in prices), sum(one for _, one in prices)
    whole = -(-total * tasks // len(prices) // CENT_MICROS) * CENT_MICROS
    return Costs(tasks, reward * tasks // len(prices), whole, max(one for _, one in prices))


def _units(meter: Meter, data: dict[str, object], amount: int | None) -> int | None:
    try:
        units = meter.of(data, amount)
    except Invalid:
        return None
    return None if isinstance(units, Length) else units


def units_of(project_id: int, task_id: int) -> tuple[int, bool]:
    """The units of a task and whether it was urgent when it was opened, for who has passed a gate."""
    units, is_urgent = sql.row(
        "SELECT units, is_urgent FROM task WHERE project_id = %s AND id = %s", [project_id, task_id]
    ) or (ONE, False)
    return int(units), bool(is_urgent)


_COSTS = """
SELECT count(*), coalesce(sum(reward), 0), coalesce(sum(most + work_fee(most, fee_bp)), 0),
    coalesce(max(most + work_fee(most, fee_bp)), 0)
FROM (SELECT work_reward(%s, units) AS reward, work_reward(%s, {most}) AS most
    FROM (SELECT CASE WHEN t.waits THEN (t.units * %s + 5000) / 10000 ELSE t.units END AS units FROM ({chosen}) t) t) priced,
    (SELECT %s::numeric AS fee_bp) fee
"""
_FIRST = """SELECT units, deadline IS NOT NULL AND NOT is_urgent AS waits FROM task WHERE project_id = %s AND NOT is_gold
    ORDER BY id LIMIT %s"""
_WAITING = """SELECT t.units, t.deadline IS NOT NULL AND NOT t.is_urgent AS waits FROM batch b JOIN task t ON t.project_id = b.project_id AND t.batch_id = b.id
    AND t.id > b.opened_to AND t.id <= b.last_id WHERE b.project_id = %s AND b.opened_to < b.last_id AND NOT t.is_gold"""
_DEAREST_GOLD = """
SELECT max(t.units) FROM gold g JOIN task t ON t.project_id = g.project_id AND t.id = g.task_id
WHERE g.project_id = %s AND g.retired_at IS NULL
"""
_SAMPLE = "SELECT data, amount_micros FROM task WHERE project_id = %s AND NOT is_gold ORDER BY id LIMIT %s"
