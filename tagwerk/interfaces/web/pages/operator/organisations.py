"""Organisations of the instance, and their approval."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects.rules import price
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import see_other

SHOWN = 50


@require_safe
@operator_only
def organisations(request: ActorRequest) -> HttpResponseBase:
    """All organisations, or those that wait for approval."""
    waiting = request.GET.get("show") == "waiting"
    found = queries.organisations_page(
        request.actor, pending=waiting, before=place(request, "org"), limit=SHOWN + 1
    )
    page = cut(request, found, SHOWN, lambda one: public_id("org", one.id))
    said = queries.instance()
    fee = price(reward_micros=1_000_000, fee_bp=said.fee_bp, currency=said.currency)
    values = {
        "page": page,
        "lines": _lines(page.lines),
        "waiting": waiting,
        "fee_share": fee.fee_bp / 10_000,
        "take_share": fee.take_bp / 10_000,
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
    return see_other("operator_organisations", said=said.format(organisation=name), request=request)


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
