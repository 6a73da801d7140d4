"""A project's gold: how each does, what was found out about it, and what members do about it; results that could be gold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions, queries
from tagwerk.domain.quality.queries import Candidate, GivenAnswer, GoldTask, TaskResult
from tagwerk.domain.quality.rules.words import GoldState
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import QUALITY, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.gold_form import WHY, gold_form, read_gold, right_text
from tagwerk.interfaces.web.pages.requester.gold_words import GOLD_STATES, evidence_text
from tagwerk.interfaces.web.pages.requester.showing import Showing
from tagwerk.interfaces.web.pages.requester.words import Badge, answer_text, badge, excerpt
from tagwerk.interfaces.web.paging import ListPage, cut, place
from tagwerk.interfaces.web.posting import see_other

PAGE = 25
SHOWN_ANSWERS = 6


@dataclass(frozen=True)
class Line:
    """A gold task in the list."""

    id: str
    gold: GoldTask
    excerpt: str
    right: str
    state: Badge
    why: str
    share: float | None
    seconds: float | None


@dataclass(frozen=True)
class Could:
    """A task that could become gold."""

    id: str
    own_id: str
    excerpt: str
    results: list[tuple[str, str, float | None]]
    answers: int


@project_page(Permission.ANSWER_REVIEW)
def project_gold(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """All gold or that in one state, by keyset; what to do about one is posted to it."""
    refused = _posted(request, _care(frame))
    if isinstance(refused, HttpResponseBase):
        return refused
    state = _state(request)
    found = queries.gold_page(
        request.actor, frame.project.id, state=state, after=place(request, "tsk") or 0, limit=PAGE + 1
    )
    page = cut(request, [_line(frame, one) for one in found], PAGE, lambda line: line.id)
    values = framed(
        frame, QUALITY, page=page, filters=_filters(frame, state), state=state or "",
        unserved=bool(found) and not frame.project.gold_share_bp, refused=refused,
    )  # fmt: skip
    return render(request, "pages/requester/project_gold.html", values, status=422 if refused else 200)


@project_page(Permission.ANSWER_REVIEW)
def project_gold_candidates(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """Results that could become gold; the chosen ones are posted to it."""
    refused = _posted(request, lambda given: _promote(request, frame))
    if isinstance(refused, HttpResponseBase):
        return refused
    decided = request.GET.get("show") == "decided"
    found = queries.gold_candidates(
        request.actor, frame.project.id, decided=decided, after=place(request, "tsk"), limit=PAGE + 1
    )
    page: ListPage[Could] = cut(request, [_could(frame, one) for one in found], PAGE, lambda one: one.id)
    which = [
        {"label": _("Certain results"), "href": "?", "current": not decided},
        {"label": _("Decided by members"), "href": "?show=decided", "current": decided},
    ]
    values = framed(frame, QUALITY, page=page, which=which, decided=decided, refused=refused)
    return render(
        request, "pages/requester/project_gold_candidates.html", values, status=422 if refused else 200
    )


@project_page(Permission.ANSWER_REVIEW)
def project_gold_task(request: ActorRequest, frame: Frame, tsk: str) -> HttpResponseBase:
    """One gold task: what was answered, and its key to be corrected and explained; or a task that is to become gold."""
    task = work.task_for(request.actor, frame.project.id, row_number("tsk", tsk))
    care = _care(frame)
    refused = _posted(
        request, lambda given: _keep(request, frame, task.id) if given["do"] == "keep" else care(given)
    )
    if isinstance(refused, HttpResponseBase):
        return refused
    project_id = frame.project.id
    gold = queries.gold_for(request.actor, project_id, task.id)
    result = queries.results_of(project_id, [task.id]).get(task.id)
    answers = queries.given_answers(project_id, [task.id]).get(task.id, [])
    showing = Showing(frame.design, project_id)
    values = framed(
        frame, QUALITY, task_id=tsk, own_id=task.external_id or "", shown=showing.task(task.data),
        line=_line(frame, gold) if gold else None, answers=_given(frame, answers),
        form=gold_form(
            frame.design, work.gold_of_task(project_id, task.id), _result(result), request.POST if refused else None
        ),
        refused=refused,
    )  # fmt: skip
    response = render(
        request, "pages/requester/project_gold_task.html", values, status=422 if refused else 200
    )
    return showing.let_in(request, response)


def _posted(request: ActorRequest, deed: Callable[[dict[str, str]], str]) -> HttpResponseBase | str:
    """What was posted is done, and the page comes anew; or why it was refused ("": nothing was posted)."""
    if request.method != "POST":
        return ""
    try:
        given = {"do": request.POST.get("do", ""), "task": request.POST.get("task", "")}
        messages.success(request, deed(given))
        return see_other(request.get_full_path())
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return refusal_text(refusal)


def _care(frame: Frame) -> Callable[[dict[str, str]], str]:
    def care(given: dict[str, str]) -> str:
        where: dict[str, Any] = {
            "actor": frame.actor, "project_id": frame.project.id, "task_id": row_number("tsk", given["task"]),
        }  # fmt: skip
        if given["do"] == "reinstate":
            actions.reinstate_gold(**where)
            return _("The task is served again, and all answers to it count.")
        if given["do"] == "retire":
            actions.retire_gold(**where)
            return _("The task is served no more. What was answered goes on counting.")
        raise Invalid("nothing_to_change", "Say what is to be changed.")

    return care


def _keep(request: ActorRequest, frame: Frame, task_id: int) -> str:
    actions.give_key(
        actor=request.actor, project_id=frame.project.id, task_id=task_id,
        right=read_gold(frame.design, request.POST), explanation=request.POST.get(WHY, ""),
    )  # fmt: skip
    return _("Kept. All answers to this task are measured by it.")


def _promote(request: ActorRequest, frame: Frame) -> str:
    chosen = [row_number("tsk", one) for one in request.POST.getlist("task")]
    made = actions.promote_results(actor=request.actor, project_id=frame.project.id, task_ids=chosen)
    text = ngettext("{count} task serves as gold now.", "{count} tasks serve as gold now.", made)
    return text.format(count=made)


def _state(request: ActorRequest) -> GoldState | None:
    asked = request.GET.get("state", "")
    return GoldState(asked) if asked in set(GoldState) else None


def _filters(frame: Frame, state: GoldState | None) -> list[dict[str, Any]]:
    counts = queries.gold_counts(frame.project.id)
    return [
        {"label": _("All"), "href": "?", "current": state is None, "count": sum(counts.values()) or None},
        *(
            {
                "label": badge(GOLD_STATES, one).label, "href": f"?state={one}", "current": state is one,
                "count": counts.get(one),
            }
            for one in GoldState
        ),
    ]  # fmt: skip


def _line(frame: Frame, one: GoldTask) -> Line:
    return Line(
        id=public_id("tsk", one.task_id), gold=one, excerpt=excerpt(one.data, 90),
        right=right_text(frame.design, one.answers), state=badge(GOLD_STATES, one.state),
        why=evidence_text(frame.design, one), share=one.correct / one.seen if one.seen else None,
        seconds=None if one.middle_ms is None else one.middle_ms / 1000,
    )  # fmt: skip


def _could(frame: Frame, one: Candidate) -> Could:
    asked = [(frame.design.by_name[name], view) for name, view in one.result.results.items()]
    return Could(
        id=public_id("tsk", one.task_id), own_id=one.external_id or "", excerpt=excerpt(one.data, 90),
        results=[
            (question.label, answer_text(frame.design, question, view.value), view.confidence)
            for question, view in asked
            if view.value is not None and view.confidence is not None
        ],
        answers=one.result.answers,
    )  # fmt: skip


def _given(frame: Frame, answers: Sequence[GivenAnswer]) -> list[tuple[str, list[tuple[str, int, bool]]]]:
    """Question → its most frequent answers in words, how often, and whether they are right."""
    return [
        (
            question.label,
            [
                (answer_text(frame.design, question, one.value), one.answers, one.right)
                for one in answers
                if one.question == question.name
            ][:SHOWN_ANSWERS],
        )
        for question in frame.design.questions
        if any(one.question == question.name for one in answers)
    ]


def _result(result: TaskResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {
        name: view.value
        for name, view in result.results.items()
        if view.value is not None and view.confidence
    }
