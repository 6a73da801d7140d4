"""Workers are told what happens to a project that they have something of in hand."""

from django.db import transaction
from django.utils.timezone import now as clock

from tagwerk.base.ids import public_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.queries import sql


@transaction.atomic
def tell_project_paused(*, project_id: int) -> int:
    """A project is paused: who holds a task of it is told that it can still be handed in, once a day; how many."""
    project = projects.project(project_id)
    if project.state is not ProjectState.PAUSED:
        return 0
    holders = sql.rows(
        "SELECT DISTINCT a.worker_id FROM hold h JOIN assignment a ON a.project_id = h.project_id"
        " AND a.id = h.assignment_id WHERE h.project_id = %s ORDER BY a.worker_id",
        [project_id],
    )
    for (worker_id,) in holders:
        notices.tell(
            person_id=worker_id, kind="project_paused", params={"project": project.title},
            link=f"/work/{public_id('prj', project_id)}/", key=f"project_paused/{project_id}/{clock().date()}",
        )  # fmt: skip
    return len(holders)
