"""Answers as they come in, and their review."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Channel, Permission
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import FedAnswer, TaskAnswer
from tagwerk.domain.work.rules.rejecting import RejectionCode
from tagwerk.domain.work.rules.states import State
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import LongPaging, Page, Paging, cursor_at, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Json, in_many_transactions, json_answer

router = Router(tags=["answers"])
REVIEW = Key(Permission.ANSWER_REVIEW)


class AnswerOut(BaseModel):
    """An answer. Its worker is known to you by a name that holds in this project only."""

    id: str
    task: str
    worker: str
    revision: int
    answers: Json
    state: str = Field(description="submitted, approved, rejected or late")
    is_gold: bool
    submitted_at: datetime
    active_seconds: float
    channel: str = Field(description="page, api, model or simulation")
    design: str
    instructions_version: int
    order: str | None = Field(description="ab or ba: which side of a comparison stood left")


class Feed(BaseModel):
    """A piece of the feed."""

    items: list[AnswerOut]
    next: str | None = Field(
        description="The cursor behind the last one; never null, so come back with it later"
    )


class TaskAnswerOut(BaseModel):
    """The newest revision of an answer to a task."""

    id: str
    task: str
    worker: str
    revision: int
    answers: Json
    state: str
    submitted_at: datetime
    active_seconds: float
    rejection: str | None = Field(description="The reason in words, if it was rejected")


class GivenUpOut(BaseModel):
    """Somebody gave a task up."""

    worker: str
    how: str = Field(description="skipped, or stopped with pay")
    reason: str | None = Field(
        description="In the worker's words, after cannot_be_answered, not_for_me or would_rather_not if they chose one"
    )


class TaskAnswers(Page[TaskAnswerOut]):
    """A page of the answers to a task."""

    given_up: list[GivenUpOut] = Field(description="Who gave the task up, and why: all of them on each page")


class ApproveIn(Body):
    """Which answers are good."""

    answers: list[str] = Field(min_length=1, max_length=2_000)  # what is paid in one transaction


class Approved(BaseModel):
    """How many answers were approved, and so paid, by this."""

    approved: int


class RejectIn(Body):
    """Why an answer is not good."""

    code: str = Field(description=f"One of: {', '.join(RejectionCode)}")
    reason: str = Field(min_length=1, max_length=2000, description="Its worker reads it")


class Rejected(BaseModel):
    """Whether the answer is rejected."""

    rejected: bool = Field(
        description="False: many were rejected lately, so it waits for a second person to confirm it"
    )


class ExcludeIn(Body):
    """Why an answer does not count."""

    reason: str = Field(min_length=1, max_length=2000, description="Members read it, its worker does not")


@router.get(
    "/projects/{project}/answers",
    auth=REVIEW,
    response=Feed,
    operation_id="feed_answers",
    summary="Follow answers",
)
def feed_answers(request: HttpRequest, project: str, paging: Query[LongPaging]) -> HttpResponse:
    """Answers in the order in which they came, without gaps, changes as new entries: for review.

    Come back with `next` as long as you like. An answer appears when it can no longer be undone at once.
    """
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    after = place_of(request, paging.cursor) or 0
    found = queries.feed(view.id, after, paging.limit)
    following = cursor_at(request, found[-1].seq if found else after)
    return json_answer({"items": [_fed(one) for one in found], "next": following})


@router.get(
    "/projects/{project}/tasks/{task}/answers",
    auth=REVIEW,
    response=TaskAnswers,
    operation_id="list_task_answers",
    summary="Answers to a task",
)
def list_task_answers(request: HttpRequest, project: str, task: str, paging: Query[Paging]) -> dict[str, Any]:
    """The answers to one task, the first first; and who gave it up instead."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    actor, number = asking(request), row_number("tsk", task)
    after = place_of(request, paging.cursor) or 0
    found = queries.answers_of_task(actor, view.id, number, after=after, limit=paging.limit)
    places = [one.assignment_id for one in found]
    return {
        "items": [_task_answer(one) for one in found],
        "next": next_cursor(request, places, paging.limit),
        "given_up": [
            GivenUpOut(worker=one.pseudonym, how=State(one.state).name.lower(), reason=one.reason)
            for one in queries.given_up(actor, view.id, number)
        ],
    }


