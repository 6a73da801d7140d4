"""The way to the next task: takes one and goes there, or says why there is none and what to do."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import Entered, Held, NoTask
from tagwerk.domain.work.rules.states import Nothing
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.access import project_for_worker
from tagwerk.interfaces.web.pages.worker.done import done_before
from tagwerk.interfaces.web.pages.worker.introduction import introduction_page
from tagwerk.interfaces.web.pages.worker.pace import summary
from tagwerk.interfaces.web.pages.worker.words import NOTHING, NOTHING_UNPAID, why_not


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def next_task(request: ActorRequest, project: str) -> HttpResponse:
    """Takes the next task (POST). Looking here (GET) takes nothing: it leads to what is held, or says why not."""
    assert request.actor.person_id is not None
    person_id = request.actor.person_id
    entered = project_for_worker(person_id, project)
    if request.method == "POST":
        return _take(request, entered, person_id)
    held = queries.holding(person_id, entered.project.id)
    if held:
        return to_next(entered.project.id, held[0], done=request.GET.get("done", ""))
    why = request.GET.get("why", "")
    if why not in NOTHING:
        return see(reverse("introduction", args=[project]))
    return _nothing(request, entered, why)


def _take(request: ActorRequest, entered: Entered, person_id: int) -> HttpResponse:
    if entered.needs_consent and request.POST.get("consent"):
        actions.consent(person_id=person_id, project_id=entered.project.id)
    found = go_on(request, entered.project.id)
    if isinstance(found, NoTask) and found.reason == Nothing.CONSENT:
        return introduction_page(
            request, entered, error=_("Read the warning and say that you agree to it first.")
        )
    return to_next(entered.project.id, found, instructions="open" if _is_new(entered) else "")


def go_on(request: ActorRequest, project_id: int) -> Held | NoTask:
    """The oldest task in hand, such as one that was fetched ahead; else another one."""
    assert request.actor.person_id is not None
    held = queries.holding(request.actor.person_id, project_id)
    if held:
        return held[0]
    return actions.claim(
        person_id=request.actor.person_id, project_id=project_id, channel=int(request.actor.channel)
    )


@signed_in
@require_POST
def ahead(request: ActorRequest, project: str) -> HttpResponse:
    """Where the task after the one in hand is ({"href": …}); null where there is none, or only one may be held."""
    number = row_number("prj", project)
    return JsonResponse({"href": address_ahead(request, number, request.POST.get("from", ""))})


def address_ahead(request: ActorRequest, project_id: int, here: str) -> str | None:
    """The page of the task after `here`, which is in hand: taken now, if the project lets people hold two."""
    assert request.actor.person_id is not None
    held = queries.holding(request.actor.person_id, project_id)
    others = [one for one in held if public_id("asg", one.assignment_id) != here]
    if len(others) == len(held):
        return None
    if not others and projects.project(project_id).hold_tasks > len(held):
        found = actions.claim(
            person_id=request.actor.person_id, project_id=project_id, channel=int(request.actor.channel)
        )
        others = [found] if isinstance(found, Held) else []
    return f"{reverse('task', args=[public_id('asg', others[0].assignment_id)])}?ahead=1" if others else None


def _is_new(entered: Entered) -> bool:
    return entered.enrolment is None or not entered.enrolment.submitted


def to_next(
    project_id: int, found: Held | NoTask | None, *, done: str = "", instructions: str = ""
) -> HttpResponse:
    """To the page of a task in hand, or to the one that says why there is none."""
    return see(address_of_next(project_id, found, done=done, instructions=instructions))


def address_of_next(
    project_id: int, found: Held | NoTask | None, *, done: str = "", instructions: str = ""
) -> str:
    """Where one goes on."""
    if isinstance(found, Held):
        address, why = reverse("task", args=[public_id("asg", found.assignment_id)]), ""
    else:
        address = reverse("next_task", args=[public_id("prj", project_id)])
        why = str(found.reason) if found else Nothing.EMPTY
        if why == Nothing.CONSENT:
            address, why = reverse("introduction", args=[public_id("prj", project_id)]), ""
    return _saying(address, done=done, why=why, instructions=instructions)


def see(address: str, **words: str) -> HttpResponse:
    """Sends the browser on by GET, with those words that say something."""
    response = HttpResponseRedirect(_saying(address, **words))
    response.status_code = 303
    return response


def _saying(address: str, **words: str) -> str:
    said = urlencode({name: word for name, word in words.items() if word})
    return f"{address}?{said}" if said else address


def _nothing(request: ActorRequest, entered: Entered, why: str) -> HttpResponse:
    assert request.actor.person_id is not None
    heading, text = (NOTHING if entered.project.paid else NOTHING_UNPAID)[why]
    values = {
        **summary(request.actor.person_id),
        "project": entered.project,
        "heading": heading,
        "text": text,
        "again": why in (Nothing.EMPTY, Nothing.SEARCHING),
        "why_not": why_not(entered.reasons),
        "paused": why == Nothing.WORKER_PAUSED,
        "submitted": entered.enrolment.submitted if entered.enrolment else 0,
        "done": done_before(request),
    }
    return render(request, "pages/worker/next_task.html", values)
