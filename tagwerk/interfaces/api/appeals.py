"""What a second person decides by API: rejections beyond what one may decide alone, and objections of workers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.queries import AppealView, Fairness
from tagwerk.domain.work.rules.rejecting import RejectionCode
from tagwerk.interfaces.api.asking import ANY_KEY, Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Json, Money, money
from tagwerk.interfaces.api.transparency import CountedOut, figures_out

router = Router(tags=["reviews"])
REVIEW = Key(Permission.ANSWER_REVIEW)
CODES = f"One of: {', '.join(RejectionCode)}"
OPEN = "/projects/{project}/appeals"


class RejectManyIn(Body):
    """Which answers are not good, and why."""

    answers: list[str] = Field(min_length=1, max_length=500)
    code: str = Field(description=CODES)
    reason: str = Field(min_length=1, max_length=2000, description="Their workers read it")


class RejectedOut(BaseModel):
    """What became of it."""

    rejected: int
    waiting: int = Field(description="So many wait for a second person, because many were rejected lately")


class ProposalOut(BaseModel):
    """A rejection that waits for a second person."""

    answer: str
    task: str
    worker: str
    code: str
    reason: str


class WaitingOut(BaseModel):
    """All that one member wants to reject, and what it would do."""

    proposed_by: str = Field(description="Empty: by an API key of nobody here")
    until: datetime = Field(description="What nobody confirms until then is approved")
    workers: int
    pay: Money = Field(description="What they would not get")
    rejections: list[ProposalOut]


class WaitingRejections(BaseModel):
    """Rejections that wait, by who wants them."""

    items: list[WaitingOut]


class DecideRejectionsIn(Body):
    """Your decision as the second person."""

    answers: list[str] = Field(min_length=1, max_length=500)
    confirm: bool = Field(description="False: the answers are approved instead, and so paid")


class Decided(BaseModel):
    """How many were decided by this."""

    decided: int


class AppealOut(BaseModel):
    """A worker's objection to a rejection."""

    answer: str
    task: str
    worker: str
    answers: Json
    code: str
    reason: str
    rejected_by: str
    rejected_at: datetime | None
    text: str = Field(description="What the worker says")
    made_at: datetime
    due_at: datetime = Field(description="What is not decided until then is granted")
    state: str = Field(
        description="open, granted, refused, lapsed (granted because nobody decided) or withdrawn"
    )
    reply: str = Field(description="What was answered")
    decided_by: str
    decided_at: datetime | None
    same_person: bool = Field(description="Decided by who had rejected, because there was nobody else")


class DecideAppealIn(Body):
    """Your decision about an objection."""

    granted: bool
    reply: str = Field(min_length=10, max_length=4000, description="The worker reads it")


class FairnessOut(BaseModel):
    """How an organisation decides about answers. Public."""

    decided: int = Field(description="Answers approved or rejected, ever")
    rejected: int
    rejection_rate: float | None
    appeals: int = Field(description="Decided ones of the last year")
    appeals_won: int
    not_decided_in_time: int
    decided_by_same_person: int
    median_days: float | None
    year: CountedOut | None = Field(
        description="What was counted over the last year; null: nothing was decided, or not counted yet"
    )


@router.post(
    "/projects/{project}/rejections", auth=REVIEW, response=RejectedOut, operation_id="reject_answers",
    summary="Reject answers",
)  # fmt: skip
def reject_answers(request: HttpRequest, project: str, data: RejectManyIn) -> RejectedOut:
    """Reject several answers for one reason, all or none. Many, or many of one worker, wait for a second person."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    done = quality.reject_answers(
        actor=asking(request), project_id=view.id, assignment_ids=[row_number("asg", one) for one in data.answers],
        code=data.code, reason=data.reason,
    )  # fmt: skip
    return RejectedOut(rejected=done.rejected, waiting=done.waiting)


@router.get(
    "/projects/{project}/rejections", auth=REVIEW, response=WaitingRejections,
    operation_id="list_waiting_rejections", summary="Rejections that wait for a second person",
)  # fmt: skip
def list_waiting_rejections(request: HttpRequest, project: str) -> WaitingRejections:
    """Who wants to reject what, and what that would do."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    queries.project_to_decide_in(asking(request), view.id)
    return WaitingRejections(
        items=[
            WaitingOut(
                proposed_by=one.proposed_by, until=one.until, workers=one.workers, pay=money(one.micros, view.currency),
                rejections=[
                    ProposalOut(
                        answer=public_id("asg", each.assignment_id), task=public_id("tsk", each.task_id),
                        worker=each.pseudonym, code=each.code, reason=each.reason,
                    )
                    for each in one.proposals
                ],
            )
            for one in queries.waiting_rejections(view)
        ]
    )  # fmt: skip


