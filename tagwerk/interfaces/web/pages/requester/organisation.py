"""An organisation at a glance, and its name."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.accounts.rules import Permission, may, require
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects import queries as projects
from tagwerk.interfaces.web.choices import country_choices, country_name
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import ROLES
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

MANY = 50


class Facts(PageForm):
    """What can be changed of an organisation."""

    name = forms.CharField(label=gettext_lazy("Name of the organisation"), max_length=120)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices)


@requester_only
def organisation(request: ActorRequest, org: str) -> HttpResponseBase:
    """The overview; owners change the name here."""
    view = organisation_in(request, org, Permission.PROJECT_VIEW)
    if request.method == "POST":
        require(request.actor, view.id, Permission.MEMBER_MANAGE)
    form = Facts(request.POST or None, initial={"name": view.name, "country": view.country})
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.update_organisation(actor=request.actor, organisation_id=view.id, **given)
    ):
        return see_other("organisation", org, said=_("Saved."), request=request)
    values = frame(request, view, "organisation") | _overview(request, view)
    if may(request.actor, view.id, Permission.MEMBER_MANAGE):
        values["form"] = form
    return page_with_form(request, "pages/requester/organisation.html", values)


def _overview(request: ActorRequest, view: OrganisationView) -> dict[str, Any]:
    sees_money = may(request.actor, view.id, Permission.MONEY_VIEW)
    return {
        "role": ROLES[request.actor.roles[view.id]],
        "country": country_name(view.country),
        "members": len(queries.members_page(request.actor, view.id, limit=MANY)),
        "projects": projects.projects_of([view.id], limit=6),
        "money": payments.organisation_money(request.actor, view.id) if sees_money else [],
        "fee_bp": queries.instance().fee_bp,
        "many": MANY,
    }
