"""The worker's timer: it runs on the server's time, for one task at a time, as long as its page says that it is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.ids import public_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.work.actions.giving_up import renew
from tagwerk.domain.work.models import TimeEntry
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.hours_paid import Timer, timer_of
from tagwerk.domain.work.queries.workers import titles_of_assignments
from tagwerk.domain.work.rules.hours import LOST_SECONDS, Ended

LOCK = 0x74696D65  # "time": the first key of the advisory lock, the worker is the second
AT_ONCE = 500
LOST = timedelta(seconds=LOST_SECONDS)


@dataclass(frozen=True, slots=True)
class Started:
    """The timer after it was started; `paused`: the task whose timer that has stopped."""

    timer: Timer
    paused: int | None


@transaction.atomic
def start_timer(*, person_id: int, project_id: int, assignment_id: int, now: datetime) -> Started:
    """Start or go on with the timer of a task in hand; that of any other task stops. The same again is a sign of life."""
    _lock(person_id)
    timer_of(person_id, assignment_id)  # the gate: one's own, and paid by the hour
    _hold(person_id, project_id, assignment_id)
    running = _running(person_id)
    other = None if running is None or running.assignment_id == assignment_id else running.assignment_id
    if running is not None and (other or _is_lost(running, now)):
        _end(running, now, Ended.OTHER_TASK)
        running = None
    if running is None:
        TimeEntry.objects.create(
            project_id=project_id,
            assignment_id=assignment_id,
            worker_id=person_id,
            started_at=now,
            seen_at=now,
        )
    else:
        _see(running, now)
    return Started(timer_of(person_id, assignment_id), other)


@transaction.atomic
def pause_timer(
    *, person_id: int, project_id: int, assignment_id: int, now: datetime, at: datetime | None = None
) -> Timer:
    """Stop the timer of a task; nothing where it does not run. `at`: when that was, where it is told later."""
    _lock(person_id)
    running = _running(person_id)
    if running is not None and (running.project_id, running.assignment_id) == (project_id, assignment_id):
        _end(running, _between(running.seen_at, at or now, now), Ended.PAUSED)
    return timer_of(person_id, assignment_id)


@transaction.atomic
def keep_timer(
    *, person_id: int, project_id: int, assignment_id: int, now: datetime, until: datetime | None = None
) -> Timer:
    """The page of a task says that it is there; one that was silent for too long has lost its timer.

    `until`: its timer counts, and did so until then. Where there was only no connection, that time counts and it goes on.
    """
    _lock(person_id)
    held = _renewed(person_id, project_id, assignment_id)  # before the timer, in the order of handing in
    if held and until is not None:
        _go_on(person_id, project_id, assignment_id, until, now)
    running = _running(person_id)
    if running is None or (running.project_id, running.assignment_id) != (project_id, assignment_id):
        return timer_of(person_id, assignment_id)
    if _is_lost(running, now) or not held:
        _end(running, now, Ended.GIVEN_UP)
    else:
        _see(running, now)
    return timer_of(person_id, assignment_id)


@transaction.atomic
def count_offline(
    *, person_id: int, project_id: int, assignment_id: int, until: datetime, now: datetime
) -> None:
    """What is handed in was worked on until then, as its page says, which had no connection: that time counts as well.

    No further than what is paid without asking, than now, and than when another timer of theirs was started.
    """
    _lock(person_id)
    last = (
        TimeEntry.objects.select_for_update()
        .filter(worker_id=person_id, project_id=project_id, assignment_id=assignment_id)
        .order_by("-id")
        .first()
    )
    if last is None or last.ended_by not in ("", Ended.LOST):
        return
    if last.ended_at is None and now - last.seen_at <= LOST:
        return  # it still runs, and ends when the answer is there
    left = sql.value(_LEFT, [project_id, assignment_id, project_id, assignment_id])
    ended = last.ended_at or last.seen_at
    nxt = (
        TimeEntry.objects.filter(worker_id=person_id, started_at__gte=ended)
        .exclude(id=last.id)
        .order_by("started_at")
        .first()
    )
    latest = min(
        until, now, ended + timedelta(seconds=max(0, int(left or 0))), *([nxt.started_at] if nxt else [])
    )
    last.ended_at = max(ended, latest)
    last.ended_by = Ended.OFFLINE if latest > ended else Ended.LOST
    last.save(update_fields=["ended_at", "ended_by"])


def _go_on(person_id: int, project_id: int, assignment_id: int, until: datetime, now: datetime) -> None:
    last = TimeEntry.objects.select_for_update().filter(worker_id=person_id).order_by("-id").first()
    if last is None or (last.project_id, last.assignment_id) != (project_id, assignment_id):
        return  # another timer was started meanwhile
    if last.ended_by not in ("", Ended.LOST) or (last.ended_at is None and not _is_lost(last, now)):
        return
    mine = {"person_id": person_id, "project_id": project_id, "assignment_id": assignment_id}
    count_offline(**mine, until=until, now=now)
    last.refresh_from_db()
    if now - until <= LOST and last.ended_at is not None:
        TimeEntry.objects.create(
            project_id=project_id, assignment_id=assignment_id, worker_id=person_id,
            started_at=max(last.ended_at, min(until, now)), seen_at=max(last.ended_at, now),
        )  # fmt: skip


def end_lost_timers(*, now: datetime) -> int:
    """Timers whose page is gone end at its last sign of life, and their workers are told; how many."""
    ended = 0
    while some := _end_some(now):
        ended += some
    return ended


@transaction.atomic
def _end_some(now: datetime) -> int:
    lost = list(
        TimeEntry.objects.select_for_update(skip_locked=True)
        .filter(ended_at=None, seen_at__lt=now - LOST)
        .order_by("id")[:AT_ONCE]
    )
    for one in lost:
        _end(one, now, Ended.LOST)
    return len(lost)


def _lock(person_id: int) -> None:
    sql.value("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, person_id & 0x7FFFFFFF])


def _running(person_id: int) -> TimeEntry | None:
    return TimeEntry.objects.select_for_update().filter(worker_id=person_id, ended_at=None).first()


def _is_lost(running: TimeEntry, now: datetime) -> bool:
    return now - running.seen_at > LOST


def _see(running: TimeEntry, now: datetime) -> None:
    TimeEntry.objects.filter(id=running.id).update(seen_at=max(now, running.seen_at))


def _end(running: TimeEntry, at: datetime, why: Ended) -> None:
    """Stop it then, or at the last sign of life where that is too long ago; who did not stop it is told."""
    lost = _is_lost(running, at)
    running.ended_at = running.seen_at if lost else max(at, running.started_at)
    running.ended_by = Ended.LOST if lost else why
    running.save(update_fields=["ended_at", "ended_by"])
    if lost:
        _tell_lost(running)


def _tell_lost(entry: TimeEntry) -> None:
    title = titles_of_assignments(entry.worker_id, [entry.assignment_id]).get(entry.assignment_id, "")
    assert entry.ended_at is not None
    notices.tell(
        person_id=entry.worker_id, kind="timer_lost",
        params={"project": title, "minutes": int((entry.ended_at - entry.started_at).total_seconds() // 60)},
        link=f"/work/task/{public_id('asg', entry.assignment_id)}/",
        key=f"timer-lost/{entry.id}",
    )  # fmt: skip


def _between(earliest: datetime, at: datetime, latest: datetime) -> datetime:
    return max(min(at, latest), min(earliest, latest))


def _renewed(person_id: int, project_id: int, assignment_id: int) -> bool:
    """Hold the task for longer; whether it is held at all."""
    try:
        _hold(person_id, project_id, assignment_id)
    except Conflict:
        return False
    return True


def _hold(person_id: int, project_id: int, assignment_id: int) -> None:
    """Hold the task for longer; one that a better answer is asked for stays in hand anyway. Refuses any other."""
    try:
        renew(person_id=person_id, project_id=project_id, assignment_id=assignment_id)
    except Conflict:
        if sql.value(_REWORKING, [project_id, assignment_id, person_id]) is None:
            raise


# Whoever hands the better answer in at this moment is waited for.
_REWORKING = """
SELECT 1 FROM rework r JOIN assignment a ON a.project_id = r.project_id AND a.id = r.assignment_id
WHERE r.project_id = %s AND r.assignment_id = %s AND r.state = 'asked' AND a.state = 1 AND a.worker_id = %s FOR SHARE OF r
"""
# What is left of the time that is paid without asking, when the last run counts up to its last sign of life.
_LEFT = """
SELECT a.most_seconds - coalesce((SELECT extract(epoch FROM sum(coalesce(t.ended_at, t.seen_at) - t.started_at))
    FROM time_entry t WHERE t.project_id = %s AND t.assignment_id = %s), 0)
FROM assignment a WHERE a.project_id = %s AND a.id = %s
"""
