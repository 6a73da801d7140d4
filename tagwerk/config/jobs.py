"""Carries out reactions.py and schedule.py on Procrastinate: PostgreSQL is the queue.

A fact is a row. The pulse turns each unhandled fact into jobs, in the transaction that ticks it off, so a fact is
never lost and never handed over twice. A job that keeps failing is parked: it stays in the table as failed, and
the operator sees it with its error and can start it again. What matters is also found by the schedule's sweepers.
"""

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from procrastinate import RetryStrategy, exceptions
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from tagwerk.base.models import JobFailure, StoredEvent
from tagwerk.config.reactions import BY_NAME, REACTIONS, Reaction
from tagwerk.config.schedule import PULSE, SCHEDULE

log = logging.getLogger(__name__)
EVENTS = {event.__name__: event for event in REACTIONS}
PULSE_LOCK = 7_100_001
# 5 s, 25 s, 2 min, 10 min, 52 min: past a restart and past lunch, then it is parked.
RETRY = RetryStrategy(max_attempts=6, exponential_wait=5)


def _noted(context: JobContext, work: Any) -> None:
    """Do the job's work; keep the reason of a failure where an operator can read it."""
    try:
        work()
    except Exception:
        if context.job.id is not None:
            JobFailure.objects.update_or_create(
                job_id=context.job.id,
                defaults={"error": traceback.format_exc()[-8000:], "failed_at": Now()},
            )
        raise


@app.task(name="react", pass_context=True, retry=RETRY)
def react(context: JobContext, *, reaction: str, event_id: int) -> None:
    """Carry out one reaction to one fact."""
    stored = StoredEvent.objects.get(id=event_id)
    fact = EVENTS[stored.name](
        actor_id=stored.actor_id,
        organisation_id=stored.organisation_id,
        project_id=stored.project_id,
        **stored.facts,
    )
    _noted(context, lambda: BY_NAME[reaction].action(fact))


@app.task(name="react_for_project", pass_context=True, retry=RETRY)
def react_for_project(context: JobContext, *, reaction: str, project_id: int) -> None:
    """Carry out a coalesced reaction: however many facts, once for the project as it is now."""
    _noted(context, lambda: BY_NAME[reaction].action(project_id))


@app.task(name="scheduled", pass_context=True)
def scheduled(context: JobContext, *, name: str) -> None:
    """Carry out one line of the schedule; the next time is soon enough to try again."""
    action = next(entry.action for entry in SCHEDULE if entry.name == name)
    _noted(context, lambda: action(datetime.now(UTC)))


def _defer(reaction: Reaction, event: StoredEvent) -> None:
    if reaction.per_project:
        defer_for_project(reaction.name, event.project_id)
    else:
        react.defer(reaction=reaction.name, event_id=event.id)


def defer_for_project(reaction: str, project_id: int | None) -> None:
    """Queue a coalesced reaction unless it waits already; two of the same project never run at once."""
    key = f"{reaction}:{project_id}"
    try:
        with transaction.atomic():  # a taken queueing lock raises, and would spoil the transaction around it
            react_for_project.configure(queueing_lock=key, lock=key).defer(
                reaction=reaction, project_id=project_id
            )
    except exceptions.AlreadyEnqueued:
        pass


def hand_over_facts(*, limit: int = 500) -> int:
    """Turn unhandled facts into jobs; returns how many facts."""
    with transaction.atomic():
        facts = list(
            StoredEvent.objects.select_for_update(skip_locked=True)
            .filter(handled_at=None)
            .order_by("id")[:limit]
        )
        for fact in facts:
            for reaction in REACTIONS[EVENTS[fact.name]] if fact.name in EVENTS else ():
                _defer(reaction, fact)
        StoredEvent.objects.filter(id__in=[fact.id for fact in facts]).update(handled_at=Now())
    return len(facts)


def pulse_once() -> None:
    """One beat: facts become jobs, projects with new answers get theirs. One process beats at a time."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [PULSE_LOCK])
        if not cursor.fetchone()[0]:
            return
    try:
        while hand_over_facts() == 500:
            pass
        for reaction, waiting in PULSE:
            for project_id in waiting(datetime.now(UTC)):
                defer_for_project(reaction.name, project_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [PULSE_LOCK])


def beat_schedule(last: dict[str, float], now: float) -> None:
    """Queue each line of the schedule whose time has come; `last` remembers when each was queued."""
    for entry in SCHEDULE:
        if now - last.get(entry.name, 0.0) >= entry.every_seconds:
            last[entry.name] = now
            try:
                with transaction.atomic():
                    scheduled.configure(
                        queueing_lock=f"scheduled:{entry.name}", lock=f"scheduled:{entry.name}"
                    ).defer(name=entry.name)
            except exceptions.AlreadyEnqueued:
                pass


async def retry_stalled() -> None:
    """Jobs whose process died are started again."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30)
    for job in stalled:
        log.warning("job %s stalled with its process; starting it again", job.id)
        await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
    await app.job_manager.delete_old_jobs(nb_hours=24)
