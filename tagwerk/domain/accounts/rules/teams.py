"""Teams of an organisation: those that follow from roles, and what its own ones may be called. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules.roles import Role

# The built-in teams that `audience: {team: …}` can name, and the roles that belong to them.
TEAMS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "members": frozenset(Role),
        "reviewers": frozenset({Role.OWNER, Role.MANAGER, Role.REVIEWER}),
        "managers": frozenset({Role.OWNER, Role.MANAGER}),
        "owners": frozenset({Role.OWNER}),
    }
)
LONGEST_TEAM_NAME = 80
MOST_TEAMS = 100  # of one organisation: a list that a form can offer
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def team_slug(text: str) -> str:
    """The name of a team in project files; refuses another shape, and the built-in ones."""
    if len(text) > 60 or not _SLUG.fullmatch(text):
        raise Invalid(
            "team_slug_unreadable",
            "Write the name for project files with small letters, digits and single hyphens, 60 at most.",
            path="slug",
        )
    if text in TEAMS:
        raise Invalid(
            "team_built_in", "“{slug}” is a team that follows from the roles already.", path="slug", slug=text
        )
    return text


def teams_by_role(role: Role) -> frozenset[str]:
    """The built-in teams to which a role belongs."""
    return frozenset(team for team, roles in TEAMS.items() if role in roles)
