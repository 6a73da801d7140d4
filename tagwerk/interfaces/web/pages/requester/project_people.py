"""Who works on a project and how well; who gets no more tasks for now, and why."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions, queries
from tagwerk.domain.quality.queries import ProjectWorker
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import PEOPLE, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.words import pause_text
from tagwerk.interfaces.web.paging import BEFORE, following
from tagwerk.interfaces.web.posting import see_other
from tagwerk.interfaces.web.rule_words import SIGNALS

PAGE = 50
ONLY = {
    "signals": gettext_noop("With signals"),
    "paused": gettext_noop("Paused"),
    "objections": gettext_noop("With an objection"),
}


@dataclass(frozen=True)
class Line:
    """A worker in the list."""

    worker: ProjectWorker
    gold_share: float | None
    why_paused: str
    signals: list[str]  # in words


@project_page(Permission.ANSWER_REVIEW)
def project_people(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The list, by keyset on the pseudonym; a pause and its end are posted to it."""
    error = ""
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, frame))
            return see_other(request.get_full_path())
        except Invalid as refusal:
            error = refusal_text(refusal)
    state = request.GET.get("state", "")
    only = state if state in ONLY else ""
    found = queries.workers_of_project(
        request.actor, frame.project.id, after=request.GET.get(BEFORE, ""), limit=PAGE + 1, only=only
    )
    page = following(request, [_line(frame, one) for one in found], PAGE, lambda line: line.worker.pseudonym)
    values = framed(
        frame, PEOPLE, page=page, error=error, given=request.POST, only=only, ways=_ways(frame, only),
        rules=len(queries.rules_of(frame.project)),
    )  # fmt: skip
    return render(request, "pages/requester/project_people.html", values, status=422 if error else 200)


def _line(frame: Frame, one: ProjectWorker) -> Line:
    share = one.gold_right / one.gold_answers if one.gold_answers else None
    paused = pause_text(one.pause_reason, paid=frame.project.paid) if one.pause_reason else ""
    return Line(one, share, paused, [str(SIGNALS[kind]) for kind in one.signals])


def _ways(frame: Frame, only: str) -> list[dict[str, Any]]:
    """All people, and those among them who need a look."""
    waiting = {"signals": queries.open_signals(frame.project.id)}
    return [
        {
            "label": _(label), "href": f"?state={name}" if name else "?", "current": name == only,
            "count": waiting.get(name) or None,
        }
        for name, label in (("", gettext_noop("Everybody")), *ONLY.items())
    ]  # fmt: skip


def _decide(request: ActorRequest, frame: Frame) -> str:
    actor, project_id, pseudonym = request.actor, frame.project.id, request.POST.get("worker", "")
    if request.POST.get("do") == "resume":
        actions.resume_worker(actor=actor, project_id=project_id, pseudonym=pseudonym)
        return _("The worker gets tasks again.")
    reason = request.POST.get("reason", "")
    actions.pause_worker(actor=actor, project_id=project_id, pseudonym=pseudonym, reason=reason)
    return _("The worker gets no more tasks of this project. What they hold they can still hand in.")
