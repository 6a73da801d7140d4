"""What a sweeper finds: jobs are hints, the tables are the truth, so everything that waits is looked for here too."""

from datetime import datetime

from django.db import transaction

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.booking import approve_due
from tagwerk.domain.work.actions.budget import watch_budget
from tagwerk.domain.work.actions.correcting import tend_times
from tagwerk.domain.work.actions.feeding import feed_answers
from tagwerk.domain.work.actions.opening import (
    locked_opening,
    note_head,
    open_covered_tasks,
    promote_urgent,
    top_up_gold,
)
from tagwerk.domain.work.actions.rejecting import reopen_rejected
from tagwerk.domain.work.actions.reworking import lapse_deferrals
from tagwerk.domain.work.actions.settling import end_guarantee, settle_finished
from tagwerk.domain.work.actions.wanting import Freed, put_back, return_to_queue
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.waiting import projects_put_away_unsettled, projects_with_expired

EXPIRED_AT_ONCE = 500
AT_WORK = (ProjectState.OPEN, ProjectState.PAUSED, ProjectState.FINISHED)


def sweep_expired(*, now: datetime) -> int:
    """Expire holds whose time is over and give their slots to others; how many."""
    swept = 0
    for project_id in projects_with_expired(now):
        while some := _expire_some(project_id, now):
            swept += some
    return swept


def tend_project(*, project_id: int, now: datetime) -> None:
    """All that has to happen to a project from time to time, whoever forgot to start it."""
    feed_answers(project_id=project_id)
    return_to_queue(project_id=project_id)
    reopen_rejected(project_id=project_id, now=now)
    lapse_deferrals(project_id=project_id, now=now)
    approve_due(project_id=project_id, now=now)
    tend_times(project_id=project_id, now=now)
    open_covered_tasks(project_id=project_id)
    top_up_gold(project_id=project_id)
    promote_urgent(project_id=project_id, now=now)
    note_head(project_id=project_id)
    watch_budget(project_id=project_id)
    end_guarantee(project_id=project_id, now=now)
    settle_finished(project_id=project_id)


def tend_all(*, now: datetime) -> None:
    """Tend every project that is at work; one that fails does not keep the others waiting, and is told at the end."""
    errors = []
    for project_id in [*projects.project_ids_in(AT_WORK), *projects_put_away_unsettled()]:
        try:
            tend_project(project_id=project_id, now=now)
        except Exception as error:
            error.add_note(f"while tending project {project_id}")
            errors.append(error)
    _forget_drafts()
    if errors:
        raise ExceptionGroup("Some projects could not be tended.", errors)


@transaction.atomic
def _expire_some(project_id: int, now: datetime) -> int:
    opening = locked_opening(project_id=project_id)
    # Whoever is just handing in has the enrolment locked: their time is looked at again in the next round.
    expired = [
        Freed(*row) for row in sql.rows(_EXPIRE, {"project": project_id, "now": now, "most": EXPIRED_AT_ONCE})
    ]
    if not expired:
        return 0
    ids = [one.assignment_id for one in expired]
    sql.write(
        "UPDATE assignment SET state = 5 WHERE project_id = %s AND id = ANY(%s) AND state = 0",
        [project_id, ids],
    )
    sql.write(_UNASK, [now, project_id, ids])
    sql.write(_UNHOLD, [project_id, [one.worker_id for one in expired], ids])
    put_back(opening=opening, freed=expired)
    opening.save()
    return len(expired)


def _forget_drafts() -> None:
    """Drafts of what nobody holds any more."""
    sql.write(
        """DELETE FROM draft d WHERE NOT EXISTS (SELECT 1 FROM hold h
            WHERE h.project_id = d.project_id AND h.assignment_id = d.assignment_id)"""
    )


_EXPIRE = f"""
WITH late AS (
    SELECT h.project_id, h.assignment_id, a.task_id, a.worker_id, a.is_gold, a.spare_micros,
        a.reward_micros + a.fee_micros + a.spare_micros AS price, {sql.AGREED} AS agreed
    FROM hold h JOIN assignment a ON a.project_id = h.project_id AND a.id = h.assignment_id
    WHERE h.project_id = %(project)s AND h.expires_at <= %(now)s ORDER BY h.expires_at LIMIT %(most)s
), theirs AS (
    SELECT project_id, worker_id FROM enrolment
    WHERE project_id = %(project)s AND worker_id IN (SELECT worker_id FROM late)
    ORDER BY worker_id FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM hold h USING late, theirs
    WHERE h.project_id = late.project_id AND h.assignment_id = late.assignment_id AND h.expires_at <= %(now)s
        AND theirs.worker_id = late.worker_id
    RETURNING h.assignment_id
)
SELECT late.assignment_id, late.task_id, late.worker_id, 5, late.is_gold, late.price, late.spare_micros,
    late.agreed, false
FROM late JOIN gone USING (assignment_id) ORDER BY late.assignment_id
"""  # noqa: S608 (a constant)
# Of what is paid by the hour: more time is asked for no longer.
_UNASK = """
UPDATE time_request SET state = 'withdrawn', decided_at = %s
WHERE project_id = %s AND assignment_id = ANY(%s) AND state = 'asked'
"""
_UNHOLD = """
UPDATE enrolment e SET held = (SELECT coalesce(array_agg(h.id ORDER BY h.nth), '{}')
    FROM unnest(e.held) WITH ORDINALITY h (id, nth) WHERE NOT h.id = ANY(gone.ids))
FROM (SELECT %s::bigint AS project_id, array_agg(DISTINCT m.worker_id) AS workers, array_agg(m.id) AS ids
    FROM unnest(%s::bigint[], %s::bigint[]) m (worker_id, id)) gone
WHERE e.project_id = gone.project_id AND e.worker_id = ANY(gone.workers)
"""
