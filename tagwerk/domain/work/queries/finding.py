"""Tasks found by their id, whichever project of one's organisations they belong to."""

from dataclasses import dataclass

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.accounts.rules import Actor, Permission, may
from tagwerk.domain.work.queries import sql

PROJECTS = 1_000  # the newest of the actor's organisations are looked through, one step in an index each


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task with the project it belongs to."""

    id: int
    project_id: int
    external_id: str
    project_title: str


def tasks_found(actor: Actor, text: str, *, limit: int = 5) -> list[FoundTask]:
    """The gate of a search: tasks of one's organisations with this own id or public id.

    As everywhere, who works on a project that they do not run finds none of its tasks.
    """
    seen = [number for number in actor.roles if may(actor, number, Permission.PROJECT_VIEW)]
    if not seen or not text:
        return []
    values = {
        "seen": seen,
        "run": [number for number in seen if may(actor, number, Permission.PROJECT_MANAGE)],
        "me": actor.person_id,
        "text": text,
        "id": _number(text),
        "projects": PROJECTS,
        "limit": limit,
    }
    wanted = "t.external_id = %(text)s" if values["id"] is None else "t.id = %(id)s"
    return [FoundTask(*row) for row in sql.rows(_FOUND.format(wanted=wanted), values)]


def _number(text: str) -> int | None:
    try:
        return row_number("tsk", text)
    except NotFound:
        return None


_FOUND = """
SELECT t.id, t.project_id, coalesce(t.external_id, ''), p.title
FROM (
    SELECT id, title, organisation_id FROM project
    WHERE organisation_id = ANY(%(seen)s::bigint[]) ORDER BY id DESC LIMIT %(projects)s
) p
JOIN task t ON t.project_id = p.id AND {wanted}
WHERE p.organisation_id = ANY(%(run)s::bigint[])
    OR NOT EXISTS (SELECT FROM enrolment e WHERE e.project_id = p.id AND e.worker_id = %(me)s)
ORDER BY t.project_id DESC
LIMIT %(limit)s"""
