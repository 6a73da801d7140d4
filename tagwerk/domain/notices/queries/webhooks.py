"""Webhooks and their deliveries, for those who manage them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.errors import NotFound
from tagwerk.base.secrecy import decrypted
from tagwerk.domain.accounts.rules import Actor, Permission, may, require
from tagwerk.domain.notices.models import Delivery, WebhookEndpoint
from tagwerk.domain.notices.rules.webhooks import NEEDED


@dataclass(frozen=True, slots=True)
class EndpointView:
    """A webhook without its secret."""

    id: int
    organisation_id: int
    url: str
    description: str
    events: tuple[str, ...]
    accept: bool
    active: bool
    disabled_at: datetime | None
    failing_since: datetime | None
    previous_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A message to a webhook and how its tries went."""

    id: int
    endpoint_id: int
    event: str
    project_id: int | None
    state: str
    attempts: int
    next_at: datetime | None
    queued_at: datetime
    delivered_at: datetime | None
    response_status: int | None
    duration_ms: int | None
    error: str
    body: str | None  # None: it holds what the actor may not read
    log: tuple[dict[str, Any], ...]


def endpoints_of(actor: Actor, organisation_id: int) -> list[EndpointView]:
    """An organisation's webhooks, oldest first."""
    require(actor, organisation_id, Permission.WEBHOOK_MANAGE)
    return [
        _endpoint(row)
        for row in WebhookEndpoint.objects.filter(organisation_id=organisation_id).order_by("id")
    ]


def endpoints_wanting(organisation_id: int, event: str) -> list[EndpointView]:
    """The webhooks that asked for an event, for other rooms: whether to deliver at all, and whether that accepts."""
    found = WebhookEndpoint.objects.filter(organisation_id=organisation_id, events__contains=[event])
    return [_endpoint(row) for row in found.order_by("id")]


def endpoint_for(actor: Actor, endpoint_id: int) -> EndpointView:
    """One webhook of an organisation whose webhooks the actor manages."""
    return _endpoint(_endpoint_row(actor, endpoint_id))


def endpoint_secret(actor: Actor, endpoint_id: int) -> str:
    """The secret that signs a webhook's messages, to be put into the receiver."""
    return decrypted(_endpoint_row(actor, endpoint_id).secret)


def delivery_for(actor: Actor, delivery_id: int) -> DeliveryView:
    """One message to such a webhook."""
    row = Delivery.objects.filter(id=delivery_id).select_related("endpoint").first()
    if row is None or row.endpoint.organisation_id not in actor.roles:
        raise NotFound("delivery_not_found", "There is no such message.")
    require(actor, row.endpoint.organisation_id, Permission.WEBHOOK_MANAGE)
    return _delivery(row, actor, row.endpoint.organisation_id)


def deliveries_page(
    actor: Actor, endpoint_id: int, *, state: str | None = None, before: int | None = None, limit: int = 50
) -> list[DeliveryView]:
    """The messages to a webhook, newest first, all or those in one state; `before` is the last one's id."""
    endpoint = _endpoint_row(actor, endpoint_id)
    found = Delivery.objects.filter(endpoint_id=endpoint.id).order_by("-id")
    if state is not None:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    return [_delivery(row, actor, endpoint.organisation_id) for row in found[:limit]]


def _endpoint_row(actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    row = WebhookEndpoint.objects.filter(id=endpoint_id).first()
    if row is None or row.organisation_id not in actor.roles:
        raise NotFound("webhook_not_found", "There is no such webhook.")
    require(actor, row.organisation_id, Permission.WEBHOOK_MANAGE)
    return row


def _endpoint(row: WebhookEndpoint) -> EndpointView:
    return EndpointView(
        id=row.id,
        organisation_id=row.organisation_id,
        url=row.url,
        description=row.description,
        events=tuple(row.events),
        accept=row.accept,
        active=row.active,
        disabled_at=row.disabled_at,
        failing_since=row.failing_since,
        previous_until=row.previous_until,
        created_at=row.created_at,
    )


def _delivery(row: Delivery, actor: Actor, organisation_id: int) -> DeliveryView:
    needed = NEEDED.get(row.event)
    readable = needed is None or may(actor, organisation_id, needed)
    return DeliveryView(
        id=row.id,
        endpoint_id=row.endpoint_id,
        event=row.event,
        project_id=row.project_id,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at if row.state == Delivery.State.WAITING else None,
        queued_at=row.queued_at,
        delivered_at=row.delivered_at,
        response_status=row.response_status,
        duration_ms=row.duration_ms,
        error=row.error,
        body=row.body if readable else None,
        log=tuple(row.log),
    )
