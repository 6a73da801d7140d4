"""Holding on and giving up: drafts, renewal, return, skip, stop."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.enrolling import pause_worker
from tagwerk.domain.work.actions.reporting import (
    CANNOT_BE_ANSWERED,
    STOPS_BEFORE_REVIEW,
    pay_late_reports,
)
from tagwerk.domain.work.events import TaskStopped, TaskUnanswerable
from tagwerk.domain.work.models import Enrolment
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import held_by
from tagwerk.domain.work.rules.handing_in import refuse_outcome
from tagwerk.domain.work.rules.pausing import MANY_STOPS
from tagwerk.domain.work.rules.states import LAST_SAFE_SENSITIVITY, State

LONGEST_HOLD = 12  # times the hold of the project, however active somebody is
LARGEST_DRAFT = 256 * 1024  # bytes
LONGEST_REASON = 500


@transaction.atomic
def return_assignment(*, person_id: int, project_id: int, assignment_id: int) -> None:
    """Give a task back unanswered; it goes to somebody else."""
    _give_up(person_id, project_id, assignment_id, State.RETURNED, None)


@transaction.atomic
def skip(*, person_id: int, project_id: int, assignment_id: int, reason: str, active_ms: int = 0) -> None:
    """Give a task back and say why; “cannot_be_answered” is told to those who ordered it. `active_ms` as in `stop`."""
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        raise Invalid("reason_missing", "Say why you skip this task.", path="reason")
    done = _give_up(person_id, project_id, assignment_id, State.SKIPPED, why, active_ms)
    if done and why.startswith(CANNOT_BE_ANSWERED):
        task_id = _task_of(project_id, assignment_id)
        pay_late_reports(project_id=project_id, task_id=task_id)
        record(
            TaskUnanswerable(
                actor_id=person_id, project_id=project_id,
                organisation_id=projects.project(project_id).organisation_id,
                task_id=task_id, assignment_id=assignment_id, worker_id=person_id,
            )
        )  # fmt: skip


@transaction.atomic
def stop(*, person_id: int, project_id: int, assignment_id: int, active_ms: int = 0) -> None:
    """Stop at a task of a sensitive project; it is paid, and to go on, consent is asked again.

    `active_ms`: so long its page was at work, which counts where it is paid by the hour and no timer ran.

    Each stop is paid, however many there were; who stops often gets no more tasks until a member has looked at it.
    """
    project = projects.project(project_id)
    if project.sensitivity <= LAST_SAFE_SENSITIVITY:
        raise Conflict(
            "project_not_sensitive", "Only tasks of sensitive projects can be stopped with pay; return it."
        )
    if not _give_up(person_id, project_id, assignment_id, State.STOPPED, None, active_ms):
        return
    record(
        TaskStopped(
            actor_id=person_id, organisation_id=project.organisation_id, project_id=project_id,
            assignment_id=assignment_id, worker_id=person_id,
        )
    )  # fmt: skip
    stops = Enrolment.objects.filter(project_id=project_id, worker_id=person_id).values_list(
        "stops", flat=True
    )
    if stops[0] % STOPS_BEFORE_REVIEW == 0:
        pause_worker(project_id=project_id, worker_id=person_id, reason=MANY_STOPS)


def renew(*, person_id: int, project_id: int, assignment_id: int) -> datetime:
    """Hold a task for longer because its worker is active, up to a limit; gives the new end."""
    expires = sql.value(
        """UPDATE hold h SET expires_at = greatest(h.expires_at, least(statement_timestamp() + make_interval(secs => r.hold_seconds),
                a.claimed_at + make_interval(secs => r.hold_seconds * %s)))
            FROM assignment a, project r
            WHERE h.project_id = %s AND h.assignment_id = %s AND a.project_id = h.project_id
                AND a.id = h.assignment_id AND a.worker_id = %s AND r.id = h.project_id
            RETURNING h.expires_at""",
        [LONGEST_HOLD, project_id, assignment_id, person_id],
    )
    if expires is None:
        refuse_outcome(_not_held(person_id, project_id, assignment_id))
    assert isinstance(expires, datetime)
    return expires


def save_draft(
    *,
    person_id: int,
    project_id: int,
    assignment_id: int,
    answers: Mapping[str, Any],
    seen: datetime | None = None,
) -> datetime:
    """Keep what a worker has entered so far, unchecked; gives when it was kept.

    `seen`: when the draft was kept on which these answers stand; a newer one was made elsewhere and is not overwritten.
    """
    text = json.dumps(answers, ensure_ascii=True, separators=(",", ":"))
    if len(text) > LARGEST_DRAFT or "\\u0000" in text or "\\ud" in text.lower().replace("\\\\", ""):
        raise Invalid(
            "draft_unreadable", "This draft is too large, or contains characters that no text can have."
        )
    kept = sql.value(
        """INSERT INTO draft (project_id, assignment_id, answers)
            SELECT a.project_id, a.id, %s::jsonb FROM assignment a
            WHERE a.project_id = %s AND a.id = %s AND a.worker_id = %s AND a.state = 0
            ON CONFLICT (project_id, assignment_id) DO UPDATE SET answers = excluded.answers, saved_at = statement_timestamp()
            WHERE draft.saved_at <= coalesce(%s::timestamptz, 'infinity')
            RETURNING saved_at""",
        [text, project_id, assignment_id, person_id, seen],
    )
    if kept is None and held_by(person_id, project_id, assignment_id):
        raise Conflict(
            "draft_differs",
            "This task is open in another window or on another device, and was changed there in the meantime.",
        )
    if kept is None:
        refuse_outcome(_not_held(person_id, project_id, assignment_id))
    assert isinstance(kept, datetime)
    return kept


def _give_up(
    person_id: int, project_id: int, assignment_id: int, state: State, why: str | None, active_ms: int = 0
) -> bool:
    outcome = sql.value(
        "SELECT work_give_up(%s::bigint, %s::bigint, %s::bigint, %s::smallint, %s::text)",
        [project_id, person_id, assignment_id, int(state), why],
    )
    refuse_outcome(outcome)
    if outcome == "done":  # what is paid by the hour and ends so is paid, where it is, for its time
        seconds = sql.value(_END_TIME, [project_id, assignment_id, person_id, int(state)])
        if seconds == 0 and active_ms:
            sql.value(_COUNT_ACTIVITY, [project_id, assignment_id, active_ms])
    return bool(outcome == "done")


def _not_held(person_id: int, project_id: int, assignment_id: int) -> str:
    known = sql.value(
        "SELECT 1 FROM assignment WHERE project_id = %s AND id = %s AND worker_id = %s AND state <> 9",
        [project_id, assignment_id, person_id],
    )
    return "gone" if known else "unknown"


def _task_of(project_id: int, assignment_id: int) -> int:
    found = sql.value(
        "SELECT task_id FROM assignment WHERE project_id = %s AND id = %s", [project_id, assignment_id]
    )
    return int(found)


_COUNT_ACTIVITY = "SELECT work_count_activity(%s::bigint, %s::bigint, %s::integer)"
_END_TIME = "SELECT seconds FROM work_end_time(%s::bigint, %s::bigint, %s::bigint, %s::smallint, statement_timestamp())"
