"""The end of a project: holds drain, everything is decided, the rest of the money goes back."""

from datetime import datetime

from django.db import transaction

from tagwerk.base.events import record
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import OVER
from tagwerk.domain.work.actions.guaranteeing import guarantee_last_week, owes_hours
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.events import ProjectSettled
from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.money import LIVE


def end_guarantee(*, project_id: int, now: datetime) -> None:
    """Top the last week of a finished project up, once everything in it is decided."""
    project = projects.project(project_id)
    if not project.hour_guarantee or project.state not in OVER:
        return
    opening = Opening.objects.filter(project_id=project_id, settled_at=None).first()
    if opening and not sql.value(_WAITING, [*[project_id] * 7, opening.approved_seq]):
        guarantee_last_week(project_id=project_id, now=now)


@transaction.atomic
def settle_finished(*, project_id: int) -> bool:
    """Give back what a finished project does not need any more; whether that is done."""
    project = projects.project(project_id)
    if project.state not in OVER or project.launched_at is None:
        return False
    opening = locked_opening(project_id=project_id)
    if opening.settled_at is not None:
        return True
    _close_all(project, opening)
    opening.save()
    if sql.value(_WAITING, [*[project_id] * 7, opening.approved_seq]):
        return False
    if owes_hours(project=project, opening=opening):
        return False  # the job that tends the project pays the last week, then settles
    released = (
        project_actions.release_rest(project_id=project_id, key=f"settled:{project_id}")
        if project.paid
        else 0
    )
    sql.write("UPDATE opening SET settled_at = statement_timestamp() WHERE project_id = %s", [project_id])
    record(
        ProjectSettled(
            organisation_id=project.organisation_id, project_id=project_id, released_micros=released
        )
    )
    return True


def _close_all(project: ProjectView, opening: Opening) -> None:
    """Take all that is open back. Afterwards no claim can take anything: those under way have been waited for."""
    # Enrolments first, as every submit does: the other way round a late one and this could wait for each other.
    allowances = sql.value(_TAKE_ALLOWANCES, [project.id]) or 0
    sql.write("DELETE FROM queue WHERE project_id = %s", [project.id])
    sql.write("DELETE FROM short_queue WHERE project_id = %s", [project.id])
    spare = closed = 0
    if opening.opened_tasks > opening.closed_tasks:
        spare = sql.value(_SPARE, [project.id, project.id]) or 0
        closed = sql.write(
            "UPDATE opened_task SET closed = true WHERE project_id = %s AND NOT closed", [project.id]
        )
    opening.committed_micros -= spare + allowances
    opening.gold_micros -= allowances
    opening.closed_tasks += closed


_TAKE_ALLOWANCES = """
WITH mine AS (SELECT project_id, worker_id, gold_micros FROM enrolment
        WHERE project_id = %s AND gold_micros > 0 ORDER BY worker_id FOR NO KEY UPDATE),
    emptied AS (UPDATE enrolment e SET gold_micros = 0 FROM mine
        WHERE e.project_id = mine.project_id AND e.worker_id = mine.worker_id AND mine.gold_micros > 0
        RETURNING mine.gold_micros)
SELECT sum(gold_micros)::bigint FROM emptied
"""
_SPARE = f"""
SELECT sum(greatest(0, o.most - coalesce(u.answers, 0)) * o.price_micros)::bigint FROM opened_task o
LEFT JOIN (SELECT a.task_id, count(*) AS answers FROM assignment a
    WHERE a.project_id = %s AND NOT a.is_gold AND {LIVE} GROUP BY a.task_id) u USING (task_id)
WHERE o.project_id = %s AND NOT o.closed
"""  # noqa: S608 (a constant)
# Anything held, not yet fed, given up and not dealt with, rejected and not final, deferred, with time that can still be
# corrected, or fed and not looked at.
_WAITING = """
SELECT EXISTS (SELECT 1 FROM hold WHERE project_id = %s)
    OR EXISTS (SELECT 1 FROM inbox WHERE project_id = %s)
    OR EXISTS (SELECT 1 FROM returned_slot WHERE project_id = %s)
    OR EXISTS (SELECT 1 FROM rejection WHERE project_id = %s AND ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM deferral WHERE project_id = %s)
    OR EXISTS (SELECT 1 FROM hourly_answer WHERE project_id = %s AND ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM answer_feed f JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id
        WHERE f.project_id = %s AND f.seq > %s AND a.state = 1)
"""
