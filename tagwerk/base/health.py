"""Questions to the database for those who look after it: does it answer, is background work done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, Error, InterfaceError, OperationalError, connection

UNSTORABLE = (DataError,)  # a value that no column can hold
UNAVAILABLE = (OperationalError, InterfaceError)  # away, restarting or too busy: the same again later will do


def one(question: str) -> Any:
    """The single value that a question of our own wording gives; never built from anybody's input."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None


def database_answers() -> bool:
    """Whether the database can be asked at all."""
    try:
        return bool(one("select true"))
    except Error:
        return False


@dataclass(frozen=True)
class JobsHealth:
    """When a job process was last alive, and since when the oldest job waits that is due."""

    last_beat: datetime | None
    oldest_due: datetime | None


def jobs_health() -> JobsHealth:
    """How background work is getting on; None: never, or nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select max(last_heartbeat) from procrastinate_workers),"
            " (select min(coalesce(j.scheduled_at, (select min(e.at) from procrastinate_events e where e.job_id = j.id)))"
            " from procrastinate_jobs j where j.status = 'todo' and (j.scheduled_at is null or j.scheduled_at <= now()))"
        )
        return JobsHealth(*cursor.fetchone())
