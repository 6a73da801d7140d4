"""Writing what gold says: scores of answers, how each gold task does, workers' records anew from the scores."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from tagwerk.domain.quality.models import GoldAnswer, GoldStanding
from tagwerk.domain.quality.rules.gold import Record

NOW = Now()


_COUNT = """
INSERT INTO gold_standing (project_id, task_id, seen, correct, looked_at, looks, state, why)
SELECT %s, t, s, c, 0, 0, 'serving', '' FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS new (t, s, c)
ON CONFLICT (project_id, task_id) DO UPDATE SET seen = gold_standing.seen + excluded.seen,
    correct = gold_standing.correct + excluded.correct
"""
# A task's answer is right where all of its questions are.
_RECOUNT_TASKS = """
INSERT INTO gold_standing (project_id, task_id, seen, correct, looked_at, looks, state, why)
SELECT %(project)s, task_id, count(*), count(*) FILTER (WHERE every), 0, 0, 'serving', ''
FROM (SELECT task_id, assignment_id, bool_and("right") AS every FROM gold_answer
    WHERE project_id = %(project)s AND task_id = ANY(%(tasks)s) GROUP BY task_id, assignment_id) one
GROUP BY task_id
ON CONFLICT (project_id, task_id) DO UPDATE SET seen = excluded.seen, correct = excluded.correct
"""
_MARK_COUNTED = """
UPDATE gold_answer a SET counted = s.counts_before IS NULL OR a.seq < s.counts_before
FROM gold_standing s WHERE s.project_id = a.project_id AND s.task_id = a.task_id
    AND a.project_id = %s AND a.task_id = ANY(%s) AND a.counted <> (s.counts_before IS NULL OR a.seq < s.counts_before)
"""
_SUMS = """
SELECT worker_id, question, count(*) AS seen, count(*) FILTER (WHERE "right") AS correct, sum(by_chance) AS lucky
FROM gold_answer WHERE project_id = %(project)s AND worker_id = ANY(%(workers)s) AND counted GROUP BY worker_id, question
"""
_RECOUNT_WORKERS = f"""
WITH sums AS ({_SUMS}), was AS (
    SELECT worker_id, question, gold_seen, gold_correct, by_chance FROM worker_record
    WHERE project_id = %(project)s AND worker_id = ANY(%(workers)s) ORDER BY worker_id, question FOR UPDATE
), both_sides AS (
    SELECT worker_id, question, coalesce(w.gold_seen, 0) AS s0, coalesce(w.gold_correct, 0) AS c0,
        coalesce(w.by_chance, 0) AS b0, coalesce(n.seen, 0) AS s1, coalesce(n.correct, 0) AS c1, coalesce(n.lucky, 0) AS b1
    FROM was w FULL JOIN sums n USING (worker_id, question)
), written AS (
    INSERT INTO worker_record (project_id, worker_id, question, gold_seen, gold_correct, by_chance)
    SELECT %(project)s, worker_id, question, s1, c1, b1 FROM both_sides ORDER BY worker_id, question
    ON CONFLICT ON CONSTRAINT worker_record_once DO UPDATE SET gold_seen = excluded.gold_seen,
        gold_correct = excluded.gold_correct, by_chance = excluded.by_chance
)
SELECT * FROM both_sides WHERE (s0, c0) IS DISTINCT FROM (s1, c1)
"""  # noqa: S608 (a constant)


def write_answers(rows: Sequence[GoldAnswer]) -> None:
    """Write scores of answers; the same again changes nothing."""
    GoldAnswer.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)


def count_seen(project_id: int, seen: Mapping[int, tuple[int, int]]) -> None:
    """Add answers to what gold tasks have seen: task → (answers, right ones)."""
    if seen:
        tasks = sorted(seen)
        columns = [tasks, [seen[task][0] for task in tasks], [seen[task][1] for task in tasks]]
        _write(_COUNT, [project_id, *columns])


def drop_answers(project_id: int, task_ids: Collection[int]) -> None:
    """Forget the scores of answers to these gold tasks, because they are scored anew."""
    GoldAnswer.objects.filter(project_id=project_id, task_id__in=list(task_ids)).delete()


def recount_tasks(project_id: int, task_ids: Collection[int]) -> None:
    """Count anew what these gold tasks have seen, and which of their answers count in records."""
    _write(_RECOUNT_TASKS, {"project": project_id, "tasks": list(task_ids)})
    mark_counted(project_id, task_ids)


def mark_counted(project_id: int, task_ids: Collection[int]) -> None:
    """Let answers count in records, or not, as their gold task says."""
    _write(_MARK_COUNTED, [project_id, list(task_ids)])


def recount_workers(
    project_id: int, worker_ids: Collection[int]
) -> dict[tuple[int, str], tuple[Record, Record]]:
    """Make workers' records anew from the scores that count; (worker, question) → the record before and after."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT_WORKERS, {"project": project_id, "workers": sorted(worker_ids)})
        return {
            (worker, question): (Record(s0, c0, b0), Record(s1, c1, b1))
            for worker, question, s0, c0, b0, s1, c1, b1 in cursor.fetchall()
        }


def tasks_answered(project_id: int, after: int, limit: int) -> list[int]:
    """The next gold tasks that have answers, by number."""
    rows = GoldAnswer.objects.filter(project_id=project_id, task_id__gt=after).order_by("task_id")
    return list(rows.values_list("task_id", flat=True).distinct()[:limit])


def workers_who_answered(project_id: int, task_ids: Collection[int]) -> set[int]:
    """Who answered any of these gold tasks."""
    rows = GoldAnswer.objects.filter(project_id=project_id, task_id__in=list(task_ids))
    return set(rows.values_list("worker_id", flat=True).distinct())


def standing_of(project_id: int, task_id: int) -> GoldStanding:
    """The standing of a gold task, locked; made where nobody has answered it."""
    GoldStanding.objects.bulk_create(
        [GoldStanding(project_id=project_id, task_id=task_id)], ignore_conflicts=True
    )
    return GoldStanding.objects.select_for_update().get(project_id=project_id, task_id=task_id)


def _write(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
