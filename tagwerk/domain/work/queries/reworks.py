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


def never_asked_again(project_id: int, assignment_ids: Collection[int]) -> bool:
    """Whether one of these answers could have been asked for again, better, and was not; answers to gold cannot be."""
    return bool(sql.value(_NEVER, [project_id, list(assignment_ids)]))


def _view(row: tuple[object, ...]) -> ReworkView:
    number, text, state, *rest = row
    return ReworkView(number, text, ReworkState(str(state)), *rest)  # type: ignore[arg-type]


_REWORK = """
SELECT a.id, r.text, r.state, r.extra_reward_micros, r.asked_at, r.until, r.ended_at
FROM rework r JOIN assignment a ON a.project_id = r.project_id AND a.id = r.assignment_id
"""
_NEVER = """
SELECT EXISTS (SELECT FROM assignment a WHERE a.project_id = %s AND a.id = ANY(%s) AND NOT a.is_gold
    AND NOT EXISTS (SELECT FROM rework r WHERE r.project_id = a.project_id AND r.assignment_id = a.id))
"""
