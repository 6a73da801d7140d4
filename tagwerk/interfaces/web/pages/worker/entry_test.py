"""An entry test: its tasks one by one, with the same questions as in a project, then the result."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.academy import actions, queries
from tagwerk.domain.academy.queries import AttemptTask, AttemptView
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.render import order_for
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.interfaces.web.answers import questions_context, read_answers
from tagwerk.interfaces.web.choices import language_name
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.next_task import see
from tagwerk.interfaces.web.pages.worker.showing import loading_from, shown_task
from tagwerk.interfaces.web.pages.worker.task import asking, wrong_answer


@signed_in
@require_POST
def start(request: ActorRequest, test: str) -> HttpResponseBase:
    """Begins an attempt, or goes on with the one under way."""
    attempt_id = work.start_attempt(actor=request.actor, test_id=row_number("tst", test))
    return see(_address(attempt_id))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: ActorRequest, attempt: str) -> HttpResponseBase:
    """The next task of an attempt that is not answered; behind the last one, the result."""
    view = queries.attempt_for(request.actor, row_number("att", attempt))
    if request.method == "POST":
        return _answer(request, view)
    if view.finished_at is not None:
        held = {one.qualification_id for one in queries.own_holdings(asking(request))}
        values = {
            "view": view,
            "holds": view.qualification_id in held,
            "paid": work_queries.paid_for_test(asking(request), view.id),
        }
        return render(request, "pages/worker/entry_test_result.html", values)
    return _page(request, view, _chosen(request, view))


def _answer(request: ActorRequest, view: AttemptView) -> HttpResponseBase:
    number = row_number("tsk", request.POST.get("_task", ""))
    answers: dict[str, Any] = {}
    try:
        answers = read_answers(request.POST)
        actions.answer_attempt(actor=request.actor, attempt_id=view.id, task_id=number, answers=answers)
    except (Invalid, Conflict) as refusal:
        chosen = next((one for one in view.tasks if one.id == number), None)
        if chosen is None:
            raise
        return _page(request, view, chosen, answers=answers, refusal=refusal)
    left = [one for one in view.tasks if one.answers is None and one.id != number]
    return see(_address(view.id)) if left else _finish(request, view)


def _finish(request: ActorRequest, view: AttemptView) -> HttpResponseBase:
    finished = work.finish_attempt(actor=request.actor, attempt_id=view.id)
    if finished.revoked:
        messages.warning(
            request,
            _(
                "The qualification was taken away from you during the test, and the test does not bring it back."
            ),
        )
    elif finished.passed:
        assert request.actor.person_id is not None, "a page is opened by a person"
        work.refresh_enrolments(person_id=request.actor.person_id)
        messages.success(request, _("You passed."))
    return see(_address(view.id))


def _address(attempt_id: int) -> str:
    return reverse("entry_test_attempt", args=[public_id("att", attempt_id)])


def _chosen(request: ActorRequest, view: AttemptView) -> AttemptTask:
    """The task that the address names, to answer it otherwise; else the first without an answer, or the last."""
    place = request.GET.get("task", "")
    if place.isascii() and place.isdigit() and 0 < int(place[:6]) <= len(view.tasks):
        return view.tasks[int(place[:6]) - 1]
    return next((one for one in view.tasks if one.answers is None), view.tasks[-1])


def _page(
    request: ActorRequest,
    view: AttemptView,
    chosen: AttemptTask,
    *,
    answers: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponseBase:
    design = designs.design(view.design_id)
    order = order_for(design, chosen.id)
    shown = shown_task(design, chosen.data, assignment_id=chosen.id, order=order)
    place = view.tasks.index(chosen) + 1
    values = {
        "view": view,
        "task": public_id("tsk", chosen.id),
        "place": place,
        "before": place - 1,
        "language_name": language_name(design.language),
        "tag": design.language,
        "instructions": design.instructions_html,
        "shown": shown,
        "questions": questions_context(design, order or "ab", chosen.answers if answers is None else answers),
        **wrong_answer(design, refusal),
    }
    response = render(
        request, "pages/worker/entry_test.html", values, status=refusal.status if refusal else 200
    )
    return loading_from(request, response, shown.origins)
