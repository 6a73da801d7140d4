"""Where one can go: the groups of pages and their entries, one line each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor


class Entry(NamedTuple):
    """A page of the navigation: its label, the name of its address, and its icon (on phones, in the palette)."""

    label: str
    address: str
    icon: str = "dot"


@dataclass(frozen=True)
class Group:
    """Pages of one role: the word on the switch, where its pages live, and its entries."""

    name: str
    label: str
    folders: tuple[str, ...]
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        "worker",
        gettext_noop("Work"),
        ("/work/",),
        (
            Entry(gettext_noop("Today"), "work", icon="sun"),
            Entry(gettext_noop("Available work"), "work_list", icon="briefcase"),
            Entry(gettext_noop("My work"), "my_work", icon="card-checklist"),
            Entry(gettext_noop("Earnings"), "earnings", icon="wallet2"),
            Entry(gettext_noop("Qualifications"), "my_qualifications", icon="patch-check"),
        ),
    ),
    Group(
        "requester",
        gettext_noop("Order"),
        ("/projects/", "/organisation/"),
        (
            Entry(gettext_noop("Projects"), "projects", icon="collection"),
            Entry(gettext_noop("Organisation"), "organisations", icon="building"),
        ),
    ),
    Group(
        "operator",
        gettext_noop("Operate"),
        ("/operator/",),
        (
            Entry(gettext_noop("Overview"), "operator", icon="speedometer2"),
            Entry(gettext_noop("People"), "operator_people", icon="people"),
            Entry(gettext_noop("Organisations"), "operator_organisations", icon="buildings"),
            Entry(gettext_noop("Deposits"), "operator_deposits", icon="piggy-bank"),
            Entry(gettext_noop("Bank"), "operator_bank", icon="bank"),
            Entry(gettext_noop("Payout runs"), "operator_runs", icon="wallet2"),
            Entry(gettext_noop("Invoices"), "operator_invoices", icon="receipt"),
            Entry(gettext_noop("Company"), "operator_company", icon="building-check"),
            Entry(gettext_noop("Second person"), "operator_decisions", icon="people-fill"),
            Entry(gettext_noop("Late answers"), "operator_late", icon="hourglass-split"),
            Entry(gettext_noop("Qualifications"), "operator_qualifications", icon="patch-check"),
            Entry(gettext_noop("Minimum wages"), "operator_wages", icon="cash-coin"),
            Entry(gettext_noop("Jobs"), "operator_jobs", icon="gear"),
            Entry(gettext_noop("Log"), "operator_audit", icon="journal-text"),
            Entry(gettext_noop("Settings"), "operator_settings", icon="sliders"),
        ),
    ),
)
HOME = ("requester", "operator", "worker")  # whose pages one sees around pages of no role, such as the inbox


@dataclass(frozen=True)
class Link:
    """A way to a page, as the head shows it."""

    label: str
    href: str
    current: bool
    icon: str = ""


@dataclass(frozen=True)
class Navigation:
    """What the head of a page shows: the switch between roles, the entries of the group one is in, and for whom
    one orders there."""

    roles: list[Link]
    entries: list[Link]
    group: str
    organisations: list[Link]

    @property
    def organisation(self) -> str:
        """The name of the organisation whose pages one is on, where the address says so."""
        return next((link.label for link in self.organisations if link.current), "")


def navigation(request: HttpRequest, actor: Actor | None) -> Navigation:
    """The navigation of this person on this page."""
    if actor is None:
        return Navigation([], [], "", [])
    mine = groups_of(actor)
    here = next((g for g in mine if request.path.startswith(g.folders)), None) or next(
        group for name in HOME for group in mine if group.name == name
    )
    roles = [
        Link(_(group.label), links[0].href, group is here)
        for group in mine
        if (links := list(links_of(group, request.path)))
    ]
    return Navigation(
        roles if len(roles) > 1 else [],
        list(links_of(here, request.path)),
        here.name,
        _organisations(request, actor) if here.name == "requester" else [],
    )


def groups_of(actor: Actor) -> list[Group]:
    """The groups of pages that are open to somebody."""
    open_to = {"worker": True, "requester": bool(actor.roles), "operator": actor.is_operator}
    return [group for group in GROUPS if open_to[group.name]]


def links_of(group: Group, path: str) -> Iterator[Link]:
    """The entries that this instance has; the longest address that the page lies under is the current one."""
    found = []
    for label, address, icon in map(_entry, group.entries):
        try:
            found.append((_(label), reverse(address), icon))
        except NoReverseMatch:
            continue
    inside = [href for _label, href, _icon in found if path.startswith(href)]
    current = max(inside, key=len, default=None)
    yield from (Link(label, href, href == current, icon) for label, href, icon in found)


def _entry(entry: tuple[str, ...]) -> Entry:
    return Entry(*entry)


def _organisations(request: HttpRequest, actor: Actor) -> list[Link]:
    """For whom the person orders; the one whose pages these are is the current one."""
    names = accounts.organisation_names(actor.roles)
    found = []
    for number, name in sorted(names.items(), key=lambda pair: pair[1].casefold()):
        href = reverse("organisation", kwargs={"org": public_id("org", number)})
        found.append(Link(name, href, request.path.startswith(href)))
    return found
