"""Keys, as their owners see them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.models import ApiKey
from tagwerk.domain.accounts.rules import Actor, Permission


@dataclass(frozen=True)
class KeyView:
    """A key without its text."""

    id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    state: str  # "alive", "expired" or "revoked"


def keys_of(actor: Actor, organisation_id: int | None = None) -> list[KeyView]:
    """The keys of an organisation, or one's own as a worker; newest first."""
    if organisation_id is not None:
        rules.require(actor, organisation_id, Permission.KEY_MANAGE)
        mine: dict[str, Any] = {"organisation_id": organisation_id}
    elif actor.person_id is not None and actor.scopes is None:
        mine = {"person_id": actor.person_id}
    else:
        raise NotFound("person_not_found", "There is no such person.")
    found = ApiKey.objects.filter(**mine).select_related("created_by").order_by("-id")
    return [_key_view(row) for row in found]


def keys_of_person(actor: Actor, person_id: int) -> list[KeyView]:
    """For operators: a worker's own keys, newest first."""
    rules.require_operator(actor)
    found = ApiKey.objects.filter(person_id=person_id).select_related("created_by").order_by("-id")[:50]
    return [_key_view(row) for row in found]


def _key_view(row: ApiKey) -> KeyView:
    expired = row.expires_at is not None and row.expires_at <= timezone.now()
    return KeyView(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=tuple(row.scopes),
        created_by=row.created_by.display_name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        state="revoked" if row.revoked_at else "expired" if expired else "alive",
    )


def person_behind(actor: Actor) -> int | None:
    """The person who answers for what an actor does: themselves, or whoever made the organisation's key."""
    if actor.person_id is not None or actor.key_id is None:
        return actor.person_id
    return ApiKey.objects.filter(id=actor.key_id).values_list("created_by_id", flat=True).first()
