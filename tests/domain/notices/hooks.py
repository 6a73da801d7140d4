"""Short ways to make webhooks and to deliver to them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.actions import NewEndpoint
from tagwerk.domain.notices.models import Delivery, WebhookEndpoint
from tests.people import actor, organisation
from tests.providers.http.receivers import Receiver


def hook(receiver: Receiver, *events: str, **facts: Any) -> NewEndpoint:
    """A webhook of Ada's organisation."""
    acme = organisation()
    return notices.create_endpoint(
        actor=actor("ada"),
        organisation_id=acme,
        url=receiver.url + "/hooks",
        events=events or ["result.ready"],
        **facts,
    )


def queue(number: int = 1, *, key: str = "") -> int:
    return notices.queue_delivery(
        organisation_id=organisation(),
        event="result.ready",
        payload={"number": number},
        project_id=7,
        key=key,
    )


def later(**time: float) -> datetime:
    return timezone.now() + timedelta(seconds=1, **time)


def delivery() -> Delivery:
    return Delivery.objects.get()


def endpoint() -> WebhookEndpoint:
    return WebhookEndpoint.objects.get()
