"""What was decided about a worker's answers, and what they can do about it. Open to whoever did the work, by API too."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as judged
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.rules.states import State
from tagwerk.interfaces.api.asking import WORKER, asking, worker_asking
from tagwerk.interfaces.api.shapes import Body, Json, Money, money

router = Router(tags=["my-answers"])
ASSIGNMENT = "/work/projects/{project}/assignments/{assignment}"


class MyAppealOut(BaseModel):
    """Your objection."""

    text: str
    made_at: datetime
    due_at: datetime = Field(description="What is not decided until then is granted")
    state: str = Field(
        description="open, granted, refused, lapsed (granted because nobody decided) or withdrawn"
    )
    reply: str = Field(description="What was answered")
    decided_at: datetime | None
    same_person: bool = Field(description="Decided by who had rejected, because there was nobody else")


class MyReworkOut(BaseModel):
    """A better answer that you were asked for."""

    text: str
    state: str = Field(description="asked, delivered, declined, returned, lapsed or withdrawn")
    extra: Money = Field(description="Paid on top as soon as the better answer comes")
    until: datetime


class DecisionOut(BaseModel):
    """What was decided about an answer of yours."""

    state: str
    code: str | None = Field(description="Why it was rejected, of the closed list")
    reason: str | None = Field(description="The same in words")
    object_until: datetime | None
    appeal: MyAppealOut | None
    rework: MyReworkOut | None


class AppealIn(Body):
    """Why the answer is good."""

    text: str = Field(min_length=10, max_length=4000)


class ReworkIn(Body):
    """The better answer."""

    answers: Json = Field(description="Question → answer, all of them")
    active_ms: int = Field(0, ge=0, le=2_147_483_647)


@router.get(
    f"{ASSIGNMENT}/decision",
    auth=WORKER,
    response=DecisionOut,
    operation_id="get_decision",
    summary="What was decided",
)
def get_decision(request: HttpRequest, project: str, assignment: str) -> DecisionOut:
    """Why an answer of yours was rejected, your objection and what came of it, or what you are asked to improve."""
    mine = _own(request, project, assignment)
    number = mine["assignment_id"]
    work = queries.my_answer(mine["person_id"], number).work
    appeal = judged.appeals_by(mine["person_id"], [number]).get(number)
    rework = queries.rework_of(mine["project_id"], number)
    return DecisionOut(
        state=State(work.state).name.lower(), code=work.rejection_code, reason=work.rejection,
        object_until=work.appeal_until if work.state == State.REJECTED and appeal is None else None,
        appeal=appeal and MyAppealOut(
            text=appeal.text, made_at=appeal.made_at, due_at=appeal.due_at, state=str(appeal.state), reply=appeal.answer,
            decided_at=appeal.decided_at, same_person=appeal.same_person,
        ),
        rework=rework and MyReworkOut(
            text=rework.text, state=str(rework.state), extra=money(rework.extra_reward_micros, work.currency),
            until=rework.until,
        ),
    )  # fmt: skip


@router.post(
    f"{ASSIGNMENT}/appeal",
    auth=WORKER,
    response={204: None},
    operation_id="make_appeal",
    summary="Object to a rejection",
)
def make_appeal(request: HttpRequest, project: str, assignment: str, data: AppealIn) -> None:
    """Somebody other than who rejected decides within seven days; what nobody decides in time is paid."""
    quality.make_appeal(**_own(request, project, assignment), text=data.text, now=timezone.now())


@router.post(
    f"{ASSIGNMENT}/appeal/withdraw",
    auth=WORKER,
    response={204: None},
    operation_id="withdraw_appeal",
    summary="Withdraw an objection",
)
def withdraw_appeal(request: HttpRequest, project: str, assignment: str) -> None:
    """Then the rejection stands for good."""
    quality.withdraw_appeal(**_own(request, project, assignment))


@router.post(
    f"{ASSIGNMENT}/waive",
    auth=WORKER,
    response={204: None},
    operation_id="accept_rejection",
    summary="Accept a rejection",
)
def accept_rejection(request: HttpRequest, project: str, assignment: str) -> None:
    """You will not object; somebody else gets the task."""
    actions.waive_appeal(**_own(request, project, assignment))


@router.post(
    f"{ASSIGNMENT}/rework",
    auth=WORKER,
    response={204: None},
    operation_id="hand_in_rework",
    summary="Hand in a better answer",
)
def hand_in_rework(request: HttpRequest, project: str, assignment: str, data: ReworkIn) -> None:
    """What was promised for it is paid at once; the answer is judged like a new one."""
    actions.hand_in_rework(
        **_own(request, project, assignment), answers=data.answers, active_ms=data.active_ms,
        channel=int(asking(request).channel),
    )  # fmt: skip


@router.post(
    f"{ASSIGNMENT}/rework/decline",
    auth=WORKER,
    response={204: None},
    operation_id="decline_rework",
    summary="Leave an answer as it is",
)
def decline_rework(request: HttpRequest, project: str, assignment: str) -> None:
    """The answer is decided as it is; if nobody decides, it is approved."""
    actions.leave_as_is(**_own(request, project, assignment), now=timezone.now())


@router.post(
    f"{ASSIGNMENT}/rework/return",
    auth=WORKER,
    response={204: None},
    operation_id="return_rework",
    summary="Give a task back instead",
)
def return_rework(request: HttpRequest, project: str, assignment: str) -> None:
    """Neither paid nor rejected; somebody else gets the task."""
    actions.give_back(**_own(request, project, assignment))


def _own(request: HttpRequest, project: str, assignment: str) -> dict[str, int]:
    """One's own assignment, whether or not its project lets people work by API: objecting is always possible."""
    person_id, number = worker_asking(request), row_number("asg", assignment)
    if queries.project_of_assignment(person_id, number) != row_number("prj", project):
        raise NotFound("assignment_not_found", "You have no such task.")
    return {"person_id": person_id, "project_id": row_number("prj", project), "assignment_id": number}
