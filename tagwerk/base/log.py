"""The log of what happened: facts by organisation, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


def events_page(organisation_id: int, before: int | None = None, limit: int = 50) -> list[LoggedEvent]:
    """What happened in an organisation, newest first; whoever asks has passed its gate."""
    rows = StoredEvent.objects.filter(organisation_id=organisation_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        LoggedEvent(row.id, row.name, row.happened_at, row.actor_id, row.project_id, row.facts)
        for row in rows[: min(limit, 200)]
    ]
