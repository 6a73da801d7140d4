"""Gold as members see it: how each does, what was answered, and which results could become gold."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tagwerk.base.arrays import bigints
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.queries.results import TaskResult, results_of
from tagwerk.domain.quality.rules.words import GoldState
from tagwerk.domain.work.queries import project_with_answers

SURE = 0.98  # as certain is a result that could become gold …
ALIKE = 0.9  # … with so much agreement …
FEWEST_ANSWERS = 3  # … of so many answers
TIMED = 100  # newest answers whose middle time is told


@dataclass(frozen=True, slots=True)
class GoldTask:
    """A gold task. `correct`: answers that were right in every question; `why` and `evidence`: of the state."""

    task_id: int
    external_id: str | None
    data: dict[str, Any]
    answers: dict[str, Any]
    explanation: str
    promoted: bool
    state: GoldState
    why: str
    evidence: dict[str, Any]
    seen: int
    correct: int
    middle_ms: int | None
    counts: bool  # whether all answers to it are in the workers' records
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered to a question of gold, how often, and whether it counts as right."""

    question: str
    value: Any
    answers: int
    right: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task whose result could become gold."""

    task_id: int
    external_id: str | None
    data: dict[str, Any]
    result: TaskResult


def gold_page(
    actor: Actor, project_id: int, *, state: GoldState | None = None, after: int = 0, limit: int = 25
) -> list[GoldTask]:
    """For members: the project's gold, all or those in a state, by keyset on the task's number."""
    project = project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    values = {"project": project.id, "after": after, "limit": limit, "state": state, "timed": TIMED}
    chosen = _CHOSEN[state if state in (None, GoldState.SERVING) else "other"]
    return [_task(row) for row in _rows(_PAGE.format(chosen=chosen), values)]


def gold_for(actor: Actor, project_id: int, task_id: int) -> GoldTask | None:
    """For members: one gold task; None where the task is none."""
    project = project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    values = {"project": project.id, "after": task_id - 1, "limit": 1, "state": None, "timed": TIMED}
    found = [_task(row) for row in _rows(_PAGE.format(chosen=_CHOSEN[None]), values)]
    return found[0] if found and found[0].task_id == task_id else None


def gold_counts(project_id: int) -> dict[str, int]:
    """State → how many gold tasks; for who has passed the gate."""
    return {state: number for state, number in _rows(_COUNTS, {"project": project_id})}


def given_answers(project_id: int, task_ids: Collection[int]) -> dict[int, list[GivenAnswer]]:
    """Gold task → what was answered, the most frequent first; for who has passed the gate."""
    found: dict[int, list[GivenAnswer]] = {}
    for task_id, question, value, number, right in _rows(
        _GIVEN, {"project": project_id, "tasks": bigints(task_ids)}
    ):
        found.setdefault(task_id, []).append(
            GivenAnswer(question, None if value is None else json.loads(value), number, right)
        )
    return found


def gold_candidates(
    actor: Actor, project_id: int, *, decided: bool = False, after: int | None = None, limit: int = 25
) -> list[Candidate]:
    """For members: tasks that could become gold: certain results, the surest first, or those that members decided, the
    newest first. Keyset on the task behind which the page begins."""
    project = project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    values = {
        "project": project.id, "after": after, "limit": limit, "sure": SURE, "alike": ALIKE, "fewest": FEWEST_ANSWERS,
    }  # fmt: skip
    rows = _rows(_DECIDED if decided else _SURE_ONES, values)
    results = results_of(project.id, [row[0] for row in rows])
    return [
        Candidate(task_id, external_id, json.loads(data), results[task_id])
        for task_id, external_id, data in rows
        if task_id in results
    ]


def _task(row: tuple[Any, ...]) -> GoldTask:
    task_id, external_id, data, answers, explanation, promoted, state, why, evidence, *rest = row
    return GoldTask(
        task_id, external_id, json.loads(data), json.loads(answers), explanation, promoted, GoldState(state), why,
        json.loads(evidence) if evidence else {}, *rest,
    )  # fmt: skip


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_CHOSEN: dict[Any, str] = {
    None: "SELECT task_id FROM gold WHERE project_id = %(project)s AND task_id > %(after)s ORDER BY task_id LIMIT %(limit)s",
    GoldState.SERVING: """SELECT task_id FROM gold WHERE project_id = %(project)s AND retired_at IS NULL
        AND pos > %(after)s ORDER BY pos LIMIT %(limit)s""",
    "other": """SELECT task_id FROM gold_standing WHERE project_id = %(project)s AND state = %(state)s
        AND state <> 'serving' AND task_id > %(after)s ORDER BY task_id LIMIT %(limit)s""",
}
_PAGE = """
WITH chosen AS MATERIALIZED ({chosen})
SELECT t.id, t.external_id, t.data::text, g.answers::text, g.explanation, NOT t.is_gold,
    CASE WHEN g.retired_at IS NULL THEN 'serving' WHEN s.state = 'suspicious' THEN 'suspicious' ELSE 'retired' END,
    coalesce(s.why, ''), s.evidence::text, coalesce(s.seen, 0), coalesce(s.correct, 0),
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY a.active_ms) FROM (SELECT active_ms FROM gold_answer
        WHERE project_id = %(project)s AND task_id = t.id ORDER BY seq DESC LIMIT %(timed)s) a WHERE a.active_ms > 0),
    s.counts_before IS NULL, s.changed_at
