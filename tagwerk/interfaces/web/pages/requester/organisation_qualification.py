"""One qualification of an organisation."""

from django.http import HttpResponseBase

from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.pages.qualifying import one_page
from tagwerk.interfaces.web.pages.requester.organisation_qualifications import shelf_of


@requester_only
def qualification(request: ActorRequest, org: str, qualification: str) -> HttpResponseBase:
    """Who holds it, granting, the entry test."""
    return one_page(request, shelf_of(request, org), qualification)
