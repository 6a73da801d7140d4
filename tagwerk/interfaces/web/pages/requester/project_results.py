"""Results as they leave the house: the table, the exports, and the form for a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.vary import vary_on_headers

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.design import Question
from tagwerk.domain.exports import actions, queries
from tagwerk.domain.exports.queries import ExportView
from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.exports.rules.states import ExportState
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as quality_queries
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.formats import money_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.experts import unsure_of
from tagwerk.interfaces.web.pages.requester.frame import (
    RESULTS,
    Frame,
    framed,
    project_page,
    wants_fragment,
)
from tagwerk.interfaces.web.pages.requester.model_words import models_of
from tagwerk.interfaces.web.pages.requester.project_panels import result_plots
from tagwerk.interfaces.web.pages.requester.project_tasks import list_address
from tagwerk.interfaces.web.pages.requester.result_filters import HERE, ResultFilters
from tagwerk.interfaces.web.pages.requester.task_filters import cleaned_address
from tagwerk.interfaces.web.pages.requester.words import (
    EXPORT,
    Badge,
    answer_text,
    answers_count_text,
    badge,
    excerpt,
    reason_text,
)
from tagwerk.interfaces.web.posting import see_other

PAGE = 50
EXPORTS = 10
BUSY = (ExportState.WAITING, ExportState.RUNNING)
FORMATS = [
    ("jsonl", gettext_lazy("JSONL – everything, one task per line")),
    ("csv", gettext_lazy("CSV – for spreadsheets")),
    ("parquet", gettext_lazy("Parquet – for data frames")),
]
COMPARED = [("trl_preference", gettext_lazy("TRL preferences – prompt, chosen, rejected"))]
TRAINED = [("kto", gettext_lazy("KTO – prompt, completion, good or bad"))]


class ExportForm(forms.Form):
    """Which file is wanted."""

    format = forms.ChoiceField(label=gettext_lazy("Format"), widget=forms.RadioSelect, initial="jsonl")
    raw_answers = forms.BooleanField(
        label=gettext_lazy("Add every single answer with its weight, under the worker’s pseudonym"),
        required=False,
    )
    bom = forms.BooleanField(
        label=gettext_lazy("CSV: for Excel, which shows letters such as ü only with a mark at the beginning"),
        required=False,
    )
    min_confidence = forms.FloatField(
        label=gettext_lazy("Least certainty"),
        help_text=gettext_lazy("0 to 1. Training files leave out results less certain than this."),
        min_value=0,
        max_value=1,
        required=False,
    )
    question = forms.ChoiceField(
        label=gettext_lazy("Question to learn from"),
        help_text=gettext_lazy("Without one, the first that fits."),
        required=False,
    )
    completion = forms.CharField(
        label=gettext_lazy("KTO: column with the model’s answer"), max_length=200, required=False
    )
    desirable = forms.CharField(
        label=gettext_lazy("KTO: results that mean “good”"),
        help_text=gettext_lazy("Separated by commas; all others mean “bad”."),
        max_length=2000,
        required=False,
    )
    from_pairs = forms.BooleanField(
        label=gettext_lazy("KTO: make good and bad from a comparison"), required=False
    )
    margin = forms.BooleanField(
        label=gettext_lazy("Preferences: add how much better the chosen answer is"), required=False
    )

    def __init__(self, frame: Frame, *args: Any) -> None:
        super().__init__(*args)
        compared = [q for q in frame.design.questions if q.kind == "comparison"]
        formats: Any = self.fields["format"]
        formats.choices = [*FORMATS, *(COMPARED if compared else []), *TRAINED]
        questions: Any = self.fields["question"]
        questions.choices = [("", "–"), *((q.name, q.label) for q in frame.design.questions)]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self["format"], self["raw_answers"], self["bom"]]

    @property
    def training_fields(self) -> list[forms.BoundField]:
        names = ("min_confidence", "question", "completion", "desirable", "from_pairs", "margin")
        return [self[name] for name in names]

    def options(self) -> dict[str, Any]:
        """What was chosen, as the action takes it; what was left alone is left out."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "format" and value}
        if "desirable" in given:
            given["desirable"] = [one.strip() for one in given["desirable"].split(",") if one.strip()]
        return given

    def refuse(self, refusal: Refusal) -> None:
        """Say at its field what the action refused."""
        place = (refusal.path or "").rpartition(".")[2]
        self.add_error(place if place in self.fields else None, refusal_text(refusal))


