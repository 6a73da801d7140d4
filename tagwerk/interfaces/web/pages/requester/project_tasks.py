"""The tasks of a project: a table that stays quick, with filters that stand in its address and can be shared."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.exports import queries as exports
from tagwerk.domain.exports.queries import FoundTasks
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import TaskResult
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import TaskView
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import TASKS, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.task_filters import TaskFilters, cleaned_address
from tagwerk.interfaces.web.pages.requester.words import (
    TASK,
    Badge,
    answer_text,
    badge,
    excerpt,
    reason_text,
)
from tagwerk.interfaces.web.posting import see_other
from tagwerk.interfaces.web.tables import Column, TableView, table_view

PAGE = 50
SURE = "sure"


@dataclass(frozen=True)
class Line:
    """A task in the list."""

    id: int
    own_id: str
    excerpt: str
    state: Badge
    answers: int
    confidence: float | None
    batch: str
    added_at: datetime
    results: list[tuple[str, str]]  # question and result, of the questions shown

    @property
    def public_id(self) -> str:
        return public_id("tsk", self.id)


@project_page(Permission.PROJECT_VIEW)
def project_tasks(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The list, by keyset; an own id that only one task has leads to it."""
    if address := cleaned_address(request):
        return see_other(address)
    batches = work.batches_of(frame.project.id, limit=MOST_BATCHES)
    view = table_view(request, "tasks", _columns(frame))
    filters = TaskFilters.of(
        request, frame, batches, by_certainty=view.sort == SURE, descending=view.descending
    )
    after = request.GET.get("after", "")
    found = exports.find_tasks(
        request.actor,
        frame.project.id,
        filters.wanted,
        after=row_number("tsk", after) if after else 0,
        limit=PAGE,
    )
    if filters.only_id and not after and len(found.ids) == 1:
        return see_other(frame.url("project_task", tsk=public_id("tsk", found.ids[0])))
    values = framed(
        frame,
        TASKS,
        view=view,
        lines=_lines(frame, view, found, {batch.id: filters.batch_label(batch) for batch in batches}),
        filters=filters,
        searching=found.searching,
        further=bool(after),
        older=list_address(request, found),
        first=list_address(request, None),
    )
    return render(request, "pages/requester/project_tasks.html", values)


MOST_BATCHES = 50


def _columns(frame: Frame) -> list[Column]:
    questions = [
        Column(f"question.{one.name}", one.label, extra=place >= SHOWN_QUESTIONS)
        for place, one in enumerate(frame.design.questions)
    ]
    return [
        Column("task", gettext_lazy("Task"), fixed=True),
        Column("state", gettext_lazy("State")),
        Column("answers", gettext_lazy("Answers"), number=True),
        *questions,
        Column(SURE, gettext_lazy("Certainty"), sortable=True),
        Column("batch", gettext_lazy("Batch"), extra=True),
        Column("added", gettext_lazy("Added"), extra=True),
    ]


SHOWN_QUESTIONS = 4


def _lines(frame: Frame, view: TableView, found: FoundTasks, batches: dict[int, str]) -> list[Line]:
    tasks = work.tasks_numbered(frame.project.id, found.ids)
    results = quality.results_of(frame.project.id, found.ids)
    shown = [one.name for one in frame.design.questions if f"question.{one.name}" in view.shows]
    return [
        _line(frame, tasks[number], results.get(number), shown, batches)
        for number in found.ids
        if number in tasks
    ]


def _line(
    frame: Frame, task: TaskView, result: TaskResult | None, shown: list[str], batches: dict[int, str]
) -> Line:
    texts = result_texts(frame, result)
    return Line(
        id=task.id,
        own_id=task.external_id or "",
        excerpt=excerpt(task.data),
        state=task_badge(result, is_gold=task.is_gold, is_open=task.wanted is not None),
        answers=result.answers if result else 0,
        confidence=result.confidence if result else None,
        batch=batches.get(task.batch_id, "–"),
        added_at=task.added_at,
        results=[(frame.design.by_name[name].label, "–" if task.is_gold else texts[name]) for name in shown],
    )


def task_badge(result: TaskResult | None, *, is_gold: bool, is_open: bool) -> Badge:
    """Where a task stands, in a word."""
    if is_gold:
        return Badge(_("gold"), "neutral")
    if result is not None:
        return badge(TASK, result.state)
    return Badge(_("open"), "info") if is_open else Badge(_("not open yet"), "neutral")


def result_texts(frame: Frame, result: TaskResult | None) -> dict[str, str]:
    """The results of a task by question; why there is none, where there is none."""
    texts = {}
    for question in frame.design.questions:
        view = result.results.get(question.name) if result else None
        if view is None:
            texts[question.name] = "–"
        elif view.value is None:
            texts[question.name] = reason_text(view.reason)
        else:
            texts[question.name] = answer_text(frame.design, question, view.value)
    return texts


def list_address(request: ActorRequest, found: FoundTasks | None) -> str:
    """Where the list goes on after this page; with None: where it begins. "" where it does not go on."""
    query = request.GET.copy()
    query.pop("after", None)
    if found is not None:
        if found.next_after is None:
            return ""
        query["after"] = public_id("tsk", found.next_after)
    return f"?{query.urlencode()}"
