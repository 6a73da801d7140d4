"""Carries out reactions.py and schedule.py on Procrastinate: PostgreSQL is the queue.

A fact is a row. The pulse turns each unhandled fact into jobs, in the transaction that ticks it off, so a fact is
never lost and never handed over twice. A job that keeps failing is parked: it stays in the table as failed, and
the operator sees it with its error and can start it again. What matters is also found by the schedule's sweepers.

Two kinds of jobs. One for each fact is tried again by Procrastinate. A coalesced one (per project, or a line of the
schedule) has a key: at most one with this key waits and one runs, and it looks at everything there is to do.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from procrastinate import RetryStrategy, exceptions
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

from tagwerk.base.models import JobFailure, StoredEvent
from tagwerk.config.reactions import BY_NAME, REACTIONS
from tagwerk.config.schedule import PULSE, SCHEDULE

log = logging.getLogger(__name__)
EVENTS = {event.__name__: event for event in REACTIONS}
LINES = {line.name: line for line in SCHEDULE}
PULSE_LOCK = 7_100_001
FACTS_AT_ONCE = 500
# 5 s, 25 s, 2 min, 10 min, 52 min, 4 h: past a restart and past lunch, then it is parked.
RETRY = RetryStrategy(max_attempts=6, exponential_wait=5)
# A coalesced job stands in for all later ones of its key, so it waits for seconds, not for hours.
PAUSES_SECONDS = (2, 5, 10, 20, 40, 60)

# What this process is doing: the jobs its threads are at right now, and the names its workers go by in the database.
carried_out: set[int] = set()
our_workers: set[int] = set()


class NotPutOffError(Exception):
    """A failed job could not even be queued again: the database is away."""


@app.task(name="react", pass_context=True, retry=RETRY)
def react(context: JobContext, *, reaction: str, event_id: int) -> None:
    """Carry out one reaction to one fact."""

    def work() -> None:
        stored = StoredEvent.objects.get(id=event_id)
        fact = EVENTS[stored.name](
            actor_id=stored.actor_id,
            organisation_id=stored.organisation_id,
            project_id=stored.project_id,
            **stored.facts,
        )
        BY_NAME[reaction].action(fact)

    with _at_work(context.job):
        work()


@app.task(name="react_for_project", pass_context=True,
          retry=RetryStrategy(wait=5, retry_exceptions={NotPutOffError}))  # fmt: skip
def react_for_project(context: JobContext, *, reaction: str, project_id: int, failures: int = 0) -> None:
    """Carry out a coalesced reaction: however many facts, once for the project as it is now."""
    try:
        with _at_work(context.job):
            BY_NAME[reaction].action(project_id)
    except Exception:
        if failures >= len(PAUSES_SECONDS):
            raise  # parked
        try:
            _put_off(reaction, project_id, failures + 1)
        except Exception as error:
            raise NotPutOffError from error


@app.task(name="scheduled", pass_context=True)
def scheduled(context: JobContext, *, name: str) -> None:
    """Carry out one line of the schedule; the next time is soon enough to try again."""
    with _at_work(context.job):
        LINES[name].action(datetime.now(UTC))


@contextmanager
def _at_work(job: Job) -> Iterator[None]:
    """Keep the reason of a failure where an operator can read it; forget older failures of the same key."""
    assert job.id is not None
    carried_out.add(job.id)
    our_workers.add(job.worker_id or 0)
    try:
        yield
    except Exception as error:
        log.warning("%s failed: %s", job.call_string, error)
        connection.close_if_unusable_or_obsolete()
        JobFailure.objects.update_or_create(
            job_id=job.id, defaults={"error": traceback.format_exc()[-8000:], "failed_at": Now()}
        )
        _forget_failures(job)
        raise
    else:
        _forget_failures(job)
    finally:
        carried_out.discard(job.id)


def _forget_failures(job: Job) -> None:
    """The last run of a key says how it is: one parked job for each key at most, none once it works again."""
    if job.queueing_lock is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where status = 'failed' and queueing_lock = %s",
            [job.queueing_lock],
        )


def _key(reaction: str, project_id: int | None) -> str:
    return f"{reaction}:{project_id}"


def _put_off(reaction: str, project_id: int, failures: int) -> None:
    """Try a coalesced reaction again after a pause; if one waits already, it is the one that pauses."""
    at = datetime.now(UTC) + timedelta(seconds=PAUSES_SECONDS[failures - 1])
    while not _queue(_key(reaction, project_id), react_for_project, at=at,
                     reaction=reaction, project_id=project_id, failures=failures):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set scheduled_at = %s, args = args || jsonb_build_object('failures', %s::int)"
                " where queueing_lock = %s and status = 'todo'",
                [at, failures, _key(reaction, project_id)],
            )
            if cursor.rowcount:
                return


def _queue(key: str, task: Any, *, at: datetime | None = None, **arguments: Any) -> bool:
    """Queue a coalesced job unless one of its key waits already; two of a key never run at once."""
    try:
        with transaction.atomic():  # a taken queueing lock raises, and would spoil the transaction around it
            task.configure(queueing_lock=key, lock=key, schedule_at=at).defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def queue_for_projects(wanted: Iterable[tuple[str, int | None]]) -> None:
    """Queue coalesced reactions, each as (reaction's name, project)."""
    keys = {_key(reaction, project_id): (reaction, project_id) for reaction, project_id in wanted}
    for key in keys.keys() - _waiting(keys):
        reaction, project_id = keys[key]
        _queue(key, react_for_project, reaction=reaction, project_id=project_id)


def _waiting(keys: Iterable[str]) -> set[str]:
    """Which of these keys have a job that waits (asked first: a refused insert is a line in the database's log)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select queueing_lock from procrastinate_jobs where status = 'todo' and queueing_lock = any(%s)",
            [list(keys)],
        )
        return {key for (key,) in cursor.fetchall()}


def hand_over_facts() -> int:
    """Turn unhandled facts into jobs, in the order in which they happened; returns how many facts."""
    with transaction.atomic():
        facts = list(
            StoredEvent.objects.select_for_update(skip_locked=True)
            .filter(handled_at=None)
            .order_by("id")[:FACTS_AT_ONCE]
        )
        if not facts:
            return 0
        follow = [(fact, reaction) for fact in facts for reaction in _reactions_to(fact)]
        queue_for_projects(
            (reaction.name, fact.project_id) for fact, reaction in follow if reaction.per_project
        )
        single = [(fact, reaction) for fact, reaction in follow if not reaction.per_project]
        if single:
            react.batch_defer(
                *({"reaction": reaction.name, "event_id": fact.id} for fact, reaction in single)
            )
        StoredEvent.objects.filter(id__in=[fact.id for fact in facts]).update(handled_at=Now())
    return len(facts)


def _reactions_to(fact: StoredEvent) -> list[Any]:
    event = EVENTS.get(fact.name)
    if event is None:
        log.warning("Nothing is known of facts named %s; number %s is left at that", fact.name, fact.id)
    return REACTIONS[event] if event else []


def hand_over_all() -> None:
    """Until no fact waits."""
    while hand_over_facts() == FACTS_AT_ONCE:
        pass


def look_for_projects() -> None:
    """Projects with something new get their coalesced jobs."""
    now = datetime.now(UTC)
    queue_for_projects((reaction.name, id) for reaction, waiting in PULSE for id in waiting(now))


def queue_schedule() -> None:
    """Of each line of the schedule one job waits for its next time: with many job processes, once all the same."""
    now = datetime.now(UTC).timestamp()
    keys = {f"scheduled:{line.name}": line for line in SCHEDULE}
    for key in keys.keys() - _waiting(keys):
        every = keys[key].every_seconds
        at = datetime.fromtimestamp((now // every + 1) * every, UTC)
        _queue(key, scheduled, at=at, name=keys[key].name)


BEAT: tuple[Callable[[], None], ...] = (hand_over_all, look_for_projects, queue_schedule)


def pulse_once() -> bool:
    """One beat; one process at a time, told by False. What goes wrong in one part stops no other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [PULSE_LOCK])
        if not cursor.fetchone()[0]:
            return False
    try:
        for part in BEAT:
            try:
                part()
            except Exception:
                connection.ensure_connection()
                if not connection.is_usable():
                    raise
                log.exception("the pulse could not %s; the next beat tries again", part.__name__)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [PULSE_LOCK])
    return True
