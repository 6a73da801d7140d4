"""Reviewing from answer to answer: the task and the answer in its widgets, and what others found only afterwards."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as judged
from tagwerk.domain.quality.queries import Comparison, Reviewed
from tagwerk.domain.quality.rules.reviewing import Verdict, kappa
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.answers import questions_context, read_answers
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.drawing import asked, because_text, draw_of
from tagwerk.interfaces.web.pages.requester.frame import REVIEW, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.rejection_words import VERDICT, code_text, codes
from tagwerk.interfaces.web.pages.requester.review_tabs import QUEUE, REVIEWERS, review_tabs
from tagwerk.interfaces.web.pages.requester.words import Badge, answer_text, badge
from tagwerk.interfaces.web.pages.worker.showing import instructions_of, loading_from, shown_task
from tagwerk.interfaces.web.pages.worker.task import wrong_answer
from tagwerk.interfaces.web.posting import see_other

NOTHING = "done"


@require_safe
@project_page(Permission.ANSWER_REVIEW)
def project_review_next(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """Leads to the next answer for this reviewer, or says that there is none."""
    found = judged.next_to_review(request.actor, frame.project.id, draw_of(request))
    if found is None:
        return see_other(
            frame.url("project_review"), said=_("Nothing more waits for you to review."), request=request
        )
    return see_other(frame.url("project_review_answer", asg=public_id("asg", found)) + asked(request))


@require_http_methods(["GET", "HEAD", "POST"])
@project_page(Permission.ANSWER_REVIEW)
def project_review_answer(request: ActorRequest, frame: Frame, asg: str) -> HttpResponseBase:
    """One answer to review; once the visitor has committed, everything about it side by side."""
    number = row_number("asg", asg)
    if request.method == "POST":
        return _commit(request, frame, number)
    found = quality.open_review(
        actor=request.actor, project_id=frame.project.id, assignment_id=number, draw=draw_of(request)
    )
    return _compared(request, frame, number) if found.committed else _page(request, frame, found)


@require_safe
@project_page(Permission.PROJECT_MANAGE)
def project_reviewers(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """How the reviewers of a project decide, and how often they are right or agree."""
    lines = [
        (one, kappa(one.pairs), [(badge(VERDICT, verdict), count) for verdict, count in one.verdicts.items()])
        for one in judged.reviewer_figures(request.actor, frame.project.id)
    ]
    values = framed(frame, REVIEW, review_tabs=review_tabs(frame, REVIEWERS), lines=lines)
    return render(request, "pages/requester/project_reviewers.html", values)


def _commit(request: ActorRequest, frame: Frame, number: int) -> HttpResponseBase:
    answers: dict[str, Any] = {}
    try:
        answers = read_answers(request.POST)
        verdict = request.POST.get("verdict", "")
        found = quality.Found(
            verdict=verdict,
            answers=answers,
            code=request.POST.get("code", ""),
            text=request.POST.get("text" if verdict == Verdict.REVISE else "reason", ""),
            extra_micros=_extra(request.POST.get("extra", "")),
        )
        quality.commit_review(
            actor=request.actor,
            project_id=frame.project.id,
            assignment_id=number,
            found=found,
        )
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        found_again = judged.to_review(request.actor, frame.project.id, number)
        return _page(request, frame, found_again, answers=answers, refusal=refusal)
    return see_other(frame.url("project_review_answer", asg=public_id("asg", number)) + asked(request))


def _extra(text: str) -> int:
    return micros_of(text.strip().replace(",", "."), path="extra") if text.strip() else 0


def _page(
    request: ActorRequest,
    frame: Frame,
    found: Reviewed,
    *,
    answers: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponseBase:
    design, project = designs.design(found.design_id), frame.project
    shown = shown_task(
        design,
        found.data,
        project_id=project.id,
        assignment_id=found.answer.assignment_id,
        order=found.answer.sides,
    )
    values = {
        "frame": frame,
        "project": project,
        "answer": public_id("asg", found.answer.assignment_id),
        "found": found,
        "time": work.time_of(project.id, found.answer.assignment_id) if project.hour_micros else None,
        "next_url": frame.url("project_review_next") + asked(request),
        "chosen": draw_of(request),
        "instructions": instructions_of(design, project.id),
        "shown": shown,
        "questions": questions_context(design, found.answer.sides or "ab", answers or found.answer.answers),
        "codes": codes(),
        "given": request.POST,
        **wrong_answer(design, refusal),
    }  # fmt: skip
    response = render(
        request, "pages/requester/review_answer.html", values, status=refusal.status if refusal else 200
    )
    return loading_from(request, response, shown.origins)


@dataclass(frozen=True)
class Row:
    """A question with all that was said to it."""

    label: str
    worker: str
    reviews: list[str]
    others: list[str]
    agreeing: tuple[int, int] | None
    result: str
    gold: str


def _compared(request: ActorRequest, frame: Frame, number: int) -> HttpResponseBase:
    found = judged.comparison(request.actor, frame.project.id, number)
    design = designs.design(found.reviewed.design_id)
    shown = shown_task(
        design, found.reviewed.data, project_id=frame.project.id, order=found.reviewed.answer.sides
    )
    verdicts: list[tuple[Any, Badge, str]] = [
        (one, badge(VERDICT, one.verdict), code_text(one.code)) for one in found.reviews
    ]
    values = framed(
        frame,
        REVIEW,
        review_tabs=review_tabs(frame, QUEUE),
        found=found,
        shown=shown,
        rows=_rows(design, found),
        verdicts=verdicts,
        task=public_id("tsk", found.reviewed.answer.task_id),
        next_url=frame.url("project_review_next") + asked(request),
        because=because_text(found.because, frame.project.currency),
        checked=next((one.right for one in found.reviews if one.mine), None),
    )
    response = render(request, "pages/requester/review_answer_compared.html", values)
    return loading_from(request, response, shown.origins)


def _rows(design: DesignView, found: Comparison) -> list[Row]:
    rows = []
    for question in design.questions:

        def text(value: Any, question: Any = question) -> str:
            return answer_text(design, question, value)

        result = found.result.results.get(question.name) if found.result else None
        gold = (found.gold or {}).get(question.name)
        rows.append(
            Row(
                label=question.label,
                worker=text(found.reviewed.answer.answers.get(question.name)),
                reviews=[text(one.answers.get(question.name)) for one in found.reviews],
                others=[text(one.answers.get(question.name)) for one in found.others],
                agreeing=found.agreeing.get(question.name),
                result=text(result.value) if result and result.value is not None else "",
                gold=text(gold) if gold is not None else "",
            )
        )
    return rows
