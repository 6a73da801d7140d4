"""Work over time, from what is counted while answers are fed: it costs the same whatever the number of answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.active_times import Bucket, buckets

LATELY = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HourOfWork:
    """What was handed in within an hour, gold included, and by how many people."""

    hour: datetime
    answers: int
    gold_answers: int
    active_ms: int
    workers: int


@dataclass(frozen=True, slots=True)
class AtWork:
    """People in a project: who holds a task or handed one in lately, today, and ever."""

    now: int
    day: int
    ever: int


def hours_of_work(project_id: int, *, since: datetime) -> list[HourOfWork]:
    """The hours in which anything was handed in, the oldest first; for who has passed a gate."""
    return [HourOfWork(*row) for row in sql.rows(_HOURS, [project_id, since])]


def active_times(project_id: int) -> list[Bucket]:
    """How long the answers of a project took; for who has passed a gate."""
    counted = sql.rows("SELECT bucket, answers FROM active_time WHERE project_id = %s", [project_id])
    return buckets(dict(counted))


def at_work(project_id: int, *, now: datetime) -> AtWork:
    """How many people work on a project; for who has passed a gate."""
    # An hour begins up to an hour before what was handed in within it.
    values = {"project": project_id, "lately": now - 2 * LATELY, "day": now - DAY}
    return AtWork(*(sql.row(_AT_WORK, values) or (0, 0, 0)))


_HOURS = """
SELECT hour, answers, gold_answers, active_ms, workers FROM work_hour
WHERE project_id = %s AND hour >= %s ORDER BY hour
"""
_AT_WORK = """
SELECT (SELECT count(*) FROM (
        SELECT worker_id FROM hour_worker WHERE project_id = %(project)s AND hour > %(lately)s
        UNION SELECT a.worker_id FROM hold h JOIN assignment a ON a.project_id = h.project_id AND a.id = h.assignment_id
            WHERE h.project_id = %(project)s) busy),
    (SELECT count(DISTINCT worker_id) FROM hour_worker WHERE project_id = %(project)s AND hour > %(day)s),
    (SELECT count(*) FROM enrolment WHERE project_id = %(project)s AND submitted > 0)
"""
