"""Messages for webhooks are queued here, and queued again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Delivery, WebhookEndpoint
from tagwerk.domain.notices.rules import webhooks as rules


def queue_delivery(
    *,
    organisation_id: int,
    event: str,
    payload: Mapping[str, Any],
    project_id: int | None = None,
    key: str = "",
) -> int:
    """Queue a message for each of an organisation's webhooks that asked for the event; under one key only once."""
    return queue_deliveries(
        organisation_id=organisation_id, event=event, payloads=[(key, payload)], project_id=project_id
    )


@transaction.atomic
def queue_deliveries(
    *,
    organisation_id: int,
    event: str,
    payloads: list[tuple[str, Mapping[str, Any]]],
    project_id: int | None = None,
    endpoint_ids: frozenset[int] | None = None,
) -> int:
    """Queue many messages of one event, each with its key, for those who asked or for the given webhooks among them."""
    assert event in rules.EVENTS, f"no event {event}"
    wanted = WebhookEndpoint.objects.filter(organisation_id=organisation_id, events__contains=[event])
    if endpoint_ids is not None:
        wanted = wanted.filter(id__in=endpoint_ids)
    endpoints = list(wanted.order_by("id").values_list("id", flat=True))
    at = timezone.now()
    bodies = [
        (key, rules.message_body(event, at=at, payload=payload)) for key, payload in payloads if endpoints
    ]
    rows = [
        Delivery(endpoint_id=endpoint_id, event=event, project_id=project_id, key=key, body=body)
        for key, body in bodies
        for endpoint_id in endpoints
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)
    return len(rows)


@transaction.atomic
def send_test(*, actor: Actor, endpoint_id: int) -> int:
    """Queue a test message for one webhook, whatever it asked for."""
    queries.endpoint_for(actor, endpoint_id)
    body = rules.message_body(
        rules.TEST_EVENT, at=timezone.now(), payload={"message": "This is a test of tagwerk."}
    )
    return Delivery.objects.create(endpoint_id=endpoint_id, event=rules.TEST_EVENT, body=body).id


_AGAIN: Mapping[str, Any] = {"state": Delivery.State.WAITING, "attempts": 0, "delivered_at": None}


@transaction.atomic
def replay(*, actor: Actor, delivery_id: int) -> None:
    """Send a message again under its old id, whether it was received, given up or still waits."""
    delivery = queries.delivery_for(actor, delivery_id)
    Delivery.objects.filter(id=delivery.id).update(next_at=Now(), **_AGAIN)


@transaction.atomic
def replay_failed(*, actor: Actor, endpoint_id: int, since: datetime) -> int:
    """Send again what one webhook was given up on since a time; says how many messages."""
    endpoint = queries.endpoint_for(actor, endpoint_id)
    given_up = Delivery.objects.filter(
        endpoint_id=endpoint.id, state=Delivery.State.FAILED, queued_at__gte=since
    )
    return given_up.update(next_at=Now(), **_AGAIN)
