"""Work over time, from what is counted while answers are fed: it costs the same whatever the number of answers."""

from dataclasses import dataclass
from datetime import datetime

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.active_times import Bucket, buckets


@dataclass(frozen=True, slots=True)
class HourOfWork:
    """What was handed in within an hour, gold included, and by how many people."""

    hour: datetime
    answers: int
    gold_answers: int
    active_ms: int
    workers: int


def hours_of_work(project_id: int, *, since: datetime) -> list[HourOfWork]:
    """The hours in which anything was handed in, the oldest first; for who has passed a gate."""
    return [HourOfWork(*row) for row in sql.rows(_HOURS, [project_id, since])]


def active_times(project_id: int) -> list[Bucket]:
    """How long the answers of a project took; for who has passed a gate."""
    counted = sql.rows("SELECT bucket, answers FROM active_time WHERE project_id = %s", [project_id])
    return buckets(dict(counted))


_HOURS = """
SELECT hour, answers, gold_answers, active_ms, workers FROM work_hour
WHERE project_id = %s AND hour >= %s ORDER BY hour
"""
