"""One search for all that somebody can go to: pages, projects, tasks, people. The palette (Ctrl+K) asks it too."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.layout.navigation import groups_of, links_of

LONGEST = 200
MOST = 6  # of each kind; who looks for more looks into the list of that kind


@dataclass(frozen=True)
class Hit:
    """Something found: its name, a word about it, and the way there."""

    label: str
    note: str
    href: str
    icon: str


@signed_in
def search(request: ActorRequest) -> HttpResponse:
    """What was found, as a page, or only the list for the palette."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    kinds = [(label, hits) for label, find in KINDS if (hits := find(request.actor, text))]
    number = sum(len(hits) for _label, hits in kinds)
    values = {"text": text, "kinds": [(str(label), hits) for label, hits in kinds], "number": number}
    name = "search_hits" if "X-Palette" in request.headers else "search"
    return render(request, f"pages/public/{name}.html", values)


def _pages(actor: Actor, text: str) -> list[Hit]:
    """Pages of the navigation, whose label holds all the words; without words, all of them."""
    words = text.casefold().split()
    ways = [
        Hit(link.label, _(group.label), link.href, link.icon)
        for group in groups_of(actor)
        for link in links_of(group, "")
    ]
    ways += [
        Hit(_("Inbox"), _("You"), reverse("inbox"), "bell"),
        Hit(_("Profile"), _("You"), reverse("profile"), "person"),
    ]
    return [way for way in ways if all(word in f"{way.label} {way.note}".casefold() for word in words)]


def _projects(actor: Actor, text: str) -> list[Hit]:
    return [
        Hit(project.title, _("Project"), reverse("project", kwargs={"prj": project.public_id}), "collection")
        for project in projects.projects_found(actor, text, limit=MOST)
    ]


def _tasks(actor: Actor, text: str) -> list[Hit]:
    return [
        Hit(
            task.external_id or public_id("tsk", task.id),
            task.project_title,
            reverse(
                "project_task",
                kwargs={"prj": public_id("prj", task.project_id), "tsk": public_id("tsk", task.id)},
            ),
            "file-text",
        )
        for task in work.tasks_found(actor, text, limit=MOST)
    ]


def _people(actor: Actor, text: str) -> list[Hit]:
    """Members of one's organisations; for operators all people."""
    if not text:
        return []
    if actor.is_operator:
        return [
            Hit(
                person.display_name or person.email,
                person.email,
                reverse("operator_person", args=[public_id("per", person.id)]),
                "person",
            )
            for person in accounts.people_page(actor, search=text, limit=MOST)
        ]
    return [
        Hit(
            member.name,
            f"{member.email} · {member.organisation}",
            reverse("organisation_members", kwargs={"org": public_id("org", member.organisation_id)}),
            "person",
        )
        for member in accounts.members_found(actor, text, limit=MOST)
    ]


def _organisations(actor: Actor, text: str) -> list[Hit]:
    """One's own; for operators all."""
    if not text:
        return []
    if actor.is_operator:
        page, found = "operator_organisation", accounts.organisations_found(actor, text, limit=MOST)
    else:
        page = "organisation"
        mine = {one.id: one.name for one in accounts.organisations_of(actor)}
        found = {number: name for number, name in mine.items() if text.casefold() in name.casefold()}
    return [
        Hit(name, _("Organisation"), reverse(page, kwargs={"org": public_id("org", number)}), "buildings")
        for number, name in list(found.items())[:MOST]
    ]


# Kind → how it is found; each asks the database at most once.
KINDS: tuple[tuple[Promise, Callable[[Actor, str], list[Hit]]], ...] = (
    (gettext_lazy("Projects"), _projects),
    (gettext_lazy("Tasks"), _tasks),
    (gettext_lazy("People"), _people),
    (gettext_lazy("Organisations"), _organisations),
    (gettext_lazy("Pages"), _pages),
)
