"""The design step: form and project file side by side, always the same; a preview on real rows."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.vary import vary_on_headers

from tagwerk.base.errors import Refusal
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.columns import LOOKED_AT, columns_of_rows
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_nodes import Unreadable, read_document
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, read_project_file
from tagwerk.domain.work import queries
from tagwerk.interfaces.web.answers import questions_context
from tagwerk.interfaces.web.choices import language_choices
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.design_form import BLOCKS, QUESTIONS, file_of, lines_of, stepped
from tagwerk.interfaces.web.pages.requester.file_form import Problem
from tagwerk.interfaces.web.pages.requester.file_text import kept_form, text_of, written
from tagwerk.interfaces.web.pages.requester.frame import Frame, project_page, wants_fragment
from tagwerk.interfaces.web.pages.requester.project_file import differences
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page
from tagwerk.interfaces.web.pages.requester.showing import Showing, sample_row, unsaved_design

FROM_FIELDS, FROM_FILE = "fields", "file"
ROWS = 50  # of the first rows, the preview shows one


@dataclass
class Edit:
    """What somebody is making of a file: its text, what was read of it, the file if it is right, and what is wrong."""

    text: str
    plain: dict[str, Any] | None
    file: ProjectFile | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """By which a changed text is known."""
        return digest_of(self.text)


def digest_of(text: str) -> str:
    """A short name for a text; line ends are written as the browser likes."""
    return sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:16]


def edit_of(text: str) -> Edit:
    """A text as it is; every problem with its line and place."""
    plain: Any = None
    try:
        plain = read_document(text).value
        return Edit(text, plain, read_project_file(text))
    except ProjectFileError as error:
        problems = [Problem(one.message.said(_), one.line, one.path) for one in error.problems]
        return Edit(text, _drawable(plain), None, problems)
    except Unreadable as error:
        return Edit(text, None, None, [Problem(error.problem.message.said(_), error.problem.line)])


def _drawable(plain: Any) -> dict[str, Any] | None:
    """What the fields can show of a file with problems: only where lists are lists and maps are maps."""
    if not isinstance(plain, dict):
        return None
    shown, asked = plain.get("show") or [], plain.get("ask") or {}
    maps = isinstance(shown, list) and isinstance(asked, dict)
    whole = maps and all(isinstance(one, dict) for one in [*shown, *asked.values()])
    return plain if whole and all(isinstance(one.get("compare", {}), dict) for one in shown) else None


def posted_edit(request: ActorRequest, setup: Setup) -> Edit:
    """What was posted. Where the text of the file was changed, it is what counts; else the fields are."""
    text = request.POST.get("yaml", "").replace("\r\n", "\n")
    edit = edit_of(text)
    if digest_of(text) == request.POST.get("digest") and edit.plain is not None:
        edit = edit_of(written(file_of(edit.plain, request.POST)))
    step = request.POST.get("do", "")
    if edit.plain is not None and "-" in step:
        edit = edit_of(written(stepped(edit.plain, step, templates=templates_of(setup))))
    return edit


def templates_of(setup: Setup) -> list[str]:
    """The texts that show one column each."""
    rows = [task.data for task in queries.tasks_after(setup.project.id, 0, LOOKED_AT)]
    return [column.template for column in columns_of_rows(rows)]


@vary_on_headers("HX-Request")
@csp_update({"frame-src": [SELF]})
@setup_page("design")
def setup_design(setup: Setup) -> HttpResponse:
    """The form and the file; each changes the other, and the preview."""
    request = setup.request
    if request.method != "POST":
        return _page(setup, edit_of(text_of(setup.project.file)))
    edit, do = posted_edit(request, setup), request.POST.get("do", "")
    if wants_fragment(request):
        return _fragment(setup, edit)
    if do in ("go", "leave") and edit.file is not None:
        try:
            setup.keep(edit.file)
        except Refusal as refusal:
            edit.problems.append(Problem(refusal_text(refusal), None, refusal.path or ""))
        else:
            return setup.go_on()
    return _page(setup, edit)


def _page(setup: Setup, edit: Edit) -> HttpResponse:
    values = _values(setup, edit)
    status = 422 if edit.problems and setup.request.method == "POST" else 200
    return render(setup.request, "pages/requester/setup_design.html", values, status=status)


def _fragment(setup: Setup, edit: Edit) -> HttpResponse:
    """Only the other side: the file after the fields were changed, the fields after the file was, both after a button."""
    changed = setup.request.POST.get("changed", "")
    values = _values(setup, edit) | {"changed": changed, "oob": True}
    return render(setup.request, "pages/requester/_design_fragment.html", values)


def _values(setup: Setup, edit: Edit) -> dict[str, Any]:
    tasks = queries.tasks_after(setup.project.id, 0, LOOKED_AT) if setup.rows else []
    columns = columns_of_rows([task.data for task in tasks])
    kept = text_of(setup.project.file)
    now = text_of(kept_form(edit.file)) if edit.file else ""
    fields = lines_of(edit.plain, edit.problems) if edit.plain is not None else None
    return setup.values(
        price=setup.price(setup.as_if(edit.file)) if edit.file else None,
        edit=edit, fields=fields,
        templates=[(column.template, column.name) for column in columns if not column.is_reserved],
        known_templates=[column.template for column in columns],
        block_kinds=[(kind, _(label)) for kind, label in BLOCKS.items()],
        side_kinds=[("text", _("Text as it is")), ("markdown", _("Formatted text")), ("image", _("Picture")),
                    ("audio", _("Sound")), ("video", _("Film"))],
        question_kinds=[(kind, _(label)) for kind, label in QUESTIONS.items()],
        tongues=language_choices([setup.project.file["language"], *([edit.file.language] if edit.file else [])])[1:],
        rows=min(len(tasks), ROWS), row=_row_number(setup.request, len(tasks)) + 1,
        difference=differences(kept, now) if now and setup.request.method == "POST" else [],
    )  # fmt: skip


def _row_number(request: ActorRequest, count: int) -> int:
    """Which of the first rows is looked at, from 0."""
    text = request.POST.get("row", request.GET.get("row", ""))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return max(0, min(number, min(count, ROWS)) - 1)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@project_page(Permission.PROJECT_MANAGE)
def setup_preview(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """A task of the file as it is, or as it is posted, exactly as a worker will see it; in the frame of the design step."""
    setup = Setup(request, frame, "design")
    edit = posted_edit(request, setup) if request.method == "POST" else edit_of(text_of(frame.project.file))
    if edit.file is None:
        return render(request, "pages/requester/setup_design_preview.html", {"problems": edit.problems})
    design = unsaved_design(edit.file)
    tasks = queries.tasks_after(frame.project.id, 0, ROWS)
    showing = Showing(design, frame.project.id)
    data = tasks[_row_number(request, len(tasks))].data if tasks else sample_row(design)
    shown = showing.task(data)
    values = {
        "file": edit.file, "shown": shown, "questions": questions_context(design), "made_up": not tasks,
        "instructions": design.instructions_html, "reward_micros": edit.file.pay.reward_micros,
        "currency": edit.file.pay.currency, "key": f"preview-{frame.project.public_id}-{edit.digest}",
    }  # fmt: skip
    return showing.let_in(request, render(request, "pages/requester/setup_design_preview.html", values))
