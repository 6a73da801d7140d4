"""Reviewing by API: answers one by one and blind, and how reviewers do."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.queries import Comparison, Reviewed
from tagwerk.domain.quality.rules.reviewing import Draw, Drawn, Verdict, kappa
from tagwerk.domain.work.rules.rejecting import RejectionCode
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Json

router = Router(tags=["reviews"])
REVIEW = Key(Permission.ANSWER_REVIEW)
MANAGE = Key(Permission.PROJECT_MANAGE)
CODES = f"One of: {', '.join(RejectionCode)}"
OPEN, OURS = "/projects/{project}/appeals", "/projects/{project}/answers/{answer}"


class ToReviewOut(BaseModel):
    """An answer to review: nothing of others' answers, of the result or of what others found."""

    answer: str
    task: str
    worker: str
    data: Json
    answers: Json
    asked: str = Field(description="What its worker was asked to improve, or empty")


class NextReviewOut(BaseModel):
    """The next answer to review."""

    next: ToReviewOut | None = Field(description="Null when nothing waits for you")


class NextReviewIn(Body):
    """Which answers."""

    worker: str = Field("", max_length=20, description="Only those of this worker, all of them")
    rule: str = Field(
        "", max_length=20, description="Only those of workers whom this control rule met; its key"
    )
    signal: str = Field(
        "",
        max_length=20,
        description="Only those of workers with such a signal that nobody dismissed; its kind",
    )
    evidence: str = Field("", max_length=40, description="Only those that show this signal; its id")


class PointedOut(BaseModel):
    """Answers that wait of workers whom a control rule met, or about whom there is a signal."""

    rule: str = Field(description="The rule's key, or empty")
    signal: str = Field(description="The signal's kind, or empty")
    waiting: int
    says: dict[str, Any] | None = Field(description="The rule as it last met somebody")


class PointedAt(BaseModel):
    """What you can ask for; with none of it, the review plan draws."""

    items: list[PointedOut]


class ReviewIn(Body):
    """What you found."""

    verdict: str = Field(description=f"One of: {', '.join(Verdict)}")
    answers: Json = Field(default_factory=dict, description="With `correct`: the right answers by question")
    code: str = Field("", description=f"With `reject`. {CODES}")
    text: str = Field("", max_length=2000, description="With `reject` and `revise`: the worker reads it")
    extra: str = Field("", max_length=20, description="With `revise`: what a better answer is paid on top")


class FoundOut(BaseModel):
    """What a reviewer found."""

    reviewer: str
    yours: bool
    verdict: str
    code: str
    text: str
    answers: Json
    right: bool | None = Field(description="Of a check with a known answer: whether you were right")
    committed_at: datetime


class BecauseOut(BaseModel):
    """Why an answer came to you."""

    why: str | None = Field(description=f"One of: {', '.join(Drawn)}; null: older than the reason is noted")
    rule: dict[str, Any] | None
    signal: str
    figures: dict[str, Any] = Field(description="What the rule or the signal saw")


class ComparedOut(BaseModel):
    """What was hidden until you had committed."""

    answer: str
    task: str
    answers: Json
    reviews: list[FoundOut]
    others: list[Json] = Field(description="Other workers' answers to the task")
    agreeing: dict[str, list[int]] = Field(description="Question → so many of so many others answered as you")
    result: Json | None = Field(description="Question → value, where there is a result")
    gold: Json | None
    because: BecauseOut


class ReviewerOut(BaseModel):
    """How a reviewer does."""

    name: str
    reviews: int
    verdicts: dict[str, int]
    gold_seen: int
    gold_right: int
    doubled: int = Field(description="Reviewed by a second one, or as the second")
    agreed: int
    kappa: float | None = Field(description="Cohen's kappa over those")


class Reviewers(BaseModel):
    """The reviewers of a project."""

    items: list[ReviewerOut]


@router.post(
    "/projects/{project}/reviews/next", auth=REVIEW, response=NextReviewOut, operation_id="next_review",
    summary="The next answer to review",
)  # fmt: skip
def next_review(request: HttpRequest, project: str, data: NextReviewIn) -> dict[str, Any]:
    """The least certain first. For twenty minutes nobody else is given it."""
    view, actor = project_of(request, project, Permission.ANSWER_REVIEW), asking(request)
    evidence = row_number("sig", data.evidence) if data.evidence else 0
    draw = Draw(data.worker, data.rule, data.signal, evidence)
    number = queries.next_to_review(actor, view.id, draw)
    if number is None:
        return {"next": None}
    found = quality.open_review(actor=actor, project_id=view.id, assignment_id=number, draw=draw)
    return {"next": _to_review(found)}


