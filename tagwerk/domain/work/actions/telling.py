"""Workers are told what happens to a project that they have something of in hand."""

from django.db import transaction
from django.utils.timezone import now as clock

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount, message
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.events import LateAnswerPaid, TimeAsked, TimeDecided
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.hours_paid import time_request
from tagwerk.domain.work.rules.hours import WORDS, TimeState


@transaction.atomic
def tell_time_asked(*, fact: TimeAsked) -> None:
    """A worker asks for time: members who may decide hear of it. One unread notice of a project is enough."""
    project = projects.project(fact.project_id or 0)
    notices.tell_members(
        organisation_id=project.organisation_id, permission=Permission.ANSWER_REVIEW, kind="time_waits",
        params={"project": project.title}, link=f"/projects/{project.public_id}/review/time/",
        key=f"time/{project.id}/{fact.request_id}", unless_unread=f"time/{project.id}/",
    )  # fmt: skip


@transaction.atomic
def tell_time_decided(*, fact: TimeDecided) -> None:
    """What was decided about the time that a worker asked for, with the reason."""
    project = projects.project(fact.project_id or 0)
    found = time_request(project.id, fact.request_id)
    params: dict[str, object] = {"project": project.title}
    if found.state is TimeState.REFUSED:
        assert found.code is not None
        params |= {"reason": message(WORDS[found.code]), "reply": found.reply}
    elif found.state is TimeState.GRANTED and found.agreed_micros:
        params |= {"minutes": found.seconds // 60}
    elif found.state is TimeState.GRANTED:
        params |= {"amount": amount(found.reward_micros, project.currency)}
    kind = "time_agreed" if "minutes" in params else f"time_{found.state}"
    notices.tell(
        person_id=fact.worker_id, kind=kind, params=params,
        link=f"/work/task/{public_id('asg', fact.assignment_id)}/time/", key=f"time_decided/{fact.request_id}",
    )  # fmt: skip


@transaction.atomic
def tell_late_paid(*, fact: LateAnswerPaid) -> None:
    """An answer that came too late to count was paid all the same."""
    project = projects.project(fact.project_id or 0)
    notices.tell(
        person_id=fact.worker_id, kind="late_answer_paid",
        params={"project": project.title, "amount": amount(fact.reward_micros, fact.currency)},
        link=f"/work/task/{public_id('asg', fact.assignment_id)}/", key=f"late_paid/{project.id}/{fact.assignment_id}",
    )  # fmt: skip


@transaction.atomic
def tell_project_paused(*, project_id: int) -> int:
    """A project is paused: who holds a task of it is told that it can still be handed in, once a day; how many."""
    project = projects.project(project_id)
    if project.state is not ProjectState.PAUSED:
        return 0
    holders = sql.rows(
        "SELECT DISTINCT a.worker_id FROM hold h JOIN assignment a ON a.project_id = h.project_id"
        " AND a.id = h.assignment_id WHERE h.project_id = %s ORDER BY a.worker_id",
        [project_id],
    )
    for (worker_id,) in holders:
        notices.tell(
            person_id=worker_id, kind="project_paused", params={"project": project.title},
            link=f"/work/{public_id('prj', project_id)}/", key=f"project_paused/{project_id}/{clock().date()}",
        )  # fmt: skip
    return len(holders)
