"""What is known of tasks before they are judged again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection

from tagwerk.domain.quality.models import Judgement, Result
from tagwerk.domain.quality.queries.answers import asked_for
from tagwerk.domain.quality.rules.finding import Known
from tagwerk.domain.quality.rules.words import CANNOT_BE_ANSWERED, Recheck, Source, TaskState
from tagwerk.domain.work.queries.sql import NOT_AT_REST

WATCH_SECONDS = 10  # between two looks at the workers of a project


def known_of(project_id: int, task_ids: Collection[int]) -> dict[int, Known]:
    """What is known of each of the tasks; three queries."""
    known = {task_id: Known() for task_id in task_ids}
    for task_id, state, wanted, least in Judgement.objects.filter(
        project_id=project_id, task_id__in=list(task_ids)
    ).values_list("task_id", "state", "wanted", "least"):
        known[task_id].state, known[task_id].wanted, known[task_id].least = TaskState(state), wanted, least
    for task_id, asked in asked_for(project_id, task_ids).items():
        if not known[task_id].settled:  # a stop may have used up what was asked for before
            known[task_id].wanted = asked
    for task_id, question, value, source, reason in Result.objects.filter(
        project_id=project_id, task_id__in=list(task_ids)
    ).values_list("task_id", "question", "value", "source", "reason"):
        known[task_id].values[question] = value
        known[task_id].unanswerable |= reason == CANNOT_BE_ANSWERED
        if source == Source.OVERRULED:
            known[task_id].overruled.add(question)
    return known


def rechecks(project_id: int, limit: int) -> dict[int, Recheck]:
    """Tasks that are to be judged again without a new answer, and why."""
    rows = Judgement.objects.filter(project_id=project_id, recheck__gt=0).order_by("task_id")
    return {task_id: Recheck(why) for task_id, why in rows.values_list("task_id", "recheck")[:limit]}


def projects_to_judge() -> list[int]:
    """Projects whose feed is ahead of judging, or that have tasks to judge again: those even at rest, as members may change
    results by hand as long as the project is there."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_JUDGE)
        return [row[0] for row in cursor.fetchall()]


_TO_JUDGE = f"""
SELECT p.id FROM project p LEFT JOIN judge_cursor c ON c.project_id = p.id
WHERE c.gold_unscored OR EXISTS (SELECT FROM judgement j WHERE j.project_id = p.id AND j.recheck > 0)
    OR ({NOT_AT_REST} AND EXISTS (SELECT FROM answer_feed f WHERE f.project_id = p.id AND f.seq > coalesce(c.seq, 0)))
ORDER BY p.id
"""  # noqa: S608 (a constant)


def projects_to_watch(now: datetime) -> list[int]:
    """Projects whose workers handed in something since they were last looked at; each of them once in WATCH_SECONDS."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_WATCH, [now - timedelta(seconds=WATCH_SECONDS)])
        return [row[0] for row in cursor.fetchall()]


_TO_WATCH = f"""
SELECT p.id FROM project p JOIN judge_cursor j ON j.project_id = p.id
LEFT JOIN watch_cursor c ON c.project_id = p.id
WHERE {NOT_AT_REST} AND (c.looked_at IS NULL OR c.looked_at < %s)
    AND (j.seq > coalesce(c.seq, 0)
        OR EXISTS (SELECT FROM worker_watch w WHERE w.project_id = p.id AND w.new_answers > 0))
ORDER BY p.id
"""  # noqa: S608 (a constant)
