"""The tasks of a project: all of them, or those that are in work, certain, not certain; one found by its own id."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.exports.queries.tasks import tasks_named
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import TaskResult
from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import TASKS, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.words import TASK, Badge, answer_text, badge, excerpt, reason_text
from tagwerk.interfaces.web.posting import see_other

PAGE = 50
FILTERS = {state.value: state for state in TaskState}  # all that the address may ask for


@dataclass(frozen=True)
class Line:
    """A task in the list."""

    id: int
    own_id: str
    excerpt: str
    is_gold: bool
    state: Badge
    answers: int
    results: list[str]

    @property
    def public_id(self) -> str:
        return public_id("tsk", self.id)


@project_page(Permission.PROJECT_VIEW)
def project_tasks(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The list, by keyset on the task; `id` leads to the one with that own id."""
    own_id = request.GET.get("id", "").strip()
    missing = False
    if own_id:
        try:
            found = work.task_named(request.actor, frame.project.id, own_id)
            return see_other(frame.url("project_task", tsk=public_id("tsk", found.id)))
        except NotFound:
            missing = True
    state = FILTERS.get(request.GET.get("state", ""))
    after = request.GET.get("after", "")
    number = row_number("tsk", after) if after else 0
    lines = _judged(frame, state, number) if state else _all(frame, number)
    values = framed(
        frame,
        TASKS,
        lines=lines[:PAGE],
        filters=_filters(state),
        filtered=bool(state or after),
        own_id=own_id if missing else "",
        questions=[question.label for question in frame.design.questions],
        older=_address(state, lines[PAGE - 1].public_id) if len(lines) > PAGE else "",
    )
    return render(request, "pages/requester/project_tasks.html", values)


def _all(frame: Frame, after: int) -> list[Line]:
    found = work.tasks_page(frame.actor, frame.project.id, after=after, limit=PAGE + 1)
    results = quality.results_of(frame.project.id, [task.id for task in found])
    return [
        _line(
            frame,
            task.id,
            task.external_id,
            task.data,
            results.get(task.id),
            task.is_gold,
            task.wanted is not None,
        )
        for task in found
    ]


def _judged(frame: Frame, state: TaskState, after: int) -> list[Line]:
    found = quality.results_page(frame.actor, frame.project.id, after=after, limit=PAGE + 1, state=state)
    tasks = {task.id: task for task in tasks_named(frame.project.id, [one.task_id for one in found])}
    return [
        _line(frame, one.task_id, tasks[one.task_id].external_id, tasks[one.task_id].data, one, False, True)
        for one in found
    ]


def _line(
    frame: Frame, number: int, own_id: str | None, data: dict[str, Any], result: TaskResult | None, is_gold: bool,
    is_open: bool,
) -> Line:  # fmt: skip
    return Line(
        id=number,
        own_id=own_id or "",
        excerpt=excerpt(data),
        is_gold=is_gold,
        state=task_badge(result, is_gold=is_gold, is_open=is_open),
        answers=result.answers if result else 0,
        results=[] if is_gold else result_texts(frame, result),
    )


def task_badge(result: TaskResult | None, *, is_gold: bool, is_open: bool) -> Badge:
    """Where a task stands, in a word."""
    if is_gold:
        return Badge(_("gold"), "neutral")
    if result is not None:
        return badge(TASK, result.state)
    return Badge(_("open"), "info") if is_open else Badge(_("not open yet"), "neutral")


def result_texts(frame: Frame, result: TaskResult | None) -> list[str]:
    """The results of a task by question; why there is none, where there is none."""
    texts = []
    for question in frame.design.questions:
        view = result.results.get(question.name) if result else None
        if view is None:
            texts.append("–")
        else:
            texts.append(
                reason_text(view.reason)
                if view.value is None
                else answer_text(frame.design, question, view.value)
            )
    return texts


def _filters(current: TaskState | None) -> list[dict[str, Any]]:
    entries = [{"label": _("All"), "href": "?", "current": current is None}]
    return entries + [
        {"label": badge(TASK, state).label, "href": _address(state), "current": state is current}
        for state in TaskState
    ]


def _address(state: TaskState | None, after: str = "") -> str:
    given = {"state": state.value if state else "", "after": after}
    return "?" + urlencode({name: value for name, value in given.items() if value})
