"""What workers are paid more than others in a project, as it is now or, once it is launched, as it was fixed then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import WorkerProfile
from tagwerk.domain.accounts.rules import Kind
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.paces import ENOUGH_ANSWERS
from tagwerk.domain.work.rules.estimating import RANGES
from tagwerk.domain.work.rules.factors import (
    PLAIN,
    WorkerFactors,
    WorkerPlan,
    factors_kept,
    floors_in,
    in_audience,
    plan_of,
)
from tagwerk.domain.work.rules.units import NONE_BP


def worker_plan(project: ProjectView) -> WorkerPlan:
    """What the project's pay plan says about workers; nothing where nobody is paid."""
    return plan_of(project.file) if project.paid else WorkerPlan()


def most_factors(project: ProjectView) -> WorkerFactors:
    """The most that any worker is paid; for it, money is set aside."""
    plan = worker_plan(project)
    if plan.pays_alike:
        return PLAIN
    if project.state is State.DRAFT:
        return plan.most(in_audience(floors_now(project, on=timezone.localdate()), project.audience))
    return factors_kept(sql.value("SELECT most_factors FROM opening WHERE project_id = %s", [project.id]))


def floors_of(project: ProjectView) -> Mapping[str, int]:
    """Country → how many times the price is paid there because of its minimum wage; none where it changes nothing."""
    if not worker_plan(project).by_country:
        return {}
    if project.state is State.DRAFT:
        return floors_now(project, on=timezone.localdate())
    kept = sql.value("SELECT floors FROM opening WHERE project_id = %s", [project.id])
    return dict(sql.read_json(kept) or {})


@dataclass(frozen=True, slots=True)
class WorkerPay:
    """What a worker is paid in a project that pays people differently. `score`: None without the qualification."""

    plan: WorkerPlan
    most: WorkerFactors
    score: int | None
    approved: int  # of their answers here, as far as that is counted
    country: str
    floor_bp: int

    @property
    def factors(self) -> WorkerFactors:
        """Of the next task that they take."""
        enough = self.plan.volume_after is not None and self.approved >= self.plan.volume_after
        return WorkerFactors(
            self.plan.level_bp(self.score), self.plan.volume_bp if enough else NONE_BP,
            min(self.floor_bp, self.most.floor_bp),
        )  # fmt: skip

    @property
    def bp(self) -> int:
        """How many times the price that is."""
        return self.factors.of(NONE_BP)


def pay_of_worker(those: Collection[ProjectView], person_id: int) -> dict[int, WorkerPay]:
    """For those of some projects that pay people differently; in as many questions as for one."""
    varied = {project.id: project for project in those if not worker_plan(project).pays_alike}
    if not varied:
        return {}
    who = accounts.worker_profile(person_id)
    scores = academy.scores_in(person_id, {project.organisation_id for project in varied.values()})
    counted = dict(sql.rows(_COUNTED, [person_id, list(varied)]))
    kept = {number: (most, floors) for number, most, floors in sql.rows(_KEPT, [list(varied)])}
    return {
        number: _pay_of(
            project,
            who,
            scores[project.organisation_id],
            counted.get(number, 0),
            *kept.get(number, (None, None)),
        )
        for number, project in varied.items()
    }


def _pay_of(
    project: ProjectView, who: WorkerProfile, scores: Mapping[str, int], approved: int, most: Sequence[int] | None,
    floors: Any,
) -> WorkerPay:  # fmt: skip
    plan = worker_plan(project)
    if project.state is State.DRAFT:
        there = floors_now(project, on=timezone.localdate())
        largest = plan.most(in_audience(there, project.audience))
    else:
        there, largest = sql.read_json(floors) or {}, factors_kept(most)
    lives = who.country if plan.by_country and who.kind is Kind.PERSON else ""
    return WorkerPay(
        plan, largest, scores.get(plan.qualification), approved, lives, there.get(lives, NONE_BP)
    )


def factors_of_assignment(project: ProjectView, assignment_id: int) -> WorkerFactors:
    """What its worker was paid more when they took it; for who has passed its gate."""
    if worker_plan(project).pays_alike:
        return PLAIN
    return factors_kept(
        sql.value(
            "SELECT factors FROM assignment WHERE project_id = %s AND id = %s", [project.id, assignment_id]
        )
    )


def measured_factor(project: ProjectView) -> dict[str, int | None]:
    """How many times the price people were really paid, as an assumption of an estimate; nothing while there are few."""
    if worker_plan(project).pays_alike or project.launched_at is None or project.hour_micros:
        return {}  # by the hour, what was paid tells of time as well
    answers, paid, price = sql.row(_PAID, [project.reward_micros, project.id, NEWEST]) or (0, 0, 0)
    if answers < ENOUGH_ANSWERS or not price:
        return {}
    low, high = RANGES["worker_bp"]
    return {"worker_bp": min(high, max(low, int(paid) * NONE_BP // int(price))), "worker_spread_bp": 0}


def factors_of_worker(project: ProjectView, person_id: int) -> tuple[int, int]:
    """What this worker's level is worth here, and the floor of where they live."""
    if worker_plan(project).pays_alike:
        return NONE_BP, NONE_BP
    return factors_in([project], accounts.worker_profile(person_id))[project.id]


def factors_in(those: Collection[ProjectView], who: WorkerProfile) -> dict[int, tuple[int, int]]:
    """The same for several projects, by number; launched ones are asked about all at once."""
    plans = {project.id: worker_plan(project) for project in those}
    scores = academy.scores_in(
        who.person_id, {one.organisation_id for one in those if plans[one.id].qualification}
    )
    raised = [project for project in those if plans[project.id].by_country and who.kind is Kind.PERSON]
    floors = _floors_of_all(raised)
    return {
        project.id: (
            plans[project.id].level_bp(
                scores.get(project.organisation_id, {}).get(plans[project.id].qualification)
            ),
            floors.get(project.id, {}).get(who.country, NONE_BP),
        )
        for project in those
    }


def _floors_of_all(those: Collection[ProjectView]) -> dict[int, Mapping[str, int]]:
    launched = [project.id for project in those if project.state is not State.DRAFT]
    kept = sql.rows("SELECT project_id, floors FROM opening WHERE project_id = ANY(%s)", [launched])
    found: dict[int, Mapping[str, int]] = {number: sql.read_json(floors) or {} for number, floors in kept}
    return {project.id: floors_of(project) for project in those if project.state is State.DRAFT} | found


def floors_now(project: ProjectView, *, on: date) -> dict[str, int]:
    """The same by the table of a day."""
    if not worker_plan(project).by_country or (project.measures and project.task_micros is None):
        return {}
    return floors_in(
        accounts.floors(on),
        currency=project.currency,
        seconds=project.estimate_seconds,
        pays_micros=project.usual_micros,
    )


NEWEST = 5_000
_COUNTED = "SELECT project_id, answers FROM approved_count WHERE worker_id = %s AND project_id = ANY(%s)"
_KEPT = "SELECT project_id, most_factors, floors FROM opening WHERE project_id = ANY(%s)"
_PAID = """
SELECT count(*), coalesce(sum(a.reward_micros), 0), coalesce(sum(work_reward(%s, t.units)), 0)
FROM (SELECT project_id, task_id, reward_micros, state FROM assignment
    WHERE project_id = %s AND factors IS NOT NULL ORDER BY id DESC LIMIT %s) a
JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id WHERE a.state IN (1, 2)
"""
