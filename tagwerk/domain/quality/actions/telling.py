"""Workers are told what became of their answers: rejected with a reason, approved after all, paused."""

from zlib import crc32

from django.db import transaction
from django.utils.timezone import now as clock

from tagwerk.base.ids import public_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.actions.judging import recheck_answers
from tagwerk.domain.quality.queries.review import rejection
from tagwerk.domain.work.events import AnswerRejected, RejectionWithdrawn, WorkerPaused


@transaction.atomic
def tell_rejection(*, fact: AnswerRejected) -> None:
    """An answer was rejected: its task is judged again without it, and its worker reads why."""
    assert fact.project_id is not None
    recheck_answers(project_id=fact.project_id, assignment_ids=[fact.assignment_id])
    found = rejection(fact.project_id, fact.assignment_id)
    if found is None:
        return
    reason, at = found
    notices.tell(
        person_id=fact.worker_id, kind="answer_rejected", link=_link(fact.assignment_id),
        params={"project": projects.project(fact.project_id).title, "reason": reason},
        key=f"rejected/{fact.assignment_id}/{at.timestamp()}",
    )  # fmt: skip


@transaction.atomic
def tell_withdrawal(*, fact: RejectionWithdrawn) -> None:
    """A rejected answer was approved after all: it counts again, and its worker is told."""
    assert fact.project_id is not None
    recheck_answers(project_id=fact.project_id, assignment_ids=[fact.assignment_id])
    notices.tell(
        person_id=fact.worker_id, kind="answer_approved_after_objection", link=_link(fact.assignment_id),
        params={"project": projects.project(fact.project_id).title}, key=f"withdrawn/{fact.assignment_id}",
    )  # fmt: skip


@transaction.atomic
def tell_pause(*, fact: WorkerPaused) -> None:
    """A worker was paused in a project, by a member or by judging, and is told why."""
    assert fact.project_id is not None
    notices.tell(
        person_id=fact.worker_id, kind="enrolment_paused", link=f"/work/{public_id('prj', fact.project_id)}/",
        params={"project": projects.project(fact.project_id).title, "reason": fact.reason},
        key=f"paused/{fact.project_id}/{fact.worker_id}/{clock().date()}/{crc32(fact.reason.encode())}",
    )  # fmt: skip


def _link(assignment_id: int) -> str:
    return f"/work/task/{public_id('asg', assignment_id)}/"
