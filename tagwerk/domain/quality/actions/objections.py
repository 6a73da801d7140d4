"""Objections to a pause: a worker writes, another member decides within seven days; else the worker goes on."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.actions.ending import decide, end_pause
from tagwerk.domain.quality.events import PauseObjected
from tagwerk.domain.quality.models import PauseObjection
from tagwerk.domain.quality.queries.control import running_pause
from tagwerk.domain.quality.rules.words import ObjectionState
from tagwerk.domain.work import queries as work

LONGEST_WORDS = 2000
DAYS = 7


@transaction.atomic
def object_to_pause(*, person_id: int, project_id: int, text: str) -> int:
    """Say why one should not be paused; once for each pause. Gives the objection's number."""
    mine = work.enrolment(person_id, project_id)
    if mine.pause_reason is None or mine.paused_at is None:
        raise Conflict("not_paused", "You are not paused in this project.")
    words = _words(text, "text")
    pause = running_pause(project_id, person_id)
    row, made = PauseObjection.objects.get_or_create(
        project_id=project_id, worker_id=person_id, paused_at=mine.paused_at,
        defaults={
            "text": words, "pause_reason": mine.pause_reason, "intervention_id": pause.id if pause else None,
            "decide_by": timezone.now() + timedelta(days=DAYS),
        },
    )  # fmt: skip
    if not made and row.text != words:
        raise Conflict("objected_already", "You have objected to this pause already; it is decided once.")
    if made:
        record(
            PauseObjected(
                actor_id=person_id, organisation_id=projects.project(project_id).organisation_id,
                project_id=project_id, worker_id=person_id, objection_id=row.id,
            )
        )  # fmt: skip
    return row.id


@transaction.atomic
def decide_objection(
    *, actor: Actor, project_id: int, objection_id: int, granted: bool, answer: str = ""
) -> None:
    """Let a paused worker go on, or say why not. Not by who paused them, if somebody else could."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    rows = PauseObjection.objects.select_for_update(of=("self",)).select_related("intervention")
    row = rows.filter(project_id=project.id, id=objection_id).first()
    if row is None:
        raise NotFound("objection_not_found", "There is no such objection.")
    if row.state != ObjectionState.OPEN:
        raise Conflict("objection_decided", "This objection is decided already.")
    person_id = accounts.person_behind(actor)
    _require_another(person_id, project.organisation_id, row)
    if granted:
        decide(row, state=ObjectionState.GRANTED, actor_id=person_id, answer=answer.strip()[:LONGEST_WORDS])
        end_pause(
            project_id=project.id, worker_id=row.worker_id, actor_id=person_id,
            objection=ObjectionState.GRANTED,
        )  # fmt: skip
        return
    words = _words(answer, "answer")
    decide(row, state=ObjectionState.REFUSED, actor_id=person_id, answer=words)


@transaction.atomic
def lapse_objections(*, now: datetime, limit: int = 200) -> int:
    """Let those go on whose objection nobody decided in time; how many."""
    due = PauseObjection.objects.select_for_update(skip_locked=True).filter(
        state=ObjectionState.OPEN, decide_by__lte=now
    )
    rows = list(due.order_by("decide_by")[:limit])
    for row in rows:
        end_pause(
            project_id=row.project_id, worker_id=row.worker_id, actor_id=None, objection=ObjectionState.LAPSED
        )
    return len(rows)


def _require_another(person_id: int | None, organisation_id: int, row: PauseObjection) -> None:
    """Who paused somebody does not decide about it, unless nobody else in the organisation could: then it is marked."""
    if row.worker_id == person_id:
        raise NotAllowed("objection_own", "This is your own objection; somebody else decides about it.")
    paused_by = row.intervention.made_by_id if row.intervention else None
    if paused_by is None or paused_by != person_id:  # a rule is nobody
        return
    others = set(accounts.members_with(organisation_id, Permission.ANSWER_REVIEW)) - {
        person_id,
        row.worker_id,
    }
    if others:
        raise NotAllowed(
            "objection_needs_another",
            "You paused this worker yourself, so somebody else decides about the objection.",
        )


def _words(text: str, path: str) -> str:
    words = text.strip()
    if not words or len(words) > LONGEST_WORDS or "\0" in words:
        raise Invalid("words_missing", "Say why, in up to {most} characters.", path=path, most=LONGEST_WORDS)
    return words
