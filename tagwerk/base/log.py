"""The log of what happened: facts by organisation, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.fields.json import KeyTextTransform

from tagwerk.base.models import StoredEvent


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A fact as it was recorded; `actor_id` None: the platform itself, the console or a key."""

    id: int
    name: str
    happened_at: datetime
    actor_id: int | None
    project_id: int | None
    facts: dict[str, Any]


def events_page(
    organisation_id: int,
    before: int | None = None,
    limit: int = 50,
    *,
    actor_id: int | None = None,
    project_id: int | None = None,
) -> list[LoggedEvent]:
    """What happened in an organisation, newest first, by one person or in one project; whoever asks has passed its gate."""
    rows = StoredEvent.objects.filter(organisation_id=organisation_id).order_by("-id")
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_logged(row) for row in rows[: min(limit, 200)]]


def events_of_task(project_id: int, task_id: int, limit: int = 100) -> list[LoggedEvent]:
    """What happened to a task, the oldest first; whoever asks has passed the project's gate."""
    rows = StoredEvent.objects.filter(project_id=project_id, facts__has_key="task_id")
    rows = rows.annotate(task=KeyTextTransform("task_id", "facts")).filter(task=str(task_id))
    return [_logged(row) for row in rows.order_by("id")[:limit]]


def _logged(row: StoredEvent) -> LoggedEvent:
    return LoggedEvent(row.id, row.name, row.happened_at, row.actor_id, row.project_id, row.facts)
