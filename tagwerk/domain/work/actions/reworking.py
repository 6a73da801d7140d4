"""Rework: a worker is asked for a better answer, once. They hand one in, for what was promised on top, leave the answer
as it is, or give the task back. Nothing of it is the hot path, so all of it locks the project's row in `opening`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now as clock

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import price
from tagwerk.domain.work.actions.booking import approve, pay_rework
from tagwerk.domain.work.actions.deferring import defer
from tagwerk.domain.work.actions.opening import funds_of, locked_opening
from tagwerk.domain.work.actions.rework_time import count_rework_time, end_rework_timer
from tagwerk.domain.work.events import ReworkAsked, ReworkEnded
from tagwerk.domain.work.models import Opening, Rework
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.handing_in import body_of
from tagwerk.domain.work.rules.hours import Ended
from tagwerk.domain.work.rules.states import Deferred, ReworkState

REWORK_DAYS = 5
LONGEST_TEXT = 2_000
MOST_EXTRA = 20  # times the price of an answer


@transaction.atomic
def ask_rework(
    *, actor: Actor, project_id: int, assignment_id: int, text: str, extra_micros: int, now: datetime
) -> None:
    """Ask a worker for a better answer, in words, for so much on top; they have five days."""
    project = projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise Invalid("rework_text_missing", "Say in up to {most} characters what to improve.", path="text", most=LONGEST_TEXT)  # fmt: skip
    opening = locked_opening(project_id=project_id)
    reward, fee = _extra(project, opening, assignment_id, extra_micros)
    until = now + timedelta(days=REWORK_DAYS)
    task_id, worker_id = _reworkable(project_id, assignment_id)
    if not defer(opening=opening, assignment_id=assignment_id, why=Deferred.REWORK, until=until):
        raise Conflict("answer_deferred", "Somebody has something to do about this answer first.")
    person_id = accounts.person_behind(actor)
    Rework.objects.create(
        project_id=project_id, assignment_id=assignment_id, text=said, extra_reward_micros=reward,
        extra_fee_micros=fee, asked_by_id=person_id, until=until,
    )  # fmt: skip
    opening.committed_micros += reward + fee
    opening.save(update_fields=["committed_micros"])
    record(
        ReworkAsked(
            actor_id=person_id, organisation_id=project.organisation_id, project_id=project_id,
            assignment_id=assignment_id, task_id=task_id, worker_id=worker_id,
        )
    )  # fmt: skip


@transaction.atomic
def hand_in_rework(
    *,
    person_id: int,
    project_id: int,
    assignment_id: int,
    answers: Mapping[str, Any],
    active_ms: int,
    channel: int,
) -> int:
    """Hand a better answer in: it is judged like a new one, and what was promised for it is paid now. Its revision."""
    opening = locked_opening(project_id=project_id)
    asked = _asked(person_id, project_id, assignment_id)
    body = body_of(designs.design(asked.design_id), answers, active_ms)
    if str(asked.digest) == str(body.mark):
        raise Conflict("rework_unchanged", "This is the answer as it was. Change it, or leave it as it is.")
    revision = asked.revision + 1
    spent = count_rework_time(
        project_id=project_id, assignment_id=assignment_id, worker_id=person_id, asked_at=asked.asked_at,
        active_ms=body.active_ms, now=clock(),
    )  # fmt: skip
    active = max(body.active_ms, 1_000 * spent)
    sql.write(_ADD_REVISION, [revision, channel, active, body.text, project_id, assignment_id])
    sql.write(
        _TAKE_REVISION, [revision, str(body.mark), active, settings.UNDO_SECONDS, project_id, assignment_id]
    )
    sql.write(_TO_INBOX, [project_id, assignment_id])
    sql.write(
        "DELETE FROM deferral WHERE project_id = %s AND assignment_id = %s", [project_id, assignment_id]
    )
    project = projects.project(project_id)
    if project.paid and asked.extra:
        pay_rework(
            project=project, opening=opening, assignment_id=assignment_id, worker_id=person_id,
            reward_micros=asked.extra_reward, fee_micros=asked.extra_fee,
        )  # fmt: skip
    opening.save()
    _end(project, asked, assignment_id, ReworkState.DELIVERED)
    return revision


@transaction.atomic
def leave_as_is(*, person_id: int, project_id: int, assignment_id: int, now: datetime) -> None:
    """The worker stands by their answer: whoever asked decides on it as it is, or it is approved by itself."""
    opening = locked_opening(project_id=project_id)
    _go_on(opening, _asked(person_id, project_id, assignment_id), assignment_id, ReworkState.DECLINED, now)


@transaction.atomic
def give_back(*, person_id: int, project_id: int, assignment_id: int) -> None:
    """The worker gives the task back instead: neither paid nor rejected, and somebody else gets it."""
    opening = locked_opening(project_id=project_id)
    asked = _asked(person_id, project_id, assignment_id)
    sql.write(
        "DELETE FROM deferral WHERE project_id = %s AND assignment_id = %s", [project_id, assignment_id]
    )
    sql.write(
        "UPDATE assignment SET state = 4, decided_at = statement_timestamp() WHERE project_id = %s AND id = %s",
        [project_id, assignment_id],
    )
    sql.write(
        "INSERT INTO returned_slot (project_id, assignment_id) VALUES (%s, %s)", [project_id, assignment_id]
    )
    opening.committed_micros -= asked.extra
    opening.save(update_fields=["committed_micros"])
    _end(projects.project(project_id), asked, assignment_id, ReworkState.RETURNED)


def lapse_deferrals(*, project_id: int, now: datetime) -> int:
    """What was not reworked in time is decided as it is; what nobody decided then is approved. How many."""
    return _lapse_reworks(project_id, now) + _approve_undecided(project_id, now)


BATCH = 1_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked of an answer, and the answer as it is."""

    task_id: int
    worker_id: int
    design_id: int
    revision: int
    digest: Any
    extra_reward: int
    extra_fee: int
    asked_at: datetime

    @property
    def extra(self) -> int:
        return self.extra_reward + self.extra_fee


