"""My work: a worker's assignments, the newest first, with what became of them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import MyWork
from tagwerk.domain.work.rules.states import State
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.task import asking, mine
from tagwerk.interfaces.web.pages.worker.words import ANSWERED, STATES
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import see_other

PAGE = 30
WITHOUT_PAY = (State.RETURNED, State.EXPIRED, State.SKIPPED, State.LATE)


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment in the list."""

    work: MyWork
    assignment: str
    tone: str
    state: Any
    shows_pay: bool
    has_answer: bool
    may_accept: bool


@signed_in
@require_safe
def my_work(request: ActorRequest) -> HttpResponse:
    """The worker's assignments, by keyset."""
    found = queries.my_work(asking(request), before=place(request, "asg"), limit=PAGE + 1)
    page = cut(request, [_line(one) for one in found], PAGE, lambda line: line.assignment)
    return render(request, "pages/worker/mine.html", {"page": page})


@signed_in
@require_POST
def accept_rejection(request: ActorRequest, assignment: str) -> HttpResponse:
    """The worker does not object to a rejection; somebody else can have the task."""
    actions.waive_appeal(**mine(request, assignment))
    messages.success(request, _("You accepted the rejection. Somebody else gets the task."))
    return see_other("my_work")


def _line(found: MyWork) -> Line:
    tone, state = STATES[found.state]
    appeal = found.appeal_until
    return Line(
        work=found,
        assignment=public_id("asg", found.assignment_id),
        tone=tone,
        state=state,
        shows_pay=bool(found.reward_micros) and found.state not in WITHOUT_PAY,
        has_answer=found.state in ANSWERED,
        may_accept=found.state == State.REJECTED and appeal is not None and appeal > timezone.now(),
    )
