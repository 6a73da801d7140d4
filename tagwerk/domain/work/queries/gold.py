"""Gold, for who has passed a gate of members: nothing that a worker can reach comes from here."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.arrays import bigints
from tagwerk.base.errors import Refusal
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.gold import check_gold
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.models import Gold
from tagwerk.domain.work.queries import sql


@dataclass(frozen=True, slots=True)
class GoldView:
    """The right answers of a task, and why they are right. `promoted`: the task is an ordinary one as well."""

    task_id: int
    answers: dict[str, Any]
    explanation: str
    retired_at: datetime | None
    promoted: bool


def gold_numbered(project_id: int, task_ids: Collection[int]) -> dict[int, GoldView]:
    """Those of these tasks that are gold."""
    found = sql.rows(_NUMBERED, [project_id, bigints(task_ids)])
    return {row[0]: GoldView(row[0], _json(row[1]), *row[2:]) for row in found}


def gold_of_task(project_id: int, task_id: int) -> GoldView | None:
    """The gold of a task; None where it is none."""
    return gold_numbered(project_id, [task_id]).get(task_id)


def _json(value: Any) -> dict[str, Any]:
    return dict(json.loads(value) if isinstance(value, str) else value)


_NUMBERED = """
SELECT g.task_id, g.answers, g.explanation, g.retired_at, NOT t.is_gold FROM gold g
JOIN task t ON t.project_id = g.project_id AND t.id = g.task_id
WHERE g.project_id = %s AND g.task_id = ANY(%s::bigint[])
"""

LOOKED_AT = 1_000  # rows of gold: a change of the question shows in the first ones


def gold_misfits(project_id: int) -> int:
    """How many of the first rows of gold no longer fit the questions; for who has passed the project's gate."""
    design = designs.design(projects.project(project_id).design_id)
    rows = Gold.objects.filter(project_id=project_id).order_by("pos").values_list("answers", flat=True)
    misfits = 0
    for right in rows[:LOOKED_AT]:
        try:
            check_gold(design, right)
        except Refusal:
            misfits += 1
    return misfits
