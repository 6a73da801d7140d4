"""Workers are told what was decided about their work, with the reason."""

from tagwerk.base.ids import public_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.events import AnswerRejected, RejectionWithdrawn, WorkerPaused


def tell_rejection(*, fact: AnswerRejected) -> None:
    """Tell the worker that an answer was rejected, and why; once."""
    assert fact.project_id is not None
    mine = work.my_answer(fact.worker_id, fact.assignment_id)
    notices.tell(
        person_id=fact.worker_id,
        kind="answer_rejected",
        params={"project": mine.work.project_title, "reason": mine.work.rejection or "–"},
        link="/work/mine/",
        key=f"rejected/{fact.project_id}/{fact.assignment_id}",
    )


def tell_withdrawal(*, fact: RejectionWithdrawn) -> None:
    """Tell the worker that a rejected answer counts after all; once."""
    assert fact.project_id is not None
    notices.tell(
        person_id=fact.worker_id,
        kind="answer_approved_after_objection",
        params={"project": projects.project(fact.project_id).title},
        link="/work/mine/",
        key=f"withdrawn/{fact.project_id}/{fact.assignment_id}",
    )


def tell_pause(*, fact: WorkerPaused) -> None:
    """Tell the worker that there are no more tasks of a project for them, and why."""
    assert fact.project_id is not None
    notices.tell(
        person_id=fact.worker_id,
        kind="enrolment_paused",
        params={"project": projects.project(fact.project_id).title, "reason": fact.reason},
        link=f"/work/{public_id('prj', fact.project_id)}/",
    )
