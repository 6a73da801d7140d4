"""A sitting: what a worker has done without a pause of half an hour, up to now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State

PAUSE_MINUTES: Final = 30  # whoever hands nothing in for so long has had a break
MOST_LOOKED_AT: Final = 1000  # assignments; nobody does more at a stretch


@dataclass(frozen=True, slots=True)
class SittingPart:
    """What was handed in for pay of one currency; "" for what is not paid."""

    currency: str
    answers: int
    active_ms: int
    pay_micros: int  # what is rejected meanwhile, or came too late, pays nothing
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """All parts of it, the one with the most answers first."""

    parts: tuple[SittingPart, ...]

    @property
    def answers(self) -> int:
        """How many were handed in."""
        return sum(part.answers for part in self.parts)

    @property
    def active_ms(self) -> int:
        """How long the pages of these tasks were worked on."""
        return sum(part.active_ms for part in self.parts)

    @property
    def paid(self) -> tuple[SittingPart, ...]:
        """The parts that are paid."""
        return tuple(part for part in self.parts if part.currency)


def sitting(person_id: int) -> Sitting:
    """What somebody has done since their last break; empty after half an hour without an answer."""
    return Sitting(tuple(SittingPart(*row) for row in sql.rows(_SITTING, [person_id])))


# The newest rows of the worker's index, and no more: what lies before the first pause is left out.
_SITTING = f"""
WITH newest AS (
    SELECT a.project_id, a.id, a.state, coalesce(a.submitted_at, a.claimed_at) AS at,
        CASE WHEN a.state IN ({State.SUBMITTED}, {State.APPROVED}, {State.STOPPED}) THEN a.reward_micros ELSE 0 END AS pay
    FROM assignment a WHERE a.worker_id = %s ORDER BY a.id DESC LIMIT {MOST_LOOKED_AT}
), done AS (
    SELECT n.*, coalesce(lag(n.at) OVER w, statement_timestamp()) - n.at > interval '{PAUSE_MINUTES} minutes' AS paused
    FROM newest n
    WHERE n.state IN ({State.SUBMITTED}, {State.APPROVED}, {State.REJECTED}, {State.LATE}, {State.STOPPED})
    WINDOW w AS (ORDER BY n.at DESC, n.id DESC)
), sat AS (
    SELECT d.*, bool_or(d.paused) OVER (ORDER BY d.at DESC, d.id DESC) AS before FROM done d
)
SELECT CASE WHEN r.paid THEN r.currency ELSE '' END, count(*), coalesce(sum(t.active), 0)::bigint,
    CASE WHEN r.paid THEN sum(s.pay) ELSE 0 END::bigint, min(s.at)
FROM sat s JOIN project r ON r.id = s.project_id, LATERAL (
    SELECT sum(x.active_ms) AS active FROM answer x WHERE x.project_id = s.project_id AND x.assignment_id = s.id
) t
WHERE NOT s.before GROUP BY r.paid, r.currency ORDER BY count(*) DESC
"""  # noqa: S608 (only our own numbers)
