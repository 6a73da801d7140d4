"""The review queue from answer to answer: what a reviewer gets next, what they see of it, and what shows only afterwards."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.errors import Conflict, NotAllowed, NotFound
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import Review
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.deciders import person_deciding
from tagwerk.domain.quality.queries.results import TaskResult, results_of
from tagwerk.domain.quality.rules.reviewing import OPEN_SECONDS, Plan, ReviewKind, Verdict, round_of, same
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import TaskAnswer, sql
from tagwerk.domain.work.rules.states import State

COUNTED = 1_000  # beyond it, "more than" is all that a page needs


def next_to_review(actor: Actor, project_id: int, *, worker: str = "") -> int | None:
    """The next answer for this reviewer, the least certain first; of one worker only, where named. None: nothing waits.

    Now and then one comes that another has reviewed or whose right answer is known; which, nobody can see.
    """
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    values = _values(project, person_deciding(actor), worker)
    if worker:
        return _first(_WAITING, values)
    done = sql.value(_DONE, values) or 0
    plan, chance = Plan.of(project.file), random.Random(f"{project.id}/{values['reviewer']}/{done}").random()  # noqa: S311
    order = [_WAITING, _SECOND]
    if chance < plan.gold:
        order = [_GOLD, *order]
    elif chance < plan.gold + plan.double:
        order = [_SECOND, _WAITING]
    return next((found for one in order if (found := _first(one, values)) is not None), None)


def waiting_reviews(actor: Actor, project_id: int) -> int:
    """How many answers wait for a first review, counted up to COUNTED."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    return int(sql.value(_COUNT, _values(project, person_deciding(actor), "") | {"most": COUNTED}) or 0)


@dataclass(frozen=True)
class Reviewed:
    """An answer as a reviewer gets it: nothing of others' answers, of the result, or of what other reviewers found."""

    answer: TaskAnswer
    data: dict[str, Any]
    is_gold: bool
    round: int
    kind: ReviewKind
    waits: bool
    asked: str  # what its worker was asked to improve, where that was so
    committed: bool
    design_id: int


def to_review(actor: Actor, project_id: int, assignment_id: int) -> Reviewed:
    """The gate of a reviewer to one answer; their own is none of it."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    answer = work.answer_for(actor, project.id, assignment_id)
    person_id = person_deciding(actor)
    if answer.worker_id == person_id:
        raise NotAllowed("own_answer", "This is about your own answer, so somebody else decides it.")
    found = sql.row(_ONE, [project.id, assignment_id])
    if found is None:
        raise NotFound("answer_not_found", "There is no such answer.")
    data, is_gold, why, design_id = found
    rework = work.rework_of(project.id, assignment_id)
    number = round_of(answer.revision, as_it_is=why == "decision")
    waits = answer.state == State.SUBMITTED and why in (None, "decision")
    rows = list(Review.objects.filter(project_id=project.id, assignment_id=assignment_id, round=number))
    return Reviewed(
        answer, sql.read_json(data), is_gold, number, _kind(rows, person_id, is_gold=is_gold), waits,
        rework.text if rework else "",
        any(row.reviewer_id == person_id and row.committed_at is not None for row in rows), design_id,
    )  # fmt: skip


def _kind(rows: list[Review], person_id: int, *, is_gold: bool) -> ReviewKind:
    mine = next((row for row in rows if row.reviewer_id == person_id and row.committed_at), None)
    if mine is not None:
        return ReviewKind(mine.kind)
    if is_gold:
        return ReviewKind.GOLD
    first = any(row.kind == ReviewKind.FIRST and row.committed_at for row in rows)
    return ReviewKind.SECOND if first else ReviewKind.FIRST


@dataclass(frozen=True)
class ReviewView:
    """What a reviewer found. `reviewer`: a member's name."""

    reviewer: str
    mine: bool
    verdict: Verdict
    code: str
    text: str
    answers: dict[str, Any]
    right: bool | None
    committed_at: datetime


@dataclass(frozen=True)
class Comparison:
    """All that was hidden: what others answered and found, the result, and how much all of it agrees."""

    reviewed: Reviewed
    reviews: list[ReviewView]
    others: list[TaskAnswer]
    agreeing: dict[str, tuple[int, int]]  # question → so many of so many others answered as I would have
    result: TaskResult | None
    gold: dict[str, Any] | None


