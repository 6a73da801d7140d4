"""The form for a project file: pasted or uploaded, every problem with its line and path, a preview of its task."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Refusal
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.render import compile_row_check
from tagwerk.domain.designs.rules.yaml_nodes import LARGEST
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, read_project_file
from tagwerk.interfaces.web.answers import QuestionElement, questions_context
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.showing import Showing, sample_row, unsaved_design
from tagwerk.interfaces.web.pages.worker.showing import Shown

_CODE = {"class": "code-field", "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}


class FileForm(forms.Form):
    """A project file as text; an uploaded one takes the place of the text. And a row to try it with."""

    use_required_attribute = False  # a browser cannot know that one of text and upload is enough

    file = forms.CharField(
        label=gettext_lazy("Project file"),
        help_text=gettext_lazy(
            "YAML or JSON. It says what a task shows and asks, who may answer, and what is paid."
        ),
        widget=forms.Textarea(attrs=_CODE | {"rows": 20}),
        max_length=LARGEST,
        strip=False,
    )
    upload = forms.FileField(
        label=gettext_lazy("Or upload a file"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
        required=False,
    )
    row = forms.CharField(
        label=gettext_lazy("A row to try it with"),
        help_text=gettext_lazy("One row of your data as JSON. Without it, the preview makes one up."),
        widget=forms.Textarea(attrs=_CODE | {"rows": 3}),
        max_length=1_000_000,
        required=False,
        strip=False,
    )


@dataclass(frozen=True)
class Problem:
    """What is wrong with what somebody gave in, in their language, and where."""

    message: str
    line: int | None = None
    path: str = ""


@dataclass
class Draft:
    """What somebody gave in: the text, the file in it, and what is wrong."""

    text: str
    row: str
    file: ProjectFile | None
    problems: list[Problem]

    def form(self, form: type[forms.Form] = FileForm, **initial: Any) -> forms.Form:
        """The form with everything that was given in, an uploaded file as its text."""
        return form(initial={"file": self.text, "row": self.row, **initial})

    def refuse(self, refusal: Refusal) -> None:
        """Add what an action refused to what is wrong."""
        if isinstance(refusal, ProjectFileError):
            self.problems += [Problem(one.message.said(_), one.line, one.path) for one in refusal.problems]
        else:
            self.problems.append(Problem(refusal_text(refusal), None, refusal.path or ""))


def read_draft(request: HttpRequest) -> Draft:
    """The project file in a posted form; what is wrong with it is in `problems`."""
    text = request.POST.get("file", "")
    draft = Draft(text, request.POST.get("row", ""), None, [])
    upload = request.FILES.get("upload")
    try:
        if upload is not None:
            draft.text = text = _decoded(upload.read(LARGEST + 1))
        draft.file = read_project_file(text)
    except UnicodeDecodeError:
        draft.problems.append(Problem(_("The uploaded file is not UTF-8 text.")))
    except Refusal as refusal:
        draft.refuse(refusal)
    return draft


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig").replace("\r\n", "\n")


@dataclass(frozen=True)
class Preview:
    """A task of a file that is not saved yet, as a worker will see it."""

    file: ProjectFile
    shown: Shown
    questions: list[QuestionElement]
    instructions: str
    made_up: bool
    key: str  # under which the browser keeps what is tried out


def preview(draft: Draft, project_id: int | None = None) -> tuple[Preview, Showing] | None:
    """The preview of a readable file; what is wrong with the row is added to the draft's problems."""
    if draft.file is None:
        return None
    design = unsaved_design(draft.file)
    row = _row(draft)
    data = {name: value for name, value in (row or {}).items() if not name.startswith("_")}
    if row is not None:
        try:
            compile_row_check(design)(data)
        except Refusal as refusal:
            draft.problems.append(Problem(refusal_text(refusal), None, _("row")))
            row = None
    showing = Showing(design, project_id)
    shown = showing.task(sample_row(design) if row is None else data)
    return Preview(
        draft.file,
        shown,
        questions_context(design),
        design.instructions_html,
        row is None,
        secrets.token_hex(4),
    ), showing


def _row(draft: Draft) -> dict[str, Any] | None:
    if not draft.row.strip():
        return None
    try:
        row = json.loads(draft.row)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        draft.problems.append(
            Problem(
                _("This is not a JSON object such as {example}.").format(example='{"text": "…"}'),
                None,
                _("row"),
            )
        )
        return None
    return row
