"""What a worker can work on, has done, and has earned."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Channel
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import AvailableProject, Earnings, ExtraPay, MyWork, OwnWage, WorkerPay
from tagwerk.domain.work.rules.states import State
from tagwerk.domain.work.rules.units import NONE_BP, times
from tagwerk.interfaces.api.asking import WORKER, asking, worker_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import PriceOut, price_out, rate_of
from tagwerk.interfaces.api.shapes import Body, Money, money
from tagwerk.interfaces.api.wages import ProjectWagesOut, wages_out

router = Router(tags=["work"])
API_ONLY = "api_work_not_allowed"


class OwnPayOut(BaseModel):
    """What the next task that you take pays you, where people are paid differently. The price times level and volume, but
    at least the floor of where you live."""

    reward: Money = Field(description="For one answer, where tasks differ on average")
    factor: float = Field(description="How many times the price that is")
    level: float = Field(description="Of your score in the qualification that the project names")
    score: int | None = Field(description="That score; null: you do not have it")
    volume: float = Field(description="Of your approved answers")
    approved: int = Field(description="Those here, where they count")
    volume_after: int | None = Field(description="From so many on, what you take pays more")
    floor: float = Field(description="Of the minimum wage where you live")


class WorkProjectOut(BaseModel):
    """A project as a worker sees it."""

    id: str
    title: str
    state: str
    language: str
    reward: Money | None = Field(
        description="For one answer, where tasks differ on average; null where nothing is paid"
    )
    price: PriceOut | None = Field(
        description="What the organisation pays for an answer: your reward, and the fee that the operator gets on top of it"
    )
    own: OwnPayOut | None = Field(description="What you are paid; null where everybody is paid the same")
    per: str = Field(
        description="What is paid: answer, hour, audio_minute, word, deliverable, milestone, or none"
    )
    rate: Money | None = Field(description="For an hour, an audio minute or a word")
    most_seconds: int | None = Field(description="With `hour`: so much of a task is paid without asking")
    estimate_seconds: int
    hour_guarantee: bool = Field(
        description="Whether an hour pays at least the minimum wage: what a week is short of is paid on Mondays"
    )
    wages: ProjectWagesOut | None = Field(description="What an hour pays; null where nothing is paid")
    sensitivity: int = Field(description="From 2 on, consent is asked before the first task")
    eligible: bool
    reasons: list[str] = Field(description="Why not eligible, such as language:de:C1")
    paused: bool
    has_tasks: bool = Field(description="Something is open, though perhaps nothing for you")
    held: int
    submitted: int
    consented: bool


class EnrolIn(Body):
    """Take part."""

    consent: bool = Field(
        False, description="I have read the warning of a sensitive project and want to work on it"
    )


class MyWorkOut(BaseModel):
    """Something you did or have in hand."""

    assignment: str
    project: str
    title: str
    task: str
    state: str
    reward: Money | None
    claimed_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    expires_at: datetime | None
    can_change: bool
    rejection: str | None
    appeal_until: datetime | None


class EarningOut(BaseModel):
    """What you have in one currency."""

    currency: str
    available: Money
    pending: Money = Field(description="Handed in, not yet approved")
    pending_answers: int
    paid_time: Money | None = Field(description="For an hour of work that was paid, over your newest tasks")
    all_time: Money | None = Field(
        description="For an hour of all that work took: rejected answers, tasks given back and entry tests too"
    )


class EarningsOut(BaseModel):
    """What you have."""

    earnings: list[EarningOut]


class MyMovementOut(BaseModel):
    """A transfer into or out of what you have."""

    id: str
    at: datetime
    amount: Money = Field(description="Negative: it went out")
    kind: str = Field(
        description="Such as approved, in_time, accepted, stopped, goodwill, bonus or hour_guarantee"
    )
    assignment: str | None = Field(description="What was paid for")
    project: str | None = Field(None, description="In which a bonus was given, or an hour guaranteed")
    fee: Money | None = Field(
        description="What the organisation paid the operator on top of it; null: no fee was paid"
    )
    memo: str = Field(description="Of a bonus the reason; of a guaranteed hour the Monday of its week")


class MyMovementPaging(Paging):
    """Which movements are asked for."""

    currency: str | None = Field(
        None, min_length=3, max_length=3, description="Else the first one of your earnings"
    )


@router.get(
    "/work/projects",
    auth=WORKER,
    response=Page[WorkProjectOut],
    operation_id="list_work_projects",
    summary="What there is to work on",
)
def list_work_projects(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The open projects, the newest first."""
    channel = asking(request).channel
    found = queries.available_projects(
        worker_asking(request), before=place_of(request, paging.cursor), limit=paging.limit
    )
    places = [one.project.id for one in found]
    told = _wages(worker_asking(request), [one.project for one in found])
    own = queries.pay_of_worker([one.project for one in found], worker_asking(request))
    return {
        "items": [_available(one, channel, told, own.get(one.project.id)) for one in found],
        "next": next_cursor(request, places, paging.limit),
    }


