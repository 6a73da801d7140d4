"""Tasks and their answers as an export reads them, in short statements. They are the room work's; only read here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from psycopg.pq import Format
from pydantic_core import from_json

from tagwerk.base.arrays import bigints
from tagwerk.domain.exports.rules.delivery import Tally
from tagwerk.domain.quality.queries.answers import INCLUDED
from tagwerk.domain.work.queries.sql import NOT_AT_REST, PAST_UNDO
from tagwerk.domain.work.rules.states import State


class ExportedTask(NamedTuple):
    """A task with its data, keys in their order; `gold` are its right answers, if they are known."""

    id: int
    external_id: str | None
    data: dict[str, Any]
    gold: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ApprovedAnswer:
    """An approved answer in its newest revision."""

    task_id: int
    pseudonym: str
    answers: dict[str, Any]
    submitted_at: datetime
    active_ms: int
    counted: bool
    revision: int
    design_id: int
    instructions_version: int
    order: str | None
    channel: int
    worker_id: int
    paid_seconds: int | None  # where it is paid by the hour


def tasks_page(project_id: int, *, after: int, limit: int) -> list[ExportedTask]:
    """The next tasks by number."""
    return [_task(*row) for row in _rows(_PAGE, [project_id, after, limit])]


def tasks_named(project_id: int, task_ids: Collection[int]) -> list[ExportedTask]:
    """These tasks by number."""
    return [_task(*row) for row in _rows(_NAMED, [project_id, list(task_ids)])]


def count_tasks(project_id: int) -> int:
    """How many tasks the project has."""
    return int(_rows("SELECT count(*) FROM task WHERE project_id = %s", [project_id])[0][0])


def tallies(project_id: int, task_ids: Collection[int]) -> dict[tuple[int, bool], Tally]:
    """Task, and whether as gold → how many answers that count are approved, and how many are in review. A task that serves
    as gold as well has both kinds of answers."""
    states = [int(State.APPROVED), int(State.SUBMITTED)]
    return {
        (task, is_gold): Tally(yes, maybe)
        for task, is_gold, yes, maybe in _rows(_TALLIES, [*states, project_id, bigints(task_ids), states])
    }


def approved_answers(project_id: int, task_ids: Collection[int]) -> list[ApprovedAnswer]:
    """The approved answers to these tasks, in the order in which they were taken."""
    rows = _rows(_APPROVED, [project_id, list(task_ids), int(State.APPROVED)])
    return [_approved(row) for row in rows]


def _approved(row: tuple[Any, ...]) -> ApprovedAnswer:
    return ApprovedAnswer(row[0], row[1], from_json(row[2]), *row[3:])


@dataclass(frozen=True, slots=True)
class FedAnswer:
    """A line of the answer feed: what can be told of an answer before it is approved."""

    seq: int
    assignment_id: int
    revision: int
    task_id: int
    submitted_at: datetime


def fed_answers(project_id: int, after_seq: int, limit: int) -> list[FedAnswer]:
    """The next lines of the project's feed."""
    return [FedAnswer(*row) for row in _rows(_FED, [project_id, after_seq, limit])]


def first_seq_since(project_id: int, since: datetime, *, after: int = 0) -> int:
    """The first line of the feed behind `after` that came at or after a time (one after the last if none did)."""
    return int(_rows(_FIRST, [project_id, after, since, project_id, after + 1])[0][0])


def answers_in_review(project_id: int, task_ids: Collection[int]) -> list[int]:
    """The assignments of these tasks that count and wait for a verdict."""
    return [row[0] for row in _rows(_IN_REVIEW, [project_id, list(task_ids), int(State.SUBMITTED)])]


def undelivered_tasks(project_id: int, *, after: int, limit: int) -> list[int]:
    """Tasks with a result that is to go out and no answer in review any more, by number."""
    return [row[0] for row in _rows(_UNDELIVERED, [project_id, after, int(State.SUBMITTED), limit])]


def projects_to_announce() -> list[int]:
    """Projects with answers in the feed that a webhook wants to hear of and has not."""
    return [row[0] for row in _rows(_TO_ANNOUNCE, [["answer.submitted"]])]


def newest_approved_of(person_id: int) -> ApprovedAnswer | None:
    """The newest approved answer among a worker's last ones."""
    found = _rows(_NEWEST_OF, [person_id, int(State.APPROVED)])
    return _approved(found[0]) if found else None


