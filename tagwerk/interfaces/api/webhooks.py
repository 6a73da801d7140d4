"""Webhooks: addresses that are called when something happens, and the log of those calls."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions, queries
from tagwerk.domain.notices.queries import DeliveryView, EndpointView
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.shapes import Body, Json

router = Router(tags=["webhooks"])
MANAGE = Key(Permission.WEBHOOK_MANAGE)
Event = Literal["answer.submitted", "result.ready", "project.finished", "budget.low"]


class WebhookIn(Body):
    """A new webhook."""

    url: str = Field(max_length=500, examples=["https://example.org/hooks"])
    events: list[Event] = Field(
        min_length=1, max_length=20, description="result.ready needs the scope results:read too"
    )
    accept: bool = Field(
        False,
        description="Deliver results at once, and accept (so pay) them by that; this needs projects:write too",
    )
    description: str = Field("", max_length=120)


class WebhookChange(Body):
    """What is to change of a webhook; the rest stays."""

    url: str | None = Field(None, max_length=500)
    events: list[Event] | None = Field(None, min_length=1, max_length=20)
    accept: bool | None = None
    description: str | None = Field(None, max_length=120)
    active: bool | None = Field(
        None, description="false: call it no more; true: again, what was waiting first"
    )


class WebhookOut(BaseModel):
    """A webhook without its secret."""

    id: str
    url: str
    description: str
    events: list[str]
    accept: bool
    active: bool
    failing_since: datetime | None
    created_at: datetime


class NewWebhook(WebhookOut):
    """A new webhook with the secret that signs its messages."""

    secret: str = Field(description="Put it into the receiver; it is not shown again")


class Secret(BaseModel):
    """The secret that signs from now on; for a day messages carry the signatures of both."""

    secret: str


class DeliveryOut(BaseModel):
    """A message to a webhook, and how its tries went."""

    id: str
    event: str
    project: str | None
    state: str = Field(description="waiting, delivered or failed")
    attempts: int
    next_at: datetime | None
    queued_at: datetime
    delivered_at: datetime | None
    response_status: int | None
    error: str
    body: str | None = Field(description="null: it holds a result, and the key lacks results:read")
    log: list[Json]


class DeliveryPaging(Paging):
    """Which messages are asked for."""

    state: Literal["waiting", "delivered", "failed"] | None = None


@router.get(
    "/webhooks", auth=MANAGE, response=Page[WebhookOut], operation_id="list_webhooks", summary="List webhooks"
)
def list_webhooks(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The organisation's webhooks, oldest first."""
    after = place_of(request, paging.cursor) or 0
    found = queries.endpoints_of(asking(request), organisation_asking(request))
    shown = [one for one in found if one.id > after][: paging.limit]
    places = [one.id for one in shown]
    return {"items": [_webhook(one) for one in shown], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/webhooks",
    auth=MANAGE,
    response={201: NewWebhook},
    operation_id="create_webhook",
    summary="Create a webhook",
)
def create_webhook(request: HttpRequest, data: WebhookIn) -> NewWebhook:
    """Have an address called when something happens; messages are signed after Standard Webhooks."""
    made = actions.create_endpoint(
        actor=asking(request),
        organisation_id=organisation_asking(request),
        url=data.url,
        events=data.events,
        accept=data.accept,
        description=data.description,
    )
    view = queries.endpoint_for(asking(request), made.endpoint_id)
    return NewWebhook(**_facts(view), secret=made.secret)


@router.get(
    "/webhooks/{webhook}",
    auth=MANAGE,
    response=WebhookOut,
    operation_id="get_webhook",
    summary="Get a webhook",
)
def get_webhook(request: HttpRequest, webhook: str) -> WebhookOut:
    """One webhook."""
    return _webhook(queries.endpoint_for(asking(request), row_number("whk", webhook)))


