"""Time of a project that pays by the hour: what workers ask for beside what is paid, and measured and stated time side by side."""

from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tagwerk.base.errors import Invalid, NotFound, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import fee_micros
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import TimeRequestView
from tagwerk.domain.work.rules.hours import WORDS, TimeCode, TimeState
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import REVIEW, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.review_tabs import TIME, review_tabs
from tagwerk.interfaces.web.pages.worker.timing import REQUESTS
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import see_other

PAGE = 50
ASKED, ENDED = "asked_after", "ended_before"  # where the lists of requests go on
DECIDED = (TimeState.GRANTED, TimeState.REFUSED, TimeState.LAPSED, TimeState.WITHDRAWN)
GRANT, REFUSE = "grant", "refuse"


@project_page(Permission.ANSWER_REVIEW)
def project_time(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """What is asked, and the time of all answers; decisions are posted to it."""
    if not frame.project.hour_micros:
        raise NotFound("page_not_found", "There is nothing here.")
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            return see_other(frame.url("project_time"), said=_decide(request, frame), request=request)
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            refused = refusal
    values = _values(request, frame) | {
        "refused": refusal_text(refused) if refused else "",
        "review_tabs": review_tabs(frame, TIME),
    }
    return render(
        request, "pages/requester/project_time.html", framed(frame, REVIEW, **values),
        status=refused.status if refused else 200,
    )  # fmt: skip


def _decide(request: ActorRequest, frame: Frame) -> str:
    deed = request.POST.get("do", "")
    if deed not in (GRANT, REFUSE):
        raise Invalid("deed_missing", "Choose what to do.")
    actions.decide_time(
        actor=request.actor, project_id=frame.project.id, request_id=row_number("tmr", request.POST.get("request", "")),
        grants=deed == GRANT, code=request.POST.get("code", ""), reply=request.POST.get("words", ""), now=timezone.now(),
    )  # fmt: skip
    if deed == REFUSE:
        return _("The time is not granted; the worker reads why.")
    decided = queries.time_request(frame.project.id, row_number("tmr", request.POST.get("request", "")))
    if decided.agreed_micros:
        return _("The time is agreed; the money for it is set aside.")
    return _("The time is granted and paid.")


def _values(request: ActorRequest, frame: Frame) -> dict[str, Any]:
    project = frame.project
    asked = queries.urgent_time_requests(project.id, after=place(request, "tmr", ASKED), limit=PAGE + 1)
    waiting = cut(request, asked, PAGE, _number, ASKED)
    decided = queries.time_requests(
        project.id, states=DECIDED, before=place(request, "tmr", ENDED), limit=PAGE + 1
    )
    ended = cut(request, decided, PAGE, _number, ENDED)
    found = queries.times_page(project.id, before=place(request, "asg"), limit=PAGE + 1)
    page = cut(request, found, PAGE, lambda one: public_id("asg", one.assignment_id))
    names = queries.pseudonyms(project.id, [one.worker_id for one in page.lines])
    return {
        "waiting": [_line(frame, one, request.POST) for one in waiting.lines],
        "waiting_page": waiting,
        "ended": [(one, *REQUESTS[one.state], _(WORDS[one.code]) if one.code else "") for one in ended.lines],
        "ended_page": ended,
        "page": page,
        "times": [
            {
                "time": one, "answer": public_id("asg", one.assignment_id), "pseudonym": names.get(one.worker_id, ""),
                "pay_micros": one.reward_micros + one.extra_reward_micros,
            }
            for one in page.lines
        ],
    }  # fmt: skip


def _number(one: TimeRequestView) -> str:
    return public_id("tmr", one.id)


def _line(frame: Frame, one: TimeRequestView, given: QueryDict) -> dict[str, Any]:
    within = one.within_limit
    more = max(
        0, one.hour_micros * (one.seconds - (one.most_seconds if one.at_work else one.paid_seconds)) // 3_600
    )
    codes = [(code, _(WORDS[code])) for code in TimeCode if not within or code is not TimeCode.OVER_THE_LIMIT]
    number = public_id("tmr", one.id)
    mine = (
        given if given.get("request") == number else {}
    )  # what was sent for another request is not said here
    return {
        "asked": one, "id": number, "given": mine, "answer": public_id("asg", one.assignment_id), "codes": codes,
        "within": within, "more_micros": more, "more_total": more + fee_micros(more, frame.project.fee_bp),
    }  # fmt: skip
