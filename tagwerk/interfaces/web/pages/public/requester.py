"""How an organisation decides about answers: figures that everybody may see before they work for it."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.quality import queries as quality


@require_safe
def requester(request: HttpRequest, org: str) -> HttpResponseBase:
    """Rejections and objections of one organisation, as counts; nothing of it is about a single person."""
    number = row_number("org", org)
    name = accounts.organisation_names([number]).get(number)
    if name is None:
        raise NotFound("organisation_not_found", "There is no such organisation.")
    return render(request, "pages/public/requester.html", {"name": name, "fair": quality.fairness_of(number)})
