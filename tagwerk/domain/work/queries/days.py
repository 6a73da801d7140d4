"""What a worker did on which day and in which project, from the assignments and their frozen price."""

from dataclasses import dataclass
from datetime import date, datetime

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """One day's answers in one project. `pending`: handed in and not decided; `rejected` ones pay nothing."""

    day: date
    project_id: int
    project_title: str
    currency: str
    paid: bool
    answers: int
    approved_micros: int
    pending_micros: int
    rejected: int
    active_ms: int  # of the answers whose time is known
    timed_micros: int  # what these pay, unless they were rejected

    @property
    def earned_micros(self) -> int:
        """What it pays as things stand: pending answers count as paid."""
        return self.approved_micros + self.pending_micros


def days_of_work(person_id: int, *, since: datetime, time_zone: str) -> list[DayOfWork]:
    """What was handed in since then (or stopped with pay), by the person's days, the oldest first."""
    values = {"worker": person_id, "since": since, "zone": time_zone}
    return [DayOfWork(*row) for row in sql.rows(_DAYS, values)]


# Numbers of assignments grow with the time they were taken, and no task is held for more than a few days: from the
# newest one backwards in steps, down the worker's own index, until all are too old.
_DAYS = f"""
WITH RECURSIVE back AS (
    SELECT 9223372036854775807::bigint AS id, 'infinity'::timestamptz AS claimed
    UNION ALL
    SELECT s.id, s.claimed FROM back, LATERAL (
        SELECT min(x.id) AS id, max(x.claimed_at) AS claimed FROM (
            SELECT a.id, a.claimed_at FROM assignment a WHERE a.worker_id = %(worker)s AND a.id < back.id
            ORDER BY a.id DESC LIMIT 500) x) s
    WHERE back.claimed > %(since)s - interval '7 days' AND s.id IS NOT NULL
), mine AS (
    SELECT a.project_id, a.state, a.reward_micros, coalesce(h.extra_reward_micros, 0) AS extra_micros,
        coalesce(a.submitted_at, a.claimed_at) AS at, t.active_ms
    FROM assignment a LEFT JOIN hourly_answer h ON h.project_id = a.project_id AND h.assignment_id = a.id,
    LATERAL (SELECT sum(r.active_ms) AS active_ms FROM answer r
        WHERE r.project_id = a.project_id AND r.assignment_id = a.id) t
    WHERE a.worker_id = %(worker)s AND a.id >= (SELECT min(id) FROM back)
        AND a.state IN ({State.SUBMITTED}, {State.APPROVED}, {State.REJECTED}, {State.STOPPED})
        AND coalesce(a.submitted_at, a.claimed_at) >= %(since)s
)
SELECT (m.at AT TIME ZONE %(zone)s)::date, p.id, p.title, p.currency, p.paid, count(*),
    coalesce(sum(m.reward_micros) FILTER (WHERE m.state IN ({State.APPROVED}, {State.STOPPED})), 0)::bigint
        + sum(m.extra_micros)::bigint,
    coalesce(sum(m.reward_micros) FILTER (WHERE m.state = {State.SUBMITTED}), 0)::bigint,
    count(*) FILTER (WHERE m.state = {State.REJECTED}),
    coalesce(sum(m.active_ms), 0)::bigint,
    coalesce(sum(m.reward_micros) FILTER (WHERE m.active_ms > 0 AND m.state <> {State.REJECTED}), 0)::bigint
        + coalesce(sum(m.extra_micros) FILTER (WHERE m.active_ms > 0), 0)::bigint
FROM mine m JOIN project p ON p.id = m.project_id
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2
"""  # noqa: S608 (only our own numbers)