def _asked(person_id: int | None, project_id: int, assignment_id: int) -> _Asked:
    found = sql.row(_ASKED, [project_id, assignment_id, person_id, person_id])
    if found is None:
        raise NotFound("rework_not_found", "Nobody asks you for a better answer to this task now.")
    return _Asked(*found)


def _extra(project: ProjectView, opening: Opening, assignment_id: int, extra_micros: int) -> tuple[int, int]:
    """Pay and fee of the extra amount, if the money for them is free."""
    pays = sql.value(_PAYS, [project.id, assignment_id]) or 0
    if not 0 <= extra_micros <= MOST_EXTRA * max(pays, 1) or (extra_micros and not project.paid):
        raise Invalid(
            "extra_unfit", "What is paid on top is at most {most} times the pay of an answer.",
            path="extra", most=MOST_EXTRA,
        )  # fmt: skip
    added = price(reward_micros=extra_micros, fee_bp=project.fee_bp, currency=project.currency)
    if extra_micros and funds_of(project=project, opening=opening).free_micros < added.total_micros:
        raise Conflict(
            "extra_not_covered", "The money for this is not there. Raise the budget first, or offer less."
        )
    return added.reward_micros, added.fee_micros


def _reworkable(project_id: int, assignment_id: int) -> tuple[int, int]:
    found = sql.row(_REWORKABLE, [project_id, assignment_id])
    if found is None:
        raise NotFound("answer_not_found", "There is no such answer.")
    task_id, worker_id, waits, is_gold, asked_before = found
    if not waits:
        raise Conflict("answer_decided", "This answer is decided already.")
    if is_gold:
        raise Conflict("task_is_gold", "The right answers to this task came with it; they are its result.")
    if asked_before:
        raise Conflict("rework_asked", "A better answer can be asked for once; decide on this one as it is.")
    return task_id, worker_id


def _go_on(opening: Opening, asked: _Asked, assignment_id: int, state: ReworkState, now: datetime) -> None:
    project = projects.project(opening.project_id)
    until = now + timedelta(seconds=project.approve_after_seconds)
    sql.write(
        "UPDATE deferral SET why = %s, until = %s WHERE project_id = %s AND assignment_id = %s",
        [str(Deferred.DECISION), until, project.id, assignment_id],
    )
    opening.committed_micros -= asked.extra
    opening.save(update_fields=["committed_micros"])
    _end(project, asked, assignment_id, state)


