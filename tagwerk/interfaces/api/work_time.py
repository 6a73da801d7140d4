"""The worker's timer by API, in projects that pay by the hour, and correcting what it measured."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import NotAllowed, NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Channel
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import Timer
from tagwerk.domain.work.rules.hours import LONGEST_REASON, LOST_SECONDS
from tagwerk.interfaces.api.asking import WORKER, asking, worker_asking
from tagwerk.interfaces.api.shapes import Body, Money, money
from tagwerk.interfaces.api.work_shapes import WHY_NOTHING

router = Router(tags=["my-answers"])
TIME = "/work/projects/{project}/assignments/{assignment}/time"


class RunOut(BaseModel):
    """The timer ran from then until then."""

    started_at: datetime
    ended_at: datetime | None = Field(description="null: it runs")
    ended_by: str = Field(
        description="paused, other_task, handed_in, given_up, lost (no sign of life) or offline; empty while it runs"
    )


class MyTimeRequestOut(BaseModel):
    """Time that you asked for beside what is paid."""

    seconds: int = Field(description="In all")
    reason: str
    state: str = Field(
        description="asked, granted, refused, lapsed (nobody decided, so the limit was paid) or withdrawn (not needed after all)"
    )
    until: datetime
    code: str | None = Field(description="Why it was refused, of the closed list")
    reply: str
    paid: Money


class MyTimeOut(BaseModel):
    """Your time for a task, and what it pays."""

    running: bool
    seconds: int = Field(description="On the timer, up to now")
    active_seconds: int | None = Field(description="At work on the page, which counts where no timer ran")
    rework_seconds: int = Field(description="Of all that, for a better answer")
    rate: Money = Field(description="For an hour")
    most_seconds: int = Field(description="So much is paid without asking, with what was agreed")
    stated_seconds: int | None = Field(description="What you stated instead")
    paid_seconds: int = Field(description="What counts; before you hand in, what would")
    pay: Money
    correct_until: datetime | None
    runs: list[RunOut]
    requests: list[MyTimeRequestOut]


class StartedOut(MyTimeOut):
    """The timer after it was started."""

    paused: str | None = Field(description="The task of yours whose timer it has stopped: one runs at a time")


class CorrectIn(Body):
    """How long it really took."""

    seconds: int = Field(ge=0, le=604_800)
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, description="The requester reads it")


class AskTimeIn(Body):
    """How long it may take in all."""

    seconds: int = Field(ge=1, le=604_800)
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, description="The requester reads it")


@router.get(TIME, auth=WORKER, response=MyTimeOut, operation_id="get_time", summary="Your time for a task")
def get_time(request: HttpRequest, project: str, assignment: str) -> MyTimeOut:
    """What the timer of a task has measured, what of it is paid, and what you asked for."""
    return MyTimeOut(**_facts(queries.timer_of(*_own(request, project, assignment))))


@router.post(
    f"{TIME}/start", auth=WORKER, response=StartedOut, operation_id="start_timer", summary="Start the timer"
)
def start_timer(request: HttpRequest, project: str, assignment: str) -> StartedOut:
    """Start or go on with the timer of a task in hand; that of any other task of yours stops. While it runs, call this
    again at least every two minutes as a sign of life: a timer of which nothing is heard ends at the last one."""
    person_id, number = _own(request, project, assignment)
    _require_by_api(request, project, assignment)
    started = actions.start_timer(
        person_id=person_id, project_id=row_number("prj", project), assignment_id=number, now=timezone.now()
    )
    paused = None if started.paused is None else public_id("asg", started.paused)
    return StartedOut(**_facts(started.timer), paused=paused)


@router.post(
    f"{TIME}/pause", auth=WORKER, response=MyTimeOut, operation_id="pause_timer", summary="Pause the timer"
)
def pause_timer(request: HttpRequest, project: str, assignment: str) -> MyTimeOut:
    """Stop the timer of a task until you start it again. Handing in stops it too."""
    person_id, number = _own(request, project, assignment)
    timer = actions.pause_timer(
        person_id=person_id, project_id=row_number("prj", project), assignment_id=number, now=timezone.now()
    )
    return MyTimeOut(**_facts(timer))


@router.post(
    f"{TIME}/ask", auth=WORKER, response=MyTimeOut, operation_id="ask_for_time", summary="Ask for more time"
)
def ask_for_time(request: HttpRequest, project: str, assignment: str, data: AskTimeIn) -> MyTimeOut:
    """While you have a task in hand: ask that it may take longer than is paid without asking. What the requester agrees to is
    set aside and stands in `most_seconds`; the time that your timer measures is paid, up to that."""
    person_id, number = _own(request, project, assignment)
    actions.ask_ahead(
        person_id=person_id, project_id=row_number("prj", project), assignment_id=number, seconds=data.seconds,
        reason=data.reason, now=timezone.now(),
    )  # fmt: skip
    return MyTimeOut(**_facts(queries.timer_of(person_id, number)))


@router.post(
    f"{TIME}/correct",
    auth=WORKER,
    response=MyTimeOut,
    operation_id="correct_time",
    summary="Correct your time",
)
def correct_time(request: HttpRequest, project: str, assignment: str, data: CorrectIn) -> MyTimeOut:
    """State another time for a task that you handed in within the last seven days. Before the answer is decided it counts at
    once, up to what is paid without asking; more than that, or more after approval, waits for the requester's decision."""
    person_id, number = _own(request, project, assignment)
    actions.correct_time(
        person_id=person_id, project_id=row_number("prj", project), assignment_id=number, seconds=data.seconds,
        reason=data.reason, now=timezone.now(),
    )  # fmt: skip
    return MyTimeOut(**_facts(queries.timer_of(person_id, number)))


