"""An organisation's webhooks: the list, and a new one with its secret shown once."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.rules.webhooks import EVENTS, LONGEST_URL
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import WEBHOOK_EVENTS
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.posting import PageForm, page_with_form, shown_once

TEMPLATE = "pages/requester/organisation_webhooks.html"


class Webhook(PageForm):
    """What is called, when, and whether delivering accepts."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_URL,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("It is called by POST, signed after Standard Webhooks."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("When it is called"),
        choices=[(event, WEBHOOK_EVENTS[event]) for event in EVENTS],
        widget=forms.CheckboxSelectMultiple,
    )
    accept = forms.BooleanField(
        label=gettext_lazy("Deliver results at once, and accept them by that"),
        required=False,
        help_text=gettext_lazy(
            "Delivered means approved: the answers behind such a result are paid at once."
        ),
    )
    description = forms.CharField(label=gettext_lazy("What it is for"), max_length=120, required=False)


@requester_only
def webhooks(request: ActorRequest, org: str) -> HttpResponseBase:
    """The list, and a new one."""
    view = organisation_in(request, org, Permission.WEBHOOK_MANAGE)
    form = Webhook(request.POST or None)
    values: dict[str, Any] = frame(request, view, "organisation_webhooks")
    if request.method == "POST" and form.carry_out(
        lambda given: notices.create_endpoint(actor=request.actor, organisation_id=view.id, **given)
    ):
        made = {"new_secret": form.result.secret, "new_id": public_id("whk", form.result.endpoint_id)}
        lines = {"endpoints": queries.endpoints_of(request.actor, view.id)}
        return shown_once(request, TEMPLATE, values | lines | made | {"form": Webhook()})
    values |= {"endpoints": queries.endpoints_of(request.actor, view.id), "form": form}
    return page_with_form(request, TEMPLATE, values)
