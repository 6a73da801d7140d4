"""What a worker did and earns."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.ledger.rules import account_of, available
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import project_of_assignment
from tagwerk.domain.work.rules.states import LAST_SAFE_SENSITIVITY, State

OPEN_STILL: Final = [State.HELD, State.SUBMITTED, State.APPROVED, State.REJECTED, State.EXPIRED, State.LATE]
LONGEST_IN_LISTS: Final = 50_000


@dataclass(frozen=True, slots=True)
class MyWork:
    """An assignment as its worker finds it again."""

    assignment_id: int
    project_id: int
    project_title: str
    task_id: int
    state: int
    reward_micros: int
    currency: str
    claimed_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    expires_at: datetime | None
    can_change: bool  # not judged yet
    rejection: str | None
    rejection_code: str | None
    appeal_until: datetime | None
    contested: bool  # they have objected, and nobody has decided yet
    rework_until: datetime | None  # a better answer is asked for until then
    by_the_hour: bool  # its timer counts


def my_work(
    person_id: int,
    *,
    project_id: int | None = None,
    states: Collection[int] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[MyWork]:
    """The worker's newest assignments, by keyset on their number; those in some states among the next LOOKED_AT."""
    values = {
        "worker": person_id, "before": before, "project": project_id, "states": list(states), "limit": limit,
        "window": LOOKED_AT if states or project_id else limit,
    }  # fmt: skip
    return [MyWork(*row) for row in sql.rows(_MINE, values)]


def looked_back_to(person_id: int, *, before: int | None) -> int | None:
    """Where the next part of a worker's list begins that `my_work` with states has not looked at; None: there is none."""
    found = sql.value(_LOOKED_BACK, [person_id, before, LOOKED_AT - 1])
    return int(found) if found else None


@dataclass(frozen=True, slots=True)
class InHand:
    """What a worker holds of one project, and until when the first of it."""

    project_id: int
    project_title: str
    language: str
    tasks: int
    until: datetime


def in_hand(person_id: int) -> list[InHand]:
    """The projects of which a worker has tasks in hand, the one whose time ends first before the others."""
    return [InHand(*row) for row in sql.rows(_IN_HAND, [person_id])]


@dataclass(frozen=True, slots=True)
class KnownAs:
    """The name under which a project knows a worker who has worked on it."""

    project_id: int
    project_title: str
    organisation_id: int
    pseudonym: str
    answers: int


def known_as(person_id: int, *, limit: int = 200) -> list[KnownAs]:
    """A worker's pseudonyms, those of the latest projects first."""
    return [KnownAs(*row) for row in sql.rows(_KNOWN_AS, [person_id, limit])]


def titles_of_assignments(person_id: int, assignment_ids: Collection[int]) -> dict[int, str]:
    """The titles of the projects of a worker's own assignments."""
    return dict(sql.rows(_TITLES, [person_id, list(assignment_ids)]))


