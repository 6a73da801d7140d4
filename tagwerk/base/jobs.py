"""Parked jobs: background work that kept failing, for the operator to see and to start again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

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
    """How many jobs run or are due; those of the schedule that wait for their time do not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs where status = 'doing'"
            " or status = 'todo' and (scheduled_at is null or scheduled_at <= now())"
        )
        return int(cursor.fetchone()[0])


def retry_parked(job_id: int) -> None:
    """Start a parked job again, with all its attempts; if one of its key waits already, that one comes at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select queueing_lock from procrastinate_jobs where id = %s and status = 'failed' for update",
            [job_id],
        )
        row = cursor.fetchone()
        if row is None:
            raise NotFound("job_not_parked", "This job is not parked (any more).")
        cursor.execute(
            "update procrastinate_jobs set scheduled_at = now() where status = 'todo' and queueing_lock = %s",
            [row[0]],
        )
        if cursor.rowcount:
            cursor.execute("delete from procrastinate_jobs where id = %s", [job_id])
        else:
            cursor.execute(
                "update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = now(),"
                " args = args - 'failures' where id = %s",
                [job_id],
            )


def forget_parked(job_id: int) -> None:
    """Away with a parked job: what it was for has been done otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = %s and status = 'failed'", [job_id])
        if not cursor.rowcount:
            raise NotFound("job_not_parked", "This job is not parked (any more).")
