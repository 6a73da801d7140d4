"""Throwing the tasks of a draft away: nobody has seen them, and no money stands behind them."""

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.events import TasksDiscarded
from tagwerk.domain.work.queries import sql


@transaction.atomic
def discard_tasks(*, actor: Actor, project_id: int) -> int:
    """Throw all tasks of a draft away, so that other rows can take their place; how many there were."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    locked_opening(project_id=project.id)
    if projects.project(project.id).state is not ProjectState.DRAFT:
        raise Conflict("tasks_in_work", "The project is launched, so its tasks stay; finish it, or copy it.")
    sql.write("DELETE FROM gold WHERE project_id = %s", [project.id])
    gone = sql.write("DELETE FROM task WHERE project_id = %s", [project.id])
    sql.write("DELETE FROM batch WHERE project_id = %s", [project.id])
    if gone:
        record(
            TasksDiscarded(
                actor_id=actor.person_id,
                organisation_id=project.organisation_id,
                project_id=project.id,
                tasks=gone,
            )
        )
    return gone
