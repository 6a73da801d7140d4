"""Writing results, judgements and records by the hundred, each table in one statement."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from tagwerk.domain.quality.models import Judgement
from tagwerk.domain.quality.rules.agreeing import Sums
from tagwerk.domain.quality.rules.fitting import FEWEST
from tagwerk.domain.quality.rules.gold import Record
from tagwerk.domain.quality.rules.judging import Ballot, Outcome
from tagwerk.domain.quality.rules.stopping import Standing
from tagwerk.domain.quality.rules.words import Cause, Method, Recheck, Source, TaskState

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# What a result was, where it said something and now says something else, or the same much more or less surely.
_FORMER = """
INSERT INTO result_change (project_id, task_id, question, value, confidence, answers, source, method, model, judged_at,
    judged_by_id)
SELECT r.project_id, r.task_id, r.question, r.value, r.confidence, r.answers, r.source, r.method, r.model, r.judged_at,
    r.judged_by_id
"""
_CHANGES = f"""{_FORMER}
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float8[]) AS new (t, q, v, c)
JOIN result r ON r.project_id = %s AND r.task_id = new.t AND r.question = new.q
WHERE CASE WHEN %s THEN r.judged_by_id IS NULL ELSE r.source <> 'overruled' END
    AND r.value IS NOT NULL AND r.confidence IS NOT NULL AND (r.value IS DISTINCT FROM new.v::jsonb OR abs(r.confidence - coalesce(new.c, 0)) > %s)
"""
_ONE_CHANGE = f"""{_FORMER}
FROM result r WHERE r.project_id = %s AND r.task_id = %s AND r.question = %s AND r.value IS NOT NULL
"""
_RESULTS = """
INSERT INTO result (project_id, task_id, question, value, confidence, agreement, answers, tied, source, reason, method,
    model, entropy)
SELECT %s, t, q, v::jsonb, c, a, n, d, s, r, m, b, e FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float8[],
    %s::float8[], %s::int[], %s::bool[], %s::text[], %s::text[], %s::text[], %s::int[],
    %s::float8[]) AS new (t, q, v, c, a, n, d, s, r, m, b, e)
ON CONFLICT ON CONSTRAINT result_once DO UPDATE SET value = excluded.value, confidence = excluded.confidence,
    agreement = excluded.agreement, answers = excluded.answers, tied = excluded.tied, source = excluded.source,
    reason = excluded.reason, judged_at = excluded.judged_at, method = excluded.method, model = excluded.model,
    entropy = excluded.entropy
WHERE result.source <> 'overruled'
"""
# What was counted before (answers, agreement, entropy) stays: it is still true of the answers here.
_BY_EXPERTS = f"""
INSERT INTO result AS r (project_id, task_id, question, value, confidence, answers, tied, source, reason, method)
SELECT %s, t, q, v::jsonb, c, 0, false, '{Source.OVERRULED}', '', '{Method.EXPERTS}'
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float8[]) AS new (t, q, v, c)
ON CONFLICT ON CONSTRAINT result_once DO UPDATE SET value = excluded.value, confidence = excluded.confidence,
    tied = false, source = excluded.source, reason = '', method = excluded.method, model = 0, judged_at = now()
WHERE r.judged_by_id IS NULL AND (r.method <> excluded.method OR r.value IS DISTINCT FROM excluded.value
    OR r.confidence IS DISTINCT FROM excluded.confidence)
RETURNING task_id
"""  # noqa: S608 (constants)
MUCH = 0.1  # so much more or less sure is worth a line in the history of a result

_JUDGEMENTS = """
INSERT INTO judgement (project_id, task_id, state, answers, wanted, confidence, recheck)
SELECT %s, t, s, n, w, c, 0 FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::float8[])
    AS new (t, s, n, w, c)
ON CONFLICT ON CONSTRAINT judgement_once DO UPDATE SET state = excluded.state, answers = excluded.answers,
    wanted = excluded.wanted, confidence = excluded.confidence, recheck = 0, judged_at = excluded.judged_at
