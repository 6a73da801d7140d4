"""Marks of tasks that wait for a reviewer: set as tasks are judged, taken away where nothing waits any more."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

from tagwerk.base.arrays import bigints
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.queries.waiting import DRAWN, drawing
from tagwerk.domain.quality.rules.reviewing import Plan

HEAD = 1_000  # tasks that stand first
CHUNK = 5_000


def mark_reviews(project: ProjectView, task_ids: Collection[int]) -> int:
    """Mark those of these tasks of which an answer waits for review, and no others; how many marks have changed.

    The caller holds the judge's lock."""
    values: dict[str, Any] = {
        "project": project.id,
        "tasks": bigints(sorted(task_ids)),
        **drawing(Plan.of(project.file)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, values)
        return int(cursor.rowcount)


def prune_reviews(*, project_id: int) -> None:
    """Take marks away from the tasks that stand first in review and are decided, until most of those there wait."""
    while _prune(project_id) > HEAD // 2:
        pass


def redraw_reviews(*, project_id: int) -> None:
    """Mark all tasks of a project anew: its plan of reviewing may be another now."""
    last: int | None = 0
    while last is not None:
        last = _redraw(project_id, last)


@transaction.atomic
def _prune(project_id: int) -> int:
    wait_for_judge(project_id=project_id)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [project_id, HEAD])
        first = [task_id for (task_id,) in cursor.fetchall()]
    return mark_reviews(projects.project(project_id), first) if first else 0


@transaction.atomic
def _redraw(project_id: int, last: int) -> int | None:
    wait_for_judge(project_id=project_id)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [project_id, last, CHUNK])
        tasks = [task_id for (task_id,) in cursor.fetchall()]
    mark_reviews(projects.project(project_id), tasks)
    return tasks[-1] if tasks else None


_MARK = f"""
UPDATE judgement j SET in_review = NOT j.in_review
WHERE j.project_id = %(project)s AND j.task_id = ANY(%(tasks)s::bigint[]) AND j.in_review <> EXISTS (
    SELECT FROM assignment a WHERE a.project_id = j.project_id AND a.task_id = j.task_id AND a.state = 1 AND NOT a.is_gold
        AND {DRAWN})
"""  # noqa: S608 (a constant)
_FIRST = """
SELECT task_id FROM judgement WHERE project_id = %s AND in_review ORDER BY coalesce(confidence, -1), task_id LIMIT %s
"""
_NEXT = "SELECT task_id FROM judgement WHERE project_id = %s AND task_id > %s ORDER BY task_id LIMIT %s"
