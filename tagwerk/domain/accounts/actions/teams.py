"""An organisation's own teams: projects for own people name one in their audience."""

from collections.abc import Collection

from django.db import transaction

from tagwerk.base.errors import Conflict, NotFound, TooMany
from tagwerk.base.events import record
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.events import TeamCreated, TeamDeleted, TeamMembersChanged, TeamRenamed
from tagwerk.domain.accounts.models import Membership, Organisation, Team, TeamMember
from tagwerk.domain.accounts.rules import Actor, Permission


@transaction.atomic
def create_team(*, actor: Actor, organisation_id: int, slug: str, name: str) -> int:
    """Make a team of the organisation's members; its slug stays, because projects name it."""
    rules.require(actor, organisation_id, Permission.TEAM_MANAGE)
    Organisation.objects.select_for_update().get(id=organisation_id)
    teams = Team.objects.filter(organisation_id=organisation_id)
    if teams.count() >= rules.MOST_TEAMS:
        raise TooMany("teams_too_many", "An organisation has at most {most} teams.", most=rules.MOST_TEAMS)
    slug = rules.team_slug(slug)
    if teams.filter(slug=slug).exists():
        raise Conflict("team_slug_taken", "There is a team “{slug}” already.", path="slug", slug=slug)
    team = Team.objects.create(organisation_id=organisation_id, slug=slug, name=_name(name))
    record(TeamCreated(actor_id=actor.person_id, organisation_id=organisation_id, team_id=team.id, slug=slug))
    return team.id


@transaction.atomic
def rename_team(*, actor: Actor, organisation_id: int, slug: str, name: str) -> None:
    """Call a team otherwise."""
    team = _team(actor, organisation_id, slug)
    team.name = _name(name)
    team.save(update_fields=["name"])
    record(TeamRenamed(actor_id=actor.person_id, organisation_id=organisation_id, team_id=team.id, slug=slug))


@transaction.atomic
def delete_team(*, actor: Actor, organisation_id: int, slug: str) -> None:
    """Delete a team. `projects.delete_team` asks first whether a project still names it."""
    team = _team(actor, organisation_id, slug)
    record(TeamDeleted(actor_id=actor.person_id, organisation_id=organisation_id, team_id=team.id, slug=slug))
    team.delete()


@transaction.atomic
def change_team_members(
    *, actor: Actor, organisation_id: int, slug: str, add: Collection[int] = (), remove: Collection[int] = ()
) -> list[int]:
    """Put members of the organisation (ids of people) into a team, and others out; whose place changed."""
    team = _team(actor, organisation_id, slug)
    known = dict(
        Membership.objects.filter(organisation_id=organisation_id, person_id__in=[*add, *remove])
        .select_for_update()
        .values_list("person_id", "id")
    )
    if not set(add) <= known.keys():
        raise NotFound("member_not_found", "There is no such member.")
    inside = set(TeamMember.objects.filter(team=team).values_list("membership__person_id", flat=True))
    new, gone = sorted(set(add) - inside), sorted(set(remove) & inside)
    TeamMember.objects.bulk_create(TeamMember(team=team, membership_id=known[one]) for one in new)
    TeamMember.objects.filter(team=team, membership__person_id__in=gone).delete()
    if new or gone:
        record(
            TeamMembersChanged(
                actor_id=actor.person_id, organisation_id=organisation_id, team_id=team.id, slug=slug,
                added=new, removed=gone,
            )
        )  # fmt: skip
    return new + gone


def _team(actor: Actor, organisation_id: int, slug: str) -> Team:
    """The team, locked: its members change one change after another."""
    rules.require(actor, organisation_id, Permission.TEAM_MANAGE)
    found = Team.objects.select_for_update().filter(organisation_id=organisation_id, slug=slug).first()
    if found is None:
        raise NotFound("team_not_found", "There is no such team.")
    return found


def _name(text: str) -> str:
    return rules.plain_name(text, longest=rules.LONGEST_TEAM_NAME, path="name")
