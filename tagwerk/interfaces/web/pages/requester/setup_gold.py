"""Gold by hand, in the quality step: rows to choose from, and each on the task's own page to be given its right answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.exports.queries import TaskFilter, find_tasks
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import TaskView
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.gold_form import WHY, gold_form, read_gold, right_text
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page
from tagwerk.interfaces.web.pages.requester.words import excerpt
from tagwerk.interfaces.web.pages.worker.showing import instructions_of, loading_from, shown_task
from tagwerk.interfaces.web.posting import see_other

PAGE = 20
SEARCHED = 1_000  # rows that one search looks at; the next one goes on behind them
LONGEST = 200


class _Search(forms.Form):
    """A word in the row or its id."""

    use_required_attribute = False
    q = forms.CharField(label=gettext_lazy("Rows with the text"), max_length=LONGEST)


@dataclass(frozen=True)
class Line:
    """A row to choose."""

    id: str
    own_id: str
    excerpt: str
    right: str  # its right answers, where it is gold


@require_safe
@setup_page("quality")
def setup_gold(setup: Setup) -> HttpResponse:
    """The rows, those with a text, or those that are gold."""
    given = setup.request.GET
    text, only_gold = given.get("q", "").strip()[:LONGEST], given.get("show") == "gold"
    after = row_number("tsk", given["after"]) if given.get("after") else 0
    tasks, next_after = _found(setup, text, after, only_gold=only_gold)
    values = setup.values(
        found=[_line(setup, task) for task in tasks],
        search=_Search(initial={"q": text}),
        text=text,
        only_gold=only_gold,
        further=bool(after),
        older=_address(setup, next_after) if next_after else "",
        first=_address(setup, None),
        tabs=[
            {"label": _("All rows"), "href": "?", "current": not only_gold},
            {
                "label": _("Gold"), "href": "?show=gold", "current": only_gold,
                "count": setup.progress.gold_tasks or None,
            },
        ],
    )  # fmt: skip
    return render(setup.request, "pages/requester/setup_gold.html", values)


def _found(setup: Setup, text: str, after: int, *, only_gold: bool) -> tuple[Sequence[TaskView], int | None]:
    """The rows of a page, and behind which one the next page begins (None: there is none)."""
    project_id = setup.project.id
    if only_gold:
        page = find_tasks(setup.request.actor, project_id, TaskFilter(gold=True), after=after, limit=PAGE)
        there = queries.tasks_numbered(project_id, page.ids)
        return [there[number] for number in page.ids], page.next_after
    looked = queries.tasks_after(project_id, after, SEARCHED if text else PAGE + 1)
    fits = [task for task in looked if _says(task, text.casefold())]
    if len(fits) > PAGE:
        return fits[:PAGE], fits[PAGE - 1].id
    return fits, looked[-1].id if text and len(looked) == SEARCHED else None


def _says(task: TaskView, text: str) -> bool:
    return text in excerpt(task.data, 1_000_000).casefold() or text in (task.external_id or "").casefold()


def _line(setup: Setup, task: TaskView) -> Line:
    right = right_text(setup.frame.design, task.gold or {})
    return Line(public_id("tsk", task.id), task.external_id or "", excerpt(task.data, 120), right)


def _address(setup: Setup, after: int | None) -> str:
    query = setup.request.GET.copy()
    query.pop("after", None)
    if after is not None:
        query["after"] = public_id("tsk", after)
    return f"?{query.urlencode()}"


@setup_page("quality")
def setup_gold_task(setup: Setup, tsk: str) -> HttpResponseBase:
    """One row as a worker sees it; a POST gives it its right answer, or takes it away."""
    task = queries.task_for(setup.request.actor, setup.project.id, row_number("tsk", tsk))
    if setup.request.method != "POST":
        return _page(setup, task)
    had = setup.progress.gold_tasks
    try:
        given, no_more = setup.request.POST, setup.request.POST.get("do") == "none"
        right = None if no_more else read_gold(setup.frame.design, given)
        work.set_gold(
            actor=setup.request.actor, project_id=setup.project.id, task_id=task.id, right=right,
            explanation=None if no_more else given.get(WHY, ""),
        )  # fmt: skip
    except Invalid as refusal:
        return _page(setup, task, wrong=refusal)
    said = _("The row is gold no more.") if right is None else _("The right answer is kept; the row is gold.")
    messages.success(setup.request, said)
    setup.serve_gold(had)
    following = queries.tasks_after(setup.project.id, task.id, 1)
    if not following:
        return see_other(setup.url("gold"))
    return see_other(setup.frame.url("setup_gold_task", tsk=public_id("tsk", following[0].id)))


def _page(setup: Setup, task: TaskView, *, wrong: Refusal | None = None) -> HttpResponseBase:
    design, project = setup.frame.design, setup.project
    try:
        shown = shown_task(design, task.data, project_id=project.id, order="ab")
    except Refusal as refusal:
        values = setup.values(why=refusal_text(refusal))
        return render(setup.request, "pages/requester/setup_try_misfit.html", values, status=422)
    # Not every question has one right answer: gold may answer some of them, but one of several is needed.
    several = len(design.questions) > 1
    known = queries.gold_of_task(project.id, task.id)
    form = gold_form(design, known, None, setup.request.POST if wrong else None)
    values = {
        "setup": setup, "project": project, "task": task, "task_id": public_id("tsk", task.id),
        "wrong": refusal_text(wrong) if wrong else "", "shown": shown, "form": form,
        "instructions": instructions_of(design, project.id), "gold_tasks": setup.progress.gold_tasks, "several": several,
    }  # fmt: skip
    response: HttpResponse = render(
        setup.request, "pages/requester/setup_gold_task.html", values, status=422 if wrong else 200
    )
    return loading_from(setup.request, response, shown.origins)
