"""Facts. An action records what happened in the same transaction as the change itself.

A fact carries ids only. Its row is audit trail and source of webhooks in one; what follows from it is
named in `config/reactions.py`.
"""

from dataclasses import asdict, dataclass
from typing import ClassVar

from tagwerk.base.models import StoredEvent


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all facts. Who and where are fields of each, so that every log line can be filtered."""

    version: ClassVar[int] = 1
    actor_id: int | None = None
    organisation_id: int | None = None
    project_id: int | None = None


def record(event: Event) -> StoredEvent:
    """Write the fact down; its reactions are found by the row, so nothing else has to succeed."""
    facts = asdict(event)
    return StoredEvent.objects.create(
        name=type(event).__name__,
        version=event.version,
        actor_id=facts.pop("actor_id"),
        organisation_id=facts.pop("organisation_id"),
        project_id=facts.pop("project_id"),
        facts=facts,
    )
