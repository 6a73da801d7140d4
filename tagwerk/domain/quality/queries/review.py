"""The review queue: answers that wait for a member's verdict, those of the least certain tasks first."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.arrays import bigints
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.models import ExcludedAnswer
from tagwerk.domain.quality.queries.waiting import NEVER_JUDGED, waiting
from tagwerk.domain.quality.rules.reviewing import Plan
from tagwerk.domain.work.models import Rejection
from tagwerk.domain.work.queries import project_with_answers, sql


@dataclass(frozen=True)
class QueuedAnswer:
    """An answer in review; `place` is where the next page begins."""

    assignment_id: int
    task_id: int
    pseudonym: str
    name: str | None  # of own staff
    data: dict[str, Any]
    answers: dict[str, Any]
    submitted_at: datetime
    active_seconds: float
    confidence: float | None  # of the task's least certain question that decides

    @property
    def place(self) -> tuple[float, int]:
        return (NEVER_JUDGED if self.confidence is None else self.confidence, self.assignment_id)


def review_queue(
    actor: Actor, project_id: int, *, after: tuple[float, int] | None = None, limit: int = 20
) -> list[QueuedAnswer]:
    """Answers in review, unsure first; with `quality.review` in the project file those that it draws, always the same."""
    project = project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    chosen = waiting(project.id, Plan.of(project.file), limit=limit, after=after, all_kinds=False)
    found = sql.rows(_QUEUE, [bigints(one.assignment_id for one in chosen), project.id])
    names = accounts.staff_names(project.organisation_id, {worker_id for worker_id, *_ in found})
    return [_queued(names.get(worker_id), *row) for worker_id, *row in found]


def rejection(project_id: int, assignment_id: int) -> tuple[str, str, datetime] | None:
    """Why (code and words) and when an answer was rejected last; for who tells its worker."""
    rows = Rejection.objects.filter(project_id=project_id, assignment_id=assignment_id)
    return rows.values_list("code", "reason", "rejected_at").first()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why an answer does not count, and whose decision that was (None: a key's)."""

    reason: str
    by_id: int | None
    at: datetime


def exclusions(project_id: int, task_id: int) -> dict[int, Exclusion]:
    """Assignment → why its answer was taken out of the task's result; for who has passed the gate."""
    rows = ExcludedAnswer.objects.filter(project_id=project_id, task_id=task_id)
    return {row.assignment_id: Exclusion(row.reason, row.excluded_by_id, row.excluded_at) for row in rows}


def _queued(
    name: str | None,
    assignment_id: int,
    task_id: int,
    pseudonym: str,
    data: str,
    answers: str,
    at: datetime,
    ms: int,
    sure: float | None,
) -> QueuedAnswer:
    return QueuedAnswer(
        assignment_id, task_id, pseudonym, name, json.loads(data), json.loads(answers), at, ms / 1000, sure
    )


_QUEUE = """
SELECT a.worker_id, a.id, a.task_id, e.pseudonym, t.data::text, r.answers::text, a.submitted_at, r.active_ms, j.confidence
FROM unnest(%s::bigint[]) WITH ORDINALITY AS c (id, place)
JOIN assignment a ON a.project_id = %s AND a.id = c.id
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
LEFT JOIN judgement j ON j.project_id = a.project_id AND j.task_id = a.task_id
ORDER BY c.place
"""
