"""Reviewing an answer: what a reviewer sees of it, what shows only afterwards, and how reviewers do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagwerk.base.errors import Conflict, NotAllowed, NotFound
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.models import Review
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.deciders import person_deciding
from tagwerk.domain.quality.queries.drawing import Because, because
from tagwerk.domain.quality.queries.results import TaskResult, results_of
from tagwerk.domain.quality.rules.reviewing import ReviewKind, Verdict, round_of, same
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import TaskAnswer, sql
from tagwerk.domain.work.rules.states import State


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
    as_it_is: bool  # a better answer was asked for and did not come


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
        any(row.reviewer_id == person_id and row.committed_at is not None for row in rows), design_id, why == "decision",
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
    because: Because  # why it came to this reviewer


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
    mine = next(row for row in rows[::-1] if row.reviewer_id == person_id)
    others = [
        one
        for one in work.answers_of_task(actor, project_id, answer.task_id, limit=20)
        if one.assignment_id != assignment_id and one.state in (State.SUBMITTED, State.APPROVED)
    ]
    task = work.task_for(actor, project_id, answer.task_id)
    return Comparison(
        reviewed, reviews, others, _agreeing(reviewed.design_id, mine.answers or {}, others),
        results_of(project_id, [answer.task_id]).get(answer.task_id), task.gold,
        because(project_id, answer.worker_id, mine.drawn, mine.drawn_about),
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
