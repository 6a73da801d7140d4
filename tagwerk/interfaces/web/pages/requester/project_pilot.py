"""The report of a pilot: how the first tasks went, and the rest."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.community import queries as community
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import JudgingProgress, QuestionProgress
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Progress, Working
from tagwerk.interfaces.web.formats import duration_text, money_text, number_text, percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import OVERVIEW, THREADS, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.pilot_figures import known
from tagwerk.interfaces.web.pages.requester.setup_frame import cents_up
from tagwerk.interfaces.web.posting import see_other

LITTLE_AGREEMENT = 0.4  # Krippendorff's alpha below which people answer different questions
FEW_GOLD = 10
BAD_ON_GOLD = 0.6
FAR = 1.5  # times the estimate


@require_safe
@project_page(Permission.PROJECT_MANAGE)
def project_pilot(request: ActorRequest, frame: Frame) -> HttpResponse:
    """Agreement, time, pay per hour, problems and messages of the first tasks; then the rest is let go."""
    project = frame.project
    if project.open_limit is None or project.state is State.DRAFT:
        return see_other(frame.url(OVERVIEW))
    progress, judged = work.progress(project.id), quality.progress(project.id)
    questions, working = quality.questions(project.id), work.working(project.id)
    measured = quality.measured_in(project)
    rest = quality.estimate_of(project, measured=measured)
    values = framed(
        frame, OVERVIEW,
        progress=progress, judged=judged, working=working,
        figures=_figures(frame, progress, judged, working),
        questions=[_question(frame, one) for one in questions],
        advice=_advice(frame, questions, working),
        messages_count=community.unread_threads(project.id),
        messages_url=frame.url(THREADS),
        rest=rest, rest_most_micros=cents_up(rest.largest_micros), cap_micros=cents_up(rest.cap_micros), pilot=known(frame, measured, rest),
        estimate_url=frame.url("project_estimate") if frame.may(Permission.MONEY_VIEW) else "",
        may_go_on=project.state is State.OPEN and progress.waiting > 0,
        over=judged.settled >= progress.opened > 0,
    )  # fmt: skip
    return render(request, "pages/requester/project_pilot.html", values)


def _figures(
    frame: Frame, progress: Progress, judged: JudgingProgress, working: Working
) -> list[dict[str, str]]:
    project = frame.project
    found = [
        {"label": _("Tasks with a result"), "value": number_text(judged.settled),
         "unit": _("of {count}").format(count=number_text(progress.opened))},
        {"label": _("Answers"), "value": number_text(progress.answers),
         "basis": _("from {count} people").format(count=number_text(working.people))},
    ]  # fmt: skip
    if working.median_ms is not None:
        basis = (
            _("estimated: {time}").format(time=duration_text(project.estimate_seconds))
            if project.estimate_seconds
            else ""
        )
        found.append(
            {
                "label": _("Time for an answer"),
                "value": duration_text(working.median_ms / 1000),
                "basis": basis,
            }
        )
    if frame.shows_money and working.hourly_micros is not None:
        found.append({
            "label": _("Pay per hour"), "value": money_text(working.hourly_micros // 10_000 * 10_000, project.currency),
            "basis": _("of active time"),
        })  # fmt: skip
    found.append(
        {"label": _("Given up"), "value": number_text(working.given_up), "basis": _("skipped or stopped")}
    )
    return found


def _question(frame: Frame, one: QuestionProgress) -> dict[str, Any]:
    question = frame.design.by_name.get(one.question)
    return {
        "label": question.label if question else one.question,
        "agreement": "" if one.alpha is None else number_text(round(one.alpha, 2)),
        "tasks": number_text(one.alpha_tasks),
        "gold": percent_text(one.gold_correct / one.gold_seen) if one.gold_seen else "",
        "gold_seen": number_text(one.gold_seen),
    }


def _advice(frame: Frame, questions: list[QuestionProgress], working: Working) -> list[str]:
    """What the figures say, in sentences; nothing where they are fine."""
    found = []
    for one in questions:
        label = question.label if (question := frame.design.by_name.get(one.question)) else one.question
        if one.alpha is not None and one.alpha < LITTLE_AGREEMENT:
            found.append(
                _("“{question}”: people agree little. Say in the instructions what to do in doubt.").format(
                    question=label
                )
            )
        if one.gold_seen >= FEW_GOLD and one.gold_correct < BAD_ON_GOLD * one.gold_seen:
            found.append(
                _(
                    "“{question}”: many are wrong on gold. Is the right answer right, and the question clear?"
                ).format(question=label)
            )
    estimate = frame.project.estimate_seconds * 1000
    if working.median_ms is not None and estimate and working.median_ms > FAR * estimate:
        found.append(
            _(
                "An answer takes longer than you estimated. Pay and estimate stay as they are in this project; copy it to change them."
            )
        )
    if working.answers and working.given_up * 5 > working.answers:
        found.append(_("Many tasks are given up. Their reasons stand on the tasks’ pages."))
    return found