@router.post(
    "/projects/{project}/rejections/decide", auth=REVIEW, response=Decided, operation_id="decide_rejections",
    summary="Decide as the second person",
)  # fmt: skip
def decide_rejections(request: HttpRequest, project: str, data: DecideRejectionsIn) -> Decided:
    """Confirm rejections that another person wants, or have the answers approved. A key stands for who made it."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    done = quality.decide_rejections(
        actor=asking(request), project_id=view.id, assignment_ids=[row_number("asg", one) for one in data.answers],
        confirm=data.confirm,
    )  # fmt: skip
    return Decided(decided=done)


@router.get(
    OPEN, auth=REVIEW, response=Page[AppealOut], operation_id="list_appeals", summary="Objections of workers"
)
def list_appeals(
    request: HttpRequest, project: str, paging: Query[Paging], ended: bool = False
) -> dict[str, Any]:
    """Those that wait, or with `ended` those that have ended."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    after = place_of(request, paging.cursor) or 0
    found = queries.appeals_page(asking(request), view.id, ended=ended, after=after, limit=paging.limit)
    return {
        "items": [_appeal(one) for one in found],
        "next": next_cursor(request, [one.assignment_id for one in found], paging.limit),
    }


@router.get(
    f"{OPEN}/{{answer}}", auth=REVIEW, response=AppealOut, operation_id="get_appeal", summary="An objection"
)
def get_appeal(request: HttpRequest, project: str, answer: str) -> AppealOut:
    """The objection to the rejection of this answer, with what was decided about it."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    return _appeal(queries.appeal_for(asking(request), view.id, row_number("asg", answer)))


@router.post(
    f"{OPEN}/{{answer}}/decide",
    auth=REVIEW,
    response=AppealOut,
    operation_id="decide_appeal",
    summary="Decide an objection",
)
def decide_appeal(request: HttpRequest, project: str, answer: str, data: DecideAppealIn) -> AppealOut:
    """Grant an objection, which pays the answer, or do not, in words. A key stands for who made it, and who rejected
    cannot refuse the objection where there is anybody else."""
    view, number = project_of(request, project, Permission.ANSWER_REVIEW), row_number("asg", answer)
    quality.decide_appeal(
        actor=asking(request),
        project_id=view.id,
        assignment_id=number,
        granted=data.granted,
        answer=data.reply,
    )
    return _appeal(queries.appeal_for(asking(request), view.id, number))


@router.get(
    "/requesters/{organisation}",
    auth=ANY_KEY,
    response=FairnessOut,
    operation_id="get_requester",
    summary="How a requester decides",
)
def get_requester(request: HttpRequest, organisation: str) -> FairnessOut:
    """Public figures of an organisation: rejections, objections, and how they were decided."""
    number = row_number("org", organisation)
    return _fairness(queries.fairness_of(number), number)


def _appeal(one: AppealView) -> AppealOut:
    return AppealOut(
        answer=public_id("asg", one.assignment_id), task=public_id("tsk", one.task_id), worker=one.pseudonym,
        answers=one.answers, code=one.code, reason=one.reason, rejected_by=one.rejected_by, rejected_at=one.rejected_at,
        text=one.text, made_at=one.made_at, due_at=one.due_at, state=str(one.state), reply=one.answer,
        decided_by=one.decided_by, decided_at=one.decided_at, same_person=one.same_person,
    )  # fmt: skip


def _fairness(one: Fairness, organisation_id: int) -> FairnessOut:
    found = queries.public_figures_of(organisation_id)
    return FairnessOut(
        year=figures_out(found) if found else None,
        decided=one.decided, rejected=one.rejected, rejection_rate=one.rejection_rate, appeals=one.appeals,
        appeals_won=one.won, not_decided_in_time=one.not_in_time, decided_by_same_person=one.same_person,
        median_days=one.median_days,
    )  # fmt: skip
