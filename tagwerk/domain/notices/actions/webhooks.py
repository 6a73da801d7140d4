"""Webhooks are set up, changed, switched off and on, and removed by those who may manage them."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from tagwerk.base.errors import TooMany
from tagwerk.base.events import record
from tagwerk.base.secrecy import encrypted
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, require
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.events import WebhookChanged, WebhookCreated, WebhookRemoved
from tagwerk.domain.notices.models import WebhookEndpoint
from tagwerk.domain.notices.rules import webhooks as rules

MOST_ENDPOINTS = 20
LONGEST_DESCRIPTION = 120


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """A new webhook and the secret that signs its messages."""

    endpoint_id: int
    secret: str


@transaction.atomic
def create_endpoint(
    *,
    actor: Actor,
    organisation_id: int,
    url: str,
    events: Iterable[str],
    accept: bool = False,
    description: str = "",
) -> NewEndpoint:
    """Have an address called when something happens; `accept` delivers results at once and accepts them by that.

    Who has results sent must be allowed to export them, and who has them accepted to review answers.
    """
    require(actor, organisation_id, Permission.WEBHOOK_MANAGE)
    wanted = rules.check_events(events)
    _require_needed(actor, organisation_id, wanted, accept=accept)
    accounts.organisation(organisation_id)
    if WebhookEndpoint.objects.filter(organisation_id=organisation_id).count() >= MOST_ENDPOINTS:
        raise TooMany(
            "webhooks_too_many",
            "An organisation has at most {most} webhooks; remove one first.",
            most=MOST_ENDPOINTS,
        )
    secret = rules.secret_text(secrets.token_bytes(rules.SECRET_BYTES))
    endpoint = WebhookEndpoint.objects.create(
        organisation_id=organisation_id,
        url=_usable(url),
        events=wanted,
        accept=accept,
        description=description.strip()[:LONGEST_DESCRIPTION],
        secret=encrypted(secret),
        created_by_id=actor.person_id,
    )
    record(WebhookCreated(actor_id=actor.person_id, organisation_id=organisation_id, endpoint_id=endpoint.id))
    return NewEndpoint(endpoint.id, secret)


@transaction.atomic
def update_endpoint(
    *,
    actor: Actor,
    endpoint_id: int,
    url: str | None = None,
    events: Iterable[str] | None = None,
    accept: bool | None = None,
    description: str | None = None,
) -> None:
    """Change what is given of a webhook, and leave the rest; it takes the permissions that the changed one needs."""
    changes: dict[str, Any] = {
        "url": None if url is None else _usable(url),
        "events": None if events is None else rules.check_events(events),
        "accept": accept,
        "description": None if description is None else description.strip()[:LONGEST_DESCRIPTION],
    }
    given = {name: value for name, value in changes.items() if value is not None}
    if given:
        old = _endpoint(actor, endpoint_id)
        wanted: Collection[str] = given.get("events", old.events)
        _require_needed(actor, old.organisation_id, wanted, accept=given.get("accept", old.accept))
    _change(actor, endpoint_id, ", ".join(given), given)


@transaction.atomic
def disable_endpoint(*, actor: Actor, endpoint_id: int) -> None:
    """Call an address no more; what is waiting for it goes on waiting."""
    _change(actor, endpoint_id, "active", {"active": False})


@transaction.atomic
def enable_endpoint(*, actor: Actor, endpoint_id: int) -> None:
    """Call an address again, what was waiting first."""
    working = {
        "active": True,
        "disabled_at": None,
        "failures_in_a_row": 0,
        "failing_since": None,
        "rest_until": None,
    }
    old = _endpoint(actor, endpoint_id)
    _require_needed(actor, old.organisation_id, old.events, accept=old.accept)
    _change(actor, endpoint_id, "active", working)


@transaction.atomic
def rotate_secret(*, actor: Actor, endpoint_id: int, now: datetime) -> str:
    """Give a webhook a new secret; for a day messages carry the signatures of both."""
    secret = rules.secret_text(secrets.token_bytes(rules.SECRET_BYTES))
    endpoint = _endpoint(actor, endpoint_id)
    new = {
        "secret": encrypted(secret),
        "previous_secret": endpoint.secret,
        "previous_until": now + rules.ROTATION,
    }
    _change(actor, endpoint_id, "secret", new)
    return secret


@transaction.atomic
def remove_endpoint(*, actor: Actor, endpoint_id: int) -> None:
    """Remove a webhook with all that waits for it and its log."""
    endpoint = _endpoint(actor, endpoint_id)
    organisation_id = endpoint.organisation_id
    endpoint.delete()
    record(WebhookRemoved(actor_id=actor.person_id, organisation_id=organisation_id, endpoint_id=endpoint_id))


def _usable(url: str) -> str:
    return rules.check_url(url, plain_allowed=settings.ALLOW_PRIVATE_ADDRESSES)


def _require_needed(actor: Actor, organisation_id: int, events: Collection[str], *, accept: bool) -> None:
    for permission in rules.needed(events, accept=accept):
        require(actor, organisation_id, permission)


def _endpoint(actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    queries.endpoint_for(actor, endpoint_id)
    return WebhookEndpoint.objects.select_for_update().get(id=endpoint_id)


def _change(actor: Actor, endpoint_id: int, what: str, changes: dict[str, Any]) -> None:
    endpoint = _endpoint(actor, endpoint_id)
    if not changes:
        return
    for name, value in changes.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=list(changes))
    record(
        WebhookChanged(
            actor_id=actor.person_id,
            organisation_id=endpoint.organisation_id,
            endpoint_id=endpoint_id,
            what=what,
        )
    )
