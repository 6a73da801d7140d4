"""Who is told what about rejections, objections and better answers that were asked for."""

from typing import Any

from django.db import transaction

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.actions.judging import recheck_answers
from tagwerk.domain.quality.events import AppealEnded, AppealMade, RejectionsProposed
from tagwerk.domain.quality.queries.proposals import waiting_rejections_count
from tagwerk.domain.quality.rules.appeals import AppealState
from tagwerk.domain.work.events import ReworkAsked, ReworkEnded
from tagwerk.domain.work.queries import rework_of
from tagwerk.domain.work.rules.states import ReworkState

ENDED = {
    AppealState.GRANTED: "appeal_granted",
    AppealState.REFUSED: "appeal_refused",
    AppealState.LAPSED: "appeal_lapsed",
}


@transaction.atomic
def tell_appeal(*, fact: AppealMade) -> None:
    """A worker objects: members who may decide hear of it. One unread notice of a project is enough."""
    project = projects.project(fact.project_id or 0)
    notices.tell_members(
        organisation_id=project.organisation_id, permission=Permission.ANSWER_REVIEW, kind="appeal_waits",
        params={"project": project.title}, link=f"/projects/{project.public_id}/review/appeals/",
        key=f"appeal/{project.id}/{fact.assignment_id}", unless_unread=f"appeal/{project.id}/",
    )  # fmt: skip


@transaction.atomic
def tell_appeal_ended(*, fact: AppealEnded) -> None:
    """An objection was decided: its worker reads the answer; that nobody decided in time, members read too."""
    kind = ENDED.get(AppealState(fact.state))
    if kind is None:
        return
    project = projects.project(fact.project_id or 0)
    notices.tell(
        person_id=fact.worker_id, kind=kind, params={"project": project.title},
        link=_link(fact.assignment_id), key=f"appeal_ended/{fact.assignment_id}",
    )  # fmt: skip
    if fact.state == AppealState.LAPSED:
        notices.tell_members(
            organisation_id=project.organisation_id, permission=Permission.ANSWER_REVIEW,
            kind="appeal_not_decided", params={"project": project.title},
            link=f"/projects/{project.public_id}/review/appeals/?ended=1",
            key=f"appeal_lapsed/{project.id}/{fact.assignment_id}", unless_unread=f"appeal_lapsed/{project.id}/",
        )  # fmt: skip


@transaction.atomic
def tell_proposal(*, fact: RejectionsProposed) -> None:
    """Rejections wait for a second person: the other members hear of it, and where there are none, the operators."""
    project = projects.project(fact.project_id or 0)
    waiting = waiting_rejections_count(project.id)
    if not waiting:
        return
    others = set(accounts.members_with(project.organisation_id, Permission.ANSWER_REVIEW)) - {fact.actor_id}
    for person_id in sorted(others or accounts.operator_ids()):
        notices.tell(
            person_id=person_id, kind="rejections_wait",
            params={"project": project.title, "answers": waiting},
            link=f"/projects/{project.public_id}/review/confirm/" if others else "/operator/decisions/",
            key=f"rejections/{project.id}/{person_id}/{waiting // 20}",
        )  # fmt: skip


@transaction.atomic
def tell_rework(*, fact: ReworkAsked) -> None:
    """A worker is asked for a better answer and reads what is asked, and what it pays."""
    assert fact.project_id is not None
    asked = rework_of(fact.project_id, fact.assignment_id)
    if asked is None or asked.state != ReworkState.ASKED:
        return
    project = projects.project(fact.project_id)
    kind = "rework_asked_paid" if asked.extra_reward_micros else "rework_asked"
    params: dict[str, Any] = {
        "project": project.title,
        "text": asked.text,
        "until": f"{asked.until:%Y-%m-%d}",
    }
    if asked.extra_reward_micros:
        params["extra"] = amount(asked.extra_reward_micros, project.currency)
    notices.tell(
        person_id=fact.worker_id, kind=kind, params=params, link=_link(fact.assignment_id),
        key=f"rework/{fact.assignment_id}",
    )  # fmt: skip


@transaction.atomic
def follow_rework(*, fact: ReworkEnded) -> None:
    """A task that was given back is judged without its answer."""
    assert fact.project_id is not None
    if fact.state == ReworkState.RETURNED:
        recheck_answers(project_id=fact.project_id, assignment_ids=[fact.assignment_id])


def _link(assignment_id: int) -> str:
    return f"/work/task/{public_id('asg', assignment_id)}/decision/"
