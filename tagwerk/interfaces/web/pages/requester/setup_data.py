"""The data step: a file becomes tasks; what its columns hold, what its first rows say, and which rows do not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.vary import vary_on_headers

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.base.ids import public_id
from tagwerk.domain.designs.rules.columns import (
    LOOKED_AT,
    ColumnKind,
    columns_of_rows,
    replacements,
    shown_with,
)
from tagwerk.domain.designs.rules.render import compile_row_check
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import ImportView, TaskView
from tagwerk.interfaces.web.formats import number_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.arriving import sent_file
from tagwerk.interfaces.web.pages.requester.examples import examples
from tagwerk.interfaces.web.pages.requester.experts import source_of
from tagwerk.interfaces.web.pages.requester.frame import wants_fragment
from tagwerk.interfaces.web.pages.requester.project_import_report import leave_out_words
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page
from tagwerk.interfaces.web.pages.requester.showing import columns_of
from tagwerk.interfaces.web.pages.requester.starting import missing_columns, peek
from tagwerk.interfaces.web.posting import see_other

AT_ONCE_BYTES = 400_000  # a file of this size is in before anybody would have looked at a bar
FIRST_ROWS = 5
BAD_SHOWN = 20
EMPTY_SHOWN = 5
KINDS = {
    ColumnKind.TEXT: gettext_noop("text"),
    ColumnKind.NUMBER: gettext_noop("number"),
    ColumnKind.IMAGE: gettext_noop("picture"),
    ColumnKind.AUDIO: gettext_noop("sound"),
    ColumnKind.VIDEO: gettext_noop("film"),
    ColumnKind.LINK: gettext_noop("web address"),
    ColumnKind.LANGUAGE: gettext_noop("language"),
    ColumnKind.TIME: gettext_noop("time"),
    ColumnKind.CHAT: gettext_noop("conversation"),
    ColumnKind.JSON: gettext_noop("structured data"),
    ColumnKind.EMPTY: gettext_noop("empty"),
}


@vary_on_headers("HX-Request")
@setup_page("data")
def setup_data(setup: Setup) -> HttpResponse:
    """Take rows in; what is there already; go on."""
    request = setup.request
    if wants_fragment(request):
        return _state(setup)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do in ("go", "leave"):
        return setup.go_on()
    if do not in WAYS:
        return _page(setup)
    try:
        had = setup.progress.gold_tasks
        WAYS[do](setup)
        setup.serve_gold(had)
    except Refusal as refusal:
        return _page(setup, refused=refusal_text(refusal))
    return see_other(setup.url())


def _take_file(setup: Setup) -> None:
    with sent_file(setup.request, setup.project, "rows") as upload:
        if upload is None:
            raise Invalid("file_missing", "Choose a file first.", path="rows")
        if not setup.rows:
            _fit_design(setup, upload)
        bring_in(setup.request, setup.project, upload, skip_bad="skip_bad" in setup.request.POST)


def _fit_design(setup: Setup, upload: "UploadedFile[Any]") -> None:
    """A template shows columns of its own; the first file's take their place."""
    columns, needed = peek(upload).columns, columns_of(setup.frame.design)
    missing = missing_columns(needed, columns)
    instead = replacements(needed, columns) if missing else {}
    if instead is None:
        raise Invalid(
            "columns_not_in_file",
            "The design shows {missing}, and the file has no such columns; it has: {columns}. Rename them, or change the design.",
            missing=", ".join(missing), columns=", ".join(column.name for column in columns)[:300],
        )  # fmt: skip
    if instead:
        setup.revise(setup.with_parts({"show": shown_with(setup.file["show"], instead)}))


def bring_in(
    request: ActorRequest, project: ProjectView, upload: "UploadedFile[Any]", *, skip_bad: bool = False
) -> None:
    """Import an uploaded file: a small one at once, a large one in the background."""
    number = work.start_import(
        actor=request.actor, project_id=project.id, content=upload, source_name=str(upload.name), skip_bad=skip_bad
    )  # fmt: skip
    if (upload.size or 0) <= AT_ONCE_BYTES:
        work.run_import(import_id=number)


def _take_the_good(setup: Setup) -> None:
    newest = queries.newest_import(setup.project.id)
    if newest is None:
        raise Invalid("file_missing", "Choose a file first.", path="rows")
    number = work.import_without_bad_rows(
        actor=setup.request.actor, project_id=setup.project.id, import_id=newest.id
    )
    if newest.rows_read < LOOKED_AT * 10:
        work.run_import(import_id=number)


def _take_example(setup: Setup) -> None:
    rows = _example_rows(setup)
    if rows and not setup.rows:
        work.import_tasks(
            project_id=setup.project.id,
            rows=rows,
            actor_id=setup.request.actor.person_id,
            source_name=_("Example"),
        )


def _discard(setup: Setup) -> None:
    work.discard_tasks(actor=setup.request.actor, project_id=setup.project.id)


