"""What is noticed about workers: figures, signals with their evidence, control rules on past data, objections."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.yaml_text import project_file_of
from tagwerk.domain.quality import actions, queries
from tagwerk.domain.quality.queries import ObjectionView, Share, SignalView, StepView, WorkerFigures
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body

router = Router(tags=["workers"])
REVIEW = Key(Permission.ANSWER_REVIEW)
LONGEST = 2000


class ShareOut(BaseModel):
    """So many of so many, and the range in which the true share lies (Wilson, 95 %)."""

    question: str = Field(description="Empty: all questions together")
    label: str | None = Field(description="Only where this is the right answer; null: whatever is right")
    right: int
    answers: int
    low: float
    high: float


class FiguresOut(BaseModel):
    """How somebody works in a project."""

    gold: list[ShareOut]
    agreement: list[ShareOut] = Field(description="With the results of tasks that are done")
    classes: list[ShareOut] = Field(description="By what is right, gold and results together")
    seconds: float | None = Field(description="The median active time of an answer")
    pace: float | None = Field(description="Their time by that of others at the same tasks, the median")
    paced: int = Field(description="How many tasks that is about")
    approved: int
    rejected: int


class EvidenceOut(BaseModel):
    """An answer that shows it, beside another's where that is what it is about."""

    task: str
    answer: str = Field(description="The worker's")
    answers: dict[str, Any]
    other: str | None = Field(
        description="The other worker's answer; null where there is none, or a model wrote it"
    )
    other_answers: dict[str, Any] | None
    right: dict[str, Any] = Field(description="Gold or the result, as far as it is known")


class SignalOut(BaseModel):
    """Something noticed: evidence for a person, never a verdict."""

    id: str
    worker: str | None
    kind: str = Field(description="copying, streak, straight_lining, pasted, fast, rule")
    about: str = Field(description="The question, where it is about one")
    other_worker: str | None
    figures: dict[str, Any] = Field(description="`chance`: how likely it is for who works alone")
    state: str
    found_at: datetime
    evidence: list[EvidenceOut] = Field(description="Only of one worker's signals")


class StepOut(BaseModel):
    """What a rule or a member did."""

    step: str
    rule: dict[str, Any] | None = Field(description="As it was then; null: a member's decision")
    figures: dict[str, Any]
    at: datetime
    ended_at: datetime | None


class WorkerDetailOut(BaseModel):
    """A worker of a project with all that is known of their work."""

    worker: str
    answers: int
    paused_at: datetime | None
    pause_reason: str | None
    figures: FiguresOut
    signals: list[SignalOut]
    steps: list[StepOut]


class SignalIn(Body):
    """What you make of a signal."""

    state: Literal["open", "seen", "dismissed"] = Field(
        description="A dismissed one comes again only with new evidence"
    )


class ObjectionOut(BaseModel):
    """A worker's objection to a pause."""

    id: str
    worker: str
    text: str
    pause_reason: str
    paused_at: datetime
    state: str = Field(description="open, granted, refused, lapsed (nobody decided in time), withdrawn")
    answer: str
    made_at: datetime
    decide_by: datetime
    decided_at: datetime | None
    same_person: bool = Field(description="Who paused the worker also decided: there was nobody else")


class ObjectionIn(Body):
    """Your decision."""

    granted: bool
    answer: str = Field(
        "", max_length=LONGEST, description="The worker reads it; needed where it is not granted"
    )


class RuleIn(Body):
    """A control rule, as the project file says it."""

    rule: dict[str, Any] = Field(
        description="Such as {collector: gold, answers: 10, share_below: 0.7, action: pause}"
    )


class MetOut(BaseModel):
    """Somebody whom the rule would have met."""

    worker: str
    figures: dict[str, Any]
    gold_right: int
    gold_answers: int
    accurate: bool = Field(description="Gold says beyond doubt that this is a good worker")


class PreviewOut(BaseModel):
    """Whom a rule would have met, had it been there from the beginning."""

    looked_at: int = Field(description="People, those who worked last")
    all_people: int
    accurate: int
    met: list[MetOut]


@router.get(
    "/projects/{project}/workers/{worker}",
    auth=REVIEW,
    response=WorkerDetailOut,
    operation_id="get_worker",
    summary="A worker with figures and signals",
)
def get_worker(request: HttpRequest, project: str, worker: str) -> WorkerDetailOut:
    """How somebody works in this project, what was noticed, and what happened because of it."""
    view, actor = project_of(request, project, Permission.ANSWER_REVIEW), asking(request)
    one = queries.worker_of_project(actor, view.id, worker)
    worker_id = work.worker_of_pseudonym(actor, view.id, worker)
    return WorkerDetailOut(
        worker=one.pseudonym, answers=one.answers, paused_at=one.paused_at, pause_reason=one.pause_reason,
        figures=figures_out(queries.figures_of(view, worker_id)),
        signals=[_signal(signal, worker) for signal in queries.signals_of_worker(actor, view.id, worker)],
        steps=[step_out(step) for step in queries.steps_of_worker(view.id, worker_id)],
    )  # fmt: skip


