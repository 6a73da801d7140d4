"""What everybody may know of an organisation and of the instance: counted once a day, read as one row."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.quality.models import INSTANCE, PublicFigures
from tagwerk.domain.quality.queries.evidence import PEOPLES_CHANNELS, counted_evidence
from tagwerk.domain.quality.rules.openness import (
    Deciding,
    Fact,
    InstanceFigures,
    OrganisationFigures,
    Wage,
    facts_told,
    instance_figures,
    organisation_figures,
    told,
    wages_told,
    week_told,
)
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State

F = TypeVar("F", OrganisationFigures, InstanceFigures)
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Counted(Generic[F]):
    """Figures, and when they were counted."""

    at: datetime
    figures: F


def public_figures_of(organisation_id: int) -> Counted[OrganisationFigures] | None:
    """Of an organisation; None before the first count."""
    row = PublicFigures.objects.filter(organisation_id=organisation_id).first()
    return Counted(row.counted_at, organisation_figures(row.figures)) if row else None


def public_figures() -> Counted[InstanceFigures] | None:
    """Of the instance; None before the first count."""
    row = PublicFigures.objects.filter(organisation_id=INSTANCE).first()
    return Counted(row.counted_at, instance_figures(row.figures)) if row else None


def counted_organisations(now: datetime) -> dict[int, OrganisationFigures]:
    """Of every organisation for which anything was decided within the last year, counted anew."""
    deciding = {
        number: Deciding(*rest)
        for number, *rest in sql.rows(_DECIDING.format(by="p.organisation_id"), _values(now))
    }
    wages = defaultdict(list)
    for number, currency, workers, median, p10, _reached in sql.rows(
        _WAGES.format(by="p.organisation_id"), _values(now)
    ):
        wages[number].append(Wage(currency, workers, median, p10))
    return {
        number: OrganisationFigures(told(one), wages_told(wages[number])) for number, one in deciding.items()
    }


def counted_instance(now: datetime, *, questions: Fact | None = None) -> InstanceFigures:
    """Of the whole instance, counted anew; `questions`: what people asked requesters, which another room knows."""
    since = now - YEAR
    deciding = [Deciding(*rest) for _, *rest in sql.rows(_DECIDING.format(by="1"), _values(now))]
    released, alone = payments.releases(since)
    return InstanceFigures(
        deciding=told(deciding[0]) if deciding else None,
        wages=wages_told(
            Wage(*rest) for _, *rest, _reached in sql.rows(_WAGES.format(by="1"), _values(now))
        ),
        countries=wages_told(_of_countries(now)),
        weeks=tuple(week_told(monday.isoformat(), currency, micros, people)
            for monday, currency, micros, people in payments.paid_by_week(since)),
        released=released, alone=alone,
        evidence=facts_told({**counted_evidence(since), "questions": questions}),
    )  # fmt: skip


def _of_countries(now: datetime) -> Sequence[Wage]:
    floors = accounts.floors(now.date())
    known = {f"{country} {wage.currency}": wage.per_hour_micros for country, wage in floors.items()}
    rows = sql.rows(_WAGES.format(by="w.country"), _values(now) | {"floors": json.dumps(known)})
    found = []
    for country, currency, workers, median, p10, reached in rows:
        floor = known.get(f"{country} {currency}")
        if country:
            found.append(
                Wage(currency, workers, median, p10, country, floor, reached if floor is not None else None)
            )
    return found


def _values(now: datetime) -> dict[str, object]:
    return {"since": now - YEAR, "channels": PEOPLES_CHANNELS, "floors": "{}"}


_DECIDED = f"""FROM project p JOIN assignment a ON a.project_id = p.id JOIN person w ON w.id = a.worker_id
WHERE p.launched_at IS NOT NULL AND a.decided_at > %(since)s AND a.state IN ({State.APPROVED}, {State.REJECTED})
    AND a.channel = ANY(%(channels)s)"""
# An hour of grace: approving by itself happens within minutes of the promised time, not in its very second.
_DECIDING = f"""
SELECT {{by}}, count(*), count(DISTINCT a.worker_id), count(*) FILTER (WHERE a.state = {State.REJECTED}),
    count(*) FILTER (WHERE a.decided_at > a.submitted_at + make_interval(secs => p.approve_after_seconds + 3600)),
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.decided_at - a.submitted_at)))::numeric)::int,
    round((percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM a.decided_at - a.submitted_at)))::numeric)::int
{_DECIDED} GROUP BY 1
"""  # noqa: S608 (only our own words)
# The time of rejected answers counts, their pay does not: that is what an hour has brought.
_WAGES = f"""
SELECT part, currency, count(*), round((percentile_cont(0.5) WITHIN GROUP (ORDER BY hourly))::numeric)::bigint,
    round((percentile_cont(0.1) WITHIN GROUP (ORDER BY hourly))::numeric)::bigint,
    count(*) FILTER (WHERE hourly >= (%(floors)s::jsonb ->> concat(part, ' ', currency))::bigint)
FROM (SELECT {{by}} AS part, p.currency, a.worker_id,
        coalesce(sum(a.reward_micros) FILTER (WHERE a.state = {State.APPROVED}), 0) * 3600000.0 / sum(a.active_ms) AS hourly
    {_DECIDED} AND p.paid AND a.active_ms > 0 GROUP BY 1, 2, 3) of_workers
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""  # noqa: S608 (only our own words)
