"""Answers as judging reads them, in a few statements for hundreds of tasks. They are the room work's; only read here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tagwerk.base.ids import row_number
from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.domain.work.queries.money import LIVE
from tagwerk.domain.work.queries.sql import PAST_UNDO, read_json
from tagwerk.domain.work.rules.states import State

COUNTING = (
    int(State.SUBMITTED),
    int(State.APPROVED),
)  # a rejected answer counts no more, a late one never did
# Of an assignment `a`: no member took its answer out of the result.
INCLUDED = """NOT EXISTS (SELECT FROM excluded_answer x
    WHERE x.project_id = a.project_id AND x.assignment_id = a.id)"""
# Whoever holds the task still may write.
WROTE = (*COUNTING, int(State.REJECTED), int(State.LATE), int(State.HELD))


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """The newest revision of an answer that counts and can no longer be undone."""

    assignment_id: int
    task_id: int
    worker_id: int
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """A worker's first answer to gold, the right ones, and its place in the feed."""

    worker_id: int
    answers: dict[str, Any]
    right: dict[str, Any]
    task_id: int
    assignment_id: int
    seq: int
    active_ms: int


@dataclass(frozen=True, slots=True)
class FedTask:
    """A line of the feed: an answer to this task can no longer be undone."""

    seq: int
    task_id: int
    is_gold: bool


def fed_tasks(project_id: int, after_seq: int, limit: int) -> list[FedTask]:
    """The next lines of the project's feed."""
    return [FedTask(*row) for row in _rows(_FED, [project_id, after_seq, limit])]


def counted_answers(project_id: int, task_ids: Collection[int]) -> list[CountedAnswer]:
    """The answers that count for these tasks and can no longer be undone, in the order in which they were taken."""
    rows = _rows(_COUNTED, [project_id, list(task_ids), list(COUNTING)])
    return [
        CountedAnswer(assignment, task, worker, read_json(answers))
        for assignment, task, worker, answers in rows
    ]


def gold_answers(project_id: int, after_seq: int, up_to_seq: int) -> list[GoldAnswer]:
    """First answers to gold in a piece of the feed: the first revision counts, and each assignment once."""
    return _gold(_rows(f"{_GOLD} AND f.seq > %s AND f.seq <= %s", [project_id, after_seq, up_to_seq]))


def gold_answers_to(project_id: int, task_ids: Collection[int], up_to_seq: int) -> list[GoldAnswer]:
    """First answers to these gold tasks in the feed up to there."""
    values = [project_id, up_to_seq, list(task_ids)]
    return _gold(_rows(f"{_GOLD} AND f.seq <= %s AND a.task_id = ANY(%s)", values))


def _gold(rows: list[tuple[Any, ...]]) -> list[GoldAnswer]:
    return [GoldAnswer(row[0], read_json(row[1]), read_json(row[2]), *row[3:]) for row in rows]


def gold_tasks(project_id: int) -> dict[int, dict[str, Any]]:
    """Gold task → its right answers, where they are not in doubt."""
    return {task_id: read_json(answers) for task_id, answers in _rows(_GOLD_KEYS, [project_id])}


def gold_said(project_id: int) -> list[tuple[int, int, dict[str, Any]]]:
    """(task, worker, answers): all first answers to gold that can no longer be undone."""
    rows = _rows(_GOLD_SAID, [project_id, list(COUNTING)])
    return [(task_id, worker_id, read_json(answers)) for task_id, worker_id, answers in rows]


def tasks_answered_by(project_id: int, worker_ids: Collection[int]) -> list[int]:
    """The tasks to which these workers have an answer that counts."""
    return [row[0] for row in _rows(_ANSWERED, [project_id, list(worker_ids), list(COUNTING)])]


def newest_answers(project_id: int, tasks: int) -> list[CountedAnswer]:
    """The answers that count for so many of the newest judged tasks, those only that have two or more."""
    rows = _rows(_NEWEST, [project_id, tasks, project_id, list(COUNTING)])
    return [
        CountedAnswer(assignment, task, worker, read_json(answers))
        for assignment, task, worker, answers in rows
    ]


@dataclass(frozen=True, slots=True)
class Room:
    """How many more answers a task may get, and whether it was closed (opening it again costs money anew)."""

    answers: int
    closed: bool


def room_of(project_id: int, task_ids: Collection[int]) -> dict[int, Room]:
    """Task → what is left of the answers that are paid for."""
    return {
        task_id: Room(left, closed) for task_id, left, closed in _rows(_ROOM, [project_id, list(task_ids)])
    }


def asked_for(project_id: int, task_ids: Collection[int]) -> dict[int, int]:
    """Open task → how many answers are asked for and can be paid."""
    return dict(_rows(_ASKED, [project_id, list(task_ids)]))


def tasks_of(project_id: int, assignment_ids: Collection[int]) -> list[int]:
    """The tasks of these assignments."""
    return [row[0] for row in _rows(_TASKS_OF, [project_id, list(assignment_ids)])]


def writers_of(project_id: int, task_ids: Collection[int]) -> dict[int, set[int]]:
    """Task → everybody who handed in an answer to it, counted or not, or still can."""
    found: dict[int, set[int]] = {}
    for task_id, worker_id in _rows(_WRITERS, [project_id, list(task_ids), list(WROTE)]):
        found.setdefault(task_id, set()).add(worker_id)
    return found