@transaction.atomic
def _lapse_reworks(project_id: int, now: datetime) -> int:
    if sql.value(_ANY_LAPSED, [project_id, now]) is None:
        return 0
    opening = locked_opening(project_id=project_id)
    lapsed = [number for (number,) in sql.rows(_LAPSED, [project_id, now, BATCH])]
    for number in lapsed:
        _go_on(opening, _asked(None, project_id, number), number, ReworkState.LAPSED, now)
    return len(lapsed)


@transaction.atomic
def _approve_undecided(project_id: int, now: datetime) -> int:
    if sql.value(_UNDECIDED, [project_id, now, 1]) is None:
        return 0
    locked_opening(project_id=project_id)  # whoever decides meanwhile is waited for
    undecided = [number for (number,) in sql.rows(_UNDECIDED, [project_id, now, BATCH])]
    return approve(project_id=project_id, assignment_ids=undecided, code="undecided")


def _end(project: ProjectView, asked: _Asked, assignment_id: int, state: ReworkState) -> None:
    at = clock()
    end_rework_timer(
        project_id=project.id,
        assignment_id=assignment_id,
        worker_id=asked.worker_id,
        why=Ended.GIVEN_UP,
        now=at,
    )
    Rework.objects.filter(project_id=project.id, assignment_id=assignment_id).update(state=state, ended_at=at)
    record(
        ReworkEnded(
            actor_id=None if state is ReworkState.LAPSED else asked.worker_id, organisation_id=project.organisation_id,
            project_id=project.id, assignment_id=assignment_id, task_id=asked.task_id, worker_id=asked.worker_id,
            state=str(state),
        )
    )  # fmt: skip


_ASKED = """
SELECT a.task_id, a.worker_id, a.design_id, a.revision, a.digest, r.extra_reward_micros, r.extra_fee_micros,
    r.asked_at
FROM rework r JOIN assignment a ON a.project_id = r.project_id AND a.id = r.assignment_id
WHERE r.project_id = %s AND r.assignment_id = %s AND r.state = 'asked' AND a.state = 1
    AND (%s::bigint IS NULL OR a.worker_id = %s) FOR UPDATE
"""
_REWORKABLE = f"""
SELECT a.task_id, a.worker_id, a.state = 1, a.is_gold, EXISTS (SELECT FROM rework r
    WHERE r.project_id = a.project_id AND r.assignment_id = a.id)
FROM assignment a WHERE a.project_id = %s AND a.id = %s AND a.state IN (1, 2, 3) AND {sql.PAST_UNDO} FOR UPDATE
"""  # noqa: S608 (a constant)
_ADD_REVISION = """
INSERT INTO answer (project_id, assignment_id, revision, task_id, worker_id, design_id, instructions_version,
    channel, sides, active_ms, answers)
SELECT a.project_id, a.id, %s, a.task_id, a.worker_id, a.design_id, a.instructions_version, %s, x.sides, %s, %s::jsonb
FROM assignment a JOIN answer x ON x.project_id = a.project_id AND x.assignment_id = a.id AND x.revision = 0
WHERE a.project_id = %s AND a.id = %s
"""
_TAKE_REVISION = """
UPDATE assignment SET revision = %s, digest = %s, active_ms = %s,
    judged_from = statement_timestamp() + make_interval(secs => %s)
WHERE project_id = %s AND id = %s
"""
_TO_INBOX = """
INSERT INTO inbox (project_id, due_at, assignment_id)
SELECT project_id, judged_from, id FROM assignment WHERE project_id = %s AND id = %s
"""
_ANY_LAPSED = "SELECT 1 FROM deferral WHERE project_id = %s AND until <= %s AND why = 'rework' LIMIT 1"
_LAPSED = """
SELECT assignment_id FROM deferral WHERE project_id = %s AND until <= %s AND why = 'rework' ORDER BY until LIMIT %s
"""
_UNDECIDED = """
SELECT assignment_id FROM deferral WHERE project_id = %s AND until <= %s AND why = 'decision' ORDER BY until LIMIT %s
"""
_PAYS = "SELECT reward_micros FROM assignment WHERE project_id = %s AND id = %s"
