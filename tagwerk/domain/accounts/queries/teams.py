"""An organisation's own teams and who is in them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.models import Membership, Team, TeamMember
from tagwerk.domain.accounts.queries.organisations import MemberView, member_view
from tagwerk.domain.accounts.rules import Actor, Permission


@dataclass(frozen=True)
class TeamView:
    """A team: its slug is what project files write, `people` how many are in it."""

    slug: str
    name: str
    people: int


def teams_of(actor: Actor, organisation_id: int) -> list[TeamView]:
    """The gate of the organisation's own teams, for its members; by name."""
    rules.require(actor, organisation_id, Permission.PROJECT_VIEW)
    found = Team.objects.filter(organisation_id=organisation_id).annotate(people=Count("members"))
    return [TeamView(row.slug, row.name, row.people) for row in found.order_by("name", "slug")]


def team_for(actor: Actor, organisation_id: int, slug: str) -> TeamView:
    """The gate of one team, for members of the organisation."""
    found = next((team for team in teams_of(actor, organisation_id) if team.slug == slug), None)
    if found is None:
        raise NotFound("team_not_found", "There is no such team.")
    return found


def team_members(actor: Actor, organisation_id: int, slug: str) -> set[int]:
    """The ids of the people in a team, for members of the organisation."""
    team_for(actor, organisation_id, slug)
    found = TeamMember.objects.filter(team__organisation_id=organisation_id, team__slug=slug)
    return set(found.values_list("membership__person_id", flat=True))


def team_page(
    actor: Actor, organisation_id: int, slug: str, *, after: int = 0, limit: int = 50
) -> list[MemberView]:
    """The members in a team, for members of the organisation; the longest there first."""
    team_for(actor, organisation_id, slug)
    found = Membership.objects.filter(
        organisation_id=organisation_id, id__gt=after, teams__team__slug=slug
    ).select_related("person")
    return [member_view(row) for row in found.order_by("id")[: min(limit, 200)]]


def people_of_members(actor: Actor, organisation_id: int, member_ids: Collection[int]) -> list[int]:
    """The ids of the people behind members, for who may change them; all must be there."""
    rules.require(actor, organisation_id, Permission.TEAM_MANAGE)
    found = Membership.objects.filter(organisation_id=organisation_id, id__in=list(member_ids))
    people = list(found.values_list("person_id", flat=True))
    if len(people) < len(set(member_ids)):
        raise NotFound("member_not_found", "There is no such member.")
    return people


def team_names(organisation_id: int) -> dict[str, str]:
    """The organisation's own teams, slug → name, for rooms above that have passed a gate already."""
    found = Team.objects.filter(organisation_id=organisation_id).order_by("name", "slug")
    return dict(found.values_list("slug", "name"))
