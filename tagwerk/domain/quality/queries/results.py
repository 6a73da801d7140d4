"""Results, for members of the organisation and for rooms above."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from psycopg.pq import Format
from pydantic_core import from_json

from tagwerk.base.arrays import bigints
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.models import Judgement, ResultChange
from tagwerk.domain.quality.rules.words import Source, TaskState
from tagwerk.domain.work.queries import project_with_answers


class ResultView(NamedTuple):
    """The result of one question of one task."""

    question: str
    value: Any
    confidence: float | None
    agreement: float | None
    answers: int
    tied: bool
    source: Source
    reason: str
    method: str = ""
    model: int = 0  # the version of the model that decided; 0: none


class TaskResult(NamedTuple):
    """Where a task stands, and its results by question."""

    task_id: int
    state: TaskState
    answers: int
    confidence: float | None
    results: dict[str, ResultView]


def results_of(project_id: int, task_ids: Collection[int]) -> dict[int, TaskResult]:
    """Judged tasks among these with their results; for rooms above that have passed a gate. One query.

    Exports read a million tasks through here, hence no models.
    """
    found: dict[int, TaskResult] = {}
    for task_id, state, counted, sure, question, value, *rest in _rows(
        _RESULTS, [project_id, bigints(task_ids)]
    ):
        task = found.get(task_id)
        if task is None:
            task = found[task_id] = TaskResult(task_id, _STATES[state], counted, sure, {})
        if question is not None:
            confidence, alike, answers, tied, source, reason, method, model = rest
            decided = None if value is None else from_json(value)
            task.results[question] = ResultView(
                question, decided, confidence, alike, answers, tied, _SOURCES[source], reason, method, model
            )
    return found


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY  # a million rows: numbers need not be read from text
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_SOURCES = {str(source): source for source in Source}
_STATES = {str(state): state for state in TaskState}
_RESULTS = """
SELECT j.task_id, j.state, j.answers, j.confidence, r.question, r.value::text, r.confidence, r.agreement, r.answers,
    r.tied, r.source, r.reason, r.method, r.model
FROM judgement j LEFT JOIN result r ON r.project_id = j.project_id AND r.task_id = j.task_id
WHERE j.project_id = %s AND j.task_id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class FormerResult:
    """What a result was until it changed; `by_id`: the member who had decided it."""

    question: str
    value: Any
    confidence: float | None
    answers: int
    source: Source
    method: str
    model: int
    by_id: int | None
    at: datetime
    until: datetime


def result_changes(project_id: int, task_id: int) -> list[FormerResult]:
    """What the results of a task were before, oldest first; for who has passed its gate."""
    rows = ResultChange.objects.filter(project_id=project_id, task_id=task_id).order_by("id")
    return [
        FormerResult(
            row.question, row.value, row.confidence, row.answers, Source(row.source), row.method, row.model,
            row.judged_by_id, row.judged_at, row.until,
        )
        for row in rows
    ]  # fmt: skip


def results_page(
    actor: Actor, project_id: int, *, after: int = 0, limit: int = 50, state: TaskState | None = None
) -> list[TaskResult]:
    """Judged tasks with their results, by task; the next page begins after the last task's number."""
    project = project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    rows = Judgement.objects.filter(project_id=project.id, task_id__gt=after).order_by("task_id")
    if state is not None:
        rows = rows.filter(state=state)
    ids = list(rows.values_list("task_id", flat=True)[:limit])
    found = results_of(project.id, ids)
    return [found[task_id] for task_id in ids if task_id in found]


def result_for(actor: Actor, project_id: int, task_id: int) -> TaskResult | None:
    """One task's results; None while it is not judged."""
    project = project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    return results_of(project.id, [task_id]).get(task_id)
