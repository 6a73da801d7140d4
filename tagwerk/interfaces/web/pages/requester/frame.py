"""What all pages of a project share: the gate, the tabs, and what the visitor may do there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.accounts.rules import Actor, Permission, may
from tagwerk.domain.community import queries as community
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Figures
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest, View, signed_in
from tagwerk.interfaces.web.pages.requester.words import PROJECT, Badge, badge

OVERVIEW, TASKS, ADD, REVIEW, PEOPLE, GOLD, RESULTS, THREADS, FILE = (
    "project",
    "project_tasks",
    "project_import",
    "project_review",
    "project_people",
    "project_gold",
    "project_results",
    "project_threads",
    "project_file",
)
TABS = (
    (OVERVIEW, gettext_noop("Overview"), Permission.PROJECT_VIEW),
    (ADD, gettext_noop("Add tasks"), Permission.PROJECT_MANAGE),
    (TASKS, gettext_noop("Tasks"), Permission.PROJECT_VIEW),
    (REVIEW, gettext_noop("Review"), Permission.ANSWER_REVIEW),
    (PEOPLE, gettext_noop("People"), Permission.ANSWER_REVIEW),
    (GOLD, gettext_noop("Gold"), Permission.ANSWER_REVIEW),
    (RESULTS, gettext_noop("Results"), Permission.RESULT_EXPORT),
    (THREADS, gettext_noop("Messages"), Permission.PROJECT_VIEW),
    (FILE, gettext_noop("Project file"), Permission.PROJECT_VIEW),
)


@dataclass(frozen=True)
class Frame:
    """A project on its pages, as this visitor may see it."""

    actor: Actor
    project: ProjectView

    def may(self, permission: Permission) -> bool:
        """Whether the visitor's role in the project's organisation allows this."""
        return may(self.actor, self.project.organisation_id, permission)

    @property
    def may_manage(self) -> bool:
        return self.may(Permission.PROJECT_MANAGE)

    @property
    def may_review(self) -> bool:
        return self.may(Permission.ANSWER_REVIEW)

    @property
    def may_export(self) -> bool:
        return self.may(Permission.RESULT_EXPORT)

    @property
    def shows_money(self) -> bool:
        """Nothing about money in unpaid projects, nor to roles that it does not concern."""
        return self.project.paid and self.may(Permission.MONEY_VIEW)

    @property
    def takes_tasks(self) -> bool:
        return self.project.state not in (State.FINISHED, State.ARCHIVED)

    @property
    def state(self) -> Badge:
        return badge(PROJECT, self.project.state)

    @cached_property
    def design(self) -> DesignView:
        return designs.design(self.project.design_id)

    @cached_property
    def figures(self) -> Figures:
        """How far the project is."""
        return quality.figures(self.project.id, now=timezone.now())

    @cached_property
    def spending(self) -> work.Spending:
        """What was put in, is set aside and was spent."""
        return work.spending(self.project)

    @cached_property
    def works_here(self) -> bool:
        """Whether the visitor works on the project themselves, and so sees no tasks and no answers of others."""
        return work.works_among_members(self.actor, self.project)

    def url(self, name: str, **more: str) -> str:
        """The address of a page of this project."""
        return reverse(name, kwargs={"prj": self.project.public_id, **more})

    def tabs(self, current: str) -> list[dict[str, Any]]:
        """The pages of the project that this visitor may open; drafts have nothing to review or to read yet."""
        wanted = [
            (name, label)
            for name, label, permission in TABS
            if (permission is Permission.PROJECT_VIEW or self.may(permission))
            and (name != ADD or self.takes_tasks)
            and (name not in (TASKS, REVIEW, PEOPLE, GOLD, RESULTS, THREADS) or not self.works_here)
        ]
        draft = self.project.state is State.DRAFT
        unread = community.unread_threads(self.project.id)
        return [
            {
                "label": _("Set up") if name == ADD and draft else _(label),
                "href": self.url("setup") if name == ADD and draft else self.url(name),
                "current": name == current,
                "count": unread if name == THREADS and unread else None,
            }
            for name, label in wanted
        ]


ProjectPage = Callable[..., HttpResponseBase]


def project_page(permission: Permission) -> Callable[[ProjectPage], View]:
    """A page of a project: the view gets its frame, if the visitor's role allows this; else it does not exist."""

    def guard(page: ProjectPage) -> View:
        @wraps(page)
        def guarded(request: ActorRequest, /, *args: Any, prj: str, **kwargs: Any) -> HttpResponseBase:
            project = projects.project_for(request.actor, prj, permission)
            return page(request, Frame(request.actor, project), *args, **kwargs)

        return signed_in(guarded)

    return guard


def framed(frame: Frame, current: str, **values: Any) -> dict[str, Any]:
    """What the templates below `_project.html` need, and the page's own values."""
    return {"frame": frame, "project": frame.project, "tabs": frame.tabs(current), **values}


def wants_fragment(request: ActorRequest) -> bool:
    """Whether htmx asks, for only what may have changed: a whole page would bring its scripts along."""
    return "HX-Request" in request.headers
