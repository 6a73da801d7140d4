"""How many people could work on a project, by what is known of them now."""

from dataclasses import dataclass
from typing import Any

from tagwerk.domain.accounts.rules import CEFR, TEAMS, Kind
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import LAST_SAFE_SENSITIVITY


@dataclass(frozen=True, slots=True)
class Fitting:
    """`people` of `known` fit the audience; those of the organisation itself are counted too."""

    people: int
    known: int


def fitting(project: ProjectView) -> Fitting:
    """How many active people fit the audience of a project as it is, or is about to be."""
    found = sql.row(_FITTING, _values(project))
    return Fitting(*found) if found else Fitting(0, 0)


def _values(project: ProjectView) -> dict[str, Any]:
    audience = project.audience
    languages = audience.get("languages") or {}
    qualifications = audience.get("qualifications") or {}
    team = audience.get("team")
    return {
        "kind": str(Kind.PERSON),
        "grown": project.sensitivity > LAST_SAFE_SENSITIVITY,
        "tags": list(languages),
        "least_levels": [CEFR.index(level) for level in languages.values()],
        "levels": list(CEFR),
        "countries": list(audience.get("countries") or []),
        "slugs": list(qualifications),
        "scores": list(qualifications.values()),
        "organisation": project.organisation_id,
        "team": team,
        "roles": [str(role) for role in TEAMS.get(team, ())] if team else None,
        "invited": list(audience.get("invited") or []),
    }


# The same as rules.audience.reasons_against, asked of everybody at once.
_FITTING = """
SELECT count(*) FILTER (WHERE
    (NOT %(grown)s OR p.adult_confirmed_at IS NOT NULL)
    AND (%(countries)s::text[] = '{}' OR p.country = ANY(%(countries)s::text[]))
    AND (%(invited)s::text[] = '{}' OR p.email = ANY(%(invited)s::text[]))
    AND (%(roles)s::text[] IS NULL OR EXISTS (SELECT 1 FROM membership m
        WHERE m.person_id = p.id AND m.organisation_id = %(organisation)s AND (m.role = ANY(%(roles)s::text[])
            OR EXISTS (SELECT 1 FROM team_member tm JOIN team t ON t.id = tm.team_id
                WHERE tm.membership_id = m.id AND t.slug = %(team)s))))
    AND NOT EXISTS (SELECT 1 FROM unnest(%(tags)s::text[], %(least_levels)s::int[]) w (tag, least)
        WHERE NOT EXISTS (SELECT 1 FROM person_language l WHERE l.person_id = p.id
            AND (l.tag = w.tag OR starts_with(l.tag, w.tag || '-'))
            AND array_position(%(levels)s::text[], l.level::text) > w.least))
    AND NOT EXISTS (SELECT 1 FROM unnest(%(slugs)s::text[], %(scores)s::int[]) w (slug, least)
        WHERE NOT EXISTS (SELECT 1 FROM holding h JOIN qualification q ON q.id = h.qualification_id
            WHERE h.person_id = p.id AND h.ended_at IS NULL AND q.slug = w.slug AND h.score >= w.least
            AND (q.organisation_id IS NULL OR q.organisation_id = %(organisation)s)))
), count(*)
FROM person p WHERE p.kind = %(kind)s AND p.is_active
"""
