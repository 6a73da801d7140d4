"""Teams: some of the organisation's members, for whom a project can be."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.text import slugify
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import row_number
from tagwerk.domain.accounts import actions, queries
from tagwerk.domain.accounts.rules import LONGEST_TEAM_NAME, Permission
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking
from tagwerk.interfaces.api.members import MemberOut, member_out
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.shapes import Body

router = Router(tags=["teams"])
VIEW = Key(Permission.PROJECT_VIEW)
MANAGE = Key(Permission.TEAM_MANAGE)


class TeamOut(BaseModel):
    """A team."""

    slug: str = Field(description="What project files write: `audience: {team: …}`")
    name: str
    members: int = Field(description="How many are in it")


class TeamIn(Body):
    """A team to be made."""

    name: str = Field(min_length=1, max_length=LONGEST_TEAM_NAME)
    slug: str = Field("", max_length=60, description="Without one it is made from the name; it stays")


class TeamName(Body):
    """What a team is to be called."""

    name: str = Field(min_length=1, max_length=LONGEST_TEAM_NAME)


class TeamMade(BaseModel):
    """The new team."""

    slug: str


class MembersIn(Body):
    """Some members."""

    members: list[str] = Field(min_length=1, max_length=1_000, description="Their ids")


@router.get("/teams", auth=VIEW, response=Page[TeamOut], operation_id="list_teams", summary="List teams")
def list_teams(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The organisation's own teams, by name; those that follow from the roles are not among them."""
    after = place_of(request, paging.cursor) or ["", ""]
    found = queries.teams_of(asking(request), organisation_asking(request))
    shown = [one for one in sorted(found, key=_place) if _place(one) > after][: paging.limit]
    items = [TeamOut(slug=one.slug, name=one.name, members=one.people) for one in shown]
    return {"items": items, "next": next_cursor(request, [_place(one) for one in shown], paging.limit)}


def _place(team: queries.TeamView) -> list[str]:
    return [team.name, team.slug]


@router.post(
    "/teams", auth=MANAGE, response={201: TeamMade}, operation_id="create_team", summary="Create a team"
)
def create_team(request: HttpRequest, data: TeamIn) -> TeamMade:
    """Make a team, empty at first."""
    slug = data.slug or slugify(data.name)[:60].strip("-")
    actions.create_team(
        actor=asking(request), organisation_id=organisation_asking(request), slug=slug, name=data.name
    )
    return TeamMade(slug=slug)


@router.patch(
    "/teams/{team}",
    auth=MANAGE,
    response={204: None},
    operation_id="rename_team",
    summary="Rename a team",
)
def rename_team(request: HttpRequest, team: str, data: TeamName) -> None:
    """Call a team otherwise; its slug stays, because projects name it."""
    actions.rename_team(
        actor=asking(request), organisation_id=organisation_asking(request), slug=team, name=data.name
    )


@router.delete(
    "/teams/{team}",
    auth=MANAGE,
    response={204: None},
    operation_id="delete_team",
    summary="Delete a team",
)
def delete_team(request: HttpRequest, team: str) -> None:
    """Delete a team; refused while a project that runs, or still may, is for it."""
    projects.delete_team(actor=asking(request), organisation_id=organisation_asking(request), slug=team)


@router.get(
    "/teams/{team}/members",
    auth=VIEW,
    response=Page[MemberOut],
    operation_id="list_team_members",
    summary="List a team's members",
)
def list_team_members(request: HttpRequest, team: str, paging: Query[Paging]) -> dict[str, Any]:
    """Who is in a team, the longest there first."""
    found = queries.team_page(
        asking(request),
        organisation_asking(request),
        team,
        after=place_of(request, paging.cursor) or 0,
        limit=paging.limit,
    )
    places = [one.id for one in found]
    return {"items": [member_out(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/teams/{team}/members",
    auth=MANAGE,
    response={204: None},
    operation_id="add_team_members",
    summary="Add members to a team",
)
def add_team_members(request: HttpRequest, team: str, data: MembersIn) -> None:
    """Put members of the organisation into a team; it counts from their next task on. Again changes nothing."""
    _change(request, team, add=_people(request, data.members))


@router.delete(
    "/teams/{team}/members/{member}",
    auth=MANAGE,
    response={204: None},
    operation_id="remove_team_member",
    summary="Remove a member from a team",
)
def remove_team_member(request: HttpRequest, team: str, member: str) -> None:
    """Take a member out of a team; it counts from their next task on. Again changes nothing."""
    _change(request, team, remove=_people(request, [member]))


def _people(request: HttpRequest, members: list[str]) -> list[int]:
    numbers = [row_number("mbr", one) for one in members]
    return queries.people_of_members(asking(request), organisation_asking(request), numbers)


def _change(request: HttpRequest, team: str, *, add: Sequence[int] = (), remove: Sequence[int] = ()) -> None:
    changed = actions.change_team_members(
        actor=asking(request), organisation_id=organisation_asking(request), slug=team, add=add, remove=remove
    )
    for person_id in changed:
        work.refresh_enrolments(person_id=person_id)