def seen_in(person_id: int, assignment_ids: Collection[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    """The design and the data of a worker's own assignments that they can still open; nothing of what may disturb
    whoever only looks at a list, nor of very long data."""
    values = [person_id, list(assignment_ids), OPEN_STILL, LAST_SAFE_SENSITIVITY, LONGEST_IN_LISTS]
    return {number: (design_id, json.loads(data)) for number, design_id, data in sql.rows(_SEEN, values)}


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One of a worker's own answers in its newest revision, for their own records."""

    assignment_id: int
    project_id: int
    project_title: str
    state: int
    submitted_at: datetime
    active_ms: int
    reward_micros: int
    currency: str
    answers: dict[str, Any]


def given_answers(person_id: int, *, before: int | None = None, limit: int = 500) -> list[GivenAnswer]:
    """All that a worker handed in, the newest first, by keyset on the assignment's number."""
    rows = sql.rows(_GIVEN, [person_id, before, limit])
    return [GivenAnswer(*[*columns, json.loads(answers)]) for *columns, answers in rows]


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """What a worker handed in."""

    work: MyWork
    design_id: int
    data: dict[str, Any]
    answers: dict[str, Any]
    revision: int
    sides: str | None


def my_answer(person_id: int, assignment_id: int) -> MyAnswer:
    """The gate of a worker to their own answer."""
    project_id = project_of_assignment(person_id, assignment_id)
    mine = my_work(person_id, project_id=project_id, before=assignment_id + 1, limit=1)
    found = sql.row(_ANSWER, [project_id, assignment_id])
    if found is None or not mine:
        raise NotFound("answer_not_found", "You have not handed this task in.")
    design_id, data, answers, revision, sides = found
    given = json.loads(answers) if isinstance(answers, str) else answers
    return MyAnswer(mine[0], design_id, json.loads(data), given, revision, sides)


@dataclass(frozen=True, slots=True)
class Earnings:
    """A worker's money in one currency. `pending`: handed in and neither approved nor rejected; `decided_by`: when the
    last of it is approved by itself, if nobody decides before."""

    currency: str
    pending_micros: int
    available_micros: int
    pending_answers: int
    decided_by: datetime | None = None


def earnings(person_id: int) -> list[Earnings]:
    """What a worker has, per currency; pending is computed from the assignments and their frozen price."""
    pending = {cur: (int(micros), count, by) for cur, micros, count, by in sql.rows(_PENDING, [person_id])}
    prefix = f"worker:{person_id}:available:"
    there = {code.rpartition(":")[2]: each.available for code, each in ledger.balances_under(prefix).items()}
    return [
        Earnings(
            currency,
            pending.get(currency, NONE)[0],
            there.get(currency, 0),
            *pending.get(currency, NONE)[1:],
        )
        for currency in sorted(pending.keys() | there.keys())
    ]


@dataclass(frozen=True, slots=True)
class WorkedProject:
    """What a worker did in one project, as operators see it."""

    project_id: int
    title: str
    organisation_id: int
    pseudonym: str
    waiting: int  # handed in, not decided
    approved: int
    rejected: int
    late: int
    earned_micros: int
    currency: str
    pause_reason: str | None
    paused_at: datetime | None
    enrolled_at: datetime


def worked_projects(actor: Actor, person_id: int, *, limit: int = 50) -> list[WorkedProject]:
    """For operators: the projects that a worker entered, the newest first, with what came of it."""
    require_operator(actor)
    return [WorkedProject(*row) for row in sql.rows(_WORKED, [person_id, limit, person_id])]


def my_movements(
    person_id: int, *, currency: str | None = None, before: int | None = None, limit: int = 50
) -> list[Movement]:
    """What moved into and out of a worker's money of one currency (default: the first), newest first, by its `seq`."""
    chosen = currency or next((one.currency for one in earnings(person_id)), None)
    code = available(person_id, chosen or "").code
    return ledger.movements(code, before=before, limit=limit) if account_of(code) else []


LOOKED_AT: Final = 10_000  # of a worker's assignments, where some are looked for: no index knows their states
_MINE = """
SELECT a.id, a.project_id, r.title, a.task_id, a.state, a.reward_micros, r.currency, a.claimed_at, a.submitted_at,
    a.decided_at, h.expires_at, i.assignment_id IS NOT NULL, j.reason, j.code,
    j.reopen_at, coalesce(j.contested, false), w.until,
    a.most_seconds IS NOT NULL
FROM (
    SELECT * FROM (SELECT * FROM assignment x WHERE x.worker_id = %(worker)s
            AND x.id < coalesce(%(before)s::bigint, 9223372036854775807) AND x.state <> 9
        ORDER BY x.id DESC LIMIT %(window)s) w
    WHERE (%(project)s::bigint IS NULL OR w.project_id = %(project)s)
        AND (%(states)s::smallint[] = '{}' OR w.state = ANY(%(states)s::smallint[]))
    ORDER BY w.id DESC LIMIT %(limit)s
) a JOIN project r ON r.id = a.project_id
LEFT JOIN hold h ON h.project_id = a.project_id AND h.assignment_id = a.id
LEFT JOIN inbox i ON a.state = 1 AND i.project_id = a.project_id AND i.due_at = a.judged_from AND i.assignment_id = a.id
LEFT JOIN rejection j ON a.state = 3 AND j.project_id = a.project_id AND j.assignment_id = a.id
LEFT JOIN rework w ON a.state = 1 AND w.project_id = a.project_id AND w.assignment_id = a.id AND w.state = 'asked'
ORDER BY a.id DESC
"""
_LOOKED_BACK = """
SELECT id FROM assignment WHERE worker_id = %s AND id < coalesce(%s::bigint, 9223372036854775807) AND state <> 9
ORDER BY id DESC OFFSET %s LIMIT 1
"""
_IN_HAND = """
SELECT p.id, p.title, p.file ->> 'language', count(*), min(h.expires_at)
FROM enrolment e JOIN project p ON p.id = e.project_id CROSS JOIN unnest(e.held) one (id)
JOIN hold h ON h.project_id = e.project_id AND h.assignment_id = one.id
WHERE e.worker_id = %s AND cardinality(e.held) > 0 GROUP BY p.id ORDER BY 5
"""
_ANSWER = """
SELECT r.design_id, t.data::text, r.answers, r.revision, r.sides
FROM assignment a JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
WHERE a.project_id = %s AND a.id = %s
"""
_KNOWN_AS = """
SELECT p.id, p.title, p.organisation_id, e.pseudonym, e.submitted FROM enrolment e JOIN project p ON p.id = e.project_id
WHERE e.worker_id = %s AND (e.submitted > 0 OR cardinality(e.held) > 0) ORDER BY p.id DESC LIMIT %s
"""
_TITLES = """
SELECT a.id, p.title FROM assignment a JOIN project p ON p.id = a.project_id
WHERE a.worker_id = %s AND a.id = ANY(%s::bigint[])
"""
_SEEN = """
SELECT a.id, a.design_id, t.data::text FROM assignment a JOIN project p ON p.id = a.project_id
JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
WHERE a.worker_id = %s AND a.id = ANY(%s::bigint[]) AND a.state = ANY(%s::smallint[]) AND p.sensitivity <= %s
    AND length(t.data::text) <= %s
"""
_GIVEN = """
SELECT a.id, p.id, p.title, a.state, r.submitted_at, r.active_ms, a.reward_micros, p.currency, r.answers::text
FROM (SELECT * FROM assignment x WHERE x.worker_id = %s AND x.id < coalesce(%s::bigint, 9223372036854775807)
        AND x.state IN (1, 2, 3, 7) ORDER BY x.id DESC LIMIT %s) a
JOIN project p ON p.id = a.project_id
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
ORDER BY a.id DESC
"""
NONE = (0, 0, None)
# Of one worker, so few rows at a time are pending; all of theirs are read through the index of the worker.
_WORKED = """
WITH mine AS (
    SELECT project_id, pseudonym, pause_reason, paused_at, enrolled_at FROM enrolment WHERE worker_id = %s
        ORDER BY enrolled_at DESC LIMIT %s
), sums AS (
    SELECT a.project_id, count(*) FILTER (WHERE a.state = 1) AS waiting, count(*) FILTER (WHERE a.state = 2) AS approved,
        count(*) FILTER (WHERE a.state = 3) AS rejected, count(*) FILTER (WHERE a.state = 7) AS late,
        coalesce(sum(a.reward_micros) FILTER (WHERE a.state IN (2, 8)), 0)::bigint AS earned
    FROM assignment a WHERE a.worker_id = %s AND a.project_id IN (SELECT project_id FROM mine) GROUP BY a.project_id
)
SELECT m.project_id, p.title, p.organisation_id, m.pseudonym, coalesce(s.waiting, 0), coalesce(s.approved, 0),
    coalesce(s.rejected, 0), coalesce(s.late, 0), CASE WHEN p.paid THEN coalesce(s.earned, 0) ELSE 0 END, p.currency,
    m.pause_reason, m.paused_at, m.enrolled_at
FROM mine m JOIN project p ON p.id = m.project_id LEFT JOIN sums s ON s.project_id = m.project_id
ORDER BY m.enrolled_at DESC, m.project_id DESC
"""
_PENDING = """
SELECT r.currency, sum(a.reward_micros), count(*),
    max(a.judged_from + make_interval(secs => r.approve_after_seconds))
FROM assignment a JOIN project r ON r.id = a.project_id
WHERE a.worker_id = %s AND a.state = 1 AND r.paid GROUP BY r.currency
"""