FROM chosen c JOIN task t ON t.project_id = %(project)s AND t.id = c.task_id
JOIN gold g ON g.project_id = %(project)s AND g.task_id = c.task_id
LEFT JOIN gold_standing s ON s.project_id = %(project)s AND s.task_id = c.task_id
ORDER BY t.id
"""
_COUNTS = """
SELECT CASE WHEN g.retired_at IS NULL THEN 'serving' WHEN s.state = 'suspicious' THEN 'suspicious' ELSE 'retired' END, count(*)
FROM gold g LEFT JOIN gold_standing s ON s.project_id = g.project_id AND s.task_id = g.task_id
WHERE g.project_id = %(project)s GROUP BY 1
"""
_GIVEN = """
SELECT g.task_id, g.question, (r.answers -> g.question)::text, count(*)::int, bool_or(g."right")
FROM gold_answer g JOIN LATERAL (SELECT answers FROM answer WHERE project_id = g.project_id
    AND assignment_id = g.assignment_id ORDER BY revision LIMIT 1) r ON true
WHERE g.project_id = %(project)s AND g.task_id = ANY(%(tasks)s::bigint[])
GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC, 3
"""
_NO_GOLD = "NOT EXISTS (SELECT FROM gold g WHERE g.project_id = %(project)s AND g.task_id = j.task_id)"
_SURE_ONES = f"""
SELECT t.id, t.external_id, t.data::text FROM judgement j
JOIN task t ON t.project_id = j.project_id AND t.id = j.task_id
WHERE j.project_id = %(project)s AND j.state = 'done' AND j.confidence >= %(sure)s AND j.answers >= %(fewest)s
    AND (%(after)s::bigint IS NULL OR (j.confidence, j.task_id) < (SELECT x.confidence, x.task_id FROM judgement x
        WHERE x.project_id = %(project)s AND x.task_id = %(after)s))
    AND {_NO_GOLD} AND NOT EXISTS (SELECT FROM result r WHERE r.project_id = j.project_id AND r.task_id = j.task_id
        AND r.confidence IS NOT NULL AND (r.agreement < %(alike)s OR r.tied))
ORDER BY j.confidence DESC, j.task_id DESC LIMIT %(limit)s
"""  # noqa: S608 (constants)
_DECIDED = f"""
SELECT t.id, t.external_id, t.data::text FROM (
    SELECT DISTINCT j.task_id FROM result j WHERE j.project_id = %(project)s AND j.source = 'overruled'
        AND j.task_id < coalesce(%(after)s::bigint, 9223372036854775807) AND {_NO_GOLD}
    ORDER BY j.task_id DESC LIMIT %(limit)s
) d JOIN task t ON t.project_id = %(project)s AND t.id = d.task_id ORDER BY t.id DESC
"""  # noqa: S608 (constants)
