"""Webhooks: results, answers and the state of a project, told to those who asked for them.

Delivered means approved: a result goes out once its answers are approved. A webhook with `accept` approves (and so
pays) them by taking the result at once, unless it is switched off: then it takes nothing, so it accepts nothing, and
what is approved otherwise waits for it. The same record is queued once, a changed one again.
"""

import hashlib
from collections.abc import Collection
from typing import Any

from django.db import transaction
from pydantic_core import to_json

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.exports.models import AnnounceCursor, UndeliveredResult
from tagwerk.domain.exports.queries.records import records_for
from tagwerk.domain.exports.queries.tasks import (
    answers_in_review,
    fed_answers,
    first_seq_since,
    tasks_named,
    undelivered_tasks,
)
from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries as notice_queries
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.rules.words import ANSWERS_IN_REVIEW, MORE_ANSWERS_WANTED
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.events import BudgetLow

CHUNK = 500
NOT_YET = (ANSWERS_IN_REVIEW, MORE_ANSWERS_WANTED)


def deliver_results(*, project_id: int, task_ids: Collection[int]) -> int:
    """Results are ready: queue their records for the organisation's webhooks, now or once they are approved; how many."""
    project = projects.project(project_id)
    endpoints = notice_queries.endpoints_wanting(project.organisation_id, "result.ready")
    if not endpoints or not task_ids:
        return 0
    if any(endpoint.accept and endpoint.active for endpoint in endpoints) and (
        waiting := answers_in_review(project_id, task_ids)
    ):
        work.approve(project_id=project_id, assignment_ids=waiting, code="accepted")
    rows = [UndeliveredResult(project_id=project_id, task_id=task_id) for task_id in sorted(set(task_ids))]
    with transaction.atomic():  # not around the approval, which takes as many transactions as it needs
        UndeliveredResult.objects.bulk_create(rows, ignore_conflicts=True)
        return _deliver(project, task_ids)


def deliver_approved(*, project_id: int) -> int:
    """Answers were approved: queue the records of ready results that waited for it; how many."""
    delivered, after = 0, 0
    while task_ids := undelivered_tasks(project_id, after=after, limit=CHUNK):
        with transaction.atomic():
            delivered += _deliver(projects.project(project_id), task_ids)
        after = task_ids[-1]
    return delivered


def _deliver(project: ProjectView, task_ids: Collection[int]) -> int:
    """Queue what may go out of these; the rest waits on."""
    tasks = tasks_named(project.id, task_ids)
    pairs = zip(tasks, records_for(project, tasks), strict=True)
    ready = [(task.id, record) for task, record in pairs if record["reason"] not in NOT_YET]
    notices.queue_deliveries(
        organisation_id=project.organisation_id, event="result.ready", project_id=project.id,
        payloads=[_result(project, task_id, record) for task_id, record in ready],
    )  # fmt: skip
    done = [task_id for task_id, _ in ready]
    UndeliveredResult.objects.filter(project_id=project.id, task_id__in=done).delete()
    return len(ready)


def announce_answers(*, project_id: int) -> int:
    """Queue “answer.submitted” (ids only) for answers in the feed that were not announced yet; how many."""
    announced = 0
    while count := _announce_chunk(project_id):
        announced += count
    return announced


@transaction.atomic
def announce_finished(*, project_id: int) -> None:
    """Tell webhooks and members that a project is finished."""
    project = projects.project(project_id)
    key = f"project.finished/{project.id}"
    _announce(project, "project.finished", {"finished_at": project.finished_at}, key)
    notices.tell_members(
        organisation_id=project.organisation_id, permission=Permission.RESULT_EXPORT, kind="project_finished",
        params={"project": project.title}, link=_link(project), key=key,
    )  # fmt: skip


@transaction.atomic
def announce_budget_low(*, fact: BudgetLow) -> None:
    """Tell webhooks and those who manage the project how little of its money is left, and whether tasks wait for more."""
    assert fact.project_id is not None
    project = projects.project(fact.project_id)
    key = f"budget.low/{project.id}/{fact.budget_micros}"
    facts = {
        "left_micros": fact.left_micros,
        "budget_micros": fact.budget_micros,
        "currency": project.currency,
    }
    _announce(project, "budget.low", {**facts, "waiting_tasks": fact.waiting_tasks}, key)
    budget = amount(fact.budget_micros, project.currency)
    params: dict[str, Any] = {"project": project.title, "budget": budget}
    if fact.waiting_tasks:
        kind, params["tasks"] = "tasks_wait_for_money", fact.waiting_tasks
    else:
        kind, params["left"] = "budget_low", amount(fact.left_micros, project.currency)
    notices.tell_members(
        organisation_id=project.organisation_id, permission=Permission.PROJECT_MANAGE, kind=kind,
        params=params, link=_link(project), key=key,
    )  # fmt: skip


@transaction.atomic
def _announce_chunk(project_id: int) -> int:
    project = projects.project(project_id)
    endpoints = notice_queries.endpoints_wanting(project.organisation_id, "answer.submitted")
    if not endpoints:
        return 0
    since = min(endpoint.created_at for endpoint in endpoints)
    AnnounceCursor.objects.get_or_create(project_id=project_id)
    cursor = AnnounceCursor.objects.select_for_update().get(project_id=project_id)
    # What came while nobody wanted it is nobody's: the cursor may be older than all the webhooks there are now.
    cursor.seq = first_seq_since(project_id, since, after=cursor.seq) - 1
    fed = fed_answers(project_id, cursor.seq, CHUNK)
    notices.queue_deliveries(
        organisation_id=project.organisation_id, event="answer.submitted", project_id=project_id,
        payloads=[
            (
                f"answer/{one.assignment_id}/{one.revision}",
                {
                    "project": project.public_id,
                    "task": public_id("tsk", one.task_id),
                    "assignment": public_id("asg", one.assignment_id),
                    "revision": one.revision,
                    "submitted_at": one.submitted_at.isoformat(),
                },
            )
            for one in fed
        ],
    )  # fmt: skip
    cursor.seq = fed[-1].seq if fed else cursor.seq
    cursor.save(update_fields=["seq"])
    return len(fed)


def _announce(project: ProjectView, event: str, facts: dict[str, Any], key: str) -> None:
    shown = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()
    }
    notices.queue_delivery(
        organisation_id=project.organisation_id, event=event, project_id=project.id, key=key,
        payload={"project": project.public_id, "title": project.title, **shown},
    )  # fmt: skip


def _result(project: ProjectView, task_id: int, record: Record) -> tuple[str, dict[str, Any]]:
    """The key of what is said, and the message: the same record is the same key."""
    digest = hashlib.sha256(to_json(record)).hexdigest()[:32]
    payload = {"project": project.public_id, "task": public_id("tsk", task_id), "record": record}
    return f"result/{task_id}/{digest}", payload


def _link(project: ProjectView) -> str:
    return f"/projects/{project.public_id}/"
