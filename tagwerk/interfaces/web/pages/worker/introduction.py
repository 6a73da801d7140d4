"""The introduction to a project: what it is about, what it pays, what it may show; and the way in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.base.ids import public_id
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work.queries import Entered
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.access import language_of, project_for_worker
from tagwerk.interfaces.web.pages.worker.done import done_before
from tagwerk.interfaces.web.pages.worker.offers import offer_of
from tagwerk.interfaces.web.pages.worker.showing import instructions_of
from tagwerk.interfaces.web.pages.worker.words import SENSITIVE, pause_text, why_not


@signed_in
@require_safe
def introduction(request: ActorRequest, project: str) -> HttpResponse:
    """What a worker should know before the first task."""
    assert request.actor.person_id is not None
    entered = project_for_worker(request.actor.person_id, project)
    return introduction_page(request, entered)


def introduction_page(request: ActorRequest, entered: Entered, *, error: str = "") -> HttpResponse:
    """The page itself; `error`: why the way in did not open."""
    view = entered.project
    mine = entered.enrolment
    assert request.actor.person_id is not None
    offer = offer_of(entered, request.actor.person_id)
    values = {
        "project": view,
        "offer": offer,
        "language_name": language_of(view),
        "instructions": instructions_of(designs.design(view.design_id), view.id),
        "sensitive": SENSITIVE.get(view.sensitivity),
        "needs_consent": entered.needs_consent,
        "why_not": why_not(entered.reasons),
        "paused": pause_text(mine.pause_reason, paid=view.paid) if mine and mine.pause_reason else "",
        "is_open": view.state is State.OPEN,
        "may_start": view.state is State.OPEN and not entered.reasons and not (mine and mine.pause_reason),
        "organisation": public_id("org", view.organisation_id),
        "is_member": view.organisation_id in request.actor.roles,
        "held": mine.held if mine else 0,
        "submitted": mine.submitted if mine else 0,
        "error": error,
        "done": done_before(request),
    }
    return render(request, "pages/worker/introduction.html", values, status=422 if error else 200)
