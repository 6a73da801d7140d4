"""What an hour on a project pays and how its requester decides, as measured on what people handed in."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tagwerk.domain.accounts.rules import Channel
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State

MEASURED: Final = 200  # a project's newest answers: enough to say how it is now, and quickly read
ENOUGH_ANSWERS: Final = 20  # fewer say little
ENOUGH_WORKERS: Final = 3  # fewer would tell how one of them works


@dataclass(frozen=True, slots=True)
class ProjectPace:
    """A project's newest answers whose active time is known. `seconds`: of one answer, without the twentieth part at
    either end; `paid_share`: of those decided, how many are paid; `wait_seconds`: until half of them were decided."""

    answers: int
    workers: int
    seconds: float
    paid_share: float
    wait_seconds: float | None

    @property
    def is_enough(self) -> bool:
        """Whether it says something about the project, and nothing about one worker."""
        return self.answers >= ENOUGH_ANSWERS and self.workers >= ENOUGH_WORKERS


def paces_of(project_ids: Collection[int]) -> dict[int, ProjectPace]:
    """The pace of each project of which any answer was measured, in one question."""
    values = {
        "projects": list(project_ids),
        "most": MEASURED,
        "channels": [int(Channel.PAGE), int(Channel.SIMULATION)],  # programs do not tire
    }
    return {number: ProjectPace(*columns) for number, *columns in sql.rows(_PACES, values)}


@dataclass(frozen=True, slots=True)
class Decisions:
    """What became of the answers that an organisation has decided on, in all its projects."""

    approved: int
    rejected: int

    @property
    def decided(self) -> int:
        """How many were decided."""
        return self.approved + self.rejected

    @property
    def approved_share(self) -> float:
        """How many of them were approved."""
        return self.approved / self.decided if self.decided else 0.0


def decisions_of(organisation_ids: Collection[int]) -> dict[int, Decisions]:
    """How each organisation decides; one that has decided nothing is not in it."""
    return {number: Decisions(*counts) for number, *counts in sql.rows(_DECISIONS, [list(organisation_ids)])}


_PACES = f"""
SELECT p.id, s.answers, s.workers, s.seconds, s.paid_share, s.wait_seconds
FROM unnest(%(projects)s::bigint[]) p (id), LATERAL (
    WITH newest AS MATERIALIZED (
        SELECT a.worker_id, a.state, extract(epoch FROM a.decided_at - a.submitted_at) AS waited, t.active
        FROM (SELECT f.assignment_id FROM answer_feed f WHERE f.project_id = p.id ORDER BY f.seq DESC LIMIT %(most)s) f
        JOIN assignment a ON a.project_id = p.id AND a.id = f.assignment_id,
        LATERAL (SELECT sum(r.active_ms) / 1000.0 AS active FROM answer r
            WHERE r.project_id = p.id AND r.assignment_id = a.id AND r.channel = ANY(%(channels)s)) t
        WHERE t.active > 0
    ), edges AS (
        SELECT percentile_cont(0.05) WITHIN GROUP (ORDER BY active) AS low,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY active) AS high FROM newest
    )
    SELECT count(*) AS answers, count(DISTINCT n.worker_id) AS workers,
        avg(least(greatest(n.active, e.low), e.high))::float AS seconds,
        coalesce(count(*) FILTER (WHERE n.state = {State.APPROVED})::float
            / nullif(count(*) FILTER (WHERE n.state IN ({State.APPROVED}, {State.REJECTED})), 0), 1) AS paid_share,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY n.waited) FILTER (WHERE n.waited IS NOT NULL))::float AS wait_seconds
    FROM newest n, edges e
) s WHERE s.answers > 0
"""  # noqa: S608 (only our own numbers)
_DECISIONS = """
SELECT p.organisation_id, sum(o.approved)::bigint, sum(o.rejected)::bigint
FROM project p JOIN opening o ON o.project_id = p.id
WHERE p.organisation_id = ANY(%s::bigint[]) AND o.approved + o.rejected > 0 GROUP BY p.organisation_id
"""