@router.post(
    "/work/projects/{project}/enrol",
    auth=WORKER,
    response=WorkProjectOut,
    operation_id="enrol",
    summary="Take part in a project",
)
def enrol(request: HttpRequest, project: str, data: EnrolIn) -> WorkProjectOut:
    """Take part in a project, or have it looked at again whether you may."""
    person_id, project_id = worker_asking(request), row_number("prj", project)
    actions.enrol(person_id=person_id, project_id=project_id)
    if data.consent:
        actions.consent(person_id=person_id, project_id=project_id)
    mine = queries.enrolment(person_id, project_id)
    view = projects.project(project_id)
    return _available(
        AvailableProject(
            project=view,
            eligible=mine.eligible,
            reasons=mine.reasons,
            pause_reason=mine.pause_reason,
            has_tasks=True,
            held=mine.held,
            submitted=mine.submitted,
            consented=mine.consented_at is not None,
        ),
        asking(request).channel,
        _wages(person_id, [view]),
        queries.pay_of_worker([view], person_id).get(view.id),
    )


@router.get(
    "/work/assignments",
    auth=WORKER,
    response=Page[MyWorkOut],
    operation_id="list_my_work",
    summary="What you did",
)
def list_my_work(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What you did and have in hand, the newest first."""
    found = queries.my_work(
        worker_asking(request), before=place_of(request, paging.cursor), limit=paging.limit
    )
    places = [one.assignment_id for one in found]
    return {"items": [_mine(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.get(
    "/work/earnings",
    auth=WORKER,
    response=EarningsOut,
    operation_id="get_earnings",
    tags=["my-payouts"],
    summary="What you earned",
)
def get_earnings(request: HttpRequest) -> EarningsOut:
    """What you have, by currency."""
    person_id = worker_asking(request)
    return EarningsOut(
        earnings=[
            _earning(one, queries.own_wage(person_id, one.currency)) for one in queries.earnings(person_id)
        ]
    )


@router.get(
    "/work/movements",
    auth=WORKER,
    response=Page[MyMovementOut],
    operation_id="list_my_movements",
    tags=["my-payouts"],
    summary="What moved of your money",
)
def list_my_movements(request: HttpRequest, paging: Query[MyMovementPaging]) -> dict[str, Any]:
    """What moved into and out of what you have, newest first."""
    found = queries.my_movements(
        worker_asking(request),
        currency=paging.currency,
        before=place_of(request, paging.cursor),
        limit=paging.limit,
    )
    places = [movement.seq for movement in found]
    beside = queries.extra_pay(
        worker_asking(request),
        bonuses=[int(one.ref_id) for one in found if one.ref_type == "bonus"],
        top_ups=[int(one.ref_id) for one in found if one.ref_type == "top_up"],
    )
    fees = (
        ledger.fees_with(worker_asking(request), found[0].currency, [one.seq for one in found])
        if found
        else {}
    )
    return {
        "items": [_movement(one, beside, fees.get(one.seq, 0)) for one in found],
        "next": next_cursor(request, places, paging.limit),
    }


def _earning(one: Earnings, wage: OwnWage) -> EarningOut:
    return EarningOut(
        currency=one.currency,
        available=money(one.available_micros, one.currency),
        pending=money(one.pending_micros, one.currency),
        pending_answers=one.pending_answers,
        paid_time=money(wage.paid_time_micros, one.currency) if wage.answers else None,
        all_time=money(wage.all_time_micros, one.currency) if wage.answers else None,
    )


def _movement(one: Movement, beside: Mapping[tuple[str, int], ExtraPay], fee_micros: int) -> MyMovementOut:
    extra = beside.get((one.ref_type, int(one.ref_id))) if one.ref_type in ("bonus", "top_up") else None
    return MyMovementOut(
        id=str(one.id), at=one.at, amount=money(one.amount_micros, one.currency), kind=one.code,
        assignment=public_id("asg", int(one.ref_id)) if one.ref_type == "assignment" else None,
        project=public_id("prj", extra.project_id) if extra else None,
        fee=money(fee_micros, one.currency) if fee_micros else None,
        memo=(extra.reason if extra else "") or one.memo,
    )  # fmt: skip


def _wages(person_id: int, views: Sequence[ProjectView]) -> dict[int, ProjectWagesOut]:
    """What an hour pays in those that pay, against what holds where the worker lives."""
    paid = [view for view in views if view.paid]
    if not paid:
        return {}
    country = accounts.person(person_id).country
    floors = queries.floors_for(country, {view.organisation_id for view in paid}, timezone.localdate())
    found = queries.wages_in([view.id for view in paid])
    return {view.id: wages_out(view, found.get(view.id), floors) for view in paid}


def _available(
    one: AvailableProject, channel: Channel, told: Mapping[int, ProjectWagesOut], own: WorkerPay | None
) -> WorkProjectOut:
    view = one.project
    shut = channel is Channel.API and not view.api_work  # people work there on the page
    return WorkProjectOut(
        id=view.public_id,
        title=view.title,
        state=view.state.value,
        language=view.file.get("language", ""),
        reward=_reward(view),
        price=price_out(view, own.bp if own else NONE_BP),
        own=_own(view, own) if own else None,
        per=view.pay_per,
        rate=rate_of(view),
        most_seconds=view.most_seconds or None,
        estimate_seconds=view.estimate_seconds,
        hour_guarantee=view.hour_guarantee,
        wages=told.get(view.id),
        sensitivity=view.sensitivity,
        eligible=one.eligible and not shut,
        reasons=[*one.reasons, *([API_ONLY] if shut else [])],
        paused=one.pause_reason is not None,
        has_tasks=one.has_tasks,
        held=one.held,
        submitted=one.submitted,
        consented=one.consented,
    )


def _own(view: ProjectView, own: WorkerPay) -> OwnPayOut:
    factors = own.factors
    return OwnPayOut(
        reward=money(times(view.usual_micros, own.bp), view.currency), factor=own.bp / NONE_BP,
        level=factors.level_bp / NONE_BP, score=own.score, volume=factors.volume_bp / NONE_BP, approved=own.approved,
        volume_after=own.plan.volume_after, floor=factors.floor_bp / NONE_BP,
    )  # fmt: skip


def _reward(view: ProjectView) -> Money | None:
    return money(view.usual_micros, view.currency) if view.paid else None


def _mine(one: MyWork) -> MyWorkOut:
    names = (
        "claimed_at",
        "submitted_at",
        "decided_at",
        "expires_at",
        "can_change",
        "rejection",
        "appeal_until",
    )
    return MyWorkOut(
        assignment=public_id("asg", one.assignment_id),
        project=public_id("prj", one.project_id),
        title=one.project_title,
        task=public_id("tsk", one.task_id),
        state=State(one.state).name.lower(),
        reward=money(one.reward_micros, one.currency) if one.reward_micros else None,
        **{name: getattr(one, name) for name in names},
    )
