"""Reports that a task cannot be answered: what counts as one, and those that come when it is settled already."""

from collections.abc import Collection

from tagwerk.domain.work.actions.enrolling import pause_worker
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.pausing import MANY_STOPS

CANNOT_BE_ANSWERED = "cannot_be_answered"
REPORTS_THAT_SETTLE = 2
STOPS_BEFORE_REVIEW = (
    5  # of a worker in a project: after each so many, a member looks before they get more tasks
)


def pay_late_reports(*, project_id: int, task_id: int) -> None:
    """Pay who held a task when others had it settled as unanswerable, and says the same: as a stop, whose slot is paid
    when it comes back."""
    # Waits for whoever settles the task right now, who in turn sees our report if we were first.
    task = sql.row(_TASK, [project_id, task_id])
    if task is None or not task[0]:
        return
    paid, answers = sql.row(_SETTLED, [f"{CANNOT_BE_ANSWERED}%", project_id, task_id]) or (0, 0)
    if paid < REPORTS_THAT_SETTLE or answers >= paid:
        return
    late = [worker for (worker,) in sql.rows(_LATE, [f"{CANNOT_BE_ANSWERED}%", project_id, task_id])]
    count_paid_reports(project_id=project_id, worker_ids=late)


def count_paid_reports(*, project_id: int, worker_ids: Collection[int]) -> None:
    """Count paid reports as stops: who has many gets no more tasks until a member has looked at it."""
    for worker_id, stops in sql.rows(_COUNT, [project_id, list(worker_ids)]):
        if stops % STOPS_BEFORE_REVIEW == 0:
            pause_worker(project_id=project_id, worker_id=worker_id, reason=MANY_STOPS)


_TASK = "SELECT closed FROM opened_task WHERE project_id = %s AND task_id = %s FOR SHARE"
_SETTLED = """
SELECT count(*) FILTER (WHERE state = 8 AND reason LIKE %s), count(*) FILTER (WHERE state IN (1, 2))
FROM assignment WHERE project_id = %s AND task_id = %s AND NOT is_gold
"""
_LATE = """
UPDATE assignment a SET state = 8 WHERE a.state = 6 AND a.reason LIKE %s AND a.project_id = %s AND a.task_id = %s
    AND NOT a.is_gold AND EXISTS (SELECT 1 FROM returned_slot s WHERE s.project_id = a.project_id
        AND s.assignment_id = a.id)
RETURNING a.worker_id
"""
_COUNT = """
UPDATE enrolment SET stops = stops + 1 WHERE project_id = %s AND worker_id = ANY(%s) RETURNING worker_id, stops
"""
