"""Available work: what a worker could do now, and what stands in the way of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import AvailableProject
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.access import hourly_micros, language_of
from tagwerk.interfaces.web.pages.worker.words import SENSITIVE, WhyNot, why_not
from tagwerk.interfaces.web.paging import cut, place

PAGE = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A project in the list."""

    found: AvailableProject
    organisation: str
    language: str
    hourly_micros: int
    sensitive: Any
    why_not: list[WhyNot]


@signed_in
@require_safe
def available(request: ActorRequest) -> HttpResponse:
    """The projects that are open, the newest first; on each page those to work on, then those for others and why."""
    assert request.actor.person_id is not None
    found = work.available_projects(request.actor.person_id, before=place(request, "prj"), limit=PAGE + 1)
    page = cut(request, found, PAGE, lambda one: one.project.public_id)
    offers = _offers(page.lines)
    ready = [one for one in offers if one.found.eligible and not one.found.pause_reason]
    values = {
        "page": page,
        "ready": [one for one in ready if one.found.has_tasks or one.found.held],
        "waiting": [one for one in ready if not one.found.has_tasks and not one.found.held],
        "closed": [one for one in offers if one not in ready],
    }
    return render(request, "pages/worker/available.html", values)


def _offers(found: Sequence[AvailableProject]) -> list[Offer]:
    names = accounts.organisation_names({one.project.organisation_id for one in found})
    return [
        Offer(
            one,
            names[one.project.organisation_id],
            language_of(one.project),
            hourly_micros(one.project.reward_micros, one.project.estimate_seconds),
            SENSITIVE.get(one.project.sensitivity),
            why_not(one.reasons),
        )
        for one in found
    ]
