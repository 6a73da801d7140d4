"""Better answers that were asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import ReworkState


@dataclass(frozen=True, slots=True)
class ReworkView:
    """What a worker was asked to improve, for how much on top and until when, and what came of it."""

    assignment_id: int
    text: str
    state: ReworkState
    extra_reward_micros: int
    asked_at: datetime
    until: datetime
    ended_at: datetime | None


def rework_of(project_id: int, assignment_id: int) -> ReworkView | None:
    """What was asked about one answer; for those who have passed a gate."""
    found = sql.row(
        f"{_REWORK} WHERE r.project_id = %s AND r.assignment_id = %s", [project_id, assignment_id]
    )
    return _view(found) if found else None


def reworks_of_task(project_id: int, task_id: int) -> dict[int, ReworkView]:
    """Assignment → what was asked about its answer, of one task; for those who have passed a gate."""
    found = sql.rows(f"{_REWORK} WHERE r.project_id = %s AND a.task_id = %s", [project_id, task_id])
    return {row[0]: _view(row) for row in found}


def reworks_by(person_id: int, assignment_ids: Collection[int]) -> dict[int, ReworkView]:
    """What a worker was asked about some of their own answers."""
    found = sql.rows(
        f"{_REWORK} WHERE a.worker_id = %s AND a.id = ANY(%s)", [person_id, list(assignment_ids)]
    )
    return {row[0]: _view(row) for row in found}


def reworks_waiting(person_id: int) -> list[tuple[int, str, datetime]]:
    """The answers of a worker that somebody waits for a better one of: assignment, project's title, until when."""
    return sql.rows(_WAITING, [person_id])


def _view(row: tuple[object, ...]) -> ReworkView:
    number, text, state, *rest = row
    return ReworkView(number, text, ReworkState(str(state)), *rest)  # type: ignore[arg-type]


_REWORK = """
SELECT a.id, r.text, r.state, r.extra_reward_micros, r.asked_at, r.until, r.ended_at
FROM rework r JOIN assignment a ON a.project_id = r.project_id AND a.id = r.assignment_id
"""
_WAITING = """
SELECT a.id, p.title, r.until FROM assignment a
JOIN rework r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.state = 'asked'
JOIN project p ON p.id = a.project_id WHERE a.worker_id = %s AND a.state = 1 ORDER BY r.until LIMIT 20
"""