def comparison(actor: Actor, project_id: int, assignment_id: int) -> Comparison:
    """What a reviewer sees who has committed; before that it is refused."""
    reviewed = to_review(actor, project_id, assignment_id)
    if not reviewed.committed:
        raise Conflict(
            "review_first", "Say what you find first: others' answers and the result show afterwards."
        )
    person_id, answer = person_deciding(actor), reviewed.answer
    rows = list(
        Review.objects.filter(
            project_id=project_id, assignment_id=assignment_id, committed_at__isnull=False
        ).order_by("committed_at")
    )
    names = accounts.names_of({row.reviewer_id for row in rows})
    reviews = [_review(row, names, person_id) for row in rows]
    own = next(row.answers or {} for row in rows[::-1] if row.reviewer_id == person_id)
    others = [
        one
        for one in work.answers_of_task(actor, project_id, answer.task_id, limit=20)
        if one.assignment_id != assignment_id and one.state in (State.SUBMITTED, State.APPROVED)
    ]
    task = work.task_for(actor, project_id, answer.task_id)
    return Comparison(
        reviewed, reviews, others, _agreeing(reviewed.design_id, own, others),
        results_of(project_id, [answer.task_id]).get(answer.task_id), task.gold,
    )  # fmt: skip


@dataclass(frozen=True)
class ReviewerFigures:
    """How one reviewer decides, and how often they were right or agreed with a second one."""

    name: str
    reviews: int
    verdicts: dict[str, int]
    gold_seen: int
    gold_right: int
    doubled: int
    agreed: int
    pairs: list[tuple[str, str]]


def reviewer_figures(actor: Actor, project_id: int) -> list[ReviewerFigures]:
    """For who manages a project: its reviewers, the busiest first."""
    project = work.project_with_answers(actor, project_id, Permission.PROJECT_MANAGE)
    verdicts: dict[int, dict[str, int]] = {}
    gold: dict[int, tuple[int, int]] = {}
    for person_id, verdict, count, seen, correct in sql.rows(_BY_REVIEWER, [project.id]):
        verdicts.setdefault(person_id, {})[verdict] = count
        before = gold.get(person_id, (0, 0))
        gold[person_id] = (before[0] + seen, before[1] + correct)
    pairs: dict[int, list[tuple[str, str]]] = {}
    for first, second, one, other in sql.rows(_PAIRS, [project.id]):
        pairs.setdefault(first, []).append((one, other))
        pairs.setdefault(second, []).append((other, one))
    names = accounts.names_of(set(verdicts))
    found = [
        ReviewerFigures(
            names.get(person_id, ""), sum(each.values()), each, *gold[person_id], len(pairs.get(person_id, [])),
            sum(one == other for one, other in pairs.get(person_id, [])), pairs.get(person_id, []),
        )
        for person_id, each in verdicts.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.reviews, one.name))


def _review(row: Review, names: Mapping[int, str], person_id: int) -> ReviewView:
    assert row.committed_at is not None
    return ReviewView(
        names.get(row.reviewer_id, ""), row.reviewer_id == person_id, Verdict(row.verdict or ""), row.code, row.text,
        row.answers or {}, row.right, row.committed_at,
    )  # fmt: skip


def _agreeing(design_id: int, own: Mapping[str, Any], others: list[TaskAnswer]) -> dict[str, tuple[int, int]]:
    found = {}
    for ballot in ballots_of(design_id):
        if own.get(ballot.question) is not None:
            alike = [same(ballot, one.answers.get(ballot.question), own[ballot.question]) for one in others]
            found[ballot.question] = (sum(alike), len(alike))
    return found


def _values(project: ProjectView, person_id: int, worker: str) -> dict[str, Any]:
    plan = Plan.of(project.file)
    return {
        "project": project.id, "reviewer": person_id, "share": round(10_000 * plan.share), "below": plan.below,
        "gold": round(10_000 * max(plan.gold, 0.0)), "worker": worker, "open": OPEN_SECONDS,
    }  # fmt: skip


def _first(statement: str, values: dict[str, Any]) -> int | None:
    found = sql.value(statement, values)
    return None if found is None else int(found)


# Of an assignment `a` and a round `n.round`: nobody has reviewed it, and nobody else has it open.
_FREE = """NOT EXISTS (SELECT FROM review v WHERE v.project_id = a.project_id AND v.assignment_id = a.id AND v.round = n.round
    AND (v.committed_at IS NOT NULL OR (v.reviewer_id <> %(reviewer)s
        AND v.opened_at > statement_timestamp() - make_interval(secs => %(open)s))))"""
