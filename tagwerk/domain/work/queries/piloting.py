"""How the first answers of a project came about: time, and tasks that were given up."""

from dataclasses import dataclass

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State

NEWEST = 5_000  # answers: enough for a median that says how people work


@dataclass(frozen=True, slots=True)
class Working:
    """`median_ms`: the active time of an answer, None while none is known; `pay_micros`: of those timed, all together."""

    answers: int
    median_ms: int | None
    active_ms: int
    pay_micros: int
    given_up: int
    people: int

    @property
    def hourly_micros(self) -> int | None:
        """What an hour of active work pays."""
        return self.pay_micros * 3_600_000 // self.active_ms if self.active_ms else None


def working(project_id: int) -> Working:
    """How people have worked on a project so far, from its newest answers; for who has passed its gate."""
    found = sql.row(_WORKING, {"project": project_id, "newest": NEWEST})
    assert found is not None
    return Working(*found)


def timed_answers(project_id: int) -> list[tuple[int, int]]:
    """(worker, active milliseconds) of the newest answers whose time is known; for who has passed the project's gate."""
    return [(worker, ms) for worker, ms in sql.rows(_TIMED, {"project": project_id, "newest": NEWEST})]


_TIMED = f"""
SELECT worker_id, active_ms FROM (
    SELECT worker_id, state, active_ms FROM assignment
    WHERE project_id = %(project)s AND state NOT IN ({State.HELD}, {State.BARRED}) ORDER BY id DESC LIMIT %(newest)s
) newest WHERE state IN ({State.SUBMITTED}, {State.APPROVED}, {State.REJECTED}) AND active_ms > 0
"""  # noqa: S608 (only our own numbers)
_WORKING = f"""
WITH newest AS (
    SELECT worker_id, state, coalesce(active_ms, 0) AS active_ms, reward_micros FROM assignment
    WHERE project_id = %(project)s AND state NOT IN ({State.HELD}, {State.BARRED}) ORDER BY id DESC LIMIT %(newest)s
), done AS (SELECT * FROM newest WHERE state IN ({State.SUBMITTED}, {State.APPROVED}, {State.REJECTED})),
timed AS (SELECT * FROM done WHERE active_ms > 0)
SELECT (SELECT count(*) FROM done),
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY active_ms) FROM timed),
    (SELECT coalesce(sum(active_ms), 0)::bigint FROM timed),
    (SELECT coalesce(sum(reward_micros), 0)::bigint FROM timed),
    (SELECT count(*) FROM newest WHERE state IN ({State.SKIPPED}, {State.STOPPED})),
    (SELECT count(DISTINCT worker_id) FROM done)
"""  # noqa: S608 (only our own numbers)
