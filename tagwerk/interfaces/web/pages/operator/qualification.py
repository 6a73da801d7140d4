"""One qualification of the whole instance."""

from django.http import HttpResponseBase

from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.operator.qualifications import SHELF
from tagwerk.interfaces.web.pages.qualifying import one_page


@operator_only
def qualification(request: ActorRequest, qualification: str) -> HttpResponseBase:
    """Who holds it, granting, the entry test."""
    return one_page(request, SHELF, qualification)
