"""Who is told what: workers what became of their answers and of themselves, members what waits for them."""

from django.conf import settings
from django.db import transaction

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import message
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.actions.judging import recheck_answers
from tagwerk.domain.quality.events import PauseObjected, PauseObjectionDecided
from tagwerk.domain.quality.queries.control import pause_figures, running_pause
from tagwerk.domain.quality.queries.objections import objection_of
from tagwerk.domain.quality.queries.review import rejection
from tagwerk.domain.quality.rules.words import ObjectionState
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.events import (
    AnswerRejected,
    RejectionWithdrawn,
    TaskUnanswerable,
    WorkerPaused,
    WorkerResumed,
)
from tagwerk.domain.work.rules.pausing import words_of
from tagwerk.domain.work.rules.rejecting import WORDS, RejectionCode


@transaction.atomic
def tell_rejection(*, fact: AnswerRejected) -> None:
    """An answer was rejected: its task is judged again without it, and its worker reads why."""
    assert fact.project_id is not None
    recheck_answers(project_id=fact.project_id, assignment_ids=[fact.assignment_id])
    found = rejection(fact.project_id, fact.assignment_id)
    if found is None:
        return
    code, text, at = found
    notices.tell(
        person_id=fact.worker_id, kind="answer_not_paid", link=f"{_link(fact.assignment_id)}decision/",
        params={
            "project": projects.project(fact.project_id).title,
            "reason": message(WORDS[RejectionCode(code)]) if code else "",
            "text": text,
            "days": settings.APPEAL_SECONDS // 86_400,
        },
        key=f"rejected/{fact.assignment_id}/{at.timestamp()}",
    )  # fmt: skip


@transaction.atomic
def tell_withdrawal(*, fact: RejectionWithdrawn) -> None:
    """A rejected answer was approved after all: it counts again, and its worker is told, unless they won an appeal."""
    assert fact.project_id is not None
    recheck_answers(project_id=fact.project_id, assignment_ids=[fact.assignment_id])
    if fact.appeal_won:
        return  # told as what came of the objection
    notices.tell(
        person_id=fact.worker_id, kind="answer_approved_after_objection", link=_link(fact.assignment_id),
        params={"project": projects.project(fact.project_id).title}, key=f"withdrawn/{fact.assignment_id}",
    )  # fmt: skip


@transaction.atomic
def tell_pause(*, fact: WorkerPaused) -> None:
    """A worker was paused in a project and is told why; if judging or a rule did it, members look at it."""
    assert fact.project_id is not None
    paused_at = work.enrolment(fact.worker_id, fact.project_id).paused_at
    if paused_at is None:
        return  # they go on by now
    project = projects.project(fact.project_id)
    words = words_of(paid=project.paid)
    reason = message(words[fact.reason]) if fact.reason in words else fact.reason
    figures = pause_figures(running_pause(project.id, fact.worker_id))
    notices.tell(
        person_id=fact.worker_id, kind="enrolment_paused_by_rule" if figures else "enrolment_paused",
        link=f"/work/{project.public_id}/judged/",
        params={"project": project.title, "reason": reason} | ({"figures": figures} if figures else {}),
        key=f"paused/{project.id}/{fact.worker_id}/{paused_at.isoformat()}",
    )  # fmt: skip
    if fact.reason in words:
        notices.tell_members(
            organisation_id=project.organisation_id, permission=Permission.ANSWER_REVIEW, kind="worker_paused",
            params={"project": project.title}, link=f"/projects/{project.public_id}/people/",
            key=f"worker_paused/{project.id}/{fact.worker_id}/{paused_at.isoformat()}",
            unless_unread=f"worker_paused/{project.id}/",
        )  # fmt: skip


@transaction.atomic
def tell_resumption(*, fact: WorkerResumed) -> None:
    """A paused worker gets tasks again and is told."""
    assert fact.project_id is not None
    notices.tell(
        person_id=fact.worker_id, kind="enrolment_resumed", link=f"/work/{public_id('prj', fact.project_id)}/",
        params={"project": projects.project(fact.project_id).title},
        key=f"resumed/{fact.project_id}/{fact.worker_id}/{fact.paused_at}",
    )  # fmt: skip


@transaction.atomic
def tell_objection(*, fact: PauseObjected) -> None:
    """A paused worker objects: members decide, the first of them who looks."""
    project = projects.project(fact.project_id or 0)
    notices.tell_members(
        organisation_id=project.organisation_id, permission=Permission.ANSWER_REVIEW, kind="pause_objected",
        params={"project": project.title}, link=f"/projects/{project.public_id}/people/?state=objections",
        key=f"objected/{fact.objection_id}",
    )  # fmt: skip


@transaction.atomic
def tell_objection_decided(*, fact: PauseObjectionDecided) -> None:
    """A worker who stays paused reads why; that somebody goes on is told with the end of the pause."""
    if fact.state != ObjectionState.REFUSED:
        return
    project = projects.project(fact.project_id or 0)
    mine = objection_of(project.id, fact.worker_id)
    notices.tell(
        person_id=fact.worker_id, kind="pause_objection_refused", link=f"/work/{project.public_id}/judged/",
        params={"project": project.title, "answer": mine.answer if mine else ""},
        key=f"objection/{fact.objection_id}",
    )  # fmt: skip


@transaction.atomic
def tell_unanswerable(*, fact: TaskUnanswerable) -> None:
    """A worker says that a task cannot be answered: members look at it. One unread notice of a project is enough."""
    project = projects.project(fact.project_id or 0)
    notices.tell_members(
        organisation_id=project.organisation_id, permission=Permission.ANSWER_REVIEW, kind="task_unanswerable",
        params={"project": project.title},
        link=f"/projects/{project.public_id}/tasks/{public_id('tsk', fact.task_id)}/",
        key=f"unanswerable/{project.id}/{fact.assignment_id}", unless_unread=f"unanswerable/{project.id}/",
    )  # fmt: skip


def _link(assignment_id: int) -> str:
    return f"/work/task/{public_id('asg', assignment_id)}/"
