"""What a worker holds, as that worker sees it: nothing of it says whether a task is gold."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.errors import NotFound
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.render import order_for
from tagwerk.domain.work.queries import sql

COLUMNS = (
    "next_assignment, next_task, next_design, next_instructions, next_data, next_prediction, next_draft,"
    " next_claimed, next_expires, next_reward, next_currency"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A task in a worker's hands. `expires_at` is None when it is not held any more."""

    assignment_id: int
    task_id: int
    project_id: int
    design_id: int
    instructions_version: int
    data: dict[str, Any]
    prediction: dict[str, Any] | None
    draft: dict[str, Any] | None
    claimed_at: datetime
    expires_at: datetime | None
    reward_micros: int
    currency: str
    order: str | None  # "ab" or "ba" where two sides are shown
    names_files: bool  # whether the data says "media:" anywhere


@dataclass(frozen=True, slots=True)
class NoTask:
    """Nothing to do, and why; the reasons are those of `rules.states.Nothing`."""

    reason: str


def held_of_row(project_id: int, found: tuple[Any, ...]) -> Held:
    """What `work_cycle` and `work_held` give in COLUMNS."""
    (
        assignment_id,
        task_id,
        design_id,
        version,
        data,
        prediction,
        draft,
        claimed,
        expires,
        reward,
        currency,
    ) = found
    return Held(
        assignment_id, task_id, project_id, design_id, version, json.loads(data),
        json.loads(prediction) if prediction else None, json.loads(draft) if draft else None,
        claimed, expires, reward, currency, order_for(designs.design(design_id), assignment_id),
        "media:" in data,
    )  # fmt: skip


def project_of_assignment(person_id: int, assignment_id: int) -> int:
    """The gate of a worker: the project of their own assignment, or it does not exist."""
    found = sql.value(
        "SELECT project_id FROM assignment WHERE worker_id = %s AND id = %s AND state <> 9",
        [person_id, assignment_id],
    )
    if found is None:
        raise NotFound("assignment_not_found", "You have no such task.")
    return int(found)


def may_work_by_api(person_id: int, project_id: int, assignment_id: int) -> bool:
    """Whether people may work by API on the project of a worker's own assignment, or it does not exist."""
    found = sql.value(
        "SELECT p.api_work FROM assignment a JOIN project p ON p.id = a.project_id"
        " WHERE a.project_id = %s AND a.id = %s AND a.worker_id = %s AND a.state <> 9",
        [project_id, assignment_id, person_id],
    )
    if found is None:
        raise NotFound("assignment_not_found", "You have no such task.")
    return bool(found)


def held_for(person_id: int, assignment_id: int) -> Held:
    """The gate of a worker to what they have or had in hand."""
    project_id = project_of_assignment(person_id, assignment_id)
    found = sql.row(f"SELECT {COLUMNS} FROM work_held(%s, %s)", [project_id, assignment_id])  # noqa: S608
    assert found is not None
    return held_of_row(project_id, found)


def held_by(person_id: int, project_id: int, assignment_id: int) -> bool:
    """Whether an assignment is in this worker's hands now."""
    found = sql.value(
        "SELECT 1 FROM assignment WHERE project_id = %s AND id = %s AND worker_id = %s AND state = 0",
        [project_id, assignment_id, person_id],
    )
    return found is not None


def draft_kept_at(project_id: int, assignment_id: int) -> datetime | None:
    """When the draft of an assignment was kept, for who has passed its gate."""
    found = sql.value(
        "SELECT saved_at FROM draft WHERE project_id = %s AND assignment_id = %s", [project_id, assignment_id]
    )
    assert found is None or isinstance(found, datetime)
    return found


def holding(person_id: int, project_id: int) -> list[Held]:
    """All that a worker holds in a project, the oldest first."""
    found = sql.rows(
        f"SELECT {COLUMNS} FROM enrolment e, unnest(e.held) WITH ORDINALITY AS one (id, nth),"  # noqa: S608
        " LATERAL work_held(e.project_id, one.id) WHERE e.project_id = %s AND e.worker_id = %s ORDER BY nth",
        [project_id, person_id],
    )
    return [held_of_row(project_id, one) for one in found]
