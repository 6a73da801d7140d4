"""What an organisation says of itself, what of that others see, and what is settled for good."""

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import Permission, may, require
from tagwerk.interfaces.web.choices import country_choices, country_name
from tagwerk.interfaces.web.formats import percent_text
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import ROLES
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class Facts(PageForm):
    """What can be changed of an organisation."""

    name = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        help_text=gettext_lazy("Workers read it beside your projects and under your messages."),
        max_length=120,
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices)


@requester_only
def organisation_settings(request: ActorRequest, org: str) -> HttpResponseBase:
    """Every member reads it; owners change it."""
    view = organisation_in(request, org, Permission.PROJECT_VIEW)
    if request.method == "POST":
        require(request.actor, view.id, Permission.MEMBER_MANAGE)
    form = Facts(request.POST or None, initial={"name": view.name, "country": view.country})
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.update_organisation(actor=request.actor, organisation_id=view.id, **given)
    ):
        return see_other("organisation_settings", org, said=_("Saved."), request=request)
    values = frame(request, view, "organisation_settings") | {
        "role": ROLES[request.actor.roles[view.id]],
        "country": country_name(view.country),
        "fee": percent_text(queries.instance().fee_bp / 10_000),
        "public_id": org,
    }
    if may(request.actor, view.id, Permission.MEMBER_MANAGE):
        values["form"] = form
    return page_with_form(request, "pages/requester/organisation_settings.html", values)