def data_of(project_id: int, task_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Task → its data, keys in their order."""
    return {task_id: read_json(data) for task_id, data in _rows(_DATA, [project_id, list(task_ids)])}


def ids_taken(project_id: int, external_ids: Collection[str]) -> list[str]:
    """Which of these ids the project's tasks have already."""
    statement = "SELECT external_id FROM task WHERE project_id = %s AND external_id = ANY(%s)"
    return [row[0] for row in _rows(statement, [project_id, list(external_ids)])]


def sources_of(project_id: int, task_ids: Collection[int]) -> dict[int, int]:
    """Task → the task of another project from which it was made."""
    named = _rows(_SOURCES, [project_id, list(task_ids)])
    return {task_id: row_number("tsk", source) for task_id, source in named}


def settled_tasks(project_id: int, after: int, limit: int, *, unresolved: bool) -> list[int]:
    """The next tasks whose result stands, or only those that are not certain, by number."""
    wanted = [str(TaskState.EXHAUSTED)] if unresolved else [str(TaskState.EXHAUSTED), str(TaskState.DONE)]
    return [row[0] for row in _rows(_SETTLED, [project_id, wanted, after, limit])]


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_COUNTED = f"""
SELECT a.id, a.task_id, a.worker_id, r.answers FROM assignment a
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
WHERE a.project_id = %s AND a.task_id = ANY(%s) AND a.state = ANY(%s) AND NOT a.is_gold AND {PAST_UNDO} AND {INCLUDED}
ORDER BY a.id
"""  # noqa: S608 (a constant)
_NEWEST = f"""
WITH newest AS MATERIALIZED (
    SELECT task_id, answers FROM judgement WHERE project_id = %s ORDER BY task_id DESC LIMIT %s
)
SELECT a.id, a.task_id, a.worker_id, r.answers FROM newest n
JOIN assignment a ON a.project_id = %s AND a.task_id = n.task_id
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
WHERE n.answers > 1 AND a.state = ANY(%s) AND NOT a.is_gold AND {PAST_UNDO} AND {INCLUDED}
"""  # noqa: S608 (a constant)
_FED = """
SELECT f.seq, a.task_id, a.is_gold FROM answer_feed f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id
WHERE f.project_id = %s AND f.seq > %s ORDER BY f.seq LIMIT %s
"""
_GOLD = """
SELECT a.worker_id, r.answers, g.answers, a.task_id, a.id, f.seq, coalesce(r.active_ms, 0) FROM answer_feed f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id AND a.is_gold
JOIN gold g ON g.project_id = a.project_id AND g.task_id = a.task_id
JOIN LATERAL (SELECT answers, active_ms FROM answer WHERE project_id = a.project_id AND assignment_id = a.id
    ORDER BY revision LIMIT 1) r ON true
WHERE f.project_id = %s AND NOT EXISTS (SELECT FROM answer_feed e
    WHERE e.project_id = f.project_id AND e.assignment_id = f.assignment_id AND e.seq < f.seq)
"""
_GOLD_KEYS = """
SELECT g.task_id, g.answers FROM gold g WHERE g.project_id = %s AND NOT EXISTS (SELECT FROM gold_standing s
    WHERE s.project_id = g.project_id AND s.task_id = g.task_id AND s.state = 'suspicious')
"""
_GOLD_SAID = f"""
SELECT a.task_id, a.worker_id, r.answers FROM gold g
JOIN assignment a ON a.project_id = g.project_id AND a.task_id = g.task_id AND a.is_gold
JOIN LATERAL (SELECT answers FROM answer WHERE project_id = a.project_id AND assignment_id = a.id
    ORDER BY revision LIMIT 1) r ON true
WHERE g.project_id = %s AND a.state = ANY(%s) AND {PAST_UNDO} AND NOT EXISTS (SELECT FROM gold_answer x
    WHERE x.project_id = a.project_id AND x.assignment_id = a.id AND NOT x.counted)
"""  # noqa: S608 (a constant)
_ANSWERED = """
SELECT DISTINCT task_id FROM assignment
WHERE project_id = %s AND worker_id = ANY(%s) AND state = ANY(%s) AND NOT is_gold
"""
# Closing took the slots that nobody had taken, so what a closed task was asked for says nothing any more.
_ROOM = f"""
SELECT o.task_id, o.most - CASE WHEN o.closed THEN (SELECT count(*) FROM assignment a
        WHERE a.project_id = o.project_id AND a.task_id = o.task_id AND NOT a.is_gold AND {LIVE}) ELSE o.wanted END, o.closed
FROM opened_task o WHERE o.project_id = %s AND o.task_id = ANY(%s)
"""  # noqa: S608 (a constant)
_ASKED = "SELECT task_id, wanted FROM opened_task WHERE project_id = %s AND task_id = ANY(%s) AND NOT closed"
_TASKS_OF = "SELECT DISTINCT task_id FROM assignment WHERE project_id = %s AND id = ANY(%s) AND NOT is_gold"
_WRITERS = "SELECT task_id, worker_id FROM assignment WHERE project_id = %s AND task_id = ANY(%s) AND state = ANY(%s)"
_SOURCES = """
SELECT id, external_id FROM task WHERE project_id = %s AND id = ANY(%s) AND starts_with(external_id, 'tsk_')
"""
_SETTLED = """
SELECT task_id FROM judgement WHERE project_id = %s AND state = ANY(%s) AND task_id > %s ORDER BY task_id LIMIT %s
"""
_DATA = "SELECT id, data FROM task WHERE project_id = %s AND id = ANY(%s)"
