"""Teams of an organisation: its own ones, and those that follow from the roles."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import OrganisationView, TeamView
from tagwerk.domain.accounts.rules import LONGEST_TEAM_NAME, TEAMS, Permission, may, require
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as projects_queries
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import ROLES
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.paging import following, place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 100
DELETED = "deleted_team"  # in the session until the list has offered to undo it


class Naming(PageForm):
    """What a team is called; projects name it by its slug, so that one is given once."""

    name = forms.CharField(label=gettext_lazy("Name of the team"), max_length=LONGEST_TEAM_NAME)
    slug = forms.CharField(
        label=gettext_lazy("Name in project files"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Without one it is made from the name. It cannot be changed later."),
    )

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["slug"]


@requester_only
def teams(request: ActorRequest, org: str) -> HttpResponseBase:
    """The teams; owners make one here, and take back that they deleted one."""
    view = organisation_in(request, org, Permission.PROJECT_VIEW)
    if request.method == "POST":
        require(request.actor, view.id, Permission.TEAM_MANAGE)
    if token := request.POST.get("restore"):
        return _restore(request, view, org, token)
    form = Naming(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.create_team(
            actor=request.actor,
            organisation_id=view.id,
            name=given["name"],
            slug=given["slug"] or slugify(given["name"]),
        )
    ):
        slug = form.cleaned_data["slug"] or slugify(form.cleaned_data["name"])
        said = _("The team is made. Now choose who is in it.")
        return see_other("organisation_team", org, slug, said=said, request=request)
    values = frame(request, view, "organisation_teams") | {
        "teams": queries.teams_of(request.actor, view.id),
        "by_role": [(name, _role_words(roles)) for name, roles in TEAMS.items()],
        "manages": may(request.actor, view.id, Permission.TEAM_MANAGE),
        "deleted": request.session.pop(DELETED, None),
        "form": form,
    }
    return page_with_form(request, "pages/requester/organisation_teams.html", values)


@requester_only
def team(request: ActorRequest, org: str, team: str) -> HttpResponseBase:
    """One team: who is in it; each of its forms names itself in `what`."""
    view = organisation_in(request, org, Permission.PROJECT_VIEW)
    found = queries.team_for(request.actor, view.id, team)
    if request.method != "POST":
        return _page(request, view, found)
    require(request.actor, view.id, Permission.TEAM_MANAGE)
    what = request.POST.get("what", "")
    if what not in _POSTS:
        raise NotFound("page_not_found", "There is nothing here.")
    return _POSTS[what](request, view, found)


def _change_members(request: ActorRequest, view: OrganisationView, found: TeamView) -> HttpResponseBase:
    """Of those whom the page showed; who is not on it stays as they are."""
    shown, inside = (
        {row_number("mbr", one) for one in request.POST.getlist(name)} for name in ("shown", "inside")
    )
    members = queries.members_page(request.actor, view.id, after=place(request, "mbr") or 0, limit=SHOWN)
    people = {one.id: one.person_id for one in members if one.id in shown}
    changed = accounts.change_team_members(
        actor=request.actor,
        organisation_id=view.id,
        slug=found.slug,
        add=[person for number, person in people.items() if number in inside],
        remove=[person for number, person in people.items() if number not in inside],
    )
    for person_id in changed:
        work.refresh_enrolments(person_id=person_id)  # it counts from the next task on
    said = _("Saved. It counts from the next task on.") if changed else _("Nothing was changed.")
    return see_other(request.get_full_path(), said=said, request=request)


def _rename(request: ActorRequest, view: OrganisationView, found: TeamView) -> HttpResponseBase:
    form = Naming(request.POST, is_new=False)
    if form.carry_out(
        lambda given: accounts.rename_team(
            actor=request.actor, organisation_id=view.id, slug=found.slug, name=given["name"]
        )
    ):
        return see_other(request.path, said=_("Saved."), request=request)
    return _page(request, view, found, form=form)


def _delete(request: ActorRequest, view: OrganisationView, found: TeamView) -> HttpResponseBase:
    people = sorted(queries.team_members(request.actor, view.id, found.slug))
    form = PageForm(request.POST)
    if not form.carry_out(
        lambda _given: projects.delete_team(actor=request.actor, organisation_id=view.id, slug=found.slug)
    ):
        return _page(request, view, found, delete_form=form)
    token = signing.dumps([view.id, found.slug, found.name, people], salt=DELETED)
    request.session[DELETED] = {"name": found.name, "token": token}
    return see_other("organisation_teams", public_id("org", view.id))


_POSTS = {"members": _change_members, "rename": _rename, "delete": _delete}


def _restore(request: ActorRequest, view: OrganisationView, org: str, token: str) -> HttpResponseBase:
    """Make a deleted team again, of those who are still members."""
    try:
        organisation_id, slug, name, people = signing.loads(token, salt=DELETED)
    except signing.BadSignature:
        raise NotFound("page_not_found", "There is nothing here.") from None
    if organisation_id != view.id:
        raise NotFound("page_not_found", "There is nothing here.")
    accounts.create_team(actor=request.actor, organisation_id=view.id, slug=slug, name=name)
    still = queries.staff_names(view.id, people)
    accounts.change_team_members(actor=request.actor, organisation_id=view.id, slug=slug, add=still.keys())
    said = _("The team “{name}” is there again.").format(name=name)
    return see_other("organisation_teams", org, said=said, request=request)


def _page(request: ActorRequest, view: OrganisationView, found: TeamView, **given: Any) -> HttpResponseBase:
    members = queries.members_page(request.actor, view.id, after=place(request, "mbr") or 0, limit=SHOWN + 1)
    page = following(request, members, SHOWN, lambda member: public_id("mbr", member.id))
    inside = queries.team_members(request.actor, view.id, found.slug)
    options = [
        {
            "value": public_id("mbr", one.id), "label": one.name, "text": one.email,
            "aside": ROLES[one.role][0], "checked": one.person_id in inside,
        }
        for one in page.lines
    ]  # fmt: skip
    values = frame(request, view, "organisation_teams") | {
        "team": found,
        "page": page,
        "options": options,
        "people": sorted(queries.staff_names(view.id, inside).values(), key=str.casefold),
        "titles": projects_queries.titles_for_team(view.id, found.slug),
        "manages": may(request.actor, view.id, Permission.TEAM_MANAGE),
        "form": Naming(initial={"name": found.name}, is_new=False),
    }
    return page_with_form(request, "pages/requester/organisation_team.html", values | given)


def _role_words(roles: Collection[str]) -> str:
    if len(roles) == len(ROLES):
        return _("everybody here")
    return ", ".join(str(label) for role, (label, _says) in ROLES.items() if role in roles)
