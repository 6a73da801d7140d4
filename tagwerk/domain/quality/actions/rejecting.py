"""Rejecting: one person may reject a few answers; many, or many of one worker, wait for a second person.

All of it happens under the lock of the project's row in `opening`, so that two people who reject at once are counted
together.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now as clock

from tagwerk.base.errors import Conflict, NotAllowed, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.events import RejectionsDecided, RejectionsProposed
from tagwerk.domain.quality.models import ProposedRejection
from tagwerk.domain.quality.queries.deciders import Deciders, person_deciding, project_to_decide_in
from tagwerk.domain.quality.queries.proposals import recently_rejected
from tagwerk.domain.quality.rules.appeals import CONFIRM_DAYS, WINDOW, ProposalState, Rejected, needs_second
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.rules.rejecting import MENDABLE, code_of, reason_of
from tagwerk.domain.work.rules.states import Deferred


@dataclass(frozen=True, slots=True)
class RejectedNow:
    """What became of answers that somebody wanted to reject: done, or waiting for a second person."""

    rejected: int
    waiting: int


@transaction.atomic
def reject_answers(
    *, actor: Actor, project_id: int, assignment_ids: Collection[int], code: str, reason: str
) -> RejectedNow:
    """Reject answers for a reason of the closed list and in words that the workers read; all of them, or none."""
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    listed, why = code_of(code), reason_of(reason)
    person_id = accounts.person_behind(actor)
    opening = work.locked_opening(project_id=project.id)
    found = {
        one: work.rejectable(project_id=project.id, assignment_id=one)[1]
        for one in sorted(set(assignment_ids))
    }
    if project.paid and listed in MENDABLE and work_queries.never_asked_again(project.id, found.keys()):
        raise Conflict(
            "better_answer_first",
            "For this reason, ask for a better answer first: what comes back, or nothing within five days, can be rejected.",
            path="code",
        )
    now = clock()
    waiting = _beyond_one_person(project.id, found, now)
    for one in found.keys() - waiting:
        work.reject_one(opening=opening, person_id=person_id, assignment_id=one, code=listed, reason=why)
    until = now + timedelta(days=CONFIRM_DAYS)
    for one in sorted(waiting):
        deferred = work.defer(opening=opening, assignment_id=one, why=Deferred.CONFIRMATION, until=until)
        assert deferred, "an answer that can be rejected can be deferred"
        ProposedRejection.objects.create(
            project_id=project.id, assignment_id=one, organisation_id=project.organisation_id, worker_id=found[one],
            code=listed, reason=why, proposed_by_id=person_id, until=until,
        )  # fmt: skip
    opening.save()
    if waiting:
        record(
            RejectionsProposed(
                actor_id=person_id, organisation_id=project.organisation_id, project_id=project.id,
                answers=len(waiting),
            )
        )  # fmt: skip
    return RejectedNow(len(found) - len(waiting), len(waiting))


@transaction.atomic
def decide_rejections(
    *, actor: Actor, project_id: int, assignment_ids: Collection[int], confirm: bool
) -> int:
    """The second person confirms rejections, or has the answers approved and paid; how many."""
    project = project_to_decide_in(actor, project_id)
    person_id = person_deciding(actor)
    opening = work.locked_opening(project_id=project.id)
    rows = _waiting(project.id, assignment_ids)
    if any(row.worker_id == person_id for row in rows):
        raise NotAllowed("own_answer", "This is about your own answer, so somebody else decides it.")
    same = any(row.proposed_by_id == person_id for row in rows)
    if same and confirm and Deciders(project).must_leave_it(person_id, [person_id]):
        raise Conflict("another_person_decides", "You decided this first, so another person decides now.")
    now = clock()
    for row in rows:
        row.state = ProposalState.CONFIRMED if confirm else ProposalState.REFUSED
        row.decided_by_id, row.decided_at = person_id, now
        row.same_person = row.proposed_by_id == person_id
        row.save(update_fields=["state", "decided_by_id", "decided_at", "same_person"])
    ids = [row.assignment_id for row in rows]
    if confirm:
        work.end_deferrals(opening=opening, assignment_ids=ids)
        for row in rows:
            work.reject_one(
                opening=opening, person_id=row.proposed_by_id, assignment_id=row.assignment_id, code=row.code,
                reason=row.reason,
            )  # fmt: skip
        opening.save()
    else:
        work.approve(project_id=project.id, assignment_ids=ids, actor_id=person_id)
    record(
        RejectionsDecided(
            actor_id=person_id, organisation_id=project.organisation_id, project_id=project.id, answers=len(rows),
            confirmed=confirm, same_person=same,
        )
    )  # fmt: skip
    return len(rows)


def lapse_proposals(*, now: datetime) -> int:
    """What no second person confirmed in time is approved and paid; how many."""
    due = ProposedRejection.objects.filter(state=ProposalState.WAITING, until__lte=now).order_by("until")
    keys = list(due.values_list("project_id", "assignment_id")[:1_000])
    return sum(_lapse(project_id, assignment_id) for project_id, assignment_id in keys)


def withdraw_proposals(*, project_id: int, assignment_ids: Sequence[int]) -> None:
    """Answers were approved: nobody has to confirm their rejection any more."""
    ProposedRejection.objects.filter(
        project_id=project_id, assignment_id__in=list(assignment_ids), state=ProposalState.WAITING
    ).update(state=ProposalState.WITHDRAWN, decided_at=clock())


@transaction.atomic
def _lapse(project_id: int, assignment_id: int) -> bool:
    work.locked_opening(project_id=project_id)
    ended = ProposedRejection.objects.filter(
        project_id=project_id, assignment_id=assignment_id, state=ProposalState.WAITING
    ).update(state=ProposalState.LAPSED, decided_at=clock())
    if ended:
        work.approve(project_id=project_id, assignment_ids=[assignment_id], code="not_confirmed")
    return bool(ended)


def _waiting(project_id: int, assignment_ids: Collection[int]) -> list[ProposedRejection]:
    wanted = sorted(set(assignment_ids))
    found = list(
        ProposedRejection.objects.select_for_update()
        .filter(project_id=project_id, assignment_id__in=wanted)
        .order_by("assignment_id")
    )
    if not wanted or len(found) < len(wanted):
        raise NotFound("proposal_not_found", "There is no such rejection that waits for a second person.")
    if any(row.state != ProposalState.WAITING for row in found):
        raise Conflict("proposal_decided", "Somebody has decided this meanwhile.")
    return found


def _beyond_one_person(project_id: int, found: dict[int, int], now: datetime) -> set[int]:
    """Those of the answers (assignment → worker) whose rejection needs a second person."""
    of_worker = Counter(found.values())
    recent = recently_rejected(project_id, since=now - WINDOW, worker_ids=list(of_worker))
    return {
        one
        for one, worker in found.items()
        if needs_second(
            Rejected(
                recent.of_project + len(found), recent.of_workers.get(worker, 0) + of_worker[worker], recent.answers
            )
        )
    }  # fmt: skip
