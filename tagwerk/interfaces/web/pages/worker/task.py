"""The page of a task: shows it, keeps drafts and time, takes the answer and goes on with the next one."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST

from tagwerk.base.errors import Conflict, Invalid, NotFound, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.actions import Submitted
from tagwerk.domain.work.queries import Held
from tagwerk.domain.work.rules.states import LAST_SAFE_SENSITIVITY, State
from tagwerk.interfaces.web.answers import questions_context, read_active_ms, read_answers
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.worker.access import language_of
from tagwerk.interfaces.web.pages.worker.done import SUBMITTED, done_before, done_word
from tagwerk.interfaces.web.pages.worker.next_task import address_ahead, address_of_next, go_on, see
from tagwerk.interfaces.web.pages.worker.pace import advances, sitting_text, swipes
from tagwerk.interfaces.web.pages.worker.showing import instructions_of, loading_from, media_of, shown_task
from tagwerk.interfaces.web.pages.worker.timing import asks_for_time, count_what_was_offline, timer_of_task
from tagwerk.interfaces.web.pages.worker.timing import moment as _moment
from tagwerk.interfaces.web.pages.worker.ways import WAYS
from tagwerk.interfaces.web.pages.worker.words import ANSWERED
from tagwerk.interfaces.web.pay_words import made_of
from tagwerk.interfaces.web.posting import see_other

MOST_DRAFT_BYTES = 300_000
AHEAD_SECONDS = 1_200  # for so long a browser may keep the page of a task that it fetched ahead


@gzip_page
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """A task in the worker's hands; a POST hands the answer in and takes the next task with it."""
    person_id, number = asking(request), row_number("asg", assignment)
    if request.method == "POST":
        return _hand_in(request, person_id, number)
    held = queries.held_for(person_id, number)
    if held.expires_at is not None:
        return _page(request, held)
    return _not_in_hand(request, person_id, held)


