"""The forms of the pages about qualifications."""

import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Refusal
from tagwerk.domain.academy.rules import LONGEST_MINUTES, MOST_PAID_ATTEMPTS, MOST_TEST_TASKS
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, read_project_file
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.posting import PageForm

LARGEST_BYTES = 5_000_000


class Qualification(PageForm):
    """What a qualification is called; the slug is given once."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    slug = forms.CharField(
        label=gettext_lazy("Name in project files"),
        max_length=60,
        help_text=gettext_lazy(
            "Lower-case letters, digits and hyphens, like rlhf-basics. It cannot be changed later."
        ),
    )
    description = forms.CharField(
        label=gettext_lazy("What it says about who holds it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, slug: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if slug:  # it is there already
            del self.fields["slug"]


class Grant(PageForm):
    """Who gets it."""

    worker = forms.CharField(
        label=gettext_lazy("Worker"),
        max_length=254,
        help_text=gettext_lazy("The code from the worker's profile, or the address of a member."),
    )
    score = forms.IntegerField(label=gettext_lazy("Score"), min_value=0, max_value=100)
    expires = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class GrantLines(PageForm):
    """A list of workers, pasted."""

    workers = forms.CharField(
        label=gettext_lazy("Workers, one in each line"),
        help_text=gettext_lazy(
            "The code from the worker's profile, or the address of a member. Behind it their own score, if it is another one."
        ),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    score = forms.IntegerField(
        label=gettext_lazy("Score of the others"), min_value=0, max_value=100, initial=100
    )
    expires = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class GrantList(PageForm):
    """A CSV of grants."""

    file = forms.FileField(
        label=gettext_lazy("List (CSV)"),
        help_text=gettext_lazy(
            "Columns: worker, score and, if you like, expires and revoke: “yes” takes it away. "
            "Wrong rows are reported, the others count."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """The text of the file."""
        return text_of(self.cleaned_data["file"])


class EntryTest(PageForm):
    """A test: what it shows and asks, its tasks with right answers, and when it is passed."""

    field_order = ("owner", "design", "tasks")

    design = forms.FileField(
        label=gettext_lazy("Design (project file, YAML)"),
        help_text=gettext_lazy("What the tasks show and ask. Pay and audience in it do not matter."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )
    tasks = forms.FileField(
        label=gettext_lazy("Tasks (JSONL)"),
        help_text=gettext_lazy(
            "One task in each line, with its right answers in _gold. They are shown to nobody. If you like, its kind in "
            "_category: whoever has taken the test reads how each kind went."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".jsonl,.ndjson"}),
    )
    draw = forms.IntegerField(
        label=gettext_lazy("Tasks per attempt"),
        min_value=1,
        max_value=MOST_TEST_TASKS,
        initial=10,
        help_text=gettext_lazy("So many are drawn by chance each time."),
    )
    pass_mark = forms.IntegerField(
        label=gettext_lazy("Pass mark in per cent"), min_value=1, max_value=100, initial=80
    )
    tolerance = forms.IntegerField(
        label=gettext_lazy("Tolerance in per cent"),
        min_value=0,
        max_value=99,
        initial=0,
        help_text=gettext_lazy(
            "How far an answer on a scale may be from the right one. 0: it must be exact."
        ),
    )
    retry_after_days = forms.IntegerField(
        label=gettext_lazy("Days before another attempt"), min_value=0, max_value=365, initial=1
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that an attempt takes"),
        min_value=1,
        max_value=LONGEST_MINUTES,
        help_text=gettext_lazy(
            "What takes longer than 10 minutes is work, and has to be paid. Who ends in less than a fifth of it is not paid."
        ),
    )
    pay = forms.CharField(
        label=gettext_lazy("Pay for an attempt"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy(
            "Paid from the organisation's money, with the fee on top: for the first attempt of each person, and again when what they hold has run out."
        ),
    )
    paid_from = forms.IntegerField(
        label=gettext_lazy("Paid from so many points on"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=gettext_lazy(
            "So that clicking through is not paid. Without a number: half of the pass mark, or more where guessing gets that far."
        ),
    )
    paid_attempts = forms.IntegerField(
        label=gettext_lazy("Paid attempts at most"),
        min_value=1,
        max_value=MOST_PAID_ATTEMPTS,
        required=False,
        help_text=gettext_lazy("After so many the test is not offered any more."),
    )
    holding_days = forms.IntegerField(
        label=gettext_lazy("Days that a pass is valid"),
        min_value=1,
        max_value=3650,
        required=False,
        help_text=gettext_lazy("Without a number it stays valid."),
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owners:
            self.fields["owner"] = forms.ChoiceField(
                label=_("Organisation that keeps the design"), choices=owners
            )
            self.order_fields(self.field_order)

    def clean_design(self) -> ProjectFile:
        """The file, read; its problems come line by line."""
        file = self.cleaned_data["design"]
        try:
            return read_project_file(text_of(file), str(file.name))
        except ProjectFileError as wrong:
            raise forms.ValidationError(refusal_text(wrong).split("\n"), wrong.code) from None

    def clean_tasks(self) -> list[dict[str, Any]]:
        """The rows of the file."""
        lines = text_of(self.cleaned_data["tasks"]).splitlines()
        return [_row(number, line) for number, line in enumerate(lines, start=1) if line.strip()]

    def add_refusal(self, refusal: Refusal) -> None:
        """What is wrong with a row stands at the tasks."""
        if refusal.path and refusal.path.startswith("row"):
            text = f"{refusal.path}: {refusal_text(refusal)}"
            self.add_error("tasks", forms.ValidationError(text, refusal.code))
        else:
            super().add_refusal(refusal)


def text_of(file: "UploadedFile[bytes]") -> str:
    """The text of an uploaded file."""
    if (file.size or 0) > LARGEST_BYTES:
        raise forms.ValidationError(_("The file is larger than 5 MB; split it."), "file_too_large")
    try:
        text = str(file.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise forms.ValidationError(_("The file is not a text in UTF-8."), "file_not_text") from None
    if "\0" in text:
        raise forms.ValidationError(_("The file is not a text in UTF-8."), "file_not_text")
    return text


def _row(number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        said = _("Line {number} is no JSON object; write each task as one object in one line.")
        raise forms.ValidationError(said.format(number=number), "row_unreadable")
    return row