# Answers that wait and are drawn, with how sure their task is; those that were looked at for approval lie before
# approved_seq, and what is deferred to be decided as it is has a row of its own.
_DRAWN = f"""
SELECT a.id, j.confidence, n.round FROM (
    SELECT f.assignment_id, f.revision, false AS as_it_is FROM opening o
        JOIN answer_feed f ON f.project_id = o.project_id AND f.seq > o.approved_seq
        WHERE o.project_id = %(project)s AND NOT EXISTS (SELECT FROM deferral d
            WHERE d.project_id = f.project_id AND d.assignment_id = f.assignment_id)
    UNION ALL
    SELECT d.assignment_id, a.revision, true FROM deferral d
        JOIN assignment a ON a.project_id = d.project_id AND a.id = d.assignment_id
        WHERE d.project_id = %(project)s AND d.why = 'decision'
) w JOIN assignment a ON a.project_id = %(project)s AND a.id = w.assignment_id AND a.revision = w.revision
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
LEFT JOIN judgement j ON j.project_id = a.project_id AND j.task_id = a.task_id,
LATERAL (SELECT (2 * a.revision + w.as_it_is::int)::smallint AS round) n
WHERE a.state = 1 AND NOT a.is_gold AND a.worker_id <> %(reviewer)s AND (%(worker)s = '' OR e.pseudonym = %(worker)s)
    AND (%(worker)s <> '' OR w.as_it_is OR a.revision > 0 OR e.pause_reason IS NOT NULL
        OR (hashint8(a.id) & 2147483647) %% 10000 < %(share)s OR coalesce(j.confidence, 1) < %(below)s)
    AND {_FREE}
"""  # noqa: S608 (a constant)
_WAITING = f"SELECT id FROM ({_DRAWN}) q ORDER BY coalesce(confidence, -1), id LIMIT 1"  # noqa: S608
_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM ({_DRAWN}) q LIMIT %(most)s) c"  # noqa: S608
_SECOND = """
SELECT v.assignment_id FROM review v JOIN assignment a ON a.project_id = v.project_id AND a.id = v.assignment_id
WHERE v.project_id = %(project)s AND v.wants_second AND v.kind = 'first' AND v.committed_at IS NOT NULL
    AND v.reviewer_id <> %(reviewer)s AND a.worker_id <> %(reviewer)s AND a.state IN (1, 2, 3)
    AND v.round / 2 = a.revision
    AND NOT EXISTS (SELECT FROM review s WHERE s.project_id = v.project_id AND s.assignment_id = v.assignment_id
        AND s.round = v.round AND s.kind = 'second' AND (s.committed_at IS NOT NULL OR (s.reviewer_id <> %(reviewer)s
            AND s.opened_at > statement_timestamp() - make_interval(secs => %(open)s))))
ORDER BY v.committed_at LIMIT 1
"""
_GOLD = """
SELECT a.id FROM opening o JOIN answer_feed f ON f.project_id = o.project_id AND f.seq > o.approved_seq
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id AND a.revision = f.revision
WHERE o.project_id = %(project)s AND a.is_gold AND a.state IN (1, 2) AND a.worker_id <> %(reviewer)s
    AND NOT EXISTS (SELECT FROM review v WHERE v.project_id = a.project_id AND v.assignment_id = a.id
        AND v.reviewer_id = %(reviewer)s AND v.committed_at IS NOT NULL)
ORDER BY hashint8(a.id), a.id LIMIT 1
"""
_DONE = "SELECT count(*) FROM review WHERE project_id = %(project)s AND reviewer_id = %(reviewer)s AND committed_at IS NOT NULL"
_ONE = """
SELECT t.data::text, a.is_gold, (SELECT d.why FROM deferral d
    WHERE d.project_id = a.project_id AND d.assignment_id = a.id), a.design_id
FROM assignment a JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
WHERE a.project_id = %s AND a.id = %s AND a.state IN (1, 2, 3)
"""
_BY_REVIEWER = """
SELECT reviewer_id, verdict, count(*), count(*) FILTER (WHERE kind = 'gold'), count(*) FILTER (WHERE "right")
FROM review WHERE project_id = %s AND committed_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
_PAIRS = """
SELECT f.reviewer_id, s.reviewer_id, f.verdict, s.verdict FROM review f
JOIN review s ON s.project_id = f.project_id AND s.assignment_id = f.assignment_id AND s.round = f.round
    AND s.kind = 'second' AND s.committed_at IS NOT NULL
WHERE f.project_id = %s AND f.kind = 'first' AND f.committed_at IS NOT NULL ORDER BY f.committed_at
"""
