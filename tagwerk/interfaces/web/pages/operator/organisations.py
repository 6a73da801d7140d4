"""Organisations of the instance: found, approved."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.payments import queries as payments
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import see_other

SHOWN = 50


class Search(forms.Form):
    """Which organisations are listed."""

    search = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("all")),
            ("waiting", gettext_lazy("waits for approval")),
            ("approved", gettext_lazy("approved")),
            ("suspended", gettext_lazy("suspended")),
        ],
        required=False,
    )


@require_safe
@operator_only
def organisations(request: ActorRequest) -> HttpResponseBase:
    """All organisations, or those that are looked for."""
    search = Search(request.GET)
    wanted = dict(search.cleaned_data) if search.is_valid() else {}
    found = queries.organisations_page(request.actor, before=place(request, "org"), limit=SHOWN + 1, **wanted)
    page = cut(request, found, SHOWN, lambda one: public_id("org", one.id))
    values = {
        "search": search,
        "page": page,
        "lines": _lines(page.lines),
        "state": wanted.get("state", ""),
        "clear": request.path if any(wanted.values()) else "",
    }
    return render(request, "pages/operator/organisations.html", values)


@require_POST
@operator_only
def approve(request: ActorRequest, org: str) -> HttpResponseBase:
    """The organisation may launch projects from now on."""
    number = row_number("org", org)
    accounts.approve_organisation(actor=request.actor, organisation_id=number)
    said = _("{organisation} is approved and may launch projects.")
    name = queries.organisation(number).name
    return see_other("operator_organisation", org, said=said.format(organisation=name), request=request)


def _lines(found: Any) -> list[dict[str, Any]]:
    founders = queries.names_of({one.created_by_id for one in found})
    prepaid = payments.prepaid_of({one.id: one.currency for one in found})
    return [
        {
            "organisation": one,
            "org": public_id("org", one.id),
            "founder": founders.get(one.created_by_id, ""),
            "founder_id": public_id("per", one.created_by_id),
            "country": country_name(one.country),
            "prepaid": prepaid[one.id],
        }
        for one in found
    ]
