"""One webhook: its state, the log of its messages, tests, replays, a new secret."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.queries import DeliveryView, EndpointView
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import DELIVERY_STATES
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.pages.requester.organisation_webhooks import Webhook
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import page_with_form, see_other, shown_once

TEMPLATE = "pages/requester/organisation_webhook.html"
SHOWN = 30
REPLAYED_DAYS = 30


@requester_only
def webhook(request: ActorRequest, org: str, webhook: str) -> HttpResponseBase:
    """The page of a webhook; what it is called for is changed here."""
    view, endpoint = _found(request, org, webhook)
    known = {name: getattr(endpoint, name) for name in Webhook.base_fields}
    form = Webhook(request.POST or None, initial=known)
    if request.method == "POST" and form.carry_out(
        lambda given: notices.update_endpoint(actor=request.actor, endpoint_id=endpoint.id, **given)
    ):
        return _back(request, org, webhook, _("The webhook is changed."))
    return page_with_form(request, TEMPLATE, _values(request, view, endpoint) | {"form": form})


@require_POST
@requester_only
def test(request: ActorRequest, org: str, webhook: str) -> HttpResponseBase:
    """Queue a test message."""
    _view, endpoint = _found(request, org, webhook)
    notices.send_test(actor=request.actor, endpoint_id=endpoint.id)
    return _back(
        request, org, webhook, _("A test message is on its way; how it went appears in the log below.")
    )


@require_POST
@requester_only
def switch(request: ActorRequest, org: str, webhook: str) -> HttpResponseBase:
    """Switch it off, or on again."""
    _view, endpoint = _found(request, org, webhook)
    if request.POST.get("active") == "yes":
        notices.enable_endpoint(actor=request.actor, endpoint_id=endpoint.id)
        return _back(request, org, webhook, _("The webhook is on. What was waiting is sent first."))
    notices.disable_endpoint(actor=request.actor, endpoint_id=endpoint.id)
    return _back(request, org, webhook, _("The webhook is off. What is waiting goes on waiting."))


@require_POST
@requester_only
def rotate(request: ActorRequest, org: str, webhook: str) -> HttpResponseBase:
    """A new secret, shown once."""
    view, endpoint = _found(request, org, webhook)
    secret = notices.rotate_secret(actor=request.actor, endpoint_id=endpoint.id, now=timezone.now())
    values = _values(request, view, queries.endpoint_for(request.actor, endpoint.id))
    form = Webhook(initial={name: getattr(endpoint, name) for name in Webhook.base_fields})
    return shown_once(request, TEMPLATE, values | {"form": form, "new_secret": secret})


@require_POST
@requester_only
def remove(request: ActorRequest, org: str, webhook: str) -> HttpResponseBase:
    """Remove it with its log."""
    _view, endpoint = _found(request, org, webhook)
    notices.remove_endpoint(actor=request.actor, endpoint_id=endpoint.id)
    return see_other("organisation_webhooks", org, said=_("The webhook is removed."), request=request)


@require_POST
@requester_only
def replay(request: ActorRequest, org: str, webhook: str, delivery: str) -> HttpResponseBase:
    """Send a message again."""
    _view, endpoint = _found(request, org, webhook)
    found = queries.delivery_for(request.actor, row_number("dlv", delivery))
    if found.endpoint_id != endpoint.id:
        raise NotFound("delivery_not_found", "There is no such message.")
    notices.replay(actor=request.actor, delivery_id=found.id)
    return _back(request, org, webhook, _("The message is sent again."))


@require_POST
@requester_only
def replay_failed(request: ActorRequest, org: str, webhook: str) -> HttpResponseBase:
    """Send again all that was given up in the last days."""
    _view, endpoint = _found(request, org, webhook)
    since = timezone.now() - timedelta(days=REPLAYED_DAYS)
    count = notices.replay_failed(actor=request.actor, endpoint_id=endpoint.id, since=since)
    said = ngettext("{count} message is sent again.", "{count} messages are sent again.", count)
    return _back(request, org, webhook, said.format(count=count))


def _found(request: ActorRequest, org: str, webhook: str) -> tuple[OrganisationView, EndpointView]:
    view = organisation_in(request, org, Permission.WEBHOOK_MANAGE)
    endpoint = queries.endpoint_for(request.actor, row_number("whk", webhook))
    if endpoint.organisation_id != view.id:
        raise NotFound("webhook_not_found", "There is no such webhook.")
    return view, endpoint


def _back(request: ActorRequest, org: str, webhook: str, said: str) -> HttpResponseBase:
    return see_other("organisation_webhook", org, webhook, said=said, request=request)


def _values(request: ActorRequest, view: OrganisationView, endpoint: EndpointView) -> dict[str, Any]:
    wanted = request.GET.get("state", "")
    state = wanted if wanted in DELIVERY_STATES else None
    found = queries.deliveries_page(
        request.actor, endpoint.id, state=state, before=place(request, "dlv"), limit=SHOWN + 1
    )
    page = cut(request, found, SHOWN, lambda delivery: public_id("dlv", delivery.id))
    return frame(request, view, "organisation_webhooks") | {
        "endpoint": endpoint,
        "webhook": public_id("whk", endpoint.id),
        "page": page,
        "deliveries": [_delivery(one) for one in page.lines],
        "states": [(name, label) for name, (_tone, label) in DELIVERY_STATES.items()],
        "state": state,
        "shares_secret": endpoint.previous_until and endpoint.previous_until > timezone.now(),
    }


def _delivery(one: DeliveryView) -> dict[str, Any]:
    tries = [entry | {"at": datetime.fromisoformat(entry["at"])} for entry in one.log]
    body = "" if one.body is None else json.dumps(json.loads(one.body), indent=2, ensure_ascii=False)
    return {
        "delivery": one,
        "id": public_id("dlv", one.id),
        "state": DELIVERY_STATES[one.state],
        "tries": tries,
        "body": body,
    }