"""

_AGREEMENT = """
INSERT INTO agreement_day AS d (project_id, question, day, design_id, tasks, named, unlike)
VALUES (%s, %s, (now() AT TIME ZONE 'UTC')::date, %s, %s, %s::bigint[], %s)
ON CONFLICT (project_id, question, day, design_id) DO UPDATE SET tasks = d.tasks + excluded.tasks,
    unlike = d.unlike + excluded.unlike, named = (SELECT array_agg(a + b ORDER BY place)
        FROM unnest(d.named, excluded.named) WITH ORDINALITY AS pair (a, b, place))
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
# Answers are counted by a trigger while they are judged, so this costs a look at three rows.
_GROWN = """
UPDATE judge_cursor SET refit_cause = %s WHERE project_id = %s AND refit_cause = '' AND
    (SELECT coalesce(sum(answers), 0) FROM judgement_tally WHERE project_id = judge_cursor.project_id)
        >= greatest(%s, %s * fitted_answers)
"""
_MOVED = """
UPDATE judgement j SET recheck = 1
FROM unnest(%s::bigint[], %s::text[], %s::float8[]) AS new (t, v, c)
JOIN result r ON r.project_id = %s AND r.task_id = new.t AND r.question = %s
WHERE j.project_id = r.project_id AND j.task_id = r.task_id AND j.recheck = 0 AND r.source <> 'overruled'
    AND (j.state = 'open' OR r.value IS DISTINCT FROM new.v::jsonb OR r.confidence IS NULL
        OR abs(r.confidence - new.c) > %s)
"""
MARKED = 1_000
GROWN = 1.3  # fitting again at each such step, all fits together cost four times the last one


def write_results(project_id: int, outcomes: Mapping[tuple[int, str], Outcome]) -> None:
    """Write what was found; what a member or experts decided stays."""
    if not outcomes:
        return
    tasks, questions = zip(*outcomes, strict=True)
    found = list(outcomes.values())
    values = [None if one.value is None else json.dumps(one.value, ensure_ascii=False) for one in found]
    columns: list[list[Any]] = [
        list(tasks), list(questions), values, [one.confidence for one in found], [one.agreement for one in found],
        [one.answers for one in found], [one.tied for one in found], [str(one.source) for one in found],
        [one.reason for one in found], [str(one.method) for one in found], [one.model for one in found],
        [one.entropy for one in found],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [*columns[:4], project_id, False, MUCH])
        cursor.execute(_RESULTS, [project_id, *columns])


def write_by_experts(
    project_id: int, decided: Mapping[tuple[int, str], tuple[Any, float | None]]
) -> list[int]:
    """Write what experts decided, as (value, certainty) by task and question; the tasks whose result it changed. What a
    member decided stays."""
    if not decided:
        return []
    tasks, questions = zip(*decided, strict=True)
    values = [json.dumps(value, ensure_ascii=False) for value, _ in decided.values()]
    columns = [list(tasks), list(questions), values, [sure for _, sure in decided.values()]]
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [*columns, project_id, True, MUCH])
        cursor.execute(_BY_EXPERTS, [project_id, *columns])
        return sorted({row[0] for row in cursor.fetchall()})


def keep_former(project_id: int, task_id: int, question: str) -> None:
    """Keep what a result is now, before a member changes it."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_CHANGE, [project_id, task_id, question])


def write_judgements(project_id: int, standings: Mapping[int, Standing], answers: Mapping[int, int]) -> None:
    """Write where the tasks stand; whatever there was to check again is checked now."""
    columns: list[list[Any]] = [
        list(standings), [str(one.state) for one in standings.values()], [answers[t] for t in standings],
        [one.wanted for one in standings.values()], [one.confidence for one in standings.values()],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_JUDGEMENTS, [project_id, *columns])


def add_agreement(project_id: int, design_id: int, question: str, sums: Sums) -> None:
    """Add tasks that were settled now to what agreement of this day is counted from."""
    with connection.cursor() as cursor:
        cursor.execute(
            _AGREEMENT, [project_id, question, design_id, sums.tasks, list(sums.named), sums.unlike]
        )


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


def ask_refit(project_id: int) -> None:
    """Have models fitted again where so many more answers came since they were."""
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, [str(Cause.GROWTH), project_id, FEWEST, GROWN])


def mark_moved(project_id: int, ballot: Ballot, tasks: Ints, codes: Ints, sure: Floats, moved: float) -> None:
    """Have tasks judged again whose result a new model sees differently, or by so much more or less surely, and those
    that are open; a thousand at a time, so that nobody waits long."""
    texts = {code: json.dumps(ballot.value(code), ensure_ascii=False) for code in np.unique(codes).tolist()}
    for start in range(0, len(tasks), MARKED):
        part = slice(start, start + MARKED)
        columns = [tasks[part].tolist(), [texts[one] for one in codes[part].tolist()], sure[part].tolist()]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_MOVED, [*columns, project_id, ballot.question, moved])


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