@signed_in
@require_POST
def draft(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """Keeps what has been answered so far (JSON: {"answers": {…}, "seen": when the draft it stands on was kept}), and
    holds the task for longer, because somebody is at work on it."""
    whose, sent = mine(request, assignment), _draft_in(request)
    kept_at = actions.save_draft(**whose, answers=sent["answers"], seen=_moment(sent.get("seen")))
    return JsonResponse({"saved_at": kept_at.isoformat(), "until": actions.renew(**whose).isoformat()})


@signed_in
@require_POST
def renew(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """More time for a task in hand."""
    return JsonResponse({"until": actions.renew(**mine(request, assignment)).isoformat()})


def asking(request: ActorRequest) -> int:
    """The person who asks."""
    assert request.actor.person_id is not None, "a page is opened by a person"
    return request.actor.person_id


def mine(request: ActorRequest, assignment: str) -> dict[str, int]:
    """What actions on one's own assignment are called with."""
    person_id, number = asking(request), row_number("asg", assignment)
    return {
        "person_id": person_id,
        "project_id": queries.project_of_assignment(person_id, number),
        "assignment_id": number,
    }


def _hand_in(request: ActorRequest, person_id: int, number: int) -> HttpResponseBase:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(_told(request, _submit(request, person_id, number, read_answers(request.POST))))
    answers: dict[str, Any] = {}
    try:
        answers = read_answers(request.POST)
        submitted = _submit(request, person_id, number, answers)
    except (Invalid, Conflict) as refusal:
        return _page(request, queries.held_for(person_id, number), answers=answers, refusal=refusal)
    return see(_next(request, submitted))


def _told(request: ActorRequest, submitted: Submitted) -> dict[str, Any]:
    """What the page needs to go on by itself, or is told when it has gone on already."""
    told: dict[str, Any] = {
        "status": submitted.status,
        "undo": reverse("task_undo", args=[public_id("asg", submitted.assignment_id)]),
        "undo_seconds": submitted.undo_seconds if submitted.status == SUBMITTED else 0,
    }
    if "_ahead" not in request.POST or _teaches(request, submitted):
        return told | {"next": _next(request, submitted)}
    project_id = _project_in(request, asking(request), submitted.assignment_id)
    return told | {
        "next": reverse("next_task", args=[public_id("prj", project_id)]),
        "sitting": sitting_text(queries.sitting(asking(request))),
        "ahead": address_ahead(request, project_id, request.POST["_ahead"]),
    }


def _next(request: ActorRequest, submitted: Submitted) -> str:
    number = submitted.assignment_id
    if _teaches(request, submitted):
        return reverse("task_answer", args=[public_id("asg", number)])
    if asks_for_time(request, number):
        return reverse("task_time", args=[public_id("asg", number)])
    project_id = _project_in(request, asking(request), number)
    # None where one may be in hand already.
    found = submitted.next or go_on(request, project_id)
    return address_of_next(project_id, found, done=done_word(number, submitted.status))


def _teaches(request: ActorRequest, submitted: Submitted) -> bool:
    """Whether there is something to learn from this answer: then it comes before the next task. Only the form of a
    project that trains asks for it, so that in others nothing is looked up."""
    return (
        "_teaches" in request.POST
        and quality.gold_feedback(asking(request), submitted.assignment_id) is not None
    )


def _submit(request: ActorRequest, person_id: int, number: int, answers: dict[str, Any]) -> Submitted:
    """One call. The form names project and design, which the call checks, so that nothing is looked up before, and
    asks for the next task where only one is held at a time."""
    project_id = _project_in(request, person_id, number)
    count_what_was_offline(request, project_id, number)
    return actions.submit(
        person_id=person_id,
        project_id=project_id,
        assignment_id=number,
        design_id=_design_in(request) or queries.held_for(person_id, number).design_id,
        answers=answers,
        active_ms=read_active_ms(request.POST),
        channel=int(request.actor.channel),
        # Where several may be held, another may lie in hand, claimed ahead: that one comes first, see _next.
        claim_next="_claim" in request.POST,
    )


def made_of_pay(project: ProjectView, assignment_id: int, task_id: int, data: dict[str, Any]) -> str:
    """How the pay of somebody's own assignment is made up."""
    own = queries.factors_of_assignment(project, assignment_id)
    if not project.measures and own.plain:
        return ""
    units, is_urgent = queries.units_of(project.id, task_id)
    return made_of(project, data, units, is_urgent=is_urgent, own=own)


def _project_in(request: HttpRequest, person_id: int, number: int) -> int:
    try:
        return row_number("prj", request.POST.get("_project", ""))
    except NotFound:
        return queries.project_of_assignment(person_id, number)


def _design_in(request: HttpRequest) -> int | None:
    try:
        return row_number("dsn", request.POST.get("_design", ""))
    except NotFound:
        return None


def _not_in_hand(request: ActorRequest, person_id: int, held: Held) -> HttpResponseBase:
    """A task whose time ran out is still taken; what was handed in leads to the answer, the rest to the project."""
    found = queries.my_work(person_id, project_id=held.project_id, before=held.assignment_id + 1, limit=1)
    state = found[0].state
    if state in (State.HELD, State.EXPIRED):
        return _page(request, held)
    if state in ANSWERED:
        return see_other("task_answer", public_id("asg", held.assignment_id))
    return see_other("introduction", public_id("prj", held.project_id))


def _page(
    request: ActorRequest,
    held: Held,
    *,
    answers: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponseBase:
    design, project = designs.design(held.design_id), projects.project(held.project_id)
    shown = shown_task(
        design, held.data, project_id=held.project_id, assignment_id=held.assignment_id, order=held.order
    )
    filled = answers if answers is not None else held.draft or held.prediction
    values = {
        "held": held,
        "assignment": public_id("asg", held.assignment_id),
        "design": public_id("dsn", held.design_id),
        "project": project,
        "language_name": language_of(project),
        "instructions": instructions_of(design, held.project_id),
        "instructions_are": request.GET.get("instructions", ""),
        "shown": shown,
        "questions": questions_context(design, held.order or "ab", filled),
        "person": public_id("per", asking(request)),
        "teaches": bool((project.file.get("quality") or {}).get("gold_feedback")),
        "draft_seen": (_draft_seen(held) or held.claimed_at).isoformat(),
        "sitting": sitting_text(queries.sitting(asking(request))),
        "advances": request.actor.preferences.auto_advance and advances(design),
        "swipes": swipes(design) if request.actor.preferences.swipe else None,
        "leave_ways": WAYS,
        "timer": timer_of_task(request, held.assignment_id) if project.hour_micros else None,
        "made_of": made_of_pay(project, held.assignment_id, held.task_id, held.data),
        "leave_pays": bool(held.reward_micros),
        "filled_by_model": answers is None and not held.draft and bool(held.prediction),
        "done": done_before(request),
        "can_stop": project.sensitivity > LAST_SAFE_SENSITIVITY,
        **wrong_answer(design, refusal),
    }
    response = render(request, "pages/worker/task.html", values, status=refusal.status if refusal else 200)
    if "ahead" in request.GET:
        response.headers["Cache-Control"] = f"private, max-age={AHEAD_SECONDS}"
    if media := media_of(shown):
        response.headers["Link"] = ", ".join(f"<{url}>; rel=preload; as={kind}" for url, kind in media)
    return loading_from(request, response, shown.origins)


def _draft_seen(held: Held) -> datetime | None:
    return queries.draft_kept_at(held.project_id, held.assignment_id) if held.draft else None


def wrong_answer(design: DesignView, refusal: Refusal | None) -> dict[str, Any]:
    """What is wrong with an answer that was not taken, for the page: the words, the question, a way on."""
    if refusal is None:
        return {}
    name = (refusal.path or "").partition(".")[0].partition("[")[0]
    question = design.by_name.get(name)
    return {
        "wrong": refusal_text(refusal),
        "wrong_label": question.label if question else "",
        "wrong_code": refusal.code,
    }


def _draft_in(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body) if len(request.body) <= MOST_DRAFT_BYTES else None
    except (ValueError, RecursionError, RawPostDataException):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("answers"), dict):
        raise Invalid("draft_unreadable", "This draft cannot be read.")
    return found
