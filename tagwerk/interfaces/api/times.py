"""Time in projects that pay by the hour, for requesters: measured and stated, and what workers ask for."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import TimeRequestView
from tagwerk.domain.work.rules.hours import LONGEST_REASON, TimeCode, TimeState
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Money, money

router = Router(tags=["reviews"])
REVIEW = Key(Permission.ANSWER_REVIEW)


class AnswerTimeOut(BaseModel):
    """The time of an answer."""

    answer: str
    worker: str
    handed_in_at: datetime
    measured_seconds: int = Field(description="By the worker's timer")
    active_seconds: int | None = Field(description="At work on the page, which counts where no timer ran")
    rework_seconds: int = Field(description="Of all that, for a better answer")
    stated_seconds: int | None = Field(description="By the worker, instead")
    reason: str = Field(description="Why they stated another")
    paid_seconds: int
    most_seconds: int = Field(description="So much is paid without asking")
    pay: Money
    correct_until: datetime | None = Field(description="null: nothing of it changes any more")


class TimeRequestOut(BaseModel):
    """Time that a worker asks for beside what is paid."""

    id: str
    answer: str
    worker: str
    seconds: int = Field(description="In all")
    measured_seconds: int
    paid_seconds: int
    most_seconds: int
    reason: str
    state: str = Field(
        description="asked, granted, refused, lapsed (nobody decided, so the limit was paid) or withdrawn (not needed after all)"
    )
    at_work: bool = Field(
        description="The worker is at the task now and asks beforehand: granting sets money aside, and the time that it takes is paid"
    )
    asked_at: datetime
    until: datetime = Field(description="What is not decided until then is paid, up to the limit")
    code: str | None
    reply: str
    paid: Money
    set_aside: Money = Field(description="Agreed beforehand; paid, or free again, with the answer")


class GrantTimeIn(Body):
    """A word to the worker, if you want."""

    reply: str = Field("", max_length=LONGEST_REASON)


class RefuseTimeIn(Body):
    """Why not."""

    code: str = Field(description=f"One of: {', '.join(TimeCode)}; the last only for time beyond the limit")
    reply: str = Field(min_length=1, max_length=LONGEST_REASON, description="The worker reads it")


class StateQuery(Paging):
    """Which requests to list."""

    state: Literal["asked", "granted", "refused", "lapsed", "withdrawn"] | None = Field(
        None, description="Only those"
    )


@router.get(
    "/projects/{project}/times",
    auth=REVIEW,
    response=Page[AnswerTimeOut],
    operation_id="list_times",
    summary="List times",
)
def list_times(request: HttpRequest, project: str, paging: Query[Paging]) -> dict[str, Any]:
    """Measured and stated time of the answers, the newest first."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    found = queries.times_page(view.id, before=place_of(request, paging.cursor), limit=paging.limit)
    names = queries.pseudonyms(view.id, [one.worker_id for one in found])
    items = [
        AnswerTimeOut(
            answer=public_id("asg", one.assignment_id), worker=names.get(one.worker_id, ""),
            handed_in_at=one.handed_in_at, measured_seconds=one.measured_seconds, active_seconds=one.active_seconds,
            rework_seconds=one.rework_seconds, stated_seconds=one.stated_seconds,
            reason=one.reason, paid_seconds=one.paid_seconds, most_seconds=one.most_seconds,
            pay=money(one.reward_micros + one.extra_reward_micros, one.currency),
            correct_until=None if one.ended_at else one.correct_until,
        )
        for one in found
    ]  # fmt: skip
    return {"items": items, "next": next_cursor(request, [one.assignment_id for one in found], paging.limit)}


@router.get(
    "/projects/{project}/time-requests",
    auth=REVIEW,
    response=Page[TimeRequestOut],
    operation_id="list_time_requests",
    summary="List requests for time",
)
def list_time_requests(request: HttpRequest, project: str, paging: Query[StateQuery]) -> dict[str, Any]:
    """What workers ask for beside what is paid, the newest first."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    states = [TimeState(paging.state)] if paging.state else []
    found = queries.time_requests(
        view.id, states=states, before=place_of(request, paging.cursor), limit=paging.limit
    )
    return {
        "items": [_request(one) for one in found],
        "next": next_cursor(request, [one.id for one in found], paging.limit),
    }


@router.post(
    "/projects/{project}/time-requests/{time_request}/grant",
    auth=REVIEW,
    response=TimeRequestOut,
    operation_id="grant_time",
    summary="Grant time",
)
def grant_time(request: HttpRequest, project: str, time_request: str, data: GrantTimeIn) -> TimeRequestOut:
    """Pay the time at once: from what is kept for it, else from money that the project has free, else from the organisation's.
    While the worker is at the task, that money is set aside, and the time that it takes is paid with the answer."""
    return _decide(request, project, time_request, grants=True, reply=data.reply)


@router.post(
    "/projects/{project}/time-requests/{time_request}/refuse",
    auth=REVIEW,
    response=TimeRequestOut,
    operation_id="refuse_time",
    summary="Refuse time",
)
def refuse_time(request: HttpRequest, project: str, time_request: str, data: RefuseTimeIn) -> TimeRequestOut:
    """Refuse it for a reason of the closed list, in words too. That the work is not good enough is no reason."""
    return _decide(request, project, time_request, grants=False, code=data.code, reply=data.reply)


def _decide(
    request: HttpRequest, project: str, time_request: str, *, grants: bool, code: str = "", reply: str
) -> TimeRequestOut:
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    number = row_number("tmr", time_request)
    actions.decide_time(
        actor=asking(request), project_id=view.id, request_id=number, grants=grants, code=code, reply=reply, now=timezone.now()
    )  # fmt: skip
    return _request(queries.time_request(view.id, number))


def _request(one: TimeRequestView) -> TimeRequestOut:
    return TimeRequestOut(
        id=public_id("tmr", one.id), answer=public_id("asg", one.assignment_id), worker=one.pseudonym,
        seconds=one.seconds, measured_seconds=one.measured_seconds, paid_seconds=one.paid_seconds,
        most_seconds=one.most_seconds, reason=one.reason, state=str(one.state), at_work=one.at_work, asked_at=one.asked_at, until=one.until,
        code=str(one.code) if one.code else None, reply=one.reply, paid=money(one.reward_micros, one.currency),
        set_aside=money(one.agreed_micros, one.currency),
    )  # fmt: skip
