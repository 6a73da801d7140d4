"""One's own answer: to look at, and to change until it is judged."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.designs.rules.render import order_for
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import MyAnswer
from tagwerk.domain.work.rules.rejecting import WORDS, RejectionCode
from tagwerk.interfaces.web.answers import questions_context, read_active_ms, read_answers
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.requester.words import answer_text
from tagwerk.interfaces.web.pages.worker.access import language_of
from tagwerk.interfaces.web.pages.worker.next_task import see
from tagwerk.interfaces.web.pages.worker.showing import instructions_of, loading_from, shown_task
from tagwerk.interfaces.web.pages.worker.task import asking, made_of_pay, wrong_answer
from tagwerk.interfaces.web.pages.worker.timing import asks_for_time, count_what_was_offline, timer_of_task
from tagwerk.interfaces.web.pages.worker.words import STATES


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """The task with the answer that was handed in; a POST changes it and goes back to the task in hand."""
    found = queries.my_answer(asking(request), row_number("asg", assignment))
    if request.method != "POST":
        return _page(request, found)
    answers: dict[str, Any] = {}
    try:
        answers = read_answers(request.POST)
        _change(request, found, answers)
    except (Invalid, Conflict) as refusal:
        return _page(request, found, answers=answers, refusal=refusal)
    better = found.work.rework_until is not None
    messages.success(
        request, _("Thank you: the better answer is handed in.") if better else _("Your answer is changed.")
    )
    return _back(request, found)


@signed_in
@require_POST
def undo(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """Leads to the answer, ready to be changed; judging waits for it meanwhile."""
    found = queries.my_answer(asking(request), row_number("asg", assignment))
    with suppress(Conflict):  # too late: the page of the answer says so
        actions.hold_back(
            person_id=asking(request),
            project_id=found.work.project_id,
            assignment_id=found.work.assignment_id,
        )
    return see(reverse("task_answer", args=[assignment]))


def _change(request: ActorRequest, found: MyAnswer, answers: dict[str, Any]) -> None:
    if found.work.rework_until is not None:
        count_what_was_offline(request, found.work.project_id, found.work.assignment_id)
        actions.hand_in_rework(
            person_id=asking(request),
            project_id=found.work.project_id,
            assignment_id=found.work.assignment_id,
            answers=answers,
            active_ms=read_active_ms(request.POST),
            channel=int(request.actor.channel),
        )
        return
    actions.change_answer(
        person_id=asking(request),
        project_id=found.work.project_id,
        assignment_id=found.work.assignment_id,
        design_id=found.design_id,
        answers=answers,
        active_ms=read_active_ms(request.POST),
        channel=int(request.actor.channel),
    )


def _back(request: ActorRequest, found: MyAnswer) -> HttpResponseBase:
    """To the time where there is something to say about it, to the task in hand where there is one; else to the list of
    one's work."""
    if asks_for_time(request, found.work.assignment_id):
        return see(reverse("task_time", args=[public_id("asg", found.work.assignment_id)]))
    held = queries.holding(asking(request), found.work.project_id)
    if held:
        return see(reverse("task", args=[public_id("asg", held[0].assignment_id)]))
    return see(reverse("my_work"))


def _feedback(person_id: int, found: MyAnswer, design: DesignView) -> dict[str, Any] | None:
    """What there is to learn from an answer to gold, where the project trains."""
    told = quality.gold_feedback(person_id, found.work.assignment_id)
    if told is None:
        return None
    return {
        "right": told.right,
        "explanation": told.explanation,
        "questions": [
            (
                design.by_name[one.question].label,
                one.right,
                _(" or ").join(
                    answer_text(design, design.by_name[one.question], value) for value in one.accepted
                ),
            )
            for one in told.questions
            if one.question in design.by_name
        ],
    }


def _page(
    request: ActorRequest,
    found: MyAnswer,
    *,
    answers: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponseBase:
    mine, design = found.work, designs.design(found.design_id)
    project = projects.project(mine.project_id)
    order = found.sides or order_for(design, mine.assignment_id)
    shown = shown_task(
        design, found.data, project_id=mine.project_id, assignment_id=mine.assignment_id, order=order
    )
    tone, state = STATES[mine.state]
    values = {
        "mine": mine,
        "assignment": public_id("asg", mine.assignment_id),
        "project": project,
        "language_name": language_of(project),
        "instructions": instructions_of(design, mine.project_id),
        "shown": shown,
        "questions": questions_context(design, order or "ab", found.answers if answers is None else answers),
        "feedback": _feedback(asking(request), found, design),
        "tone": tone,
        "state": state,
        "rework": queries.rework_of(mine.project_id, mine.assignment_id) if mine.rework_until else None,
        "timer": timer_of_task(request, mine.assignment_id)
        if mine.rework_until and project.hour_micros
        else None,
        "made_of": made_of_pay(project, mine.assignment_id, mine.task_id, found.data),
        "why": _(WORDS[RejectionCode(mine.rejection_code)]) if mine.rejection_code else "",
        **wrong_answer(design, refusal),
    }
    response = render(request, "pages/worker/answer.html", values, status=refusal.status if refusal else 200)
    return loading_from(request, response, shown.origins)
