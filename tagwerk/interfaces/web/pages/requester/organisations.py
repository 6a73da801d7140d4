"""The organisations that one acts for."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.labels import ROLES


@require_safe
@signed_in
def organisations(request: ActorRequest) -> HttpResponseBase:
    """The list; who has none learns how to get one."""
    lines = [
        {"organisation": one, "org": public_id("org", one.id), "role": ROLES[request.actor.roles[one.id]][0]}
        for one in accounts.organisations_of(request.actor)
    ]
    values = {"lines": lines, "invitations": accounts.invitations_for(request.actor)}
    return render(request, "pages/requester/organisations.html", values)
