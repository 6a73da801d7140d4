"""The qualifications of an organisation: made, granted, revoked, tested for."""

from django.http import HttpResponseBase

from tagwerk.domain.accounts.rules import Permission
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.pages.qualifying import Shelf, list_page
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in


@requester_only
def qualifications(request: ActorRequest, org: str) -> HttpResponseBase:
    """The list, and a new one."""
    return list_page(request, shelf_of(request, org))


def shelf_of(request: ActorRequest, org: str) -> Shelf:
    """The organisation's qualifications, through the gate."""
    view = organisation_in(request, org, Permission.QUALIFICATION_MANAGE)
    values = frame(request, view, "organisation_qualifications")
    return Shelf(view.id, "organisation_", (org,), "requester/organisation_", values)