@router.patch(
    "/webhooks/{webhook}",
    auth=MANAGE,
    response=WebhookOut,
    operation_id="change_webhook",
    summary="Change a webhook",
)
def change_webhook(request: HttpRequest, webhook: str, data: WebhookChange) -> WebhookOut:
    """Change what is given, switch it off or on."""
    actor, number = asking(request), row_number("whk", webhook)
    actions.update_endpoint(
        actor=actor,
        endpoint_id=number,
        url=data.url,
        events=data.events,
        accept=data.accept,
        description=data.description,
    )
    if data.active is not None:
        switch = actions.enable_endpoint if data.active else actions.disable_endpoint
        switch(actor=actor, endpoint_id=number)
    return _webhook(queries.endpoint_for(actor, number))


@router.delete(
    "/webhooks/{webhook}",
    auth=MANAGE,
    response={204: None},
    operation_id="remove_webhook",
    summary="Remove a webhook",
)
def remove_webhook(request: HttpRequest, webhook: str) -> None:
    """Remove it with all that waits for it and its log."""
    actions.remove_endpoint(actor=asking(request), endpoint_id=row_number("whk", webhook))


@router.post(
    "/webhooks/{webhook}/secret",
    auth=MANAGE,
    response=Secret,
    operation_id="rotate_secret",
    summary="A new secret",
)
def rotate_secret(request: HttpRequest, webhook: str) -> Secret:
    """Give it a new secret; for a day messages carry the signatures of both."""
    secret = actions.rotate_secret(
        actor=asking(request), endpoint_id=row_number("whk", webhook), now=timezone.now()
    )
    return Secret(secret=secret)


@router.post(
    "/webhooks/{webhook}/test",
    auth=MANAGE,
    response={201: DeliveryOut},
    operation_id="test_webhook",
    summary="Send a test",
)
def test_webhook(request: HttpRequest, webhook: str) -> DeliveryOut:
    """Queue a test message, whatever the webhook asked for."""
    number = actions.send_test(actor=asking(request), endpoint_id=row_number("whk", webhook))
    return _delivery(queries.delivery_for(asking(request), number))


@router.get(
    "/webhooks/{webhook}/deliveries",
    auth=MANAGE,
    response=Page[DeliveryOut],
    operation_id="list_deliveries",
    summary="List deliveries",
)
def list_deliveries(request: HttpRequest, webhook: str, paging: Query[DeliveryPaging]) -> dict[str, Any]:
    """What was sent there and how it went, newest first."""
    found = queries.deliveries_page(
        asking(request),
        row_number("whk", webhook),
        state=paging.state,
        before=place_of(request, paging.cursor),
        limit=paging.limit,
    )
    places = [one.id for one in found]
    return {"items": [_delivery(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/webhooks/{webhook}/deliveries/{delivery}/replay",
    auth=MANAGE,
    response=DeliveryOut,
    operation_id="replay_delivery",
    summary="Send a delivery again",
)
def replay_delivery(request: HttpRequest, webhook: str, delivery: str) -> DeliveryOut:
    """Send a message again under its old id, whether it was received, given up or still waits."""
    actor, number = asking(request), row_number("dlv", delivery)
    if queries.delivery_for(actor, number).endpoint_id != row_number("whk", webhook):
        raise NotFound("delivery_not_found", "There is no such message.")
    actions.replay(actor=actor, delivery_id=number)
    return _delivery(queries.delivery_for(actor, number))


def _webhook(view: EndpointView) -> WebhookOut:
    return WebhookOut(**_facts(view))


def _facts(view: EndpointView) -> dict[str, Any]:
    names = ("url", "description", "events", "accept", "active", "failing_since", "created_at")
    return {"id": public_id("whk", view.id), **{name: getattr(view, name) for name in names}}


def _delivery(view: DeliveryView) -> DeliveryOut:
    names = [name for name in DeliveryOut.model_fields if name not in ("id", "project")]
    values = {name: getattr(view, name) for name in names}
    project = None if view.project_id is None else public_id("prj", view.project_id)
    return DeliveryOut(id=public_id("dlv", view.id), project=project, **values)
