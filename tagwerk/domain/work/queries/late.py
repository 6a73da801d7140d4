"""Answers that came too late to count: the operator may pay them where the delay was ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State

LISTED_FOR = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """A late answer of a paid project. `paid_at`: when it was paid from goodwill."""

    assignment_id: int
    project_id: int
    project_title: str
    worker_id: int
    reward_micros: int
    currency: str
    claimed_at: datetime
    submitted_at: datetime
    paid_at: datetime | None


def late_answers(
    actor: Actor, now: datetime, *, before: int | None = None, limit: int = 50
) -> list[LateAnswer]:
    """For operators: the late answers of the last weeks, the newest task first, by keyset on the assignment."""
    require_operator(actor)
    return [LateAnswer(*row) for row in sql.rows(_LATE, [now - LISTED_FOR, int(State.LATE), before, limit])]


# An index on the state would slow every submit down; an operator looks here seldom and can wait for a look at all rows.
_LATE = """
SELECT a.id, a.project_id, r.title, a.worker_id, a.reward_micros, r.currency, a.claimed_at, a.submitted_at, a.decided_at
FROM assignment a JOIN project r ON r.id = a.project_id
WHERE a.submitted_at > %s AND a.state = %s AND a.reward_micros > 0
    AND a.id < coalesce(%s::bigint, 9223372036854775807) ORDER BY a.id DESC LIMIT %s
"""
