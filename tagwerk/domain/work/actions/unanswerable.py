"""Tasks that cannot be answered: one person's word is a report, two people's word settles it, and both are paid."""

from django.db import transaction

from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.actions.reporting import (
    CANNOT_BE_ANSWERED,
    REPORTS_THAT_SETTLE,
    count_paid_reports,
    pay_late_reports,
)
from tagwerk.domain.work.actions.wanting import FREED, Freed, close_tasks, pay_stopped, return_to_queue
from tagwerk.domain.work.events import TaskSettledUnanswerable
from tagwerk.domain.work.models import OpenedTask
from tagwerk.domain.work.queries import sql


@transaction.atomic
def settle_unanswerable(*, project_id: int, task_id: int) -> int:
    """Pay those who said that a task cannot be answered, once there are two of them and not as many who did answer it,
    and ask nobody any more; how many were paid. Gold, whose answer is known, is never settled so."""
    return_to_queue(project_id=project_id)  # their slots are back: nothing of these reports waits elsewhere
    opening = locked_opening(project_id=project_id)
    if not OpenedTask.objects.filter(project_id=project_id, task_id=task_id, closed=False).exists():
        return 0
    found = [Freed(*row) for row in sql.rows(_REPORTS, [f"{CANNOT_BE_ANSWERED}%", project_id, task_id])]
    answers = sql.value(_ANSWERS, [project_id, task_id])
    if len(found) < REPORTS_THAT_SETTLE or answers >= len(found):
        return 0
    sql.write(_PAY, [project_id, [one.assignment_id for one in found]])
    project = projects.project(project_id)
    for one in found:
        pay_stopped(project, opening, one)
    opening.save()
    close_tasks(project_id=project_id, task_ids=[task_id])
    count_paid_reports(project_id=project_id, worker_ids=[one.worker_id for one in found])
    pay_late_reports(project_id=project_id, task_id=task_id)  # who reported while this was going on
    record(
        TaskSettledUnanswerable(
            organisation_id=project.organisation_id, project_id=project_id, task_id=task_id
        )
    )
    return len(found)


_REPORTS = f"""
SELECT {FREED} FROM assignment a
WHERE a.state = 6 AND a.reason LIKE %s AND a.project_id = %s AND a.task_id = %s AND NOT a.is_gold
    AND NOT EXISTS (SELECT 1 FROM returned_slot s WHERE s.project_id = a.project_id AND s.assignment_id = a.id)
ORDER BY a.id FOR UPDATE OF a
"""  # noqa: S608 (a constant)
_ANSWERS = "SELECT count(*) FROM assignment WHERE project_id = %s AND task_id = %s AND state IN (1, 2) AND NOT is_gold"
_PAY = "UPDATE assignment SET state = 8 WHERE project_id = %s AND id = ANY(%s) AND state = 6"
