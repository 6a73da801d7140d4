"""Who did what in an organisation, newest first."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.ids import public_id
from tagwerk.base.log import LoggedEvent, events_page
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import ROLES, translated
from tagwerk.interfaces.web.pages.requester.event_words import EVENTS
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.paging import cut, place

SHOWN = 50
BY_OPERATORS = {
    "MoneyDeposited",
    "MoneyRefunded",
    "OrganisationApproved",
    "OrganisationFeeChanged",
    "PriceAgreed",
}


@require_safe
@requester_only
def activity(request: ActorRequest, org: str) -> HttpResponseBase:
    """The log. Workers stay unnamed in it: only who is a member now is named."""
    view = organisation_in(request, org, Permission.PROJECT_MANAGE)
    filters = _Filters(request, view.id)
    found = events_page(
        view.id,
        before=place(request, "evt"),
        limit=SHOWN + 1,
        actor_id=filters.actor_id,
        project_id=filters.project_id,
    )
    page = cut(request, found, SHOWN, lambda event: public_id("evt", event.id))
    names = accounts.staff_names(view.id, _people(page.lines))
    titles = projects.titles_of({event.project_id for event in page.lines if event.project_id})
    lines = [_line(event, names, titles) for event in page.lines]
    values = frame(request, view, "organisation_activity") | {
        "page": page,
        "lines": lines,
        "filters": filters,
    }
    return render(request, "pages/requester/organisation_activity.html", values)


class _Filters(forms.Form):
    """By whom and in which project; what the address names and does not exist here is not asked."""

    use_required_attribute = False
    by = forms.ChoiceField(label=gettext_lazy("Who"))
    project = forms.ChoiceField(label=gettext_lazy("Project"))

    def __init__(self, request: ActorRequest, organisation_id: int) -> None:
        members = accounts.members_page(request.actor, organisation_id, limit=MOST_CHOICES)
        made = projects.projects_of([organisation_id], limit=MOST_CHOICES)
        people = {public_id("mbr", one.id): one for one in members}
        titles = {one.public_id: one for one in made}
        by, project = request.GET.get("by", ""), request.GET.get("project", "")
        self.actor_id = people[by].person_id if by in people else None
        self.project_id = titles[project].id if project in titles else None
        self.is_set = self.actor_id is not None or self.project_id is not None
        super().__init__(initial={"by": by, "project": project})
        everybody, every = ("", _("Everybody")), ("", _("All"))
        fields: Any = self.fields
        fields["by"].choices = [everybody, *((key, one.name) for key, one in people.items())]
        fields["project"].choices = [every, *((key, one.title) for key, one in titles.items())]


MOST_CHOICES = 100


def _people(events: Iterable[LoggedEvent]) -> set[int]:
    mentioned = {event.facts.get("person_id") for event in events} | {event.actor_id for event in events}
    return {person_id for person_id in mentioned if isinstance(person_id, int)}


def _line(event: LoggedEvent, names: dict[int, str], titles: dict[int, str]) -> dict[str, Any]:
    return {
        "at": event.happened_at,
        "who": _who(event, names),
        "what": translated(EVENTS[event.name]) if event.name in EVENTS else event.name,
        "whom": names.get(event.facts.get("person_id", 0), ""),
        "more": _more(event.facts),
        "project": public_id("prj", event.project_id) if event.project_id else "",
        "title": titles.get(event.project_id or 0, ""),
        "name": event.name,
    }


def _who(event: LoggedEvent, names: dict[int, str]) -> str:
    if event.actor_id is None:
        return _("the platform or a key")
    known = names.get(event.actor_id)
    return known or (_("an operator") if event.name in BY_OPERATORS else _("somebody who is no member"))


def _more(facts: dict[str, Any]) -> str:
    """Details that anybody who reads the log may know."""
    role = ROLES.get(str(facts.get("role")))
    return str(role[0]) if role else str(facts.get("what", ""))
