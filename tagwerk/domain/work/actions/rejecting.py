"""Rejecting: with a reason, open to objection for a while; only then the slot opens again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.actions.wanting import FREED, Freed, put_back
from tagwerk.domain.work.events import AnswerRejected
from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.rejecting import code_of, reason_of
from tagwerk.domain.work.rules.states import Deferred, State

REOPENED_AT_ONCE = 1_000


@transaction.atomic
def reject(*, actor: Actor, project_id: int, assignment_id: int, code: str, reason: str) -> None:
    """Reject a submitted answer for a reason of the closed list, said in words too; its worker can object for a while."""
    projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    opening = locked_opening(project_id=project_id)
    person_id = accounts.person_behind(actor)
    reject_one(opening=opening, person_id=person_id, assignment_id=assignment_id, code=code, reason=reason)
    opening.save(update_fields=["rejected"])


def reject_one(
    *, opening: Opening, person_id: int | None, assignment_id: int, code: str, reason: str
) -> None:
    """The same for who has passed the gate, holds the lock of `opening` and saves it; `person_id` answers for it."""
    listed, why = code_of(code), reason_of(reason)
    project = projects.project(opening.project_id)
    task_id, worker_id = rejectable(project_id=project.id, assignment_id=assignment_id)
    for statement in (_MARK, _FORGET_DEFERRAL):
        sql.write(statement, [project.id, assignment_id])
    sql.write(
        _NOTE_REJECTION, [project.id, assignment_id, str(listed), why, person_id, settings.APPEAL_SECONDS]
    )
    opening.rejected += 1
    record(
        AnswerRejected(
            actor_id=person_id, organisation_id=project.organisation_id, project_id=project.id,
            assignment_id=assignment_id, task_id=task_id, worker_id=worker_id,
        )
    )  # fmt: skip


@transaction.atomic
def contest(*, person_id: int, project_id: int, assignment_id: int, now: datetime) -> int | None:
    """The worker objects: the rejection is not final before somebody has decided. Who rejected, where that is known."""
    found = sql.row(_CONTEST, [project_id, assignment_id, now, person_id])
    if found is None:
        raise NotFound("rejection_not_found", "No rejected answer of yours waits here.")
    return None if found[0] is None else int(found[0])


@transaction.atomic
def end_contest(*, project_id: int, assignment_id: int) -> None:
    """An appeal has ended without changing the rejection: it is final now, and the slot opens again."""
    sql.write(_END_CONTEST, [project_id, assignment_id])


@transaction.atomic
def waive_appeal(*, person_id: int, project_id: int, assignment_id: int) -> None:
    """The worker accepts a rejection, so that somebody else can have the task."""
    ended = sql.write(
        """UPDATE rejection j SET reopen_at = least(reopen_at, statement_timestamp()) FROM assignment a
            WHERE j.project_id = %s AND j.assignment_id = %s AND j.ended_at IS NULL AND NOT j.contested
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


def rejectable(*, project_id: int, assignment_id: int) -> tuple[int, int]:
    """Task and worker of an answer that waits for a decision, locked; refuses any other."""
    found = sql.row(_DECIDABLE, [project_id, assignment_id])
    if found is None:
        raise NotFound("answer_not_found", "There is no such answer.")
    state, task_id, worker_id, why = found
    if state == State.APPROVED:
        raise Conflict(
            "answer_approved", "This answer is approved and paid, so it cannot be rejected any more."
        )
    if state == State.REJECTED:
        raise Conflict("answer_rejected", "This answer is rejected already.")
    if why not in (None, Deferred.DECISION):
        raise Conflict(
            "answer_deferred",
            "Somebody has something to do about this answer first: its worker to improve it, or a second person to "
            "confirm its rejection.",
        )
    return task_id, worker_id


_DECIDABLE = f"""
SELECT a.state, a.task_id, a.worker_id, (SELECT d.why FROM deferral d
    WHERE d.project_id = a.project_id AND d.assignment_id = a.id)
FROM assignment a WHERE a.project_id = %s AND a.id = %s AND a.state IN (1, 2, 3) AND {sql.PAST_UNDO} FOR UPDATE
"""  # noqa: S608 (a constant)
_MARK = (
    "UPDATE assignment SET state = 3, decided_at = statement_timestamp() WHERE project_id = %s AND id = %s"
)
_FORGET_DEFERRAL = "DELETE FROM deferral WHERE project_id = %s AND assignment_id = %s"
_NOTE_REJECTION = """
INSERT INTO rejection (project_id, assignment_id, code, reason, rejected_by_id, reopen_at)
VALUES (%s, %s, %s, %s, %s, statement_timestamp() + make_interval(secs => %s))
ON CONFLICT (project_id, assignment_id) DO UPDATE SET code = excluded.code, reason = excluded.reason, ended_at = NULL,
    rejected_by_id = excluded.rejected_by_id, rejected_at = statement_timestamp(), reopen_at = excluded.reopen_at
"""
_CONTEST = """
UPDATE rejection j SET contested = true FROM assignment a
WHERE j.project_id = %s AND j.assignment_id = %s AND j.ended_at IS NULL AND NOT j.contested AND j.reopen_at > %s
    AND a.project_id = j.project_id AND a.id = j.assignment_id AND a.worker_id = %s AND a.state = 3
RETURNING j.rejected_by_id
"""
_END_CONTEST = """
UPDATE rejection SET contested = false, reopen_at = least(reopen_at, statement_timestamp())
WHERE project_id = %s AND assignment_id = %s AND contested
"""
_ANY_DUE = """
SELECT 1 FROM rejection WHERE project_id = %s AND reopen_at <= %s AND ended_at IS NULL AND NOT contested LIMIT 1
"""
_END = f"""
WITH due AS (
    SELECT project_id, assignment_id FROM rejection
    WHERE project_id = %s AND reopen_at <= %s AND ended_at IS NULL AND NOT contested ORDER BY reopen_at LIMIT %s FOR UPDATE
), ended AS (
    UPDATE rejection j SET ended_at = statement_timestamp() FROM due
    WHERE j.project_id = due.project_id AND j.assignment_id = due.assignment_id RETURNING j.project_id, j.assignment_id
)
SELECT {FREED} FROM ended e JOIN assignment a ON a.project_id = e.project_id AND a.id = e.assignment_id ORDER BY a.id
"""  # noqa: S608 (a constant)