def _task(number: int, external_id: str | None, data: str, gold: str | None) -> ExportedTask:
    return ExportedTask(number, external_id, from_json(data), None if gold is None else from_json(gold))


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY  # a million rows: numbers need not be read from text
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_TASK = """
SELECT t.id, t.external_id, t.data::text, g.answers::text FROM task t
LEFT JOIN gold g ON t.is_gold AND g.project_id = t.project_id AND g.task_id = t.id
"""
_PAGE = _TASK + "WHERE t.project_id = %s AND t.id > %s ORDER BY t.id LIMIT %s"
_NAMED = _TASK + "WHERE t.project_id = %s AND t.id = ANY(%s) ORDER BY t.id"
_TALLIES = f"""
SELECT a.task_id, a.is_gold, count(*) FILTER (WHERE a.state = %s), count(*) FILTER (WHERE a.state = %s AND {PAST_UNDO})
FROM assignment a
WHERE a.project_id = %s AND a.task_id = ANY(%s::bigint[]) AND a.state = ANY(%s) AND {INCLUDED} GROUP BY a.task_id, a.is_gold
"""  # noqa: S608 (a constant)
PAID_SECONDS = """CASE WHEN a.most_seconds IS NOT NULL THEN (SELECT h.paid_seconds FROM hourly_answer h
    WHERE h.project_id = a.project_id AND h.assignment_id = a.id) END"""
_APPROVED = f"""
SELECT a.task_id, e.pseudonym, r.answers::text, r.submitted_at, r.active_ms, NOT a.is_gold AND {INCLUDED}, r.revision, r.design_id,
    r.instructions_version, r.sides, r.channel, a.worker_id, {PAID_SECONDS} FROM assignment a
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
WHERE a.project_id = %s AND a.task_id = ANY(%s) AND a.state = %s ORDER BY a.task_id, a.id
"""  # noqa: S608 (a constant)
_NEWEST_OF = f"""
SELECT a.task_id, e.pseudonym, r.answers::text, r.submitted_at, r.active_ms, true, r.revision, r.design_id,
    r.instructions_version, r.sides, r.channel, a.worker_id, {PAID_SECONDS}
FROM (SELECT * FROM assignment x WHERE x.worker_id = %s ORDER BY x.id DESC LIMIT 1000) a
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
WHERE a.state = %s ORDER BY a.id DESC LIMIT 1
"""  # noqa: S608 (a constant)
_FED = """
SELECT f.seq, f.assignment_id, f.revision, a.task_id, a.submitted_at FROM answer_feed f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id
WHERE f.project_id = %s AND f.seq > %s ORDER BY f.seq LIMIT %s
"""
_FIRST = """
SELECT coalesce((SELECT min(seq) FROM answer_feed WHERE project_id = %s AND seq > %s AND fed_at >= %s),
    (SELECT max(seq) + 1 FROM answer_feed WHERE project_id = %s), %s)
"""
_IN_REVIEW = f"""
SELECT a.id FROM assignment a
WHERE a.project_id = %s AND a.task_id = ANY(%s) AND a.state = %s AND {PAST_UNDO} ORDER BY a.id
"""  # noqa: S608 (a constant)
_UNDELIVERED = f"""
SELECT u.task_id FROM undelivered_result u WHERE u.project_id = %s AND u.task_id > %s AND NOT EXISTS (SELECT
    FROM assignment a WHERE a.project_id = u.project_id AND a.task_id = u.task_id AND a.state = %s
    AND NOT a.is_gold AND {PAST_UNDO})
ORDER BY u.task_id LIMIT %s
"""  # noqa: S608 (a constant)
_TO_ANNOUNCE = f"""
SELECT DISTINCT p.id FROM webhook_endpoint w JOIN project p ON p.organisation_id = w.organisation_id
LEFT JOIN announce_cursor c ON c.project_id = p.id
WHERE w.events @> %s::varchar[] AND {NOT_AT_REST} AND (SELECT f.seq > coalesce(c.seq, 0)
        AND f.fed_at >= w.created_at
    FROM answer_feed f WHERE f.project_id = p.id ORDER BY f.seq DESC LIMIT 1) ORDER BY p.id
"""  # noqa: S608 (a constant)
