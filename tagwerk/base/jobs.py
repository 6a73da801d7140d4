"""Parked jobs: background work that kept failing, for the operator to see and to start again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.timezone import now
from procrastinate.contrib.django import app

from tagwerk.base.errors import NotFound


@dataclass(frozen=True)
class ParkedJob:
    """A job that was tried until its last attempt."""

    id: int
    what: str
    arguments: dict[str, Any]
    attempts: int
    failed_at: datetime | None
    error: str


def parked_jobs(*, limit: int = 100) -> list[ParkedJob]:
    """The newest parked jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select j.id, coalesce(j.args->>'reaction', j.args->>'name', j.task_name), j.args, j.attempts,"
            " f.failed_at, coalesce(f.error, '') from procrastinate_jobs j left join job_failure f on f.job_id = j.id"
            " where j.status = 'failed' order by j.id desc limit %s",
            [limit],
        )
        return [ParkedJob(*row) for row in cursor.fetchall()]


def waiting_jobs() -> int:
    """How many jobs wait or run."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where status in ('todo', 'doing')")
        return int(cursor.fetchone()[0])


def retry_parked(job_id: int) -> None:
    """Start a parked job again."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from procrastinate_jobs where id = %s and status = 'failed'", [job_id])
        if cursor.fetchone() is None:
            raise NotFound("job_not_parked", "This job is not parked (any more).")
    app.job_manager.retry_job_by_id(job_id, retry_at=now())
