"""Facts of the whole instance as lines of a log: who, what, whom, where."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from tagwerk.base.ids import public_id
from tagwerk.base.log import LoggedEvent
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.projects import queries as projects
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.operator.fact_words import fact_words
from tagwerk.interfaces.web.pages.requester.event_words import EVENTS


def audit_lines(found: Sequence[LoggedEvent]) -> list[dict[str, Any]]:
    """Each fact in words, with names and addresses; three queries whatever the number."""
    people = {event.actor_id for event in found} | {_about(event) for event in found}
    names = accounts.names_of({one for one in people if one})
    organisations = accounts.organisation_names({one.organisation_id for one in found if one.organisation_id})
    titles = projects.titles_of({event.project_id for event in found if event.project_id})
    return [
        {
            "event": one,
            "what": translated(EVENTS[one.name]) if one.name in EVENTS else one.name,
            "who": _person(one.actor_id, names) or {"name": _("the platform or a key")},
            "whom": _person(_about(one), names) if _about(one) != one.actor_id else None,
            "organisation": _thing("org", one.organisation_id, organisations),
            "project": _thing("prj", one.project_id, titles),
            "more": fact_words(one.facts),
        }
        for one in found
    ]


def _about(event: LoggedEvent) -> int | None:
    person_id = event.facts.get("person_id")
    return person_id if isinstance(person_id, int) else None


def _person(person_id: int | None, names: dict[int, str]) -> dict[str, str] | None:
    return _thing("per", person_id, names)


def _thing(prefix: str, number: int | None, names: dict[int, str]) -> dict[str, str] | None:
    if number is None:
        return None
    return {"name": names.get(number) or public_id(prefix, number), "id": public_id(prefix, number)}
