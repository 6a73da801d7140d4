"""What members decide about workers: who gets no more tasks of a project for now, who gets them again, what of signals."""

from django.db import transaction
from django.db.models.functions import Now

from tagwerk.base.errors import Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.actions.control import end_stale_pauses
from tagwerk.domain.quality.actions.ending import end_pause
from tagwerk.domain.quality.events import SignalDecided
from tagwerk.domain.quality.models import Intervention, Signal
from tagwerk.domain.quality.rules.words import ObjectionState, SignalState, Step
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.rules.pausing import reason_of_member


@transaction.atomic
def pause_worker(*, actor: Actor, project_id: int, pseudonym: str, reason: str) -> bool:
    """Give a worker no more tasks, for a reason that they read. False: they were paused already."""
    worker_id = queries.worker_of_pseudonym(actor, project_id, pseudonym)
    why = reason_of_member(reason)
    paused = work.pause_worker(
        project_id=project_id, worker_id=worker_id, reason=why, actor_id=accounts.person_behind(actor)
    )
    if paused:
        end_stale_pauses(project_id, worker_id)
        Intervention.objects.create(
            project_id=project_id,
            worker_id=worker_id,
            step=Step.PAUSE,
            made_by_id=accounts.person_behind(actor),
        )
    return paused


@transaction.atomic
def resume_worker(*, actor: Actor, project_id: int, pseudonym: str) -> bool:
    """Give a paused worker tasks again; an objection that waits is granted with it. False: they were not paused."""
    worker_id = queries.worker_of_pseudonym(actor, project_id, pseudonym)
    return end_pause(
        project_id=project_id,
        worker_id=worker_id,
        actor_id=accounts.person_behind(actor),
        objection=ObjectionState.GRANTED,
    )


@transaction.atomic
def end_pauses_until_test(*, person_id: int, qualification_id: int) -> int:
    """Let somebody go on wherever they were paused until they hold this qualification again; in how many projects."""
    organisation_id, slug = academy.slug_of(qualification_id)
    waiting = Intervention.objects.filter(
        worker_id=person_id, step=Step.PAUSE, ended_at=None, rule__until="test", rule__qualification=slug
    )
    ended = 0
    for project_id in list(waiting.order_by("project_id").values_list("project_id", flat=True)):
        if projects.project(project_id).organisation_id == organisation_id:
            ended += end_pause(
                project_id=project_id, worker_id=person_id, actor_id=None, objection=ObjectionState.WITHDRAWN
            )
    return ended


@transaction.atomic
def decide_signal(*, actor: Actor, project_id: int, signal_id: int, state: str) -> None:
    """Note that somebody looked at a signal, or dismiss it: then only new evidence brings it back."""
    project = queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    if state not in list(SignalState):
        raise Invalid("signal_state", "A signal is open, seen or dismissed.", path="state")
    row = Signal.objects.select_for_update().filter(project_id=project.id, id=signal_id).first()
    if row is None:
        raise NotFound("signal_not_found", "There is no such signal.")
    if row.state == state:
        return
    row.state, row.decided_by_id = state, actor.person_id
    row.save(update_fields=["state", "decided_by_id"])
    Signal.objects.filter(id=row.id).update(decided_at=None if state == SignalState.OPEN else Now())
    record(
        SignalDecided(
            actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project.id,
            worker_id=row.worker_id, signal_id=row.id, state=state,
        )
    )  # fmt: skip