@vary_on_headers("HX-Request")
@project_page(Permission.RESULT_EXPORT)
def project_results(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The results; a posted form starts an export. htmx asks for the exports alone, while one is being written."""
    if wants_fragment(request):
        return render(
            request, "pages/requester/_exports.html", {"project": frame.project, **_exports(request, frame)}
        )
    if request.POST.get("do") == "refit":
        quality.ask_refit(actor=request.actor, project_id=frame.project.id)
        messages.success(request, _("The models are fitted to all answers there are, which takes a moment."))
        return see_other(frame.url("project_results") + "#models")
    form = ExportForm(frame, request.POST) if request.method == "POST" else ExportForm(frame)
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.start_export(
                actor=request.actor,
                project_id=frame.project.id,
                format=form.cleaned_data["format"],
                options=form.options(),
                accept=request.POST.get("do") == "accept",
            )
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            form.refuse(refusal)
        else:
            return see_other(frame.url("project_export", exp=public_id("exp", number)))
    if request.method == "GET" and (address := cleaned_address(request)):
        return see_other(address + HERE)
    after = request.GET.get("after", "")
    filters = ResultFilters.of(request, frame)
    found = queries.find_tasks(
        request.actor,
        frame.project.id,
        filters.wanted,
        after=row_number("tsk", after) if after else 0,
        limit=PAGE,
    )
    shown = [one for one in frame.design.questions if filters.question in ("", one.name)]
    records = queries.records_numbered(frame.project, found.ids)
    values = framed(
        frame,
        RESULTS,
        form=form,
        **_exports(request, frame),
        plots=[] if after or filters.chips else result_plots(frame),
        models=[] if after or filters.chips else models_of(frame),
        unsure=unsure_of(frame) if not (after or filters.chips) else None,
        refit_waits=quality_queries.refit_waits(frame.project.id),
        questions=[question.label for question in shown],
        records=[_line(frame, shown, number, record) for number, record in records],
        filters=filters,
        searching=found.searching,
        older=list_address(request, found) + HERE if found.next_after is not None else "",
        first=list_address(request, None) + HERE,
        further=bool(after),
        accept_label=accept_words(frame),
    )
    return render(request, "pages/requester/project_results.html", values, status=422 if form.errors else 200)


def _exports(request: ActorRequest, frame: Frame) -> dict[str, Any]:
    """What was exported before, and from where the list looks again while one is being written."""
    found = queries.exports_of(request.actor, frame.project.id, limit=EXPORTS)
    busy = any(one.state in BUSY for one in found)
    return {"exports": [export_line(one) for one in found], "exports_url": request.path if busy else ""}


@dataclass(frozen=True)
class ExportLine:
    """An export in the list."""

    id: str
    view: ExportView
    state: Badge
    format: str

    @property
    def busy(self) -> bool:
        return self.view.state in BUSY

    @property
    def ready(self) -> bool:
        return self.view.state is ExportState.READY


def export_line(view: ExportView) -> ExportLine:
    """An export in words."""
    names = dict([*FORMATS, *COMPARED, *TRAINED])
    name = str(names.get(view.format, view.format)).partition(" – ")[0]
    return ExportLine(public_id("exp", view.id), view, badge(EXPORT, view.state), name)


@dataclass(frozen=True)
class RecordLine:
    """A record in the table."""

    id: str
    task: str  # the task's public id
    excerpt: str
    results: list[
        tuple[str, str, float | None, float | None]
    ]  # question, answer, how certain, how many agree
    answers: int
    gold: bool
    reason: str


def _line(frame: Frame, shown: Sequence[Question], number: int, record: Record) -> RecordLine:
    result, sure, agree = record["result"] or {}, record["confidence"] or {}, record["agreement"] or {}
    return RecordLine(
        id=str(record["_id"]),
        task=public_id("tsk", number),
        excerpt=excerpt(record["data"], 120),
        results=[
            (
                question.label,
                answer_text(frame.design, question, result.get(question.name)),
                sure.get(question.name),
                agree.get(question.name),
            )
            for question in shown
        ],
        answers=record["answers"],
        gold=record["gold"],
        reason=_reason(record["reason"]),
    )


def _reason(reason: str | None) -> str:
    """One code, or "question: code" for each, in words."""
    parts = [part.rpartition(": ") for part in (reason or "").split("; ") if part]
    return "; ".join(f"{name}{sign}{reason_text(code)}" for name, sign, code in parts)


def accept_words(frame: Frame) -> str:
    """What “accept and export” does, said on its button with the answers and their price; empty where none is left."""
    count, micros = work.to_accept(frame.project.id) if frame.may_review else (0, 0)
    if not count:
        return ""
    answers = answers_count_text(count)
    if not frame.project.paid:
        return _("Accept the rest and export ({answers})").format(answers=answers)
    if not frame.shows_money:
        return _("Accept the rest, pay and export ({answers})").format(answers=answers)
    price = money_text(micros, frame.project.currency)
    return _("Accept the rest, pay and export ({answers}, {price})").format(answers=answers, price=price)
