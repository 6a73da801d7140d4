"""Teams that projects name in their audience."""

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, require
from tagwerk.domain.projects import queries


@transaction.atomic
def delete_team(*, actor: Actor, organisation_id: int, slug: str) -> None:
    """Delete an organisation's own team, unless a project that runs, or still may, is for it."""
    require(actor, organisation_id, Permission.TEAM_MANAGE)
    titles = queries.titles_for_team(organisation_id, slug)
    if titles:
        raise Conflict(
            "team_in_use",
            "Projects that are not finished are for this team: “{titles}”. Name another team there first, or finish them.",
            titles="”, “".join(titles[:5]),
        )
    accounts.delete_team(actor=actor, organisation_id=organisation_id, slug=slug)
