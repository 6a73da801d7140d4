"""Parked jobs: background work that kept failing, for the operator to see and to start again."""

from contextlib import suppress
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


@dataclass(frozen=True)
class JobsState:
    """How background work gets on."""

    waiting: int  # running or due
    oldest_due_seconds: int  # how long the one that is due longest has waited
    parked: int
    unhandled_seconds: int  # how long ago the oldest fact happened that nothing has followed from yet
    last_beat_at: datetime | None  # of any job process


def jobs_state() -> JobsState:
    """One look at the queue, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE status = 'doing' OR due), coalesce(max(age) FILTER (WHERE due), 0)::int,
                count(*) FILTER (WHERE status = 'failed'),
                (SELECT coalesce(extract(epoch FROM max(now() - happened_at)), 0)::int FROM event WHERE handled_at IS NULL),
                (SELECT max(last_heartbeat) FROM procrastinate_workers)
            FROM (
                SELECT status, status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) AS due,
                    extract(epoch FROM now() - coalesce(scheduled_at, now())) AS age
                FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')) AS job"""
        )
        return JobsState(*cursor.fetchone())


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


def retry_all_parked() -> int:
    """Start all jobs again that are parked now; how many."""
    with connection.cursor() as cursor:
        cursor.execute("select id from procrastinate_jobs where status = 'failed' order by id")
        numbers = [number for (number,) in cursor.fetchall()]
    for number in numbers:
        with suppress(NotFound):  # its key came first, or somebody else was quicker
            retry_parked(number)
    return len(numbers)


def forget_parked(job_id: int) -> None:
    """Away with a parked job: what it was for has been done otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = %s and status = 'failed'", [job_id])
        if not cursor.rowcount:
            raise NotFound("job_not_parked", "This job is not parked (any more).")
