"""One worker of a project, by pseudonym: figures with their basis, signals with their evidence, what happened, objections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions, queries
from tagwerk.domain.quality.queries import Evidence, SignalView, StepView
from tagwerk.domain.quality.rules.control import figures_text
from tagwerk.domain.quality.rules.reviewing import Draw
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.drawing import query
from tagwerk.interfaces.web.pages.requester.frame import PEOPLE, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.words import Badge, answers_text, badge, pause_text
from tagwerk.interfaces.web.posting import see_other
from tagwerk.interfaces.web.rule_words import (
    SIGNALS,
    STEPS,
    chance_text,
    condition_text,
    rule_of,
    signal_text,
)
from tagwerk.interfaces.web.shares import share_lines

SIGNAL_STATES = {
    "open": (gettext_noop("new"), "wait"),
    "seen": (gettext_noop("looked at"), "neutral"),
    "dismissed": (gettext_noop("dismissed"), "neutral"),
}


@dataclass(frozen=True)
class SideBySide:
    """A line of evidence: the task, what both said, the result."""

    task: str
    mine: str
    other: str
    right: str
    at: Any
    other_at: Any
    seconds: float


@dataclass(frozen=True)
class SignalCard:
    """A signal with its figures in words."""

    id: str
    title: str
    text: str
    chance: str
    about: str
    state: Badge
    is_open: bool
    found_at: Any
    decided_by: str
    other: str
    rows: list[SideBySide]
    review: str


@dataclass(frozen=True)
class StepLine:
    """What happened to the worker."""

    what: str
    why: str
    figures: str
    by: str
    at: Any
    ended_at: Any
    review: str


@project_page(Permission.ANSWER_REVIEW)
def project_worker(request: ActorRequest, frame: Frame, worker: str) -> HttpResponse:
    """The page; what members decide about the worker is posted to it."""
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, frame, worker))
            return see_other(request.get_full_path())
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            refused = refusal
    work.require_apart(request.actor, frame.project)
    view = work.enrolment_named(frame.project.id, worker)
    figures = queries.figures_of(frame.project, view.worker_id)
    signals = queries.signals_about(frame.project.id, view.worker_id)
    steps = queries.steps_of_worker(frame.project.id, view.worker_id)
    deciding = {one.made_by_id for one in steps} | {one.decided_by_id for one in signals} | {view.worker_id}
    names = accounts.staff_names(frame.project.organisation_id, {one for one in deciding if one})
    values = framed(
        frame,
        PEOPLE,
        worker=view,
        name=names.get(view.worker_id, ""),
        figures=figures,
        accuracy=figures.accuracy,
        gold=share_lines(frame.design, figures.gold),
        agreement=share_lines(frame.design, figures.agreement),
        classes=share_lines(frame.design, figures.classes),
        signals=[_card(frame, one, names) for one in signals],
        steps=[_step(frame, one, names, worker) for one in steps],
        objection=queries.objection_of(frame.project.id, view.worker_id, name=view.pseudonym),
        why_paused=pause_text(view.pause_reason, paid=frame.project.paid) if view.pause_reason else "",
        refused=refusal_text(refused) if refused else "",
        given=request.POST,
    )
    return render(
        request, "pages/requester/project_worker.html", values, status=refused.status if refused else 200
    )


def _decide(request: ActorRequest, frame: Frame, worker: str) -> str:
    actor, project_id, given = request.actor, frame.project.id, request.POST
    do = given.get("do", "")
    if do in ("seen", "dismissed", "open"):
        signal = row_number("sig", given.get("signal", ""))
        actions.decide_signal(actor=actor, project_id=project_id, signal_id=signal, state=do)
        return _("Noted.")
    if do in ("grant", "refuse"):
        actions.decide_objection(
            actor=actor, project_id=project_id, objection_id=row_number("obj", given.get("objection", "")),
            granted=do == "grant", answer=given.get("answer", ""),
        )  # fmt: skip
        return (
            _("The worker gets tasks again.")
            if do == "grant"
            else _("The worker stays paused and reads why.")
        )
    if do == "resume":
        actions.resume_worker(actor=actor, project_id=project_id, pseudonym=worker)
        return _("The worker gets tasks again.")
    actions.pause_worker(actor=actor, project_id=project_id, pseudonym=worker, reason=given.get("reason", ""))
    return _("The worker gets no more tasks of this project. What they hold they can still hand in.")


def _card(frame: Frame, one: SignalView, names: dict[int, str]) -> SignalCard:
    return SignalCard(
        id=public_id("sig", one.id),
        title=str(SIGNALS[one.kind]),
        text=signal_text(one.kind, one.figures, one.other),
        chance=chance_text(one.figures["chance"]) if "chance" in one.figures else "",
        about="" if one.kind == "rule" else _labels(frame, one.about),
        state=badge(SIGNAL_STATES, one.state),
        is_open=one.state == "open",
        found_at=one.found_at,
        decided_by=names.get(one.decided_by_id or 0, ""),
        other=one.other,
        rows=[_row(frame, line, one.about) for line in one.evidence],
        review=frame.url("project_review_next") + query(Draw(evidence=one.id)),
    )


def _labels(frame: Frame, about: str) -> str:
    """The questions that a signal is about."""
    labels = {one.name: one.label or one.name for one in frame.design.questions}
    return ", ".join(labels.get(name, name) for name in about.split(",")) if about else ""


def _row(frame: Frame, line: Evidence, about: str) -> SideBySide:
    asked = set(about.split(",")) if about else set()
    other = line.other
    return SideBySide(
        task=public_id("tsk", line.mine.task_id),
        mine=_said(frame, line.mine.answers, asked),
        other=_said(frame, other.answers, asked) if other else "",
        right=_said(frame, line.results, asked) if line.results else "",
        at=line.mine.at,
        other_at=other.at if other else None,
        seconds=line.mine.seconds,
    )


def _said(frame: Frame, answers: dict[str, Any], asked: set[str]) -> str:
    pairs = answers_text(frame.design, answers)
    return " · ".join(_shown(pairs, asked)) or "–"


def _shown(pairs: Sequence[tuple[Any, str]], asked: set[str]) -> Iterable[str]:
    for question, text in pairs:
        if (not asked or question.name in asked) and text != "–":
            yield text


def _step(frame: Frame, one: StepView, names: dict[int, str], worker: str) -> StepLine:
    rule = rule_of(one.rule) if one.rule else None
    return StepLine(
        what=str(STEPS[one.step]),
        why=condition_text(rule, frame.project.currency) if rule else "",
        figures=figures_text(one.rule or {}, one.figures) if one.rule and one.figures else "",
        by=names.get(one.made_by_id or 0, "") if rule is None else _("by a rule"),
        at=one.made_at,
        ended_at=one.ended_at,
        review=frame.url("project_review_next") + query(Draw(worker, rule.key))
        if rule and not one.ended_at
        else "",
    )
