"""One task: its data, all answers side by side, gold, the result, who gave it up, and what members decide."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.log import events_of_task
from tagwerk.base.money import for_units
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.community import queries as community
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Exclusion, ResultView, TaskResult
from tagwerk.domain.quality.rules.gold import right, tolerances_of
from tagwerk.domain.quality.rules.words import Method, Source
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import TaskAnswer, TaskView
from tagwerk.domain.work.rules.states import State as AnswerState
from tagwerk.interfaces.web.answers import QuestionElement, questions_context
from tagwerk.interfaces.web.formats import money_text, number_text, when_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import TASKS, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.gold_form import right_text
from tagwerk.interfaces.web.pages.requester.model_words import method_text
from tagwerk.interfaces.web.pages.requester.project_panels import LIVE
from tagwerk.interfaces.web.pages.requester.project_tasks import task_badge
from tagwerk.interfaces.web.pages.requester.rejection_words import codes
from tagwerk.interfaces.web.pages.requester.showing import Showing
from tagwerk.interfaces.web.pages.requester.task_history import task_history
from tagwerk.interfaces.web.pages.requester.verdicts import decide
from tagwerk.interfaces.web.pages.requester.words import (
    ANSWER,
    SOURCES,
    Badge,
    answer_text,
    badge,
    given_up_text,
    reason_text,
)
from tagwerk.interfaces.web.pay_words import made_of, rate_text
from tagwerk.interfaces.web.posting import see_other


@project_page(Permission.PROJECT_VIEW)
def project_task(request: ActorRequest, frame: Frame, tsk: str) -> HttpResponseBase:
    """The page of a task; a verdict is posted to it."""
    task = work.task_for(request.actor, frame.project.id, row_number("tsk", tsk))
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            messages.success(request, decide(request, frame, task.id))
            return see_other(frame.url("project_task", tsk=tsk))
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            refused = refusal
    showing = Showing(frame.design, frame.project.id)
    result = quality.results_of(frame.project.id, [task.id]).get(task.id)
    answers = work.answers_of_task(request.actor, frame.project.id, task.id)
    left = work.given_up_of_task(frame.project.id, task.id)
    excluded = quality.exclusions(frame.project.id, task.id)
    told = events_of_task(frame.project.id, task.id)
    former = quality.result_changes(frame.project.id, task.id)
    people = {one.worker_id for one in answers} | {one.worker_id for one in left}
    people |= {one.actor_id for one in told if one.actor_id}
    people |= {one.by_id for one in excluded.values() if one.by_id}
    threads = community.threads_of_task(frame.project.id, task.id)
    people |= {one.worker_id for one in threads}
    people |= {one.by_id for one in former if one.by_id}
    names = accounts.staff_names(frame.project.organisation_id, people)
    values = framed(
        frame,
        TASKS,
        task=task,
        task_id=tsk,
        state=task_badge(result, is_gold=task.is_gold, is_open=task.wanted is not None),
        shown=showing.task(task.data),
        rest=_rest(task),
        facts=_facts(frame.project, task, answers),
        may_ask=frame.project.state in LIVE and task.wanted is not None,
        answers=[_answer(one, names, excluded) for one in answers],
        codes=codes(),
        history=task_history(frame, task, answers, told, names, former),
        notes=community.notes_of_task(frame.project.id, task.id),
        threads=[(one, names.get(one.worker_id, one.pseudonym)) for one in threads],
        left=[
            (one, names.get(one.worker_id), given_up_text(one.state, one.reason, paid=frame.project.paid))
            for one in left
        ],
        rows=_rows(frame, task, answers, result),
        result=result,
        refused=refusal_text(refused) if refused else "",
        given=request.POST,
    )
    response = render(
        request, "pages/requester/project_task.html", values, status=refused.status if refused else 200
    )
    return showing.let_in(request, response)


@dataclass(frozen=True)
class AnswerColumn:
    """An answer in the table of all answers."""

    id: str
    pseudonym: str
    name: str | None  # of own staff
    state: Badge
    seconds: float
    at: Any
    revision: int
    waits: bool
    rejection: str
    excluded: str  # why it does not count; "": it does
    excluded_by: str
    can_be_excluded: bool


def _answer(one: TaskAnswer, names: Mapping[int, str], excluded: Mapping[int, Exclusion]) -> AnswerColumn:
    out = excluded.get(one.assignment_id)
    return AnswerColumn(
        id=public_id("asg", one.assignment_id),
        pseudonym=one.pseudonym,
        name=names.get(one.worker_id),
        state=badge(ANSWER, one.state),
        seconds=one.active_ms / 1000,
        at=one.submitted_at,
        revision=one.revision,
        waits=one.state == AnswerState.SUBMITTED,
        rejection=one.rejection or "",
        excluded=out.reason if out else "",
        excluded_by=names.get(out.by_id or 0, "") if out else "",
        can_be_excluded=one.state in (AnswerState.SUBMITTED, AnswerState.APPROVED),
    )


def _facts(project: ProjectView, task: TaskView, answers: list[TaskAnswer]) -> list[tuple[str, str]]:
    """What is known of the task beside its data."""
    facts = [(_("Your id"), task.external_id or "")]
    facts.append((_("Answers"), number_text(len(answers))))
    if project.paid:
        pay = money_text(for_units(project.reward_micros, task.units), project.currency)
        made = made_of(project, task.data, task.units, is_urgent=task.is_urgent) if project.measures else ""
        if project.hour_micros:
            pay = _("{rate}, at most {pay} without asking").format(rate=rate_text(project), pay=pay)
        facts.append((_("Pay for an answer"), f"{pay} ({made})" if made else pay))
        most = work.most_factors(project).of(task.units)
        if most > task.units:
            largest = money_text(for_units(project.reward_micros, most), project.currency)
            facts.append((_("Who is paid most gets"), largest))
    if task.wanted is not None and not task.is_gold:
        facts.append((_("Asked for"), number_text(task.wanted)))
        facts.append((_("At most"), number_text(task.most or task.wanted)))
    if task.priority:
        facts.append((_("Priority"), number_text(task.priority)))
    if task.deadline:
        facts.append((_("Deadline"), when_text(task.deadline)))
    return [(label, text) for label, text in facts if text]


@dataclass(frozen=True)
class QuestionRow:
    """A question with all its answers, the right one, and the result."""

    label: str
    answers: list[tuple[str, bool | None]]  # the text, and whether it is right where that is known
    gold: str
    result: str
    result_note: str
    confidence: float | None
    agreement: float | None
    element: QuestionElement
    name: str


def _rows(
    frame: Frame, task: TaskView, answers: list[TaskAnswer], result: TaskResult | None
) -> list[QuestionRow]:
    elements = {element.question: element for element in questions_context(frame.design)}
    ballots = {ballot.question: ballot for ballot in quality.ballots_of(frame.design.id)}
    tolerances = tolerances_of(frame.project.file)
    rows = []
    for question in frame.design.questions:
        expected = (task.gold or {}).get(question.name)
        view = result.results.get(question.name) if result else None
        given = [one.answers.get(question.name) for one in answers]
        rows.append(
            QuestionRow(
                label=question.label,
                answers=[
                    (
                        answer_text(frame.design, question, value),
                        None
                        if expected is None
                        else right(ballots[question.name], value, expected, tolerances),
                    )
                    for value in given
                ],
                gold="" if expected is None else right_text(frame.design, {question.name: expected}),
                result=""
                if view is None or view.value is None
                else answer_text(frame.design, question, view.value),
                result_note=_note(view),
                confidence=view.confidence if view else None,
                agreement=view.agreement if view else None,
                element=_alone(elements[question.name]),
                name=question.name,
            )
        )
    return rows


def _alone(element: QuestionElement) -> QuestionElement:
    """The question asked of a member: there whatever the others are answered."""
    return QuestionElement(
        element.tag, element.kind, element.question, element.name, True, False, None, element.config
    )


def _note(view: ResultView | None) -> str:
    if view is None:
        return ""
    if view.value is None:
        return reason_text(view.reason)
    if view.method == Method.EXPERTS:
        return method_text(view.method, view.model)
    source = str(badge({key: (text, "") for key, text in SOURCES.items()}, str(view.source)).label)
    said = view.source is Source.OVERRULED or view.method == Method.MERGE  # by the source
    how = "" if said else method_text(view.method, view.model)
    return f"{source}: {how}" if how else source


def _rest(task: TaskView) -> list[tuple[str, str]]:
    """The row as it was imported, for who wants to see all of it."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1))
        for name, value in task.data.items()
    ]
