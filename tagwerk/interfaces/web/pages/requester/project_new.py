"""A new project: from one's own rows, from a template, from a project file, or as a copy of an older one."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.accounts.rules import Actor, Permission, may, require
from tagwerk.domain.designs.rules.yaml_text import project_file_of, read_project_file
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import DESIGN, QUALITY, SAID_BY_A_FILE
from tagwerk.interfaces.web.choices import language_choices
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.examples import KINDS, example, examples
from tagwerk.interfaces.web.pages.requester.experts import file_for_experts
from tagwerk.interfaces.web.pages.requester.file_form import Draft, FileForm, preview, read_draft
from tagwerk.interfaces.web.pages.requester.file_text import plain_file
from tagwerk.interfaces.web.pages.requester.frame import Frame
from tagwerk.interfaces.web.pages.requester.project_import import ACCEPTED
from tagwerk.interfaces.web.pages.requester.setup_data import bring_in
from tagwerk.interfaces.web.pages.requester.starting import file_from_data, peek
from tagwerk.interfaces.web.posting import see_other

MOST_COPIED = 50  # older projects on offer
PICTURES = ("choice", "rating", "comparison", "text")


class DataForm(forms.Form):
    """A file of rows, and what is asked about each of them."""

    rows = forms.FileField(
        label=gettext_lazy("Your file"),
        help_text=gettext_lazy("CSV, JSONL, JSON or Parquet, one row per task. Drop it here or choose it."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "class": "drop"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you want to know about each row?"),
        choices=[
            ("choice", gettext_lazy("which class it belongs to")),
            ("rating", gettext_lazy("how good it is, in points")),
            ("comparison", gettext_lazy("which of two is better")),
            ("text", gettext_lazy("something that people write")),
        ],
        widget=forms.RadioSelect,
        initial="choice",
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the rows"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices()[1:]  # type: ignore[attr-defined]
        self.initial.setdefault("language", (get_language() or "en")[:2])


@requester_only
def project_new(request: ActorRequest) -> HttpResponseBase:
    """Begin a project; it is there at once, as a draft."""
    choices = organisations_to_order_for(request.actor)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do in BEGINNINGS:
        return BEGINNINGS[do](request, choices)
    if do in ("create", "preview"):
        return _from_file(request, choices)
    return _page(request, choices)


def organisations_to_order_for(actor: Actor) -> list[OrganisationView]:
    """The organisations in which the actor may make projects; refuses who may in none."""
    mine = accounts.organisations_of(actor)
    allowed = [one for one in mine if may(actor, one.id, Permission.PROJECT_MANAGE)]
    if not allowed:
        require(actor, mine[0].id, Permission.PROJECT_MANAGE)
    return allowed


def _from_data(request: ActorRequest, choices: list[OrganisationView]) -> HttpResponseBase:
    """From rows: the design shows what they hold, and they are its first tasks."""
    form = DataForm(request.POST, request.FILES)
    if form.is_valid():
        upload, organisation = form.cleaned_data["rows"], _chosen(request, choices)
        try:
            file = file_from_data(
                peek(upload), name=str(upload.name), kind=form.cleaned_data["kind"],
                language=form.cleaned_data["language"], currency=organisation.currency,
            )  # fmt: skip
            made = projects.create_project(
                actor=request.actor, organisation_id=organisation.id, file=file, prepared=()
            )
            bring_in(request, made, upload)
        except Refusal as refusal:
            form.add_error("rows", refusal_text(refusal))
        else:
            return see_other(Frame(request.actor, made).url("setup_data"))
    return _page(request, choices, data=form)


def _from_template(request: ActorRequest, choices: list[OrganisationView]) -> HttpResponseBase:
    kind, organisation = request.POST.get("template", ""), _chosen(request, choices)
    if kind not in KINDS:
        return _page(request, choices)
    text = example(kind).file.replace("currency: EUR", f"currency: {organisation.currency}")
    made = projects.create_project(
        actor=request.actor, organisation_id=organisation.id, file=read_project_file(text), prepared=()
    )
    return see_other(Frame(request.actor, made).url("setup_data"))


def _from_older(request: ActorRequest, choices: list[OrganisationView]) -> HttpResponseBase:
    """The same project once more, without its tasks."""
    try:
        wanted = row_number("prj", request.POST.get("project", ""))
        old = queries.project_for(request.actor, wanted, Permission.PROJECT_MANAGE)
        text = {**plain_file(old.file), "title": _("Copy of {title}").format(title=old.title)[:200]}
        made = projects.create_project(
            actor=request.actor,
            organisation_id=old.organisation_id,
            file=project_file_of(text),
            prepared=SAID_BY_A_FILE,
        )
    except Refusal as refusal:
        return _page(request, choices, refused=refusal_text(refusal))
    messages.success(request, _("The copy is there, without tasks."))
    return see_other(Frame(request.actor, made).url("setup_data"))


def _for_experts(request: ActorRequest, choices: list[OrganisationView]) -> HttpResponseBase:
    """The same questions for other people, about what is not certain in a project."""
    try:
        wanted = row_number("prj", request.POST.get("project", ""))
        source = queries.project_for(request.actor, wanted, Permission.PROJECT_MANAGE)
        made = projects.create_project(
            actor=request.actor,
            organisation_id=source.organisation_id,
            file=file_for_experts(source),
            prepared=(DESIGN, QUALITY),
        )
    except Refusal as refusal:
        return _page(request, choices, refused=refusal_text(refusal))
    messages.success(request, _("The draft is there. Choose the people and the pay, then launch it."))
    return see_other(Frame(request.actor, made).url("setup_people"))


def _from_file(request: ActorRequest, choices: list[OrganisationView]) -> HttpResponseBase:
    """From a whole project file, pasted or uploaded; every problem is named with its line."""
    draft = read_draft(request)
    if request.POST.get("do") == "create" and draft.file is not None and not draft.problems:
        try:
            made = projects.create_project(
                actor=request.actor, organisation_id=_chosen(request, choices).id, file=draft.file
            )
        except Refusal as refusal:
            draft.refuse(refusal)
        else:
            messages.success(request, _("The project is there, as a draft. Now bring in its tasks."))
            return see_other(Frame(request.actor, made).url("setup_data"))
    return _page(request, choices, draft=draft)


BEGINNINGS = {"data": _from_data, "template": _from_template, "copy": _from_older, "experts": _for_experts}


def _chosen(request: ActorRequest, choices: list[OrganisationView]) -> OrganisationView:
    wanted = request.POST.get("organisation") or request.GET.get("organisation") or ""
    number = row_number("org", wanted) if wanted else choices[0].id
    return next((one for one in choices if one.id == number), choices[0])


def _example(request: ActorRequest, organisation: OrganisationView) -> Draft:
    """What stands in the field for a project file: an example, to be changed."""
    kind = request.GET.get("example", "choice")
    chosen = example(kind if kind in KINDS else "choice")
    text = chosen.file.replace("currency: EUR", f"currency: {organisation.currency}")
    data = {name: value for name, value in chosen.rows[0].items() if not name.startswith("_")}
    return Draft(text, json.dumps(data, ensure_ascii=False), None, [])


def _older(request: ActorRequest, choices: list[OrganisationView]) -> list[ProjectView]:
    return queries.projects_of([one.id for one in choices], limit=MOST_COPIED)


def _page(
    request: ActorRequest,
    choices: list[OrganisationView],
    *,
    data: DataForm | None = None,
    draft: Draft | None = None,
    refused: str = "",
) -> HttpResponse:
    chosen = _chosen(request, choices)
    posted = draft is not None
    draft = draft or _example(request, chosen)
    shown = preview(draft) if posted else None
    wrong = refused or draft.problems or (data is not None and data.errors)
    by_kind = {one.kind: one for one in examples()}
    values = {
        "data": data or DataForm(),
        "form": draft.form(FileForm),
        "draft": draft,
        "file_open": posted or "example" in request.GET,
        "organisations": [(public_id("org", one.id), one.name) for one in choices] if len(choices) > 1 else [],
        "organisation": public_id("org", chosen.id),
        "templates": [
            {"kind": kind, "title": _(by_kind[kind].title), "lead": _(by_kind[kind].lead),
             "question": next(iter(read_project_file(by_kind[kind].file).ask.values())).label}
            for kind in PICTURES
        ],
        "older": _older(request, choices),
        "refused": refused,
        "preview": shown[0] if shown else None,
    }  # fmt: skip
    response = render(request, "pages/requester/project_new.html", values, status=422 if wrong else 200)
    return shown[1].let_in(request, response) if shown else response  # type: ignore[return-value]
