"""Bring tasks in: a file of rows, all of them or only the good ones, with a report of what did not fit."""

import csv
import io
import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.arriving import keep_piece, sent_file
from tagwerk.interfaces.web.pages.requester.frame import ADD, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.showing import columns_of, sample_row
from tagwerk.interfaces.web.posting import see_other

ACCEPTED = ".csv,.tsv,.txt,.jsonl,.ndjson,.json,.parquet"
REFUSE, SKIP = "refuse", "skip"


class RowsForm(forms.Form):
    """A file of rows, and what happens to those that do not fit."""

    rows = forms.FileField(
        label=gettext_lazy("File with one row per task"),
        help_text=gettext_lazy("CSV, JSONL, JSON or Parquet, also with a million rows."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    on_bad = forms.ChoiceField(
        label=gettext_lazy("If a row cannot be used"),
        choices=[
            (REFUSE, gettext_lazy("import nothing, and tell me what is wrong")),
            (SKIP, gettext_lazy("import the other rows, and give me the bad ones back")),
        ],
        widget=forms.RadioSelect,
        initial=REFUSE,
    )
    replace = forms.BooleanField(
        label=gettext_lazy("Replace tasks that have the same _id, where nobody has had them yet"),
        required=False,
    )


@project_page(Permission.PROJECT_MANAGE)
def project_import(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The form; the file is brought in in the background, so that a large one keeps no page waiting."""
    form = RowsForm()
    if request.method == "POST":
        with sent_file(request, frame.project, "rows") as upload:
            form = RowsForm(request.POST, MultiValueDict({"rows": [upload]} if upload else {}))
            number = _started(request, frame, form)
        if number is not None:
            return see_other(frame.url("project_import_report", imp=public_id("imp", number)))
    design = frame.design
    values = framed(
        frame,
        ADD,
        form=form,
        columns=columns_of(design),
        questions=[question.name for question in design.questions],
        batches=work_queries.batches_of(frame.project.id, limit=20),
        importing=work_queries.running_imports(frame.project.id),
        running=frame.project.launched_at is not None,
    )
    wrong = form.is_bound and form.errors
    return render(request, "pages/requester/project_import.html", values, status=422 if wrong else 200)


def _started(request: ActorRequest, frame: Frame, form: RowsForm) -> int | None:
    """The number of the import; None: something is wrong, and the form says what."""
    if form.is_valid():
        try:
            return _start(request, frame, form.cleaned_data)
        except Refusal as refusal:
            form.add_error("rows", refusal_text(refusal))
    return None


@require_POST
@project_page(Permission.PROJECT_MANAGE)
def project_rows_piece(request: ActorRequest, frame: Frame) -> JsonResponse:
    """A piece of a file of rows, which begins where the last one ended; without a piece, only where that is. The form
    that follows takes the file in."""
    _file, received = keep_piece(request, frame.project)
    return JsonResponse({"received": received})


def _start(request: ActorRequest, frame: Frame, given: dict[str, Any]) -> int:
    """Take the file; the number of its import."""
    upload: UploadedFile[Any] = given["rows"]
    return work.start_import(
        actor=request.actor,
        project_id=frame.project.id,
        content=upload,
        source_name=str(upload.name),
        skip_bad=given["on_bad"] == SKIP,
        replace=given["replace"],
    )


@require_safe
@project_page(Permission.PROJECT_MANAGE)
def project_example_rows(request: ActorRequest, frame: Frame, suffix: str) -> HttpResponse:
    """A file with the columns that the design needs, to be filled in."""
    row = {"_id": "1", **sample_row(frame.design)}
    text = _csv(row, frame.design) if suffix == "csv" else json.dumps(row, ensure_ascii=False) + "\n"
    types = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
    response = HttpResponse(text, content_type=types[suffix])
    response.headers["Content-Disposition"] = f'attachment; filename="{frame.project.name}-example.{suffix}"'
    return response


def _csv(row: dict[str, Any], design: DesignView) -> str:
    """The row and empty columns for gold; a list stands in its cell as JSON."""
    cells = {name: _cell(value) for name, value in row.items()}
    cells |= {f"_gold.{question.name}": "" for question in design.questions}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([cells.keys(), cells.values()])
    return "\ufeff" + out.getvalue()  # so that spreadsheets take it for UTF-8


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def attachment(pieces: Any, name: str, content_type: str) -> StreamingHttpResponse:
    """A file to be saved."""
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
