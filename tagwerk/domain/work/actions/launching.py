"""Launching: the money is set aside first, all of it or nothing happens."""

from django.db import transaction
from django.utils.timezone import localdate

from tagwerk.base.errors import Conflict, NotAllowed
from tagwerk.base.money import plain
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.opening import funds_of, gold_share_of, locked_opening, open_some
from tagwerk.domain.work.actions.pricing import measure_tasks, note_usual_pay
from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.queries.factors import floors_now, worker_plan
from tagwerk.domain.work.queries.money import Estimate, estimate
from tagwerk.domain.work.queries.prices import waiting_costs
from tagwerk.domain.work.queries.progress import progress
from tagwerk.domain.work.rules.coverage import Funds, cost_with_gold, gold_kept, with_guarantee
from tagwerk.domain.work.rules.factors import MOST_FLOOR_BP, in_audience
from tagwerk.domain.work.rules.units import NONE_BP

OPENED_AT_ONCE = 2_000  # so that there is work at once; the job opens the rest


@transaction.atomic
def launch(*, actor: Actor, project_id: int, tasks: int | None = None, whole: bool = False) -> ProjectView:
    """Set the money aside and open the project, as a pilot of so many tasks or whole; again: go on with the rest.

    Who says nothing launches a draft as its file says; `whole`: all tasks, whatever pilot the file names.
    """
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    if accounts.organisation(project.organisation_id).approved_at is None:
        raise NotAllowed(
            "organisation_not_approved", "An operator has to approve the organisation before it can launch."
        )
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    measure_tasks(project_id=project_id)
    note_usual_pay(project=project)
    project = projects.project(project_id)
    _fix_factors(project, opening)
    as_filed = tasks is None and not whole and project.state is ProjectState.DRAFT
    limit = project.open_limit if as_filed else tasks
    cost = estimate(project_id, tasks=limit)
    _require_tasks(project, cost)
    if project.paid:
        _reserve(project, cost, funds_of(project=project, opening=opening), whole=limit is None)
        opening.gold_money_bp = cost.gold_money_bp
        opening.save(update_fields=["gold_money_bp"])
    launched = project_actions.mark_launched(actor=actor, project_id=project_id, open_limit=limit)
    open_some(project_id=project_id, most=OPENED_AT_ONCE)
    return launched


def raise_for_new_tasks(*, project_id: int, batch_id: int, may_wait: bool) -> None:
    """Raise the reservation of a running project for tasks that are being added, unless it has a budget of its own."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    if not project.paid or project.budget_micros is not None or project.open_limit is not None:
        return
    funds = funds_of(project=project, opening=opening)
    share = gold_share_of(project=project, opening=opening)
    tasks = progress(project_id).tasks - opening.opened_tasks
    waiting = cost_with_gold(
        project.answers_max * waiting_costs(project, tasks=tasks).total_micros, gold_share_bp=share
    )
    missing = with_guarantee(
        max(0, waiting - max(0, funds.free_micros - gold_kept(funds, gold_share_bp=share))),
        guaranteed=project.hour_guarantee,
    )
    try:
        with transaction.atomic():
            project_actions.reserve(project_id=project_id, amount_micros=missing, key=f"batch:{batch_id}")
    except Conflict:
        if not may_wait:
            raise


def _fix_factors(project: ProjectView, opening: Opening) -> None:
    """Fix what workers are paid more than others, minimum wages as they are today: money is set aside for exactly that."""
    plan = worker_plan(project)
    if plan.pays_alike or project.state is not ProjectState.DRAFT:
        return
    if plan.by_country and project.measures and project.task_micros is None:
        raise Conflict(
            "location_unmeasured",
            "Tasks pay differently here, so pay can be raised to the minimum wage only once there are some; import them first.",
        )
    opening.floors = floors_now(project, on=localdate())
    if max(opening.floors.values(), default=0) > MOST_FLOOR_BP:
        raise Conflict(
            "floor_too_far", "The minimum wage is more than {times} times the price; raise the price first.",
            times=MOST_FLOOR_BP // NONE_BP,
        )  # fmt: skip
    opening.most_factors = plan.most(in_audience(opening.floors, project.audience)).list
    opening.volume_after = plan.volume_after
    opening.save(update_fields=["floors", "most_factors", "volume_after"])


def _require_tasks(project: ProjectView, cost: Estimate) -> None:
    waits_for_more = project.source_project_id is not None or project.budget_micros is not None
    if not cost.tasks and not cost.gold_tasks and not waits_for_more:
        raise Conflict("no_tasks", "There are no tasks yet; import some first.")


def _reserve(project: ProjectView, cost: Estimate, funds: Funds, *, whole: bool) -> None:
    """Bring the reservation up to the budget, or to the largest possible cost where there is none."""
    target = cost.largest_micros
    if project.budget_micros is not None:
        target = project.budget_micros if whole else min(project.budget_micros, target)
    one_task = with_guarantee(
        cost_with_gold(
            project.answers_max * cost.costs.most_micros if cost.tasks else 0,
            gold_share_bp=cost.gold_money_bp if cost.gold_tasks else 0,
        ),
        guaranteed=project.hour_guarantee,
    )  # fmt: skip
    if target < one_task:
        raise Conflict(
            "budget_too_small", "The budget of {budget} {currency} does not cover one task, which can cost {needed} {currency}.",
            budget=plain(target), needed=plain(one_task), currency=project.currency,
        )  # fmt: skip
    if project.budget_micros is None:
        target += funds.aside_micros  # bonuses are paid already and cover no answers
    missing = target - funds.total_micros
    if missing > 0:
        key = f"launch:{funds.total_micros}:{target}"
        project_actions.reserve(project_id=project.id, amount_micros=missing, key=key)
