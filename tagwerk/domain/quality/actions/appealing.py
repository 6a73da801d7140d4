"""Appeals: a worker objects to a rejection, another person decides in time, or the answer is paid."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now as clock

from tagwerk.base.errors import Conflict, NotAllowed, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.events import AppealEnded, AppealMade
from tagwerk.domain.quality.models import Appeal
from tagwerk.domain.quality.queries.answers import tasks_of
from tagwerk.domain.quality.queries.deciders import (
    Deciders,
    confirmers,
    person_deciding,
    project_to_decide_in,
)
from tagwerk.domain.quality.rules.appeals import APPEAL_DAYS, AppealState, text_of
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.actions.booking import APPEAL_WON


@transaction.atomic
def make_appeal(*, person_id: int, project_id: int, assignment_id: int, text: str, now: datetime) -> None:
    """A worker objects to a rejection; another person than the one who rejected decides within seven days."""
    said = text_of(text)
    rejected_by_id = work.contest(
        person_id=person_id, project_id=project_id, assignment_id=assignment_id, now=now
    )
    project = projects.project(project_id)
    Appeal.objects.create(
        project_id=project_id, assignment_id=assignment_id, organisation_id=project.organisation_id,
        worker_id=person_id, text=said, made_at=now, due_at=now + timedelta(days=APPEAL_DAYS),
        rejected_by_id=rejected_by_id,
    )  # fmt: skip
    record(
        AppealMade(
            actor_id=person_id, organisation_id=project.organisation_id, project_id=project_id,
            assignment_id=assignment_id, task_id=_task(project_id, assignment_id), worker_id=person_id,
        )
    )  # fmt: skip


@transaction.atomic
def withdraw_appeal(*, person_id: int, project_id: int, assignment_id: int) -> None:
    """The worker accepts the rejection after all: it is final, and somebody else gets the task."""
    appeal = _open_appeal(project_id, assignment_id, worker_id=person_id)
    _end(projects.project(project_id), appeal, AppealState.WITHDRAWN, decided_by_id=None)
    work.end_contest(project_id=project_id, assignment_id=assignment_id)


@transaction.atomic
def decide_appeal(*, actor: Actor, project_id: int, assignment_id: int, granted: bool, answer: str) -> None:
    """Decide about an objection in words that the worker reads: the answer is paid, or stays rejected for good.

    Who rejected, or confirmed that as the second person, may only admit it, unless there is nobody else to decide.
    Decisions of who rejected are marked.
    """
    project = project_to_decide_in(actor, project_id)
    person_id = person_deciding(actor)
    said = text_of(answer, path="answer")
    appeal = _open_appeal(project.id, assignment_id)
    if appeal.worker_id == person_id:
        raise NotAllowed("own_answer", "This is about your own answer, so somebody else decides it.")
    confirmed_by = confirmers(project.id, [assignment_id]).values()
    rejecters = [appeal.rejected_by_id, *confirmed_by]
    if not granted and Deciders(project).must_leave_it(person_id, rejecters):
        raise Conflict("another_person_decides", "You decided this first, so another person decides now.")
    appeal.answer = said
    state = AppealState.GRANTED if granted else AppealState.REFUSED
    _end(project, appeal, state, decided_by_id=person_id)
    if granted:
        _pay(appeal, person_id)
    else:
        work.end_contest(project_id=project.id, assignment_id=assignment_id)


def lapse_appeals(*, now: datetime) -> int:
    """Objections that nobody decided in time are granted, and the answers paid; how many."""
    due = Appeal.objects.filter(state=AppealState.OPEN, due_at__lte=now).order_by("due_at")
    keys = list(due.values_list("project_id", "assignment_id")[:1_000])
    return sum(_lapse(project_id, assignment_id) for project_id, assignment_id in keys)


@transaction.atomic
def _lapse(project_id: int, assignment_id: int) -> bool:
    try:
        appeal = _open_appeal(project_id, assignment_id)
    except Conflict:  # somebody was quicker
        return False
    _end(projects.project(project_id), appeal, AppealState.LAPSED, decided_by_id=None)
    _pay(appeal, None)
    return True


def _open_appeal(project_id: int, assignment_id: int, *, worker_id: int | None = None) -> Appeal:
    """The appeal, locked: of two who decide at once, one comes too late."""
    found = (
        Appeal.objects.select_for_update().filter(project_id=project_id, assignment_id=assignment_id).first()
    )
    if found is None or worker_id not in (None, found.worker_id):
        raise NotFound("appeal_not_found", "There is no such objection.")
    if found.state != AppealState.OPEN:
        raise Conflict("appeal_decided", "This objection is decided already.")
    return found


def _end(project: ProjectView, appeal: Appeal, state: AppealState, *, decided_by_id: int | None) -> None:
    appeal.state, appeal.decided_by_id, appeal.decided_at = state, decided_by_id, clock()
    appeal.same_person = decided_by_id is not None and decided_by_id == appeal.rejected_by_id
    appeal.save(update_fields=["state", "answer", "decided_by_id", "decided_at", "same_person"])
    actor_id = appeal.worker_id if state is AppealState.WITHDRAWN else decided_by_id
    record(
        AppealEnded(
            actor_id=actor_id, organisation_id=project.organisation_id, project_id=project.id,
            assignment_id=appeal.assignment_id, task_id=_task(project.id, appeal.assignment_id),
            worker_id=appeal.worker_id, state=str(state), same_person=appeal.same_person,
        )
    )  # fmt: skip


def _pay(appeal: Appeal, person_id: int | None) -> None:
    paid = work.approve(
        project_id=appeal.project_id,
        assignment_ids=[appeal.assignment_id],
        actor_id=person_id,
        code=APPEAL_WON,
    )
    assert paid == 1, "what an appeal is about can be paid until it is decided"


def _task(project_id: int, assignment_id: int) -> int:
    return tasks_of(project_id, [assignment_id])[0]
