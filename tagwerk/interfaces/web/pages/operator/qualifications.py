"""The qualifications of the whole instance."""

from django.http import HttpResponseBase

from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.qualifying import Shelf, list_page

SHELF = Shelf(None, "operator_", (), "operator/")


@operator_only
def qualifications(request: ActorRequest) -> HttpResponseBase:
    """The list, and a new one."""
    return list_page(request, SHELF)
