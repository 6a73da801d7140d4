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


class Shelf(NamedTuple):
    """Pages that are one entry of the head, and tabs on each other's pages."""

    label: str
    icon: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Group:
    """Pages of one role: the word on the switch, where its pages live, and its entries."""

    name: str
    label: str
    folders: tuple[str, ...]
    entries: tuple[Entry | Shelf, ...]


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
            Shelf(
                gettext_noop("Money"),
                "wallet2",
                (
                    Entry(gettext_noop("Payout runs"), "operator_runs", icon="wallet2"),
                    Entry(gettext_noop("Bank"), "operator_bank", icon="bank"),
                    Entry("PayPal", "operator_paypal", icon="paypal"),
                    Entry(gettext_noop("Deposits"), "operator_deposits", icon="piggy-bank"),
                    Entry(gettext_noop("Invoices"), "operator_invoices", icon="receipt"),
                    Entry(gettext_noop("Corrections"), "operator_corrections", icon="arrow-counterclockwise"),
                    Entry(gettext_noop("Company"), "operator_company", icon="building-check"),
                    Entry(gettext_noop("Minimum wages"), "operator_wages", icon="cash-coin"),
                ),
            ),
            Entry(gettext_noop("Second person"), "operator_decisions", icon="people-fill"),
            Entry(gettext_noop("Late answers"), "operator_late", icon="hourglass-split"),
            Entry(gettext_noop("Qualifications"), "operator_qualifications", icon="patch-check"),
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
    shelf: str = ""  # the entry of the head whose pages these are, where it has several …
    tabs: tuple[Link, ...] = ()  # … and they themselves

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
    heads = list(_heads(here, request.path))
    shelf, tabs = next(((link.label, tabs) for link, tabs in heads if tabs and link.current), ("", ()))
    return Navigation(
        roles if len(roles) > 1 else [],
        [link for link, _tabs in heads],
        here.name,
        _organisations(request, actor) if here.name == "requester" else [],
        shelf,
        tabs,
    )


def groups_of(actor: Actor) -> list[Group]:
    """The groups of pages that are open to somebody."""
    open_to = {"worker": True, "requester": bool(actor.roles), "operator": actor.is_operator}
    return [group for group in GROUPS if open_to[group.name]]


def links_of(group: Group, path: str) -> Iterator[Link]:
    """All pages of a group that this instance has, those of shelves too; the longest address that the page lies under
    is the current one."""
    found = []
    for entry in _flat(group):
        try:
            found.append((_(entry.label), reverse(entry.address), entry.icon))
        except NoReverseMatch:
            continue
    inside = [href for _label, href, _icon in found if path.startswith(href)]
    current = max(inside, key=len, default=None)
    yield from (Link(label, href, href == current, icon) for label, href, icon in found)


def _flat(group: Group) -> Iterator[Entry]:
    for entry in group.entries:
        yield from entry.entries if isinstance(entry, Shelf) else (entry,)


def _heads(group: Group, path: str) -> Iterator[tuple[Link, tuple[Link, ...]]]:
    """What the head shows: each page, and each shelf as one entry that leads to its first page, with its pages."""
    links = {link.label: link for link in links_of(group, path)}
    for entry in group.entries:
        if isinstance(entry, Shelf):
            tabs = tuple(links[_(one.label)] for one in entry.entries if _(one.label) in links)
            if tabs:
                current = any(tab.current for tab in tabs)
                yield Link(_(entry.label), tabs[0].href, current, entry.icon), tabs
        elif _(entry.label) in links:
            yield links[_(entry.label)], ()


def _organisations(request: HttpRequest, actor: Actor) -> list[Link]:
    """For whom the person orders; the one whose pages these are is the current one."""
    names = accounts.organisation_names(actor.roles)
    found = []
    for number, name in sorted(names.items(), key=lambda pair: pair[1].casefold()):
        href = reverse("organisation", kwargs={"org": public_id("org", number)})
        found.append(Link(name, href, request.path.startswith(href)))
    return found
