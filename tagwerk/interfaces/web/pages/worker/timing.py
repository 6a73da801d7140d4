"""The worker's timer: started, paused and kept by the page of a task; and the time of an answer, to look at and correct."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import Timer
from tagwerk.domain.work.rules.hours import BEAT_SECONDS, WORDS, Ended, TimeState
from tagwerk.domain.work.rules.states import State
from tagwerk.interfaces.web.formats import duration_text
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

MINUTE = 60
ENDED: Mapping[str, Any] = {
    Ended.PAUSED: gettext_lazy("paused"),
    Ended.OTHER_TASK: gettext_lazy("another task was started"),
    Ended.HANDED_IN: gettext_lazy("handed in"),
    Ended.GIVEN_UP: gettext_lazy("the task was given up"),
    Ended.LOST: gettext_lazy("the page was gone: counted up to its last sign of life"),
    Ended.OFFLINE: gettext_lazy("without a connection, as the page says"),
}
REQUESTS: Mapping[TimeState, tuple[str, Any]] = {
    TimeState.ASKED: ("wait", gettext_lazy("waits for a decision")),
    TimeState.GRANTED: ("ok", gettext_lazy("granted")),
    TimeState.REFUSED: ("bad", gettext_lazy("not granted")),
    TimeState.LAPSED: ("info", gettext_lazy("not decided in time")),
    TimeState.WITHDRAWN: ("info", gettext_lazy("not needed after all")),
}


class AskForm(PageForm):
    """How long it may take in all."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that the task may take in all"), min_value=1, max_value=10_080
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The requester reads it and decides."),
    )  # fmt: skip


class TimeForm(PageForm):
    """Another time than the timer's."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that it really took"), min_value=0, max_value=10_080
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The requester reads it, with what the timer says."),
    )  # fmt: skip


@signed_in
@require_POST
def start(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """Starts the timer of a task in hand, or goes on with it; that of another task stops."""
    started = actions.start_timer(**_mine(request, assignment), now=timezone.now())
    told = timer_facts(started.timer, timezone.now())
    if started.paused is not None:
        titles = queries.titles_of_assignments(_asking(request), [started.paused])
        told["said"] = _("The timer of another task was paused: {project}").format(
            project=titles.get(started.paused, "")
        )
    return JsonResponse(told)


@signed_in
@require_POST
def pause(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """Pauses it."""
    now = timezone.now()
    timer = actions.pause_timer(**_mine(request, assignment), now=now, at=moment(request.POST.get("at")))
    return JsonResponse(timer_facts(timer, now))


@signed_in
@require_POST
def seen(request: ActorRequest, assignment: str) -> HttpResponseBase:
    """The page says that it is there and, where its timer counts, until when; it learns whether it still runs."""
    now = timezone.now()
    timer = actions.keep_timer(**_mine(request, assignment), now=now, until=moment(request.POST.get("at")))
    return JsonResponse(timer_facts(timer, now))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def time(request: ActorRequest, assignment: str) -> HttpResponse:
    """What the time of an answer came to; a POST states another, with a reason. While the task is in hand: what it comes to
    up to now; a POST asks for more than is paid without asking."""
    mine = _mine(request, assignment)
    timer = queries.timer_of(mine["person_id"], mine["assignment_id"])
    found = queries.time_of(mine["project_id"], mine["assignment_id"])
    if timer.at_work:
        return _ahead(request, assignment, timer, found)
    form = TimeForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    if request.method == "POST" and form.carry_out(
        lambda given: actions.correct_time(
            **mine, seconds=given["minutes"] * MINUTE, reason=given["reason"], now=timezone.now()
        )
    ):
        said = _("Your time is corrected.") if form.result.request_id is None else _(
            "You have asked for it. The requester decides within three days."
        )  # fmt: skip
        return see_other("task_time", assignment, said=said, request=request)
    return page_with_form(request, "pages/worker/timing.html", _values(timer, found, form))


def _ahead(
    request: ActorRequest, assignment: str, timer: Timer, found: queries.TimeView | None
) -> HttpResponse:
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(
        lambda given: actions.ask_ahead(
            person_id=_asking(request), project_id=timer.project_id, assignment_id=timer.assignment_id,
            seconds=given["minutes"] * MINUTE, reason=given["reason"], now=timezone.now(),
        )
    ):  # fmt: skip
        said = _("You have asked for it. The requester decides; your timer says when more is agreed.")
        return see_other(_task_page(timer), assignment, said=said, request=request)
    return page_with_form(request, "pages/worker/timing.html", _values(timer, found, form))


def _task_page(timer: Timer) -> str:
    return "task" if timer.reworked_from is None else "task_answer"


def timer_facts(timer: Timer, now: datetime) -> dict[str, Any]:
    """What the page needs to go on counting by itself."""
    return {
        "seconds": timer.seconds(now),
        "running": timer.running is not None,
        "lost": timer.was_lost,
        "now": now.isoformat(),
        "said": "",
        "most_seconds": timer.most_seconds,
        "most_micros": timer.most_micros,
        "most": duration_text(timer.most_seconds),
    }


def timer_of_task(request: ActorRequest, assignment_id: int) -> dict[str, Any]:
    """The timer of somebody's own task for the component."""
    return timer_shown(queries.timer_of(_asking(request), assignment_id), public_id("asg", assignment_id))


