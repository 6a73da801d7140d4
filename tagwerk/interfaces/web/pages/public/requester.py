"""How an organisation decides about answers: figures that everybody may see before they work for it."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.rules.openness import LEAST_PEOPLE
from tagwerk.interfaces.web.pages.public.transparency import wage_text


@require_safe
def requester(request: HttpRequest, org: str) -> HttpResponseBase:
    """Rejections and objections of one organisation, as counts; nothing of it is about a single person."""
    number = row_number("org", org)
    name = accounts.organisation_names([number]).get(number)
    if name is None:
        raise NotFound("organisation_not_found", "There is no such organisation.")
    found = quality.public_figures_of(number)
    values = {
        "name": name,
        "fair": quality.fairness_of(number),
        "counted_at": found.at if found else None,
        "deciding": found.figures.deciding if found else None,
        "wages": [wage_text(one) for one in found.figures.wages] if found else [],
        "least": LEAST_PEOPLE,
    }
    return render(request, "pages/public/requester.html", values)
