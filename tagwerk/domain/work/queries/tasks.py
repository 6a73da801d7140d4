"""Tasks as those who brought them in see them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.arrays import bigints
from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.work.models import Batch
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.enrolments import project_with_answers


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task. `wanted`: answers asked for up to now, None while it is not open; `gold`: the right answers, if it came with
    them; `serves_as_gold`: also an ordinary task whose result became gold."""

    id: int
    project_id: int
    batch_id: int
    external_id: str | None
    data: dict[str, Any]
    prediction: dict[str, Any] | None
    is_gold: bool
    gold: dict[str, Any] | None
    priority: int
    deadline: datetime | None
    added_at: datetime
    wanted: int | None
    most: int | None
    closed: bool
    serves_as_gold: bool
    units: int  # that it pays, in millionths
    is_urgent: bool  # when it was opened


def task_for(actor: Actor, project_id: int, task_id: int) -> TaskView:
    """The gate of a member to a task."""
    project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    found = sql.row(f"{_TASKS} AND t.id = %s", [project_id, task_id])
    if found is None:
        raise NotFound("task_not_found", "There is no such task.")
    return _task(found)


def task_named(actor: Actor, project_id: int, external_id: str) -> TaskView:
    """The gate of a member to a task by the id that they gave it."""
    project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    found = sql.row(f"{_TASKS} AND t.external_id = %s", [project_id, external_id])
    if found is None:
        raise NotFound("task_not_found", "There is no such task.")
    return _task(found)


def tasks_page(actor: Actor, project_id: int, *, after: int = 0, limit: int = 50) -> list[TaskView]:
    """For members: tasks in the order in which they came, by keyset on the task's number."""
    project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    return tasks_after(project_id, after, limit)


def tasks_after(project_id: int, after: int, limit: int) -> list[TaskView]:
    """The next tasks by number, for rooms above that have passed a gate: exports read all of them this way."""
    return [
        _task(row)
        for row in sql.rows(f"{_TASKS} AND t.id > %s ORDER BY t.id LIMIT %s", [project_id, after, limit])
    ]


def tasks_numbered(project_id: int, task_ids: Collection[int]) -> dict[int, TaskView]:
    """These tasks by number, for rooms above and pages that have passed a gate."""
    found = sql.rows(f"{_TASKS} AND t.id = ANY(%s::bigint[])", [project_id, bigints(task_ids)])
    return {row[0]: _task(row) for row in found}


@dataclass(frozen=True, slots=True)
class BatchView:
    """Tasks that came together."""

    id: int
    source_name: str
    created_at: datetime
    tasks: int
    gold_tasks: int


def batches_of(project_id: int, *, limit: int = 100) -> list[BatchView]:
    """The project's newest batches, for who has passed a gate."""
    rows = Batch.objects.filter(project_id=project_id).order_by("-id")[:limit]
    return [BatchView(row.id, row.source_name, row.created_at, row.tasks, row.gold_tasks) for row in rows]


def _task(row: tuple[Any, ...]) -> TaskView:
    values = list(row)
    for place in (4, 5, 7):
        values[place] = json.loads(values[place]) if isinstance(values[place], str) else values[place]
    return TaskView(*values)


_TASKS = """
SELECT t.id, t.project_id, t.batch_id, t.external_id, t.data::text, t.prediction::text, t.is_gold,
    CASE WHEN t.is_gold THEN g.answers END, t.priority, t.deadline, t.added_at, o.wanted, o.most, coalesce(o.closed, false),
    g.task_id IS NOT NULL, t.units, t.is_urgent
FROM task t
LEFT JOIN gold g ON g.project_id = t.project_id AND g.task_id = t.id
LEFT JOIN opened_task o ON o.project_id = t.project_id AND o.task_id = t.id
WHERE t.project_id = %s"""
