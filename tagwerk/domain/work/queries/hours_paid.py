"""Time on workers' timers, what it pays, and what of it somebody has to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.errors import NotFound
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import project_of_assignment
from tagwerk.domain.work.rules.hours import Ended, TimeCode, TimeState, pay_for_time
from tagwerk.domain.work.rules.states import State


@dataclass(frozen=True, slots=True)
class Run:
    """The timer ran from then until then; `ended_at` None: it runs. `seen_at`: the page's last sign of life."""

    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_by: str

    def seconds(self, now: datetime) -> float:
        """How long it has run."""
        return max(0.0, ((self.ended_at or now) - self.started_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Timer:
    """The timer of a task that is paid by the hour. `claimed_micros`: what the longest time pays that was paid when it was
    taken; with `agreed_micros` set aside for more, `most_seconds` are paid without asking."""

    project_id: int
    assignment_id: int
    state: int
    hour_micros: int
    most_seconds: int
    claimed_micros: int
    unit_micros: int  # what that is for a task and a worker that nothing raises
    currency: str
    agreed_micros: int
    reworked_from: datetime | None  # since then a better answer is asked for
    runs: tuple[Run, ...]

    @property
    def running(self) -> Run | None:
        """The run that has not ended."""
        return self.runs[-1] if self.runs and self.runs[-1].ended_at is None else None

    @property
    def at_work(self) -> bool:
        """Whether its worker has the task in hand now: for the first time, or for a better answer."""
        return self.state == State.HELD or self.reworked_from is not None

    @property
    def is_fresh(self) -> bool:
        """Whether it has not run yet, or not since a better answer is asked for."""
        since = self.reworked_from
        return not any(since is None or one.started_at >= since for one in self.runs)

    @property
    def most_micros(self) -> int:
        """What the longest time pays that is paid without asking."""
        return self.pays(self.most_seconds)

    @property
    def was_lost(self) -> bool:
        """Whether its last run ended because its page was gone."""
        return bool(self.runs) and self.runs[-1].ended_by == Ended.LOST

    @property
    def rate_micros(self) -> int:
        """What an hour pays here, with all that raises it."""
        return self.pays(3_600, capped=False)

    def seconds(self, now: datetime) -> int:
        """All its time up to now."""
        return int(sum(one.seconds(now) for one in self.runs))

    def pays(self, seconds: int, *, capped: bool = True) -> int:
        """What so much time pays; without asking, no more than up to the limit."""
        found = pay_for_time(
            hour_micros=self.hour_micros, seconds=min(seconds, self.most_seconds) if capped else seconds,
            claimed_micros=self.claimed_micros, most_micros=self.unit_micros,
        )  # fmt: skip
        return min(found, self.claimed_micros) if capped and not self.agreed_micros else found


@dataclass(frozen=True, slots=True)
class TimeView:
    """What the time of an answer came to. `paid_seconds`: without asking; extra is what was granted beside."""

    project_id: int
    assignment_id: int
    worker_id: int
    state: int
    most_seconds: int
    measured_seconds: int
    active_seconds: int | None  # the page was at work, where no timer ran: that counts then
    rework_seconds: int  # of all that, for a better answer
    paid_seconds: int
    stated_seconds: int | None
    reason: str
    reward_micros: int
    extra_reward_micros: int
    currency: str
    handed_in_at: datetime
    correct_until: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimeRequestView:
    """Time that a worker asks for beside what is paid: `seconds` in all.

    `at_work`: they ask beforehand and have the task in hand, and what is measured is so up to now. `agreed_micros`: set
    aside for it.
    """

    id: int
    project_id: int
    assignment_id: int
    worker_id: int
    pseudonym: str
    seconds: int
    reason: str
    state: TimeState
    asked_at: datetime
    until: datetime
    code: TimeCode | None
    reply: str
    decided_by_id: int | None
    decided_at: datetime | None
    reward_micros: int
    most_seconds: int
    measured_seconds: int
    paid_seconds: int
    ahead: bool  # asked for while at the task
    at_work: bool
    handed_in: bool  # at least once
    agreed_micros: int
    hour_micros: int  # of this task and this worker
    currency: str

    @property
    def within_limit(self) -> bool:
        """Whether it asks for no more than is paid without asking."""
        return self.seconds <= self.most_seconds


def timer_of(person_id: int, assignment_id: int) -> Timer:
    """The gate of a worker to the timer of their own assignment; refused where it is not paid by the hour."""
    project_id = project_of_assignment(person_id, assignment_id)
    found = sql.row(_TIMER, [project_id, assignment_id])
    if found is None:
        raise NotFound("not_by_the_hour", "This task is not paid by the hour, so it has no timer.")
    values = [project_id, assignment_id, *found, runs_of(project_id, assignment_id)]
    return Timer(*values)


def runs_of(project_id: int, assignment_id: int) -> tuple[Run, ...]:
    """The runs of a task's timer in their order, for who has passed a gate."""
    return tuple(Run(*one) for one in sql.rows(_RUNS, [project_id, assignment_id]))


def running_for(person_id: int) -> tuple[int, int, str] | None:
    """Project, assignment and title of what somebody's timer runs for."""
    found = sql.row(_RUNNING, [person_id])
    return None if found is None else (int(found[0]), int(found[1]), str(found[2]))


def time_of(project_id: int, assignment_id: int) -> TimeView | None:
    """What the time of one answer came to, for who has passed a gate; None: it has none, or is not handed in."""
    found = sql.row(f"{_TIME} AND h.assignment_id = %s", [project_id, assignment_id])
    return TimeView(*found) if found else None


def times_page(project_id: int, *, before: int | None = None, limit: int = 50) -> list[TimeView]:
    """What the time of a project's newest answers came to, by keyset on the assignment; for who has passed its gate."""
    rows = sql.rows(
        f"{_TIME} AND {sql.PAST_UNDO} AND h.assignment_id < coalesce(%s::bigint, 9223372036854775807) ORDER BY h.assignment_id DESC LIMIT %s",
        [project_id, before, limit],
    )
    return [TimeView(*one) for one in rows]


def time_requests(
    project_id: int, *, states: Sequence[TimeState] = (), before: int | None = None, limit: int = 50
) -> list[TimeRequestView]:
    """What was asked in a project, the newest first, by keyset; for who has passed its gate."""
    values = [project_id, list(states), list(states), before, limit]
    rows = sql.rows(
        f"{_REQUESTS} AND {sql.PAST_UNDO} AND (%s::text[] = '{{}}' OR q.state = ANY(%s::text[]))"
        " AND q.id < coalesce(%s::bigint, 9223372036854775807) ORDER BY q.id DESC LIMIT %s",
        values,
    )
    return [_request(one) for one in rows]


def urgent_time_requests(
    project_id: int, *, after: int | None = None, limit: int = 50
) -> list[TimeRequestView]:
    """What waits for a decision in a project, what has to be decided first before, by keyset on the last request before;
    for who has passed its gate."""
    rows = sql.rows(_URGENT, [project_id, after, project_id, after, limit])
    return [_request(one) for one in rows]


def time_requests_of(project_id: int, assignment_id: int) -> list[TimeRequestView]:
    """What was asked for one answer, the newest first, for who has passed a gate."""
    return [
        _request(one)
        for one in sql.rows(
            f"{_REQUESTS} AND q.assignment_id = %s ORDER BY q.id DESC", [project_id, assignment_id]
        )
    ]


@dataclass(frozen=True, slots=True)
class OwnTime:
    """All that is kept about somebody's time for a task: what it came to, the runs of the timer, what they asked for."""

    project_id: int
    assignment_id: int
    project_title: str
    time: dict[str, Any] | None
    runs: list[dict[str, Any]]
    requests: list[dict[str, Any]]


def own_times(person_id: int, *, before: int | None = None, limit: int = 500) -> list[OwnTime]:
    """The time of a worker's tasks that are paid by the hour, the newest first, by keyset on the assignment."""
    rows = sql.rows(_OWN, [person_id, before, limit])
    return [OwnTime(*one[:3], *(sql.read_json(part) for part in one[3:])) for one in rows]


def time_request(project_id: int, request_id: int) -> TimeRequestView:
    """One of a project, for who has passed its gate."""
    found = sql.row(f"{_REQUESTS} AND q.id = %s", [project_id, request_id])
    if found is None:
        raise NotFound("time_request_not_found", "Nobody has asked for this.")
    return _request(found)


def open_time_requests(project_id: int) -> int:
    """How many wait for a decision."""
    return int(sql.value(_WAITING, [project_id]))


def _request(row: tuple[Any, ...]) -> TimeRequestView:
    *before, state, asked, until, code = row[:11]
    *rest, hour, claimed, unit, currency = row[11:]
    rate = pay_for_time(hour_micros=hour, seconds=3_600, claimed_micros=claimed, most_micros=unit)
    values = [
        *before,
        TimeState(state),
        asked,
        until,
        TimeCode(code) if code else None,
        *rest,
        rate,
        currency,
    ]
    return TimeRequestView(*values)


_TIMER = f"""
SELECT a.state, r.hour_micros, a.most_seconds, coalesce(h.claimed_micros, a.reward_micros), r.reward_micros, r.currency, {sql.AGREED},
    (SELECT w.asked_at FROM rework w WHERE w.project_id = a.project_id AND w.assignment_id = a.id AND w.state = 'asked'
        AND a.state = 1)
FROM assignment a JOIN project r ON r.id = a.project_id
LEFT JOIN hourly_answer h ON h.project_id = a.project_id AND h.assignment_id = a.id
WHERE a.project_id = %s AND a.id = %s AND a.most_seconds IS NOT NULL
"""  # noqa: S608 (a constant)
_RUNS = """
SELECT started_at, seen_at, ended_at, ended_by FROM time_entry WHERE project_id = %s AND assignment_id = %s ORDER BY id
"""
_RUNNING = """
SELECT t.project_id, t.assignment_id, p.title FROM time_entry t JOIN project p ON p.id = t.project_id
WHERE t.worker_id = %s AND t.ended_at IS NULL
"""
_TIME = """
SELECT h.project_id, h.assignment_id, h.worker_id, a.state, a.most_seconds, h.measured_seconds, h.active_seconds,
    h.rework_seconds, h.paid_seconds, h.stated_seconds, h.reason, a.reward_micros, h.extra_reward_micros, r.currency, h.handed_in_at, h.correct_until,
    h.ended_at
FROM hourly_answer h JOIN assignment a ON a.project_id = h.project_id AND a.id = h.assignment_id
JOIN project r ON r.id = h.project_id
WHERE h.project_id = %s
"""
_REQUESTS = """
SELECT q.id, q.project_id, q.assignment_id, q.worker_id, e.pseudonym, q.seconds, q.reason, q.state, q.asked_at, q.until,
    q.code, q.reply, q.decided_by_id, q.decided_at, q.reward_micros, a.most_seconds,
    CASE WHEN t.at_work OR h.measured_seconds IS NULL THEN t.ran ELSE h.measured_seconds END,
    coalesce(h.paid_seconds, least(t.ran, a.most_seconds)), q.ahead, t.at_work,
    h.assignment_id IS NOT NULL, q.agreed_micros,
    r.hour_micros, coalesce(h.claimed_micros, a.reward_micros), r.reward_micros, r.currency
FROM time_request q JOIN assignment a ON a.project_id = q.project_id AND a.id = q.assignment_id
LEFT JOIN hourly_answer h ON h.project_id = q.project_id AND h.assignment_id = q.assignment_id
JOIN project r ON r.id = q.project_id
CROSS JOIN LATERAL (SELECT q.ahead AND (a.state = 0 OR a.state = 1 AND EXISTS (SELECT FROM rework w
        WHERE w.project_id = a.project_id AND w.assignment_id = a.id AND w.state = 'asked')) AS at_work,
    coalesce((SELECT floor(extract(epoch FROM sum(coalesce(e.ended_at, statement_timestamp()) - e.started_at)))
        FROM time_entry e WHERE e.project_id = a.project_id AND e.assignment_id = a.id), 0)::integer AS ran) t
JOIN enrolment e ON e.project_id = q.project_id AND e.worker_id = q.worker_id
WHERE q.project_id = %s
"""
_OWN = """
SELECT a.project_id, a.id, r.title,
    (SELECT jsonb_build_object('measured_seconds', h.measured_seconds, 'active_seconds', h.active_seconds,
        'rework_seconds', h.rework_seconds, 'stated_seconds', h.stated_seconds, 'reason', h.reason, 'stated_at', h.stated_at,
        'paid_seconds', h.paid_seconds, 'handed_in_at', h.handed_in_at, 'correct_until', h.correct_until)
        FROM hourly_answer h WHERE h.project_id = a.project_id AND h.assignment_id = a.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('started_at', t.started_at, 'seen_at', t.seen_at, 'ended_at', t.ended_at,
        'ended_by', t.ended_by) ORDER BY t.id), '[]')
        FROM time_entry t WHERE t.project_id = a.project_id AND t.assignment_id = a.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('seconds', q.seconds, 'reason', q.reason, 'state', q.state,
        'asked_at', q.asked_at, 'until', q.until, 'code', q.code, 'reply', q.reply, 'decided_at', q.decided_at,
        'reward_micros', q.reward_micros) ORDER BY q.id), '[]')
        FROM time_request q WHERE q.project_id = a.project_id AND q.assignment_id = a.id)
FROM assignment a JOIN project r ON r.id = a.project_id
WHERE a.worker_id = %s AND a.most_seconds IS NOT NULL AND a.id < coalesce(%s::bigint, 9223372036854775807)
ORDER BY a.id DESC LIMIT %s
"""
_URGENT = f"""{_REQUESTS} AND {sql.PAST_UNDO} AND q.state = 'asked' AND (%s::bigint IS NULL
    OR (q.until, q.id) > (SELECT b.until, b.id FROM time_request b WHERE b.project_id = %s AND b.id = %s))
ORDER BY q.until, q.id LIMIT %s
"""  # noqa: S608 (a constant)
_WAITING = f"""
SELECT count(*) FROM time_request q JOIN assignment a ON a.project_id = q.project_id AND a.id = q.assignment_id
WHERE q.project_id = %s AND q.state = 'asked' AND {sql.PAST_UNDO}
"""  # noqa: S608 (a constant)
