"""The log of what happened: facts by organisation, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from tagwerk.base.models import StoredEvent


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A fact as it was recorded; `actor_id` None: the platform itself, the console or a key."""

    id: int
    name: str
    happened_at: datetime
    actor_id: int | None
    project_id: int | None
    facts: dict[str, Any]


def events_page(organisation_id: int, before: int | None = None, limit: int = 50) -> list[LoggedEvent]:
    """What happened in an organisation, newest first; whoever asks has passed its gate."""
    rows = StoredEvent.objects.filter(organisation_id=organisation_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        LoggedEvent(row.id, row.name, row.happened_at, row.actor_id, row.project_id, row.facts)
        for row in rows[: min(limit, 200)]
    ]


@dataclass(frozen=True, slots=True)
class DayOfEvents:
    """All facts of one name on one day (UTC) in one currency: how many, and what their figures add up to."""

    day: date
    name: str
    currency: str
    events: int
    answers: int
    reward_micros: int


def events_by_day(names: Sequence[str], since: date) -> list[DayOfEvents]:
    """Facts of these names since a day, added up; the index by kind from the first row of that day on is read."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, [since, list(names)])
        return [DayOfEvents(*row) for row in cursor.fetchall()]


_BY_DAY = """
WITH start AS MATERIALIZED (
    SELECT id FROM event WHERE happened_at >= %s::date::timestamp AT TIME ZONE 'UTC' ORDER BY happened_at LIMIT 1
)
SELECT (happened_at AT TIME ZONE 'UTC')::date, name, coalesce(facts->>'currency', ''), count(*),
    coalesce(sum((facts->>'answers')::bigint), 0)::bigint, coalesce(sum((facts->>'reward_micros')::bigint), 0)::bigint
FROM event WHERE name = ANY(%s) AND id >= (SELECT id FROM start) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
