"""Writing results, judgements and records by the hundred, each table in one statement."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from tagwerk.domain.quality.models import Judgement
from tagwerk.domain.quality.rules.gold import Record
from tagwerk.domain.quality.rules.judging import Outcome
from tagwerk.domain.quality.rules.stopping import Standing
from tagwerk.domain.quality.rules.words import Recheck, TaskState

_RESULTS = """
INSERT INTO result (project_id, task_id, question, value, confidence, agreement, answers, tied, source, reason)
SELECT %s, t, q, v::jsonb, c, a, n, d, s, r FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float8[],
    %s::float8[], %s::int[], %s::bool[], %s::text[], %s::text[]) AS new (t, q, v, c, a, n, d, s, r)
ON CONFLICT ON CONSTRAINT result_once DO UPDATE SET value = excluded.value, confidence = excluded.confidence,
    agreement = excluded.agreement, answers = excluded.answers, tied = excluded.tied, source = excluded.source,
    reason = excluded.reason, judged_at = excluded.judged_at
WHERE result.source <> 'overruled'
"""

_JUDGEMENTS = """
INSERT INTO judgement (project_id, task_id, state, answers, wanted, confidence, recheck)
SELECT %s, t, s, n, w, c, 0 FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::float8[])
    AS new (t, s, n, w, c)
ON CONFLICT ON CONSTRAINT judgement_once DO UPDATE SET state = excluded.state, answers = excluded.answers,
    wanted = excluded.wanted, confidence = excluded.confidence, recheck = 0, judged_at = excluded.judged_at
"""

_RECORDS = """
INSERT INTO worker_record (project_id, worker_id, question, gold_seen, gold_correct, by_chance)
SELECT %s, w, q, s, c, b FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::float8[]) AS new (w, q, s, c, b)
ON CONFLICT ON CONSTRAINT worker_record_once DO UPDATE SET
    gold_seen = worker_record.gold_seen + excluded.gold_seen,
    gold_correct = worker_record.gold_correct + excluded.gold_correct,
    by_chance = worker_record.by_chance + excluded.by_chance
RETURNING worker_id, question, gold_seen, gold_correct, by_chance
"""


def write_results(project_id: int, outcomes: Mapping[tuple[int, str], Outcome]) -> None:
    """Write what was found; what a member decided stays."""
    if not outcomes:
        return
    tasks, questions = zip(*outcomes, strict=True)
    found = list(outcomes.values())
    values = [None if one.value is None else json.dumps(one.value, ensure_ascii=False) for one in found]
    columns: list[list[Any]] = [
        list(tasks), list(questions), values, [one.confidence for one in found], [one.agreement for one in found],
        [one.answers for one in found], [one.tied for one in found], [str(one.source) for one in found],
        [one.reason for one in found],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, [project_id, *columns])


def write_judgements(project_id: int, standings: Mapping[int, Standing], answers: Mapping[int, int]) -> None:
    """Write where the tasks stand; whatever there was to check again is checked now."""
    columns: list[list[Any]] = [
        list(standings), [str(one.state) for one in standings.values()], [answers[t] for t in standings],
        [one.wanted for one in standings.values()], [one.confidence for one in standings.values()],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_JUDGEMENTS, [project_id, *columns])


def add_to_records(
    project_id: int, scored: Mapping[tuple[int, str], Record]
) -> dict[tuple[int, str], tuple[Record, Record]]:
    """Add gold to the records of workers; (worker, question) → the record before and after."""
    if not scored:
        return {}
    rows = sorted(scored)  # always in the same order, so that two writers cannot lock each other out
    columns: list[list[Any]] = [
        [worker for worker, _ in rows], [question for _, question in rows],
        [scored[row].seen for row in rows], [scored[row].correct for row in rows], [scored[row].by_chance for row in rows],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, [project_id, *columns])
        after = {
            (worker, question): Record(seen, correct, lucky)
            for worker, question, seen, correct, lucky in cursor.fetchall()
        }
    return {
        key: (
            Record(now.seen - add.seen, now.correct - add.correct, max(0.0, now.by_chance - add.by_chance)),
            now,
        )
        for key, now in after.items()
        for add in [scored[key]]
    }


def stand(project_id: int, task_ids: Collection[int], *, wanted: int) -> None:
    """Give tasks that were never judged a judgement, so that they can be marked."""
    rows = [
        Judgement(project_id=project_id, task_id=task_id, state=TaskState.OPEN, answers=0, wanted=wanted)
        for task_id in sorted(task_ids)
    ]
    Judgement.objects.bulk_create(rows, ignore_conflicts=True)


def mark(project_id: int, task_ids: Collection[int], why: Recheck) -> None:
    """Have judged tasks judged again, unless there is a stronger reason already."""
    Judgement.objects.filter(project_id=project_id, task_id__in=list(task_ids), recheck__lt=why).update(
        recheck=why
    )
