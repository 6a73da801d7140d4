"""The review queue: answers that wait for a verdict, those of the least certain tasks first."""

import math
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.base.errors import NotFound, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.design import Question
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import QueuedAnswer
from tagwerk.interfaces.web.formats import number_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.drawing import query
from tagwerk.interfaces.web.pages.requester.frame import REVIEW, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.rejection_words import codes
from tagwerk.interfaces.web.pages.requester.review_tabs import QUEUE, review_tabs
from tagwerk.interfaces.web.pages.requester.showing import Showing
from tagwerk.interfaces.web.pages.requester.verdicts import decide
from tagwerk.interfaces.web.pages.requester.words import answers_text
from tagwerk.interfaces.web.pages.worker.showing import Shown
from tagwerk.interfaces.web.posting import see_other
from tagwerk.interfaces.web.rule_words import SIGNALS, condition_text, rule_of

PAGE = 10


@dataclass(frozen=True)
class Line:
    """An answer in the queue with the task that it answers."""

    id: str
    task_id: str
    queued: QueuedAnswer
    shown: Shown
    answers: list[tuple[Question, str]]


@project_page(Permission.ANSWER_REVIEW)
def project_review(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """The queue; verdicts are posted to it."""
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            messages.success(request, decide(request, frame))
            return see_other(frame.url("project_review"))
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            refused = refusal
    showing = Showing(frame.design, frame.project.id)
    found = quality.review_queue(request.actor, frame.project.id, after=_place(request), limit=PAGE + 1)
    values: dict[str, Any] = framed(
        frame,
        REVIEW,
        lines=[_line(frame, showing, one) for one in found[:PAGE]],
        older=_address(found[PAGE - 1]) if len(found) > PAGE else "",
        further="after" in request.GET,
        review_tabs=review_tabs(frame, QUEUE),
        pointed=_pointed(request, frame) if request.actor.person_id else [],
        waiting=quality.waiting_reviews(request.actor, frame.project.id) if request.actor.person_id else 0,
        codes=codes(),
        refused=refusal_text(refused) if refused else "",
        given=request.POST,
    )
    response = render(
        request, "pages/requester/project_review.html", values, status=refused.status if refused else 200
    )
    return showing.let_in(request, response)


@dataclass(frozen=True)
class PointedLine:
    """Answers that a rule or a signal points at."""

    what: str
    waiting: str
    href: str


def _pointed(request: ActorRequest, frame: Frame) -> list[PointedLine]:
    lines = []
    for one in quality.reviews_pointed_at(request.actor, frame.project.id):
        if one.rule is not None:
            said = condition_text(rule_of(one.rule), frame.project.currency)
            what = _("A control rule: {condition}").format(condition=said)
        else:
            what = _("A signal: {kind}").format(kind=SIGNALS[one.draw.signal])
        waiting = ngettext("{count} answer waits", "{count} answers wait", one.waiting)
        lines.append(
            PointedLine(
                what,
                waiting.format(count=number_text(one.waiting)),
                frame.url("project_review_next") + query(one.draw),
            )
        )
    return lines


def _line(frame: Frame, showing: Showing, one: QueuedAnswer) -> Line:
    return Line(
        id=public_id("asg", one.assignment_id),
        task_id=public_id("tsk", one.task_id),
        queued=one,
        shown=showing.task(one.data),
        answers=answers_text(frame.design, one.answers),
    )


def _place(request: ActorRequest) -> tuple[float, int] | None:
    """Where the page begins: the certainty and the answer of the line before."""
    text = request.GET.get("after", "")
    if not text:
        return None
    sure, _sign, public = text.partition("~")
    try:
        certainty = float(sure)
    except ValueError:
        certainty = math.nan
    if not math.isfinite(certainty):
        raise NotFound("page_not_found", "There is nothing here.")
    return certainty, row_number("asg", public)


def _address(one: QueuedAnswer) -> str:
    certainty, number = one.place
    return f"?after={certainty!r}~{public_id('asg', number)}"
