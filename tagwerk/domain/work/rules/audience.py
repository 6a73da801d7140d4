"""Who may work on a project, and why not. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tagwerk.domain.accounts.rules import Kind, speaks
from tagwerk.domain.projects.rules import State


class Reason(StrEnum):
    """Why somebody may not work on a project; what is missing follows after a colon."""

    INACTIVE = "inactive"
    MINOR = "not_adult"
    LANGUAGE = "language"
    COUNTRY = "country"
    QUALIFICATION = "qualification"
    TEAM = "team"
    NOT_INVITED = "not_invited"


PRIVATE = (Reason.TEAM, Reason.NOT_INVITED)  # such a project is nobody else's business


def is_private_to_others(reasons: Collection[str]) -> bool:
    """Whether the reasons say that the project is for people of an organisation or invited ones only."""
    return any(reason.partition(":")[0] in PRIVATE for reason in reasons)


def may_see(state: State, reasons: Collection[str], *, enrolled: bool, has_worked: bool) -> bool:
    """Whether a project exists for a worker: it is open and not private to others, or they take part already."""
    if has_worked:
        return True
    if is_private_to_others(reasons):
        return False
    return state is State.OPEN or (enrolled and state is not State.DRAFT)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an audience is compared with."""

    kind: Kind
    is_active: bool
    is_adult: bool
    country: str
    languages: Mapping[str, str]  # tag → level
    scores: Mapping[str, int]  # qualification → score
    teams: Collection[str]  # of the project's organisation, built-in ones too
    email: str


def reasons_against(audience: Mapping[str, Any], who: Candidate, *, sensitive: bool = False) -> list[str]:
    """Why they may not, such as "language:de-DE:C1"; empty: they may. Machines live nowhere and have no age."""
    found = [] if who.is_active else [str(Reason.INACTIVE)]
    if sensitive and not who.is_adult:
        found.append(str(Reason.MINOR))
    found += _languages(audience.get("languages") or {}, who)
    countries: Collection[str] = audience.get("countries") or ()
    if countries and who.country not in countries and who.kind is Kind.PERSON:
        found.append(f"{Reason.COUNTRY}:{','.join(countries)}")
    found += _qualifications(audience.get("qualifications") or {}, who)
    return found + _belonging(audience, who)


def _languages(wanted: Mapping[str, str], who: Candidate) -> list[str]:
    """A model's languages are what it is made for; only where it names some are they compared."""
    if who.kind is not Kind.PERSON and not who.languages:
        return []
    return [
        f"{Reason.LANGUAGE}:{tag}:{level}"
        for tag, level in wanted.items()
        if not speaks(who.languages, tag, level)
    ]


def _qualifications(wanted: Mapping[str, int], who: Candidate) -> list[str]:
    return [
        f"{Reason.QUALIFICATION}:{slug}:{least}"
        for slug, least in wanted.items()
        if who.scores.get(slug, -1) < least
    ]


def _belonging(audience: Mapping[str, Any], who: Candidate) -> list[str]:
    found = []
    team, invited = audience.get("team"), audience.get("invited") or ()
    if team and team not in who.teams:
        found.append(f"{Reason.TEAM}:{team}")
    if invited and who.email not in invited:
        found.append(str(Reason.NOT_INVITED))
    return found
