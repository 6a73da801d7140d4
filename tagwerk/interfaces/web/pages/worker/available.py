"""The work list: all that a worker could do now, sorted by what an hour pays, with filters in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries as accounts
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.offers import MOST_OFFERS, Offer, offers_for
from tagwerk.interfaces.web.pages.worker.sifting import ALL, Sieve, choices_of, chosen, sieve_of
from tagwerk.interfaces.web.pages.worker.task import asking

PAGE = 20


@signed_in
@require_safe
def available(request: ActorRequest) -> HttpResponse:
    """The projects that pass the filters, a page of them; the place in the list is the last project shown."""
    offers = offers_for(asking(request))
    sieve = sieve_of(request)
    found = [one for one in offers if sieve.passes(one)]
    shown, rest = _from(found, request.GET.get("after", ""))
    currency = offers[0].project.currency if offers else accounts.instance().currency
    values = {
        "offers": shown,
        "found": len(found),
        "all": offers,
        "ready": sum(one.is_ready for one in offers),
        "sieve": sieve,
        "chosen": chosen(sieve, request.GET, currency),
        "tabs": _tabs(request, sieve, offers),
        "newer": _address(request, "") if request.GET.get("after") else "",
        "older": _address(request, shown[-1].project.public_id) if rest else "",
        "is_cut": len(offers) == MOST_OFFERS,
        **choices_of(offers, currency),
    }
    return render(request, "pages/worker/available.html", values)


def _from(found: list[Offer], after: str) -> tuple[list[Offer], bool]:
    """The page that follows a project, or the first one; whether more follows it."""
    places = [one.project.public_id for one in found]
    start = places.index(after) + 1 if after in places else 0
    return found[start : start + PAGE], len(found) > start + PAGE


def _tabs(request: HttpRequest, sieve: Sieve, offers: list[Offer]) -> list[dict[str, Any]]:
    counts = {
        "": sum(one.is_ready for one in offers),
        "closed": sum(not one.found.is_open_to_me for one in offers),
        ALL: len(offers),
    }
    words = {"": _("To do now"), "closed": _("Something is missing"), ALL: _("All")}
    return [
        {"label": words[state], "href": _with_state(request, state), "current": state == sieve.state, "count": count}
        for state, count in counts.items()
    ]  # fmt: skip


def _with_state(request: HttpRequest, state: str) -> str:
    query = request.GET.copy()
    for gone in ("state", "after"):
        query.pop(gone, None)
    if state:
        query["state"] = state
    return f"?{query.urlencode()}"


def _address(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"{request.path}?{query.urlencode()}"
