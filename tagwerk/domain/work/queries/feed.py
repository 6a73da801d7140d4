"""Answers for those who ordered them: the feed, which cursors may follow, and one task's answers."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.enrolments import project_with_answers


@dataclass(frozen=True, slots=True)
class FedAnswer:
    """An answer in the feed. `first_answers` is revision 0, by which gold is scored; `gold` the right answers."""

    seq: int
    assignment_id: int
    task_id: int
    worker_id: int
    pseudonym: str
    revision: int
    answers: dict[str, Any]
    first_answers: dict[str, Any]
    submitted_at: datetime
    active_ms: int
    channel: int
    design_id: int
    instructions_version: int
    sides: str | None
    state: int
    is_gold: bool
    gold: dict[str, Any] | None


def feed(project_id: int, after_seq: int, limit: int = 1_000) -> list[FedAnswer]:
    """The next answers of the project's feed; for requesters and judges, never for workers."""
    return [_fed(row) for row in sql.rows(_FEED, [project_id, after_seq, limit])]


def last_seq(project_id: int) -> int:
    """The number of the newest answer in the feed; 0 before the first."""
    return int(sql.value("SELECT max(seq) FROM answer_feed WHERE project_id = %s", [project_id]) or 0)


def has_answers(project_id: int) -> bool:
    """Whether anything was ever handed in."""
    return sql.value("SELECT 1 FROM answer WHERE project_id = %s LIMIT 1", [project_id]) is not None


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """The newest revision of an answer, as those who ordered it see it."""

    assignment_id: int
    task_id: int
    worker_id: int
    pseudonym: str
    state: int
    revision: int
    answers: dict[str, Any]
    submitted_at: datetime
    active_ms: int
    channel: int
    sides: str | None
    reward_micros: int
    rejection: str | None


def answers_of_task(
    actor: Actor, project_id: int, task_id: int, *, after: int = 0, limit: int | None = None
) -> list[TaskAnswer]:
    """For members: all answers to a task, the first first; those in their undo time are not shown.

    `after` is the assignment of the last one of the page before.
    """
    project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    return [_task_answer(row) for row in sql.rows(_OF_TASK, [project_id, task_id, after, limit])]


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A task that somebody skipped, with their reason, or stopped at, with pay."""

    worker_id: int
    pseudonym: str
    state: int
    reason: str | None
    claimed_at: datetime


def given_up(actor: Actor, project_id: int, task_id: int) -> list[GivenUp]:
    """For members: who skipped a task or stopped at it, and why, the first first."""
    project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    return given_up_of_task(project_id, task_id)


def given_up_of_task(project_id: int, task_id: int) -> list[GivenUp]:
    """The same, for who has passed the project's gate."""
    return [GivenUp(*row) for row in sql.rows(_GIVEN_UP, [project_id, task_id])]


def answer_for(actor: Actor, project_id: int, assignment_id: int) -> TaskAnswer:
    """The gate of a member to one answer; one in its undo time is not there yet."""
    project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    found = sql.row(_ONE, [project_id, assignment_id])
    if found is None:
        raise NotFound("answer_not_found", "There is no such answer.")
    return _task_answer(found)


def answers_page(
    actor: Actor, project_id: int, *, state: int | None = None, before: int | None = None, limit: int = 50
) -> list[tuple[int, TaskAnswer]]:
    """For members: answers with their number in the feed, the newest first, by keyset on that number."""
    project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    found = sql.rows(_PAGE, [project_id, before, state, state, limit])
    return [(row[0], _task_answer(row[1:])) for row in found]


def _fed(row: tuple[Any, ...]) -> FedAnswer:
    values = list(row)
    for place in (6, 7, 16):
        values[place] = _json(values[place])
    return FedAnswer(*values)


def _task_answer(row: tuple[Any, ...]) -> TaskAnswer:
    values = list(row)
    values[6] = _json(values[6])
    return TaskAnswer(*values)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


_FEED = """
SELECT f.seq, a.id, a.task_id, a.worker_id, e.pseudonym, f.revision, r.answers, o.answers, r.submitted_at, r.active_ms,
    r.channel, r.design_id, r.instructions_version, r.sides, a.state, a.is_gold, g.answers
FROM answer_feed f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id
JOIN answer r ON r.project_id = f.project_id AND r.assignment_id = f.assignment_id AND r.revision = f.revision
JOIN answer o ON o.project_id = f.project_id AND o.assignment_id = f.assignment_id AND o.revision = 0
JOIN enrolment e ON e.project_id = f.project_id AND e.worker_id = a.worker_id
LEFT JOIN gold g ON a.is_gold AND g.project_id = f.project_id AND g.task_id = a.task_id
WHERE f.project_id = %s AND f.seq > %s ORDER BY f.seq LIMIT %s
"""
_ANSWER = """a.id, a.task_id, a.worker_id, e.pseudonym, a.state, a.revision, r.answers, r.submitted_at, r.active_ms,
    r.channel, r.sides, a.reward_micros, j.reason"""
_FROM = """
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
LEFT JOIN rejection j ON a.state = 3 AND j.project_id = a.project_id AND j.assignment_id = a.id
"""
_OF_TASK = f"""
SELECT {_ANSWER} FROM assignment a {_FROM}
WHERE a.project_id = %s AND a.task_id = %s AND a.id > %s AND {sql.PAST_UNDO} ORDER BY a.id LIMIT %s
"""  # noqa: S608 (constants)
_ONE = f"SELECT {_ANSWER} FROM assignment a {_FROM} WHERE a.project_id = %s AND a.id = %s AND {sql.PAST_UNDO}"  # noqa: S608
_GIVEN_UP = """
SELECT a.worker_id, e.pseudonym, a.state, a.reason, a.claimed_at FROM assignment a
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
WHERE a.project_id = %s AND a.task_id = %s AND a.state IN (6, 8) ORDER BY a.id
"""
_PAGE = f"""
SELECT f.seq, {_ANSWER} FROM answer_feed f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id {_FROM}
WHERE f.project_id = %s AND f.seq < coalesce(%s::bigint, 9223372036854775807) AND (%s::smallint IS NULL OR a.state = %s)
ORDER BY f.seq DESC LIMIT %s
"""  # noqa: S608