@router.get(
    "/projects/{project}/reviews/pointed-at", auth=REVIEW, response=PointedAt, operation_id="list_pointed_reviews",
    summary="Answers that rules and signals point at",
)  # fmt: skip
def list_pointed_reviews(request: HttpRequest, project: str) -> PointedAt:
    """What you can ask the next answer for: by rule, then by signal. A dismissed signal and an ended pause point at nobody."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    return PointedAt(
        items=[
            PointedOut(rule=one.draw.rule, signal=one.draw.signal, waiting=one.waiting, says=one.rule)
            for one in queries.reviews_pointed_at(asking(request), view.id)
        ]
    )


@router.post(
    f"{OURS}/review",
    auth=REVIEW,
    response=ComparedOut,
    operation_id="review_answer",
    summary="Review an answer",
)
def review_answer(request: HttpRequest, project: str, answer: str, data: ReviewIn) -> ComparedOut:
    """Commit your verdict, and see what others answered and found.

    `approve` pays; `correct` pays too, and your answers decide the result; `revise` asks the worker for a better answer,
    once; `reject` does not pay, and the answer is never delivered.
    """
    view, actor, number = (
        project_of(request, project, Permission.ANSWER_REVIEW),
        asking(request),
        row_number("asg", answer),
    )
    found = quality.Found(
        verdict=data.verdict, answers=data.answers, code=data.code, text=data.text,
        extra_micros=micros_of(data.extra, path="extra") if data.extra else 0,
    )  # fmt: skip
    quality.commit_review(actor=actor, project_id=view.id, assignment_id=number, found=found)
    return _compared(queries.comparison(actor, view.id, number))


@router.get(
    f"{OURS}/review",
    auth=REVIEW,
    response=ComparedOut,
    operation_id="get_review",
    summary="What was found about an answer",
)
def get_review(request: HttpRequest, project: str, answer: str) -> ComparedOut:
    """Everything side by side; only for who has reviewed the answer."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    return _compared(queries.comparison(asking(request), view.id, row_number("asg", answer)))


@router.get(
    "/projects/{project}/reviewers",
    auth=MANAGE,
    response=Reviewers,
    operation_id="list_reviewers",
    summary="How reviewers do",
)
def list_reviewers(request: HttpRequest, project: str) -> Reviewers:
    """Who has reviewed how much, how often they were right in checks, and agree with each other."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    return Reviewers(
        items=[
            ReviewerOut(
                name=one.name, reviews=one.reviews, verdicts=one.verdicts, gold_seen=one.gold_seen,
                gold_right=one.gold_right, doubled=one.doubled, agreed=one.agreed, kappa=kappa(one.pairs),
            )
            for one in queries.reviewer_figures(asking(request), view.id)
        ]
    )  # fmt: skip


def _to_review(one: Reviewed) -> ToReviewOut:
    return ToReviewOut(
        answer=public_id("asg", one.answer.assignment_id), task=public_id("tsk", one.answer.task_id),
        worker=one.answer.pseudonym, data=one.data, answers=one.answer.answers, asked=one.asked,
    )  # fmt: skip


def _compared(one: Comparison) -> ComparedOut:
    answer = one.reviewed.answer
    return ComparedOut(
        answer=public_id("asg", answer.assignment_id), task=public_id("tsk", answer.task_id), answers=answer.answers,
        reviews=[
            FoundOut(
                reviewer=each.reviewer, yours=each.mine, verdict=str(each.verdict), code=each.code, text=each.text,
                answers=each.answers, right=each.right, committed_at=each.committed_at,
            )
            for each in one.reviews
        ],
        others=[{"worker": each.pseudonym, "answers": each.answers} for each in one.others],
        agreeing={name: list(pair) for name, pair in one.agreeing.items()},
        result={name: each.value for name, each in one.result.results.items()} if one.result else None,
        gold=one.gold,
        because=BecauseOut(
            why=one.because.drawn and str(one.because.drawn), rule=one.because.rule, signal=one.because.signal,
            figures={name: value for name, value in one.because.figures.items() if name != "with"},
        ),
    )  # fmt: skip
