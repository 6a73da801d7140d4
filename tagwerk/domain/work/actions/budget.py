"""When money runs low, those who can set more aside are told: once for each amount, so again after it was raised."""

from django.db import transaction

from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.opening import WORKING, funds_of, locked_opening
from tagwerk.domain.work.events import BudgetLow
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.progress import progress
from tagwerk.domain.work.rules.coverage import is_low


@transaction.atomic
def watch_budget(*, project_id: int) -> bool:
    """Tell that a tenth is left, or that tasks wait for money while nothing is open any more; whether that was told now.

    That tasks wait is nothing to tell while others are open: a budget below the largest cost opens them by and by.
    """
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    reached = project.open_limit is not None and opening.opened_tasks >= project.open_limit
    if (
        not project.paid or project.state not in WORKING or reached
    ):  # who runs a pilot decides about it anyway
        return False
    funds = funds_of(project=project, opening=opening)
    if funds.total_micros <= opening.told_low_micros:
        return False
    waits = opening.waits_for_money and not sql.value(_ANY_OPEN, [project_id] * 3)
    if not waits and not is_low(funds):
        return False
    opening.told_low_micros = funds.total_micros
    opening.save(update_fields=["told_low_micros"])
    record(
        BudgetLow(
            organisation_id=project.organisation_id, project_id=project_id, left_micros=funds.reserved_micros,
            budget_micros=funds.total_micros, waiting_tasks=progress(project_id).waiting if waits else 0,
        )
    )  # fmt: skip
    return True


_ANY_OPEN = """
SELECT EXISTS (SELECT 1 FROM queue WHERE project_id = %s) OR EXISTS (SELECT 1 FROM short_queue WHERE project_id = %s)
    OR EXISTS (SELECT 1 FROM returned_slot WHERE project_id = %s)
"""
