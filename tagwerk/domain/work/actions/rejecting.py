"""Rejecting: with a reason, open to objection for a while; only then the slot opens again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.actions.wanting import Freed, put_back
from tagwerk.domain.work.events import AnswerRejected
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State

LONGEST_REASON = 2_000
REOPENED_AT_ONCE = 1_000


@transaction.atomic
def reject(*, actor: Actor, project_id: int, assignment_id: int, reason: str) -> None:
    """Reject a submitted answer; its worker reads the reason and can object for a while."""
    project = projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid("reason_missing", "Say in up to {most} characters why the answer is rejected.",
                      path="reason", most=LONGEST_REASON)  # fmt: skip
    opening = locked_opening(project_id=project_id)
    task_id, worker_id = _mark_rejected(project_id, assignment_id)
    sql.write(_NOTE_REJECTION, [project_id, assignment_id, why, actor.person_id, settings.APPEAL_SECONDS])
    opening.rejected += 1
    opening.save(update_fields=["rejected"])
    record(
        AnswerRejected(
            actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project_id,
            assignment_id=assignment_id, task_id=task_id, worker_id=worker_id,
        )
    )  # fmt: skip


@transaction.atomic
def waive_appeal(*, person_id: int, project_id: int, assignment_id: int) -> None:
    """The worker accepts a rejection, so that somebody else can have the task."""
    ended = sql.write(
        """UPDATE rejection j SET reopen_at = least(reopen_at, statement_timestamp()) FROM assignment a
            WHERE j.project_id = %s AND j.assignment_id = %s AND j.ended_at IS NULL
                AND a.project_id = j.project_id AND a.id = j.assignment_id AND a.worker_id = %s""",
        [project_id, assignment_id, person_id],
    )
    if not ended:
        raise NotFound("rejection_not_found", "No rejected answer of yours waits here.")


@transaction.atomic
def reopen_rejected(*, project_id: int, now: datetime) -> int:
    """Put the slots of rejected answers back whose time for objection is over."""
    if sql.value(_ANY_DUE, [project_id, now]) is None:
        return 0
    opening = locked_opening(project_id=project_id)
    freed = [Freed(*row) for row in sql.rows(_END, [project_id, now, REOPENED_AT_ONCE])]
    put_back(opening=opening, freed=freed)
    opening.save()
    return len(freed)


def _mark_rejected(project_id: int, assignment_id: int) -> tuple[int, int]:
    """Task and worker of the answer, which is rejected now; refuses what does not wait for a decision."""
    found = sql.row(
        f"""UPDATE assignment a SET state = 3, decided_at = statement_timestamp()
            WHERE a.project_id = %s AND a.id = %s AND a.state = 1 AND {sql.PAST_UNDO} RETURNING a.task_id, a.worker_id""",  # noqa: S608
        [project_id, assignment_id],
    )
    if found is not None:
        return found[0], found[1]
    state = sql.value(
        f"SELECT a.state FROM assignment a WHERE a.project_id = %s AND a.id = %s AND a.state IN (1, 2, 3) AND {sql.PAST_UNDO}",  # noqa: S608
        [project_id, assignment_id],
    )
    if state is None:
        raise NotFound("answer_not_found", "There is no such answer.")
    if state == State.APPROVED:
        raise Conflict(
            "answer_approved", "This answer is approved and paid, so it cannot be rejected any more."
        )
    raise Conflict("answer_rejected", "This answer is rejected already.")


_NOTE_REJECTION = """
INSERT INTO rejection (project_id, assignment_id, reason, rejected_by_id, reopen_at)
VALUES (%s, %s, %s, %s, statement_timestamp() + make_interval(secs => %s))
ON CONFLICT (project_id, assignment_id) DO UPDATE SET reason = excluded.reason, ended_at = NULL,
    rejected_by_id = excluded.rejected_by_id, rejected_at = statement_timestamp(), reopen_at = excluded.reopen_at
"""
_ANY_DUE = "SELECT 1 FROM rejection WHERE project_id = %s AND reopen_at <= %s AND ended_at IS NULL LIMIT 1"
_END = """
WITH due AS (
    SELECT project_id, assignment_id FROM rejection
    WHERE project_id = %s AND reopen_at <= %s AND ended_at IS NULL ORDER BY reopen_at LIMIT %s FOR UPDATE
), ended AS (
    UPDATE rejection j SET ended_at = statement_timestamp() FROM due
    WHERE j.project_id = due.project_id AND j.assignment_id = due.assignment_id RETURNING j.project_id, j.assignment_id
)
SELECT a.id, a.task_id, a.worker_id, a.state, a.is_gold, a.reward_micros + a.fee_micros
FROM ended e JOIN assignment a ON a.project_id = e.project_id AND a.id = e.assignment_id ORDER BY a.id
"""
