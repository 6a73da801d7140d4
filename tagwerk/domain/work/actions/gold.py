"""Gold: given by hand in a draft, made of ordinary tasks, served or not, its right answers corrected."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.gold import check_gold
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.opening import WORKING, funds_of, locked_opening
from tagwerk.domain.work.events import GoldSet
from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.queries import sql, task_for
from tagwerk.domain.work.rules.coverage import gold_on_top, with_guarantee
from tagwerk.domain.work.rules.rows import explanation_of


@transaction.atomic
def set_gold(
    *,
    actor: Actor,
    project_id: int,
    task_id: int,
    right: Mapping[str, Any] | None,
    explanation: str | None = None,
) -> None:
    """Give a task of a draft its right answers, which makes it gold; with None it is gold no more. `explanation`: None
    leaves it as it is."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    locked_opening(project_id=project.id)
    if projects.project(project.id).state is not ProjectState.DRAFT:
        raise Conflict(
            "gold_in_work", "The project is launched, so its gold stays; new rows can bring more of it."
        )
    task = task_for(actor, project.id, task_id)
    answers = None if right is None else check_gold(designs.design(project.design_id), right)
    why = None if explanation is None else explanation_of(explanation, is_gold=answers is not None)
    if answers == task.gold:
        if answers is not None and why is not None:
            explain_gold(project_id=project.id, task_id=task.id, explanation=why)
        return
    sql.write("DELETE FROM gold WHERE project_id = %s AND task_id = %s", [project.id, task.id])
    if answers is not None:
        sql.write(_GIVE, [project.id, task.id, task.id, json.dumps(answers, ensure_ascii=False), why or ""])
    sql.write(
        "UPDATE task SET is_gold = %s WHERE project_id = %s AND id = %s",
        [answers is not None, project.id, task.id],
    )
    difference = (answers is not None) - task.is_gold
    sql.write(_COUNT, [difference, difference, project.id, task.batch_id])
    record(
        GoldSet(
            actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project.id,
            task_id=task.id, is_gold=answers is not None,
        )
    )  # fmt: skip


@transaction.atomic
def make_gold(*, project_id: int, right: Mapping[int, Mapping[str, Any]], explanation: str = "") -> list[int]:
    """Have tasks of a project served as gold too, to people who have not had them; which of them were not gold yet.

    The task itself stays what it is: its answers, its result and its pay. An assignment says whether it is to gold.
    """
    opening = locked_opening(project_id=project_id)
    is_first = sql.value("SELECT 1 FROM gold WHERE project_id = %s LIMIT 1", [project_id]) is None
    made = []
    for task_id, answers in sorted(right.items()):
        values = [project_id, task_id, task_id, json.dumps(answers, ensure_ascii=False), explanation]
        if sql.write(f"{_GIVE} ON CONFLICT DO NOTHING", values):
            made.append(task_id)
    if made and is_first:
        _set_aside(projects.project(project_id), opening, made[0])
    return made


def _set_aside(project: ProjectView, opening: Opening, task_id: int) -> None:
    """Set money aside for the first gold of a running project, which nobody has reckoned with; where there is none, or the
    project has a budget of its own, gold is served as far as the money goes."""
    if not project.paid or project.budget_micros is not None or project.state not in WORKING:
        return
    on_top = gold_on_top(funds_of(project=project, opening=opening), gold_share_bp=project.gold_cost_bp)
    amount = with_guarantee(on_top, guaranteed=project.hour_guarantee)
    with contextlib.suppress(Conflict), transaction.atomic():
        project_actions.reserve(project_id=project.id, amount_micros=amount, key=f"gold:{task_id}")


def retire_gold(*, project_id: int, task_id: int) -> bool:
    """Serve a gold task no more; who holds it may hand it in. False: it was not served."""
    return bool(sql.write(_RETIRE, [project_id, task_id]))


def reinstate_gold(*, project_id: int, task_id: int) -> bool:
    """Serve a retired gold task again. False: it is served, or no gold."""
    return bool(sql.write(_REINSTATE, [project_id, task_id]))


def correct_gold(*, project_id: int, task_id: int, answers: Mapping[str, Any]) -> None:
    """Give a gold task other right answers, that were checked."""
    sql.write(_CORRECT, [json.dumps(answers, ensure_ascii=False), project_id, task_id])


def explain_gold(*, project_id: int, task_id: int, explanation: str) -> None:
    """Say why the right answers of a gold task are right."""
    sql.write(_EXPLAIN, [explanation, project_id, task_id])


_GIVE = "INSERT INTO gold (project_id, pos, task_id, answers, explanation) VALUES (%s, %s, %s, %s::jsonb, %s)"
_RETIRE = """
UPDATE gold SET retired_at = statement_timestamp() WHERE project_id = %s AND task_id = %s AND retired_at IS NULL
"""
_REINSTATE = """
UPDATE gold SET retired_at = NULL WHERE project_id = %s AND task_id = %s AND retired_at IS NOT NULL
"""
_CORRECT = "UPDATE gold SET answers = %s::jsonb WHERE project_id = %s AND task_id = %s"
_EXPLAIN = "UPDATE gold SET explanation = %s WHERE project_id = %s AND task_id = %s"
# A batch of gold alone has nothing that is ever opened.
_COUNT = """
UPDATE batch SET gold_tasks = gold_tasks + %s, opened_to = CASE WHEN gold_tasks + %s = tasks THEN last_id ELSE 0 END
WHERE project_id = %s AND id = %s
"""
