"""What waits for a second person in a project: objections of workers, and rejections beyond one person."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.decisions import (
    PAGE,
    appeal_lines,
    batch_lines,
    decide_for_second,
)
from tagwerk.interfaces.web.pages.requester.frame import REVIEW, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.review_tabs import APPEALS, CONFIRM, review_tabs
from tagwerk.interfaces.web.pages.requester.showing import Showing
from tagwerk.interfaces.web.posting import see_other


@project_page(Permission.ANSWER_REVIEW)
def project_appeals(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """Objections, those that wait or those that have ended; decisions are posted to it."""
    work.project_with_answers(request.actor, frame.project.id, Permission.ANSWER_REVIEW)
    refused = _decided(request, frame)
    if isinstance(refused, HttpResponseBase):
        return refused
    showing, ended = Showing(frame.design, frame.project.id), "ended" in request.GET
    after = row_number("asg", request.GET["after"]) if request.GET.get("after") else 0
    lines = appeal_lines(request, frame.project, showing, ended=ended, after=after)
    more = f"?{'ended=1&' if ended else ''}after={lines[PAGE - 1].id}" if len(lines) > PAGE else ""
    values = {"lines": lines[:PAGE], "ended": ended, "older": more}
    response = _page(request, frame, "project_appeals", APPEALS, refused, values)
    return showing.let_in(request, response)  # type: ignore[arg-type]


@project_page(Permission.ANSWER_REVIEW)
def project_confirm(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """Rejections that wait for a second person, with what they would do."""
    work.project_with_answers(request.actor, frame.project.id, Permission.ANSWER_REVIEW)
    refused = _decided(request, frame)
    if isinstance(refused, HttpResponseBase):
        return refused
    batches = batch_lines(request, frame.project)
    return _page(request, frame, "project_confirm", CONFIRM, refused, {"batches": batches})


def _decided(request: ActorRequest, frame: Frame) -> HttpResponseBase | Refusal | None:
    """Where to go once it is decided; what stood in the way; None where nothing was posted."""
    if request.method != "POST":
        return None
    try:
        said = decide_for_second(request, frame.project)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return refusal
    return see_other(request.path, said=said, request=request)


def _page(
    request: ActorRequest, frame: Frame, name: str, tab: str, refused: Refusal | None, values: dict[str, Any]
) -> HttpResponseBase:
    shared = {
        "review_tabs": review_tabs(frame, tab),
        "refused": refusal_text(refused) if refused else "",
        "given": request.POST,
    }
    return render(
        request, f"pages/requester/{name}.html", framed(frame, REVIEW, **shared, **values),
        status=refused.status if refused else 200,
    )  # fmt: skip
