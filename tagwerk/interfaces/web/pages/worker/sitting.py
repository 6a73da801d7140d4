"""The end of a sitting: give back what was only fetched ahead, and say what it came to and what happens next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import row_number
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import AvailableProject
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.next_task import see
from tagwerk.interfaces.web.pages.worker.pace import summary

OFFERED = 3


@signed_in
@require_POST
def stop_for_now(request: ActorRequest, project: str) -> HttpResponse:
    """Gives back the tasks in hand that nothing was entered for, so that others need not wait for them."""
    assert request.actor.person_id is not None
    person_id, number = request.actor.person_id, row_number("prj", project)
    for held in queries.holding(person_id, number):
        if held.draft is None:
            actions.return_assignment(
                person_id=person_id, project_id=number, assignment_id=held.assignment_id
            )
    return see(reverse("sitting"), project=project)


@signed_in
@require_safe
def sitting(request: ActorRequest) -> HttpResponse:
    """What was done since the last break, what becomes of it, and what else there is to do."""
    assert request.actor.person_id is not None
    person_id = request.actor.person_id
    values = {**summary(person_id), "others": _others(person_id, request.GET.get("project", ""))}
    return render(request, "pages/worker/sitting.html", values)


def _others(person_id: int, besides: str) -> list[AvailableProject]:
    """Other projects with something to do now."""
    found = queries.available_projects(person_id, limit=20)
    open_now = [one for one in found if one.eligible and not one.pause_reason and one.has_tasks]
    return [one for one in open_now if one.project.public_id != besides][:OFFERED]
