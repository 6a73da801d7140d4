"""What workers are paid more than others in a project, as it is now or, once it is launched, as it was fixed then."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import WorkerProfile
from tagwerk.domain.accounts.rules import Kind
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.factors import (
    PLAIN,
    WorkerFactors,
    WorkerPlan,
    factors_kept,
    floor_bp,
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
        return plan.most(floors_now(project, on=timezone.localdate()))
    return factors_kept(sql.value("SELECT most_factors FROM opening WHERE project_id = %s", [project.id]))


def floors_of(project: ProjectView) -> Mapping[str, int]:
    """Country → how many times the price is paid there because of its minimum wage; none where it changes nothing."""
    if not worker_plan(project).by_country:
        return {}
    if project.state is State.DRAFT:
        return floors_now(project, on=timezone.localdate())
    kept = sql.value("SELECT floors FROM opening WHERE project_id = %s", [project.id])
    return dict(sql.read_json(kept) or {})


def factors_of_worker(project: ProjectView, who: WorkerProfile | None, person_id: int) -> tuple[int, int]:
    """What this worker's level is worth here, and the floor of where they live; `who`: their profile, if it is at hand."""
    plan = worker_plan(project)
    if plan.pays_alike:
        return NONE_BP, NONE_BP
    who = who or accounts.worker_profile(person_id)
    owner = project.organisation_id
    scores = academy.scores_in(who.person_id, [owner])[owner] if plan.qualification else {}
    lives = who.country if plan.by_country and who.kind is Kind.PERSON else ""
    floor = floors_of(project).get(lives, NONE_BP) if lives else NONE_BP
    return plan.level_bp(scores.get(plan.qualification)), floor


def floors_now(project: ProjectView, *, on: date) -> dict[str, int]:
    """The same by the table of a day, for the countries that the audience names, else for all. Wages in another currency
    say nothing about the price."""
    if not worker_plan(project).by_country or (project.measures and project.task_micros is None):
        return {}
    named = project.audience.get("countries") or ()
    found = {
        country: floor_bp(
            per_hour_micros=wage.per_hour_micros,
            seconds=project.estimate_seconds,
            pays_micros=project.usual_micros,
        )
        for country, wage in accounts.floors(on).items()
        if wage.currency == project.currency and (not named or country in named)
    }
    return {country: factor for country, factor in found.items() if factor > NONE_BP}
