"""The right answers of a draft's tasks, given or taken away by hand: nobody has seen the tasks yet."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.answers import check_gold
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.events import GoldSet
from tagwerk.domain.work.queries import sql, task_for


@transaction.atomic
def set_gold(*, actor: Actor, project_id: int, task_id: int, right: Mapping[str, Any] | None) -> None:
    """Give a task of a draft its right answers, which makes it gold; with None it is gold no more."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    locked_opening(project_id=project.id)
    if projects.project(project.id).state is not ProjectState.DRAFT:
        raise Conflict(
            "gold_in_work", "The project is launched, so its gold stays; new rows can bring more of it."
        )
    task = task_for(actor, project.id, task_id)
    answers = None if right is None else check_gold(designs.design(project.design_id), right)
    if answers == task.gold:
        return
    sql.write("DELETE FROM gold WHERE project_id = %s AND task_id = %s", [project.id, task.id])
    if answers is not None:
        sql.write(_GIVE, [project.id, task.id, task.id, json.dumps(answers, ensure_ascii=False)])
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


_GIVE = "INSERT INTO gold (project_id, pos, task_id, answers) VALUES (%s, %s, %s, %s::jsonb)"
# A batch of gold alone has nothing that is ever opened.
_COUNT = """
UPDATE batch SET gold_tasks = gold_tasks + %s, opened_to = CASE WHEN gold_tasks + %s = tasks THEN last_id ELSE 0 END
WHERE project_id = %s AND id = %s
"""