@router.get(
    "/projects/{project}/signals",
    auth=REVIEW,
    response=Page[SignalOut],
    operation_id="list_signals",
    summary="List a project's signals",
)
def list_signals(
    request: HttpRequest,
    project: str,
    paging: Query[Paging],
    state: Literal["open", "seen", "dismissed", ""] = "",
) -> dict[str, Any]:
    """What was noticed, the newest first; the evidence is with the worker."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    found = queries.signals_page(
        asking(request), view.id, state=state, before=place_of(request, paging.cursor), limit=paging.limit
    )
    places = [signal.id for _, signal in found]
    return {
        "items": [_signal(signal, worker) for worker, signal in found],
        "next": next_cursor(request, places, paging.limit),
    }


@router.post(
    "/projects/{project}/signals/{signal}",
    auth=REVIEW,
    response={204: None},
    operation_id="decide_signal",
    summary="Look at a signal, or dismiss it",
)
def decide_signal(request: HttpRequest, project: str, signal: str, data: SignalIn) -> None:
    """Note what you make of a signal. Again changes nothing."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    actions.decide_signal(
        actor=asking(request), project_id=view.id, signal_id=row_number("sig", signal), state=data.state
    )


@router.post(
    "/projects/{project}/rules/preview",
    auth=REVIEW,
    response=PreviewOut,
    operation_id="preview_rule",
    summary="Whom a control rule would have met",
)
def preview_rule(request: HttpRequest, project: str, data: RuleIn) -> PreviewOut:
    """Try a rule on what was handed in so far; nothing happens to anybody."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality = {**(view.file.get("quality") or {}), "rules": [data.rule]}
    [rule] = project_file_of({**view.file, "quality": quality}).quality.rules
    found = queries.preview_rule(asking(request), view.id, rule)
    met = [
        MetOut(
            worker=one.pseudonym, figures=_bare(one.figures), gold_right=one.gold_right,
            gold_answers=one.gold_answers, accurate=one.accurate,
        )
        for one in found.met
    ]  # fmt: skip
    return PreviewOut(
        looked_at=found.looked_at, all_people=found.all_people, accurate=found.accurate, met=met
    )


@router.get(
    "/projects/{project}/objections",
    auth=REVIEW,
    response=Page[ObjectionOut],
    operation_id="list_objections",
    summary="List objections to pauses",
)
def list_objections(
    request: HttpRequest, project: str, paging: Query[Paging], only_open: bool = False
) -> dict[str, Any]:
    """What paused workers say, the newest first."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    found = queries.objections_of_project(
        asking(request),
        view.id,
        only_open=only_open,
        before=place_of(request, paging.cursor),
        limit=paging.limit,
    )
    places = [one.id for one in found]
    return {
        "items": [objection_out(one) for one in found],
        "next": next_cursor(request, places, paging.limit),
    }


@router.post(
    "/projects/{project}/objections/{objection}",
    auth=REVIEW,
    response={204: None},
    operation_id="decide_objection",
    summary="Decide an objection to a pause",
)
def decide_objection(request: HttpRequest, project: str, objection: str, data: ObjectionIn) -> None:
    """Let the worker go on, or say why not. Who paused the worker does not decide, if somebody else can."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    actions.decide_objection(
        actor=asking(request), project_id=view.id, objection_id=row_number("obj", objection),
        granted=data.granted, answer=data.answer,
    )  # fmt: skip


def figures_out(found: WorkerFigures) -> FiguresOut:
    """Figures, as the API writes them."""
    return FiguresOut(
        gold=[_share(one) for one in found.gold], agreement=[_share(one) for one in found.agreement],
        classes=[_share(one) for one in found.classes], seconds=found.seconds, pace=found.pace, paced=found.paced,
        approved=found.approved, rejected=found.rejected,
    )  # fmt: skip


def objection_out(one: ObjectionView) -> ObjectionOut:
    """An objection, as the API writes it."""
    return ObjectionOut(
        id=public_id("obj", one.id), worker=one.pseudonym, text=one.text, pause_reason=one.pause_reason,
        paused_at=one.paused_at, state=one.state, answer=one.answer, made_at=one.made_at, decide_by=one.decide_by,
        decided_at=one.decided_at, same_person=one.same_person,
    )  # fmt: skip


def step_out(one: StepView) -> StepOut:
    """What happened, as the API writes it."""
    return StepOut(
        step=one.step, rule=one.rule, figures=_bare(one.figures), at=one.made_at, ended_at=one.ended_at
    )


def _share(one: Share) -> ShareOut:
    return ShareOut(
        question=one.question,
        label=one.label,
        right=one.right,
        answers=one.seen,
        low=one.low,
        high=one.high,
    )


def _signal(one: SignalView, worker: str | None) -> SignalOut:
    evidence = [
        EvidenceOut(
            task=public_id("tsk", line.mine.task_id), answer=public_id("asg", line.mine.assignment_id),
            answers=line.mine.answers, other=public_id("asg", line.other.assignment_id) if line.other else None,
            other_answers=line.other.answers if line.other else None, right=line.results,
        )
        for line in one.evidence
    ]  # fmt: skip
    return SignalOut(
        id=public_id("sig", one.id), worker=worker, kind=one.kind, about="" if one.kind == "rule" else one.about,
        other_worker=one.other or None, figures=_bare(one.figures), state=one.state, found_at=one.found_at,
        evidence=evidence,
    )  # fmt: skip


def _bare(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures without anybody's number."""
    return {name: value for name, value in figures.items() if name != "with"}
