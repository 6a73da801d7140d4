"""Where one can go: the three groups of pages and their entries, one line each."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.accounts.rules import Actor


@dataclass(frozen=True)
class Group:
    """Pages of one role: the word on the switch, where its pages live, and its entries (label, URL name)."""

    name: str
    label: str
    folders: tuple[str, ...]
    entries: tuple[tuple[str, str], ...]


GROUPS = (
    Group(
        "worker",
        gettext_noop("Work"),
        ("/work/",),
        (
            (gettext_noop("Available work"), "work"),
            (gettext_noop("My work"), "my_work"),
            (gettext_noop("Earnings"), "earnings"),
            (gettext_noop("Qualifications"), "my_qualifications"),
        ),
    ),
    Group(
        "requester",
        gettext_noop("Order"),
        ("/projects/", "/organisation/"),
        (
            (gettext_noop("Projects"), "projects"),
            (gettext_noop("Organisation"), "organisations"),
        ),
    ),
    Group(
        "operator",
        gettext_noop("Operate"),
        ("/operator/",),
        (
            (gettext_noop("Overview"), "operator"),
            (gettext_noop("People"), "operator_people"),
            (gettext_noop("Organisations"), "operator_organisations"),
            (gettext_noop("Deposits"), "operator_deposits"),
            (gettext_noop("Late answers"), "operator_late"),
            (gettext_noop("Qualifications"), "operator_qualifications"),
            (gettext_noop("Jobs"), "operator_jobs"),
            (gettext_noop("Log"), "operator_audit"),
            (gettext_noop("Settings"), "operator_settings"),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Navigation:
    """What the head of a page shows: the switch between roles and the entries of the group one is in."""

    roles: list[Link]
    entries: list[Link]
    group: str


def navigation(request: HttpRequest, actor: Actor | None) -> Navigation:
    """The navigation of this person on this page."""
    if actor is None:
        return Navigation([], [], "")
    open_groups = [group for group in GROUPS if _open_to(group, actor)]
    here = next((g for g in open_groups if request.path.startswith(g.folders)), None)
    roles = [
        Link(_(group.label), links[0].href, group is here)
        for group in open_groups
        if (links := list(_links(group, request.path)))
    ]
    return Navigation(
        roles if len(roles) > 1 else [],
        list(_links(here, request.path)) if here else [],
        here.name if here else "",
    )


def _open_to(group: Group, actor: Actor) -> bool:
    return {"worker": True, "requester": bool(actor.roles), "operator": actor.is_operator}[group.name]


def _links(group: Group, path: str) -> Iterator[Link]:
    """The entries that this instance has; the longest address that the page lies under is the current one."""
    found = []
    for label, name in group.entries:
        try:
            found.append((_(label), reverse(name)))
        except NoReverseMatch:
            continue
    inside = [href for _label, href in found if path.startswith(href)]
    current = max(inside, key=len, default=None)
    yield from (Link(label, href, href == current) for label, href in found)