def timer_shown(timer: Timer, assignment: str) -> dict[str, Any]:
    """The timer for the component of the page of a task."""
    now = timezone.now()
    requests = queries.time_requests_of(timer.project_id, timer.assignment_id)
    asked = [one.seconds for one in requests if one.state is TimeState.ASKED]
    return timer_facts(timer, now) | {
        "fresh": timer.is_fresh,
        "agreed": bool(timer.agreed_micros),
        "rate_micros": timer.rate_micros,
        "currency": timer.currency,
        "ask": reverse("task_time", args=[assignment]),
        "asked": duration_text(asked[0]) if asked else "",
        "start": reverse("task_timer_start", args=[assignment]),
        "pause": reverse("task_timer_pause", args=[assignment]),
        "seen": reverse("task_timer_seen", args=[assignment]),
        "beat_seconds": BEAT_SECONDS,
    }


def count_what_was_offline(request: ActorRequest, project_id: int, assignment_id: int) -> None:
    """The time of an answer that waited in the browser: its form says until when somebody was at work on it."""
    until = moment(request.POST.get("_timer_until"))
    if until is None:
        return
    actions.count_offline(
        person_id=_asking(request),
        project_id=project_id,
        assignment_id=assignment_id,
        until=until,
        now=timezone.now(),
    )


def asks_for_time(request: ActorRequest, assignment_id: int) -> bool:
    """Whether there is something to say about the time of what was just handed in: nothing measured, or more than is paid.
    Only the form of a task that is paid by the hour asks for it."""
    if "_by_the_hour" not in request.POST:
        return False
    try:
        timer = queries.timer_of(_asking(request), assignment_id)
    except Refusal:
        return False
    found = queries.time_of(timer.project_id, assignment_id)
    return found is not None and (not found.measured_seconds or found.measured_seconds > found.most_seconds)


def moment(text: Any) -> datetime | None:
    """A moment that a page names; None where it names none."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _asking(request: ActorRequest) -> int:
    assert request.actor.person_id is not None, "a page is opened by a person"
    return request.actor.person_id


def _mine(request: HttpRequest, assignment: str) -> dict[str, int]:
    person_id, number = _asking(request), row_number("asg", assignment)  # type: ignore[arg-type]
    return {
        "person_id": person_id,
        "project_id": queries.project_of_assignment(person_id, number),
        "assignment_id": number,
    }


def _initial(found: queries.TimeView | None) -> dict[str, Any]:
    return {
        "minutes": None if found is None else -(-max(found.measured_seconds, found.paid_seconds) // MINUTE)
    }


def _values(timer: Timer, found: queries.TimeView | None, form: PageForm) -> dict[str, Any]:
    now = timezone.now()
    requests = queries.time_requests_of(timer.project_id, timer.assignment_id)
    asked = any(one.state is TimeState.ASKED for one in requests)
    assignment = public_id("asg", timer.assignment_id)
    return {
        "assignment": assignment,
        "task_url": reverse(_task_page(timer), args=[assignment]),
        # It goes on while this page is open, and says that more is agreed. Whoever has not begun begins on the page of the task.
        "running": timer_shown(timer, assignment) | {"ask": ""} if timer.at_work and not timer.is_fresh else None,
        "may_ask": timer.at_work and not asked,
        "project": projects.project(timer.project_id),
        "timer": timer,
        "seconds": timer.seconds(now),
        "found": found,
        "paid": timer.state in (State.APPROVED, State.STOPPED),
        "total_micros": found.reward_micros + found.extra_reward_micros if found else 0,
        "runs": [(one, one.seconds(now), ENDED.get(one.ended_by, _("runs"))) for one in timer.runs],
        "requests": [
            (one, *REQUESTS[one.state], _(WORDS[one.code]) if one.code else "") for one in requests
        ],
        "may_correct": found is not None and found.ended_at is None and now < found.correct_until
        and timer.state in (State.SUBMITTED, State.APPROVED, State.STOPPED) and not asked and not timer.at_work,
        "form": form,
    }  # fmt: skip
