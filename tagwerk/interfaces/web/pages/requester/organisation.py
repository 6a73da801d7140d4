"""An organisation at a glance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import Permission, may
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects import queries as projects
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in

MANY = 50


@require_safe
@requester_only
def organisation(request: ActorRequest, org: str) -> HttpResponse:
    """Its money, its members, its newest projects."""
    view = organisation_in(request, org, Permission.PROJECT_VIEW)
    sees_money = may(request.actor, view.id, Permission.MONEY_VIEW)
    values = frame(request, view, "organisation") | {
        "members": len(queries.members_page(request.actor, view.id, limit=MANY)),
        "projects": projects.projects_of([view.id], limit=6),
        "money": payments.organisation_money(request.actor, view.id) if sees_money else [],
    }
    return render(request, "pages/requester/organisation.html", values)