def _facts(timer: Timer) -> dict[str, object]:
    assert LOST_SECONDS == 120, "the words above say so"
    now = timezone.now()
    seconds, found = timer.seconds(now), queries.time_of(timer.project_id, timer.assignment_id)
    paid = found.paid_seconds if found else min(seconds, timer.most_seconds)
    pay = found.reward_micros + found.extra_reward_micros if found else timer.pays(seconds)
    return {
        "running": timer.running is not None,
        "seconds": seconds if found is None or timer.at_work else found.measured_seconds,
        "active_seconds": found.active_seconds if found else None, "rework_seconds": found.rework_seconds if found else 0,
        "rate": money(timer.rate_micros, timer.currency), "most_seconds": timer.most_seconds,
        "stated_seconds": found.stated_seconds if found else None, "paid_seconds": paid,
        "pay": money(pay, timer.currency),
        "correct_until": found.correct_until if found and found.ended_at is None else None,
        "runs": [RunOut(started_at=one.started_at, ended_at=one.ended_at, ended_by=one.ended_by) for one in timer.runs],
        "requests": [
            MyTimeRequestOut(
                seconds=one.seconds, reason=one.reason, state=str(one.state), until=one.until,
                code=str(one.code) if one.code else None, reply=one.reply, paid=money(one.reward_micros, one.currency),
            )
            for one in queries.time_requests_of(timer.project_id, timer.assignment_id)
        ],
    }  # fmt: skip


def _own(request: HttpRequest, project: str, assignment: str) -> tuple[int, int]:
    """One's own assignment of this project, whether or not people may work on it by API: time can always be corrected."""
    person_id, number = worker_asking(request), row_number("asg", assignment)
    if queries.project_of_assignment(person_id, number) != row_number("prj", project):
        raise NotFound("assignment_not_found", "You have no such task.")
    return person_id, number


def _require_by_api(request: HttpRequest, project: str, assignment: str) -> None:
    person_id, number = _own(request, project, assignment)
    if asking(request).channel is Channel.API and not queries.may_work_by_api(
        person_id, row_number("prj", project), number
    ):
        raise NotAllowed("api_work_not_allowed", WHY_NOTHING["api_work_not_allowed"])
