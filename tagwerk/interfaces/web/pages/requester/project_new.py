"""A new project: from an example or a file, checked line by line, looked at before it is made."""

import json

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.accounts.rules import Actor, Permission, may, require
from tagwerk.domain.projects import actions as projects
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.pages.requester.examples import KINDS, example, examples
from tagwerk.interfaces.web.pages.requester.file_form import Draft, FileForm, preview, read_draft
from tagwerk.interfaces.web.pages.requester.frame import ADD
from tagwerk.interfaces.web.posting import see_other


class NewForm(FileForm):
    """The file, and for whom the project is."""

    organisation = forms.CharField(label=gettext_lazy("Organisation"), required=False)
    field_order = ["organisation", "file", "upload", "row"]


@requester_only
def project_new(request: ActorRequest) -> HttpResponseBase:
    """Paste, upload or begin with an example; look at the task; make the project."""
    choices = organisations_to_order_for(request.actor)
    if request.method != "POST":
        return _page(request, choices, _example(request, choices[0]))
    draft = read_draft(request)
    if request.POST.get("do") == "create" and draft.file is not None and not draft.problems:
        chosen = _chosen(request, choices)
        try:
            made = projects.create_project(actor=request.actor, organisation_id=chosen.id, file=draft.file)
        except Refusal as refusal:
            draft.refuse(refusal)
        else:
            messages.success(request, _("The project is there, as a draft. Now bring in its tasks."))
            return see_other(reverse(ADD, kwargs={"prj": made.public_id}))
    return _page(request, choices, draft)


def organisations_to_order_for(actor: Actor) -> list[OrganisationView]:
    """The organisations in which the actor may make projects; refuses who may in none."""
    mine = accounts.organisations_of(actor)
    allowed = [one for one in mine if may(actor, one.id, Permission.PROJECT_MANAGE)]
    if not allowed:
        require(actor, mine[0].id, Permission.PROJECT_MANAGE)
    return allowed


def _chosen(request: ActorRequest, choices: list[OrganisationView]) -> OrganisationView:
    wanted = request.POST.get("organisation") or request.GET.get("organisation") or ""
    number = row_number("org", wanted) if wanted else choices[0].id
    return next((one for one in choices if one.id == number), choices[0])


def _example(request: ActorRequest, organisation: OrganisationView) -> Draft:
    kind = request.GET.get("example", "choice")
    chosen = example(kind if kind in KINDS else "choice")
    text = chosen.file.replace("currency: EUR", f"currency: {organisation.currency}")

    data = {name: value for name, value in chosen.rows[0].items() if not name.startswith("_")}
    return Draft(text, json.dumps(data, ensure_ascii=False), None, [])


def _page(request: ActorRequest, choices: list[OrganisationView], draft: Draft) -> HttpResponseBase:
    shown = preview(draft) if request.method == "POST" else None
    form = draft.form(NewForm)
    if len(choices) > 1:
        options = [(public_id("org", one.id), one.name) for one in choices]
        form.fields["organisation"] = forms.ChoiceField(label=_("Organisation"), choices=options)
        form.initial["organisation"] = public_id("org", _chosen(request, choices).id)
    else:
        del form.fields["organisation"]
    kind = request.GET.get("example", "choice")
    values = {
        "form": form,
        "draft": draft,
        "examples": [
            {"kind": one.kind, "title": _(one.title), "lead": _(one.lead), "current": one.kind == kind}
            for one in examples()
        ],
        "preview": shown[0] if shown else None,
    }
    response = render(
        request, "pages/requester/project_new.html", values, status=422 if draft.problems else 200
    )
    return shown[1].let_in(request, response) if shown else response
