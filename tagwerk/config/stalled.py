"""Jobs whose process was killed, or whose end could not be written down, are started again."""

import logging

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from tagwerk.base.models import JobFailure
from tagwerk.config import jobs

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 20
DEADLY = 8  # a job with which so many processes died is parked

# A worker that has not been heard of for long, or one of this process whose thread is done with the job.
_SUSPECTS = """
select j.id, any_of_ours.id is not null as ours
from procrastinate_jobs j
left join procrastinate_workers w on w.id = j.worker_id
left join unnest(%s::bigint[]) as any_of_ours(id) on any_of_ours.id = j.worker_id
where j.status = 'doing'
and (w.id is null or w.last_heartbeat < now() - make_interval(secs => %s) or any_of_ours.id is not null)
"""


class Watch:
    """Looks for stalled jobs; remembers what looked lost the last time."""

    def __init__(self) -> None:
        self._lost_before: set[int] = set()

    def look(self) -> int:
        """Start again what has stalled; returns how many jobs."""
        with connection.cursor() as cursor:
            cursor.execute(_SUSPECTS, [list(jobs.our_workers), STALLED_SECONDS])
            suspects = cursor.fetchall()
        gone = {job_id for job_id, ours in suspects if not ours}
        lost = {job_id for job_id, ours in suspects if ours} - jobs.carried_out
        # Between its thread and its row a job is lost for a moment: only what is lost twice is.
        stalled = gone | (lost & self._lost_before)
        self._lost_before = lost
        for job_id in stalled:
            restart(job_id)
        return len(stalled)


def restart(job_id: int) -> None:
    """Let a stalled job wait again; if another one of its key waits already, that one does its work."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select attempts, exists (select from procrastinate_jobs twin where twin.status = 'todo'"
                " and twin.queueing_lock = job.queueing_lock)"
                " from procrastinate_jobs job where id = %s and status = 'doing' for update of job skip locked",
                [job_id],
            )
            row = cursor.fetchone()
            if row:
                _decide(job_id, attempts=row[0], has_twin=row[1])
    except IntegrityError:
        log.info("job %s has a twin since a moment ago; it is looked at again", job_id)


def _decide(job_id: int, *, attempts: int, has_twin: bool) -> None:
    log.warning("job %s stalled with its process; it is started again", job_id)
    with connection.cursor() as cursor:
        if has_twin:
            cursor.execute("delete from procrastinate_jobs where id = %s", [job_id])
        elif attempts < DEADLY:
            cursor.execute(
                "select procrastinate_retry_job_v2(%s, now(), null::integer, null::varchar, null::varchar)",
                [job_id],
            )
        else:
            cursor.execute("select procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])
            JobFailure.objects.update_or_create(
                job_id=job_id,
                defaults={
                    "error": "The process that carried this out was killed each time.",
                    "failed_at": Now(),
                },
            )


def tidy_up() -> None:
    """Away with reasons of failures whose jobs are gone, and with counters of the shared cache that are over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from job_failure where not exists (select from procrastinate_jobs where id = job_id)"
        )
        cursor.execute("delete from shared_cache where expires < now()")