WAYS = {"file": _take_file, "good": _take_the_good, "example": _take_example, "discard": _discard}


def _example_rows(setup: Setup) -> list[dict[str, Any]]:
    """Rows of the template that the draft began with, while it still shows what the template shows."""
    needed = set(columns_of(setup.frame.design))
    asked = set(setup.frame.design.by_name)
    for one in examples():
        rows = [dict(row) for row in one.rows]
        if needed <= rows[0].keys() and all(asked >= (row.get("_gold") or {}).keys() for row in rows):
            return rows
    return []


def _state(setup: Setup) -> HttpResponse:
    """How far the import is; when it has ended, the whole page is asked for."""
    newest = queries.newest_import(setup.project.id)
    response = render(setup.request, "pages/requester/_setup_import.html", {"report": newest, "setup": setup})
    if newest is None or not newest.is_running:
        response.headers["HX-Refresh"] = "true"
    return response


def _page(setup: Setup, *, refused: str = "") -> HttpResponse:
    newest = queries.newest_import(setup.project.id)
    bad = (
        queries.first_bad_rows(newest, most=BAD_SHOWN)
        if newest and newest.bad_rows and _matters(setup, newest)
        else []
    )
    tasks = queries.tasks_after(setup.project.id, 0, LOOKED_AT) if setup.rows else []
    columns = columns_of_rows([task.data for task in tasks])
    shown = columns_of(setup.frame.design)
    values = setup.values(
        refused=refused,
        report=newest if newest and _matters(setup, newest) else None,
        leave_out=leave_out_words(newest) if bad and newest and newest.can_leave_out_bad_rows else "",
        failed=refusal_text(newest.reason) if newest and newest.reason else "",
        bad=[(row.number, row.reason.said(_)) for row in bad],
        more_bad=newest.bad_rows - len(bad) if newest and bad else 0,
        columns=[(column, _(KINDS[column.kind]), column.name in shown) for column in columns],
        first=[[_cell(task.data.get(column.name)) for column in columns] for task in tasks[:FIRST_ROWS]],
        needed=shown,
        empty=empties(setup, tasks),
        missing_in=misfits(setup, [task.data for task in tasks]) if tasks else 0,
        looked_at=len(tasks),
        has_example=not setup.rows and bool(_example_rows(setup)),
        batches=queries.batches_of(setup.project.id, limit=20),
        source=source_of(setup.project),
    )
    return render(setup.request, "pages/requester/setup_data.html", values, status=422 if refused else 200)


def _matters(setup: Setup, report: ImportView) -> bool:
    """Whether the last import still says something about the rows that are there."""
    return report.is_running or not report.imported or bool(setup.rows and report.bad_rows)


def misfits(setup: Setup, rows: list[dict[str, Any]]) -> int:
    """How many of these rows lack what the design shows by now."""
    check, count = compile_row_check(setup.frame.design), 0
    for row in rows:
        try:
            check(row)
        except Refusal:
            count += 1
    return count


@dataclass(frozen=True)
class Empty:
    """A column that tasks show, and the rows of those looked at in which it is empty; the first few of them."""

    column: str
    count: int
    rows: list[tuple[int, TaskView]]
    looked_at: int
    all_rows: int

    @property
    def text(self) -> str:
        """How often, and where."""
        if self.looked_at < self.all_rows:
            text = _("In {count} of the first {rows} rows “{column}” is empty: workers see nothing there.")
        else:
            text = _("In {count} of {rows} rows “{column}” is empty: workers see nothing there.")
        said = text.format(
            count=number_text(self.count), rows=number_text(self.looked_at), column=self.column
        )
        return f"{said} {self.where}"

    @property
    def where(self) -> str:
        """The numbers of the rows."""
        numbers = ", ".join(number_text(number) for number, _task in self.rows)
        if self.count > len(self.rows):
            return _("Rows {numbers} and more.").format(numbers=numbers)
        return ngettext("Row {numbers}.", "Rows {numbers}.", self.count).format(numbers=numbers)

    @property
    def links(self) -> list[tuple[str, str]]:
        """The rows, to be looked at."""
        return [
            (_("Row {number}").format(number=number_text(number)), public_id("tsk", task.id))
            for number, task in self.rows
        ]


def empties(setup: Setup, tasks: Sequence[TaskView]) -> list[Empty]:
    """The columns that tasks show and that are not always filled."""
    found = []
    for column in columns_of_rows([task.data for task in tasks]):
        if column.name in columns_of(setup.frame.design) and column.filled < column.rows:
            rows = [
                (number, task)
                for number, task in enumerate(tasks, 1)
                if task.data.get(column.name) in (None, "")
            ]
            found.append(Empty(column.name, len(rows), rows[:EMPTY_SHOWN], len(tasks), setup.rows))
    return found


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + "…"