@router.post(
    "/projects/{project}/answers/approve",
    auth=REVIEW,
    response=Approved,
    operation_id="approve_answers",
    summary="Approve answers",
)
def approve_answers(request: HttpRequest, project: str, data: ApproveIn) -> Approved:
    """Approve answers, which pays them and lets their results be delivered. Again changes nothing."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    numbers = [row_number("asg", answer) for answer in data.answers]
    return Approved(
        approved=quality.approve_answers(actor=asking(request), project_id=view.id, assignment_ids=numbers)
    )


@router.post(
    "/projects/{project}/answers/approve-all",
    auth=REVIEW,
    response=Approved,
    operation_id="approve_all_answers",
    summary="Approve all answers",
)
@in_many_transactions
def approve_all_answers(request: HttpRequest, project: str) -> Approved:
    """Approve every answer in the feed that was not rejected, piece by piece. Again approves what is new."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    return Approved(approved=work.accept_all(project_id=view.id, actor_id=asking(request).person_id))


@router.post(
    "/projects/{project}/answers/{answer}/exclude",
    auth=REVIEW,
    response={204: None},
    operation_id="exclude_answer",
    summary="Take an answer out of the result",
)
def exclude_answer(request: HttpRequest, project: str, answer: str, data: ExcludeIn) -> None:
    """Let an answer not count: the result is found anew. This is not rejecting it: its worker is paid all the same.
    Again changes nothing."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality.exclude_answer(
        actor=asking(request), project_id=view.id, assignment_id=row_number("asg", answer), reason=data.reason
    )


@router.post(
    "/projects/{project}/answers/{answer}/include",
    auth=REVIEW,
    response={204: None},
    operation_id="include_answer",
    summary="Put an answer back into the result",
)
def include_answer(request: HttpRequest, project: str, answer: str) -> None:
    """Let an answer count again that was taken out: the result is found anew."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality.include_answer(actor=asking(request), project_id=view.id, assignment_id=row_number("asg", answer))


@router.post(
    "/projects/{project}/answers/{answer}/reject",
    auth=REVIEW,
    response=Rejected,
    operation_id="reject_answer",
    summary="Reject an answer",
)
def reject_answer(request: HttpRequest, project: str, answer: str, data: RejectIn) -> Rejected:
    """Reject an answer, for a reason of a closed list and in words: it is not paid, does not count and is never
    delivered. Its worker reads the reason and may object for fourteen days.

    An answer that is honest but does not help is taken out of the result instead (`exclude`): then it is paid.
    """
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    done = quality.reject_answer(
        actor=asking(request), project_id=view.id, assignment_id=row_number("asg", answer), code=data.code,
        reason=data.reason,
    )  # fmt: skip
    return Rejected(rejected=done)


def _fed(one: FedAnswer) -> Json:
    return {
        "id": public_id("asg", one.assignment_id),
        "task": public_id("tsk", one.task_id),
        "worker": one.pseudonym,
        "revision": one.revision,
        "answers": one.answers,
        "state": State(one.state).name.lower(),
        "is_gold": one.is_gold,
        "submitted_at": one.submitted_at,
        "active_seconds": one.active_ms / 1000,
        "channel": Channel(one.channel).name.lower(),
        "design": public_id("dsn", one.design_id),
        "instructions_version": one.instructions_version,
        "order": one.sides,
    }


def _task_answer(one: TaskAnswer) -> TaskAnswerOut:
    return TaskAnswerOut(
        id=public_id("asg", one.assignment_id),
        task=public_id("tsk", one.task_id),
        worker=one.pseudonym,
        revision=one.revision,
        answers=one.answers,
        state=State(one.state).name.lower(),
        submitted_at=one.submitted_at,
        active_seconds=one.active_ms / 1000,
        rejection=one.rejection,
    )
