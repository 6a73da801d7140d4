"""What was decided about one's own answer: why, until when one can object, and what came of it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as judged
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import MyAnswer
from tagwerk.domain.work.rules.rejecting import WORDS
from tagwerk.domain.work.rules.states import ReworkState, State
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.worker.task import asking, mine
from tagwerk.interfaces.web.pages.worker.words import APPEALS, STATES
from tagwerk.interfaces.web.posting import see_other


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """The rejection with its reason, the objection and its answer, or the better answer that is asked for."""
    person_id = asking(request)
    found = queries.my_answer(person_id, row_number("asg", assignment))
    refused: Refusal | None = None
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("do", ""), _unknown)
        try:
            said = deed(request, assignment)
            return see_other("task_decision", assignment, said=said, request=request)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            refused = refusal
    values = _values(request, found) | {
        "refused": refusal_text(refused) if refused else "",
        "given": request.POST,
    }
    return render(request, "pages/worker/decision.html", values, status=refused.status if refused else 200)


def _values(request: ActorRequest, found: MyAnswer) -> dict[str, Any]:
    work, now = found.work, timezone.now()
    project = projects.project(work.project_id)
    appeal = judged.appeals_by(asking(request), [work.assignment_id]).get(work.assignment_id)
    rework = queries.rework_of(work.project_id, work.assignment_id)
    tone, state = STATES[work.state]
    return {
        "mine": work,
        "assignment": public_id("asg", work.assignment_id),
        "project": project,
        "organisation": public_id("org", project.organisation_id),
        "organisation_name": accounts.organisation_names([project.organisation_id])[project.organisation_id],
        "tone": tone,
        "state": state,
        "why": _(WORDS[work.rejection_code]) if work.rejection_code else "",  # type: ignore[index]
        "appeal": appeal,
        "appeal_state": APPEALS[appeal.state] if appeal else None,
        "may_object": work.state == State.REJECTED
        and appeal is None
        and work.appeal_until is not None
        and work.appeal_until > now,
        "rework": rework,
        "reworking": rework is not None
        and rework.state is ReworkState.ASKED
        and work.state == State.SUBMITTED,
    }


def _object(request: ActorRequest, assignment: str) -> str:
    quality.make_appeal(**mine(request, assignment), text=request.POST.get("text", ""), now=timezone.now())
    return _("Your objection is on its way. Somebody else decides about it within seven days.")


def _withdraw(request: ActorRequest, assignment: str) -> str:
    quality.withdraw_appeal(**mine(request, assignment))
    return _("Your objection is withdrawn; the rejection stands.")


def _leave(request: ActorRequest, assignment: str) -> str:
    actions.leave_as_is(**mine(request, assignment), now=timezone.now())
    return _("Your answer stays as it is. If nobody decides otherwise, it is approved.")


def _give_back(request: ActorRequest, assignment: str) -> str:
    actions.give_back(**mine(request, assignment))
    return _("The task is given back. Somebody else gets it.")


def _unknown(request: ActorRequest, assignment: str) -> str:
    raise Invalid("deed_missing", "Choose what to do.")


_DEEDS: dict[str, Callable[[ActorRequest, str], str]] = {
    "object": _object,
    "withdraw": _withdraw,
    "leave": _leave,
    "give_back": _give_back,
}
