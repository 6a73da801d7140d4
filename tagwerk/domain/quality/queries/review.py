"""The review queue: answers that wait for a member's verdict, those of the least certain tasks first."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.models import ExcludedAnswer
from tagwerk.domain.work.models import Rejection
from tagwerk.domain.work.queries import project_with_answers
from tagwerk.domain.work.queries.sql import NOT_DEFERRED
from tagwerk.domain.work.rules.states import State

NEVER_JUDGED = -1.0  # stands before the least certain


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
    """Answers in review, unsure first; with `quality.review.share`, so large a share of them, always the same ones."""
    project = project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    review = (project.file.get("quality") or {}).get("review") or {}
    share_bp = round(10_000 * float(review.get("share", 1.0)))
    confidence, assignment_id = after or (NEVER_JUDGED - 1, 0)
    values = [project.id, int(State.SUBMITTED), share_bp, confidence, assignment_id, limit]
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, values)
        found = cursor.fetchall()
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


# What was looked at for approval lies before approved_seq, so the pending ones need no index on the state. The page's
# answers are chosen first: their data and texts are read for those alone, not sorted with all that wait.
_QUEUE = f"""
WITH chosen AS MATERIALIZED (
    SELECT a.project_id, a.worker_id, a.id, a.task_id, a.revision, a.submitted_at, j.confidence
    FROM opening o
    JOIN answer_feed f ON f.project_id = o.project_id AND f.seq > o.approved_seq
    JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id AND a.revision = f.revision
    LEFT JOIN judgement j ON j.project_id = a.project_id AND j.task_id = a.task_id
    WHERE o.project_id = %s AND a.state = %s AND NOT a.is_gold
        AND {NOT_DEFERRED} AND (hashint8(a.id) & 2147483647) %% 10000 < %s
        AND (coalesce(j.confidence, -1), a.id) > (%s::float8, %s::bigint)
    ORDER BY coalesce(j.confidence, -1), a.id LIMIT %s
)
SELECT c.worker_id, c.id, c.task_id, e.pseudonym, t.data::text, r.answers::text, c.submitted_at, r.active_ms, c.confidence
FROM chosen c
JOIN answer r ON r.project_id = c.project_id AND r.assignment_id = c.id AND r.revision = c.revision
JOIN task t ON t.project_id = c.project_id AND t.id = c.task_id
JOIN enrolment e ON e.project_id = c.project_id AND e.worker_id = c.worker_id
ORDER BY coalesce(c.confidence, -1), c.id
"""  # noqa: S608 (a constant)
