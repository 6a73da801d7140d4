"""A new version of the project file: checked, compared with the present one, looked at, saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import Refusal
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.work import actions as work_actions
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.file_form import Draft, preview, read_draft
from tagwerk.interfaces.web.pages.requester.file_text import kept_form, text_of
from tagwerk.interfaces.web.pages.requester.frame import FILE, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.project_file import differences
from tagwerk.interfaces.web.posting import see_other


@project_page(Permission.PROJECT_MANAGE)
def project_revise(request: ActorRequest, frame: Frame) -> HttpResponseBase:
    """A new version: looked at, then saved; what answers rest on cannot change."""
    has_answers = work.has_answers(frame.project.id)
    draft = (
        read_draft(request) if request.method == "POST" else Draft(text_of(frame.project.file), "", None, [])
    )
    if request.POST.get("do") == "save" and draft.file is not None and not draft.problems:
        try:
            made = work_actions.revise(actor=request.actor, project_id=frame.project.id, file=draft.file)
        except Refusal as refusal:
            draft.refuse(refusal)
        else:
            work_actions.ask_consent_again(project_id=made.id)
            changed = made.version != frame.project.version
            messages.success(
                request, _("The new version is saved.") if changed else _("Nothing has changed.")
            )
            return see_other(frame.url(FILE))
    shown = preview(draft, frame.project.id) if request.method == "POST" else None
    values: dict[str, Any] = framed(
        frame,
        FILE,
        draft=draft,
        form=draft.form(),
        has_answers=has_answers,
        preview=shown[0] if shown else None,
        difference=differences(text_of(frame.project.file), text_of(kept_form(draft.file)))
        if draft.file
        else [],
    )
    response = render(
        request, "pages/requester/project_revise.html", values, status=422 if draft.problems else 200
    )
    return shown[1].let_in(request, response) if shown else response
