"""The log of what happened: facts by organisation, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.json import KT

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
    organisation_id: int | None


def events_page(
    organisation_id: int,
    before: int | None = None,
    limit: int = 50,
    *,
    actor_id: int | None = None,
    project_id: int | None = None,
) -> list[LoggedEvent]:
    """What happened in an organisation, newest first, by one person or in one project; whoever asks has passed its gate."""
    rows = StoredEvent.objects.filter(organisation_id=organisation_id).order_by("-id")
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _views(rows, limit)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts of the whole instance are looked for; None and empty: all."""

    person_id: int | None = None  # who did it, or whom it is about
    organisation_id: int | None = None
    project_id: int | None = None
    names: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def audit_page(wanted: Wanted, *, before: int | None = None, limit: int = 50) -> list[LoggedEvent]:
    """Facts of the whole instance, newest first, for operators: each way to look for them has an index by number."""
    rows = StoredEvent.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    for field in ("organisation_id", "project_id"):
        if getattr(wanted, field) is not None:
            rows = rows.filter(**{field: getattr(wanted, field)})
    if wanted.names:
        rows = rows.filter(name__in=list(wanted.names))
    rows = _between(rows, wanted.since, wanted.until)
    if wanted.person_id is None:
        return _views(rows, limit)
    # Each side has its own index; taken together by OR, PostgreSQL would read and sort all of them.
    about = rows.alias(about=KT("facts__person_id")).filter(
        facts__has_key="person_id", about=str(wanted.person_id)
    )
    found = {
        one.id: one for side in (rows.filter(actor_id=wanted.person_id), about) for one in _views(side, limit)
    }
    return sorted(found.values(), key=lambda one: one.id, reverse=True)[:limit]


SPREAD = (
    10_000  # facts get their numbers before they are committed: so far may numbers and times be out of order
)


def _between(
    rows: QuerySet[StoredEvent], since: datetime | None, until: datetime | None
) -> QuerySet[StoredEvent]:
    """Only those of a time: also by number, so that the newest ones are not all read on the way to old ones."""
    if since is not None:
        first = _id_at(since)
        rows = rows.filter(happened_at__gte=since, **({"id__gte": first - SPREAD} if first else {}))
    if until is not None:
        last = _id_at(until)
        rows = rows.filter(happened_at__lt=until, **({"id__lte": last + SPREAD} if last else {}))
    return rows


def _id_at(moment: datetime) -> int | None:
    """The number of the first fact since a time."""
    later = StoredEvent.objects.filter(happened_at__gte=moment).order_by("happened_at")
    return later.values_list("id", flat=True).first()


def _views(rows: QuerySet[StoredEvent], limit: int) -> list[LoggedEvent]:
    return [
        LoggedEvent(
            row.id, row.name, row.happened_at, row.actor_id, row.project_id, row.facts, row.organisation_id
        )
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


def events_of_task(project_id: int, task_id: int, limit: int = 100) -> list[LoggedEvent]:
    """What happened to a task, the oldest first; whoever asks has passed the project's gate."""
    rows = StoredEvent.objects.filter(project_id=project_id, facts__has_key="task_id")
    rows = rows.alias(task=KT("facts__task_id")).filter(task=str(task_id))
    return _views(rows.order_by("id"), limit)
