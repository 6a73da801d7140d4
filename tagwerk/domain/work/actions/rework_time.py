"""The time of a better answer, where tasks are paid by the hour: it is added to the answer's, within what is paid without
asking. What was promised for it on top comes on top."""

from datetime import datetime, timedelta

from tagwerk.domain.work.actions.booking import set_reward
from tagwerk.domain.work.actions.timed import Time, locked_time
from tagwerk.domain.work.models import TimeRequest
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.hours import CORRECT_DAYS, Ended, TimeState


def count_rework_time(
    *,
    project_id: int,
    assignment_id: int,
    worker_id: int,
    asked_at: datetime,
    active_ms: int,
    now: datetime,
) -> int:
    """Its timer stops, and what it measured is paid with the answer; where none ran, the time at work on its page.

    The seconds; 0 where the task is not paid by the hour. The caller holds the lock of `opening` and of the answer.
    """
    if sql.value(_BY_THE_HOUR, [project_id, assignment_id]) is None:
        return 0
    end_rework_timer(
        project_id=project_id, assignment_id=assignment_id, worker_id=worker_id, why=Ended.HANDED_IN, now=now
    )
    time = locked_time(project_id=project_id, assignment_id=assignment_id, worker_id=worker_id)
    ran = sql.value(_RAN, [project_id, assignment_id]) - time.row.measured_seconds
    spent = ran if ran > 0 else min(active_ms // 1000, int((now - asked_at).total_seconds()))
    _add(time, spent, measured=ran > 0, now=now)
    _end_asking(time, now)
    return int(spent)


def end_rework_timer(
    *, project_id: int, assignment_id: int, worker_id: int, why: Ended, now: datetime
) -> None:
    """Stop the timer of a task, if it runs for this one, or at its last sign of life where that is too long ago."""
    sql.write(
        _END_TIMER,
        {
            "project": project_id,
            "assignment": assignment_id,
            "worker": worker_id,
            "why": str(why),
            "now": now,
        },
    )


def _add(time: Time, spent: int, *, measured: bool, now: datetime) -> None:
    row, before = time.row, time.row.paid_seconds
    # What was not paid of the first time, because it was beyond the limit, may be within what was agreed since.
    first = before if row.stated_at else max(before, time.known_seconds)
    row.rework_seconds = spent
    if measured:
        row.measured_seconds += spent
    elif spent:
        row.active_seconds = (row.active_seconds or 0) + spent
    row.paid_seconds = max(before, min(first + spent, time.most_seconds))
    # What was granted beside is paid already.
    reward = max(time.reward_micros, time.pays(row.paid_seconds) - row.extra_reward_micros)
    if row.paid_seconds > before and not set_reward(
        project_id=row.project_id, assignment_id=row.assignment_id, reward_micros=reward
    ):
        row.paid_seconds = before  # never: what is paid without asking is there
    row.correct_until = max(row.correct_until, now + timedelta(days=CORRECT_DAYS))
    row.ended_at = None
    row.save()


def _end_asking(time: Time, now: datetime) -> None:
    """What was asked for while at it is not more than what was measured, and nothing where no more was needed."""
    asked = TimeRequest.objects.filter(
        project_id=time.row.project_id,
        assignment_id=time.row.assignment_id,
        state=TimeState.ASKED,
        ahead=True,
    )
    if time.known_seconds <= time.most_seconds:
        asked.update(state=TimeState.WITHDRAWN, decided_at=now)
    else:
        asked.filter(seconds__gt=time.known_seconds).update(seconds=time.known_seconds)


_BY_THE_HOUR = "SELECT 1 FROM assignment WHERE project_id = %s AND id = %s AND most_seconds IS NOT NULL"
_RAN = """
SELECT coalesce(floor(extract(epoch FROM sum(ended_at - started_at))), 0)::integer FROM time_entry
WHERE project_id = %s AND assignment_id = %s AND ended_at IS NOT NULL
"""
_END_TIMER = """
UPDATE time_entry SET
    ended_at = CASE WHEN %(now)s > seen_at + interval '120 seconds' THEN seen_at ELSE greatest(%(now)s, started_at) END,
    ended_by = CASE WHEN %(now)s > seen_at + interval '120 seconds' THEN 'lost' ELSE %(why)s END
WHERE worker_id = %(worker)s AND project_id = %(project)s AND assignment_id = %(assignment)s AND ended_at IS NULL
"""
