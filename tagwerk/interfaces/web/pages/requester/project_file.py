"""The project file: as it is, as it was, and what each version changed."""

import difflib
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects import queries
from tagwerk.domain.projects.queries import VersionView
from tagwerk.domain.projects.rules import State
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.file_text import text_of
from tagwerk.interfaces.web.pages.requester.frame import FILE, Frame, framed, project_page

SIGNS = {"+": "added", "-": "removed", "@": "place"}


@project_page(Permission.PROJECT_VIEW)
def project_file(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The current file, its versions, and the difference that one of them made."""
    versions = queries.versions_of(frame.project.id)
    chosen = _chosen(request, versions)
    before = next((one for one in versions if one.number == chosen.number - 1), None)
    values = framed(
        frame,
        FILE,
        versions=versions,
        chosen=chosen,
        text=text_of(chosen.file),
        difference=differences(text_of(before.file), text_of(chosen.file)) if before else [],
        may_revise=frame.may_manage and frame.project.state is not State.ARCHIVED,
    )
    return render(request, "pages/requester/project_file.html", values)


def _chosen(request: ActorRequest, versions: list[VersionView]) -> VersionView:
    """The version in the address; without one, the newest."""
    text = request.GET.get("version", "")
    if not text:
        return versions[0]
    for one in versions:
        if str(one.number) == text:
            return one
    raise NotFound("version_not_found", "There is no such version of the project file.")


@dataclass(frozen=True)
class Line:
    """A line of a difference: added, removed, a place, or the same."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Line]:
    """What has changed, with three lines around it; nothing where the two are the same."""
    found = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))[2:]
    return [Line(SIGNS.get(line[:1], "same"), line if line.startswith("@") else line[1:]) for line in found]
