"""The projects of the visitor's organisations: state, progress, spending."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, may
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Progress
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.pages.requester.frame import Frame
from tagwerk.interfaces.web.pages.requester.setup_frame import continue_at, step_label

PAGE = 20


@dataclass(frozen=True)
class Line:
    """A project in the list; `organisation` only where there are several."""

    frame: Frame
    progress: Progress
    organisation: str

    @property
    def step(self) -> str:
        """The step at which a draft's set-up goes on; "" where nothing is to be set up."""
        if self.frame.project.state is not State.DRAFT or not self.frame.may_manage:
            return ""
        return continue_at(self.frame.project, bool(self.progress.tasks))

    @property
    def continue_label(self) -> str:
        return _("Go on at “{step}”").format(step=step_label(self.step))

    @property
    def continue_href(self) -> str:
        return self.frame.url(f"setup_{self.step}")


@requester_only
def project_list(request: ActorRequest) -> HttpResponse:
    """Own projects, the newest first; the archived ones apart."""
    mine = accounts.organisations_of(request.actor)
    chosen = _chosen(request)
    archived = request.GET.get("show") == "archived"
    ids = [one.id for one in mine if chosen in (None, one.id)]
    found = projects.projects_of(ids, before=_before(request), limit=PAGE + 1, archived=archived)
    names = {one.id: one.name for one in mine} if len(mine) > 1 else {}
    progress = work.progress_of([one.id for one in found[:PAGE]])
    lines = [
        Line(Frame(request.actor, one), progress[one.id], names.get(one.organisation_id, ""))
        for one in found[:PAGE]
    ]
    values = {
        "lines": lines,
        "archived": archived,
        "filtered": chosen is not None or "before" in request.GET,
        "may_create": any(may(request.actor, one.id, Permission.PROJECT_MANAGE) for one in mine),
        "shows_money": any(line.frame.shows_money for line in lines),
        "waiting": [one.name for one in mine if one.approved_at is None],
        "tabs": _tabs(archived, chosen),
        "organisations": _organisations(request.actor, names, chosen, archived),
        "older": _address(archived, chosen, found[PAGE - 1].public_id) if len(found) > PAGE else "",
    }
    return render(request, "pages/requester/projects.html", values)


def _chosen(request: ActorRequest) -> int | None:
    """The organisation in the address; one that is not the visitor's does not exist."""
    public = request.GET.get("organisation")
    if not public:
        return None
    number = row_number("org", public)
    if number not in request.actor.roles:
        raise NotFound("organisation_not_found", "There is no such organisation.")
    return number


def _before(request: ActorRequest) -> int | None:
    public = request.GET.get("before")
    return row_number("prj", public) if public else None


def _tabs(archived: bool, chosen: int | None) -> list[dict[str, Any]]:
    return [
        {"label": _("Current"), "href": _address(False, chosen), "current": not archived},
        {"label": _("Archived"), "href": _address(True, chosen), "current": archived},
    ]


def _organisations(
    actor: Actor, names: dict[int, str], chosen: int | None, archived: bool
) -> list[dict[str, Any]]:
    """What can be chosen from where somebody orders for several organisations."""
    if not names:
        return []
    every = {"label": _("All organisations"), "href": _address(archived, None), "current": chosen is None}
    return [every] + [
        {"label": name, "href": _address(archived, number), "current": number == chosen}
        for number, name in names.items()
    ]


def _address(archived: bool, organisation: int | None, before: str = "") -> str:
    given = {
        "show": "archived" if archived else "",
        "organisation": public_id("org", organisation) if organisation is not None else "",
        "before": before,
    }
    return "?" + urlencode({name: value for name, value in given.items() if value})
