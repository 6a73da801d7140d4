"""Results and how judging goes, for members of the organisation."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Count, Sum
from psycopg.pq import Format
from pydantic_core import from_json

from tagwerk.base.arrays import bigints
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.models import Judgement, Result, WorkerRecord
from tagwerk.domain.quality.queries.answers import counted_answers
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.words import Source, TaskState
from tagwerk.domain.work.queries import project_with_answers
from tagwerk.inference import agreement

SAMPLE_TASKS = 2_000  # agreement over the newest so many judged tasks: enough for two digits, and quick


class ResultView(NamedTuple):
    """The result of one question of one task."""

    question: str
    value: Any
    confidence: float | None
    agreement: float | None
    answers: int
    tied: bool
    source: Source
    reason: str


class TaskResult(NamedTuple):
    """Where a task stands, and its results by question."""

    task_id: int
    state: TaskState
    answers: int
    confidence: float | None
    results: dict[str, ResultView]


def results_of(project_id: int, task_ids: Collection[int]) -> dict[int, TaskResult]:
    """Judged tasks among these with their results; for rooms above that have passed a gate. One query.

    Exports read a million tasks through here, hence no models.
    """
    found: dict[int, TaskResult] = {}
    for task_id, state, counted, sure, question, value, *rest in _rows(
        _RESULTS, [project_id, bigints(task_ids)]
    ):
        task = found.get(task_id)
        if task is None:
            task = found[task_id] = TaskResult(task_id, _STATES[state], counted, sure, {})
        if question is not None:
            confidence, alike, answers, tied, source, reason = rest
            decided = None if value is None else from_json(value)
            task.results[question] = ResultView(
                question, decided, confidence, alike, answers, tied, _SOURCES[source], reason
            )
    return found


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY  # a million rows: numbers need not be read from text
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_SOURCES = {str(source): source for source in Source}
_STATES = {str(state): state for state in TaskState}
_RESULTS = """
SELECT j.task_id, j.state, j.answers, j.confidence, r.question, r.value::text, r.confidence, r.agreement, r.answers,
    r.tied, r.source, r.reason
FROM judgement j LEFT JOIN result r ON r.project_id = j.project_id AND r.task_id = j.task_id
WHERE j.project_id = %s AND j.task_id = ANY(%s::bigint[])
"""


def results_page(
    actor: Actor, project_id: int, *, after: int = 0, limit: int = 50, state: TaskState | None = None
) -> list[TaskResult]:
    """Judged tasks with their results, by task; the next page begins after the last task's number."""
    project = project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    rows = Judgement.objects.filter(project_id=project.id, task_id__gt=after).order_by("task_id")
    if state is not None:
        rows = rows.filter(state=state)
    ids = list(rows.values_list("task_id", flat=True)[:limit])
    found = results_of(project.id, ids)
    return [found[task_id] for task_id in ids if task_id in found]


def result_for(actor: Actor, project_id: int, task_id: int) -> TaskResult | None:
    """One task's results; None while it is not judged."""
    project = project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    return results_of(project.id, [task_id]).get(task_id)


@dataclass(frozen=True)
class QuestionProgress:
    """How a question does: its results by value, how much workers agree, how right they are on gold."""

    question: str
    values: list[tuple[Any, int]]  # the most frequent results first
    alpha: float | None  # Krippendorff's; None where it is not defined or nothing can be counted
    alpha_tasks: int
    gold_seen: int
    gold_correct: int


@dataclass(frozen=True)
class JudgingProgress:
    """How far judging is."""

    done: int
    exhausted: int
    open: int  # judged, and more answers are on their way
    answers: int  # that count, to all judged tasks
    questions: list[QuestionProgress]

    @property
    def settled(self) -> int:
        return self.done + self.exhausted

    @property
    def answers_per_task(self) -> float | None:
        """Answers per judged task."""
        judged = self.settled + self.open
        return self.answers / judged if judged else None


def progress(project_id: int) -> JudgingProgress:
    """How far judging of a project is; for who has passed its gate."""
    rows = (
        Judgement.objects.filter(project_id=project_id)
        .values("state")
        .annotate(tasks=Count("id"), sum=Sum("answers"))
    )
    tasks = {row["state"]: row["tasks"] for row in rows}
    answers = sum(row["sum"] or 0 for row in rows)
    return JudgingProgress(
        tasks.get(TaskState.DONE, 0), tasks.get(TaskState.EXHAUSTED, 0), tasks.get(TaskState.OPEN, 0), answers,
        _questions(project_id),
    )  # fmt: skip


def _questions(project_id: int) -> list[QuestionProgress]:
    project = projects.project(project_id)
    alphas = agreement_of(project_id)
    gold = {
        row["question"]: (row["seen"], row["correct"])
        for row in WorkerRecord.objects.filter(project_id=project_id)
        .values("question")
        .annotate(seen=Sum("gold_seen"), correct=Sum("gold_correct"))
    }
    found = []
    for ballot in ballots_of(project.design_id):
        alpha, tasks = alphas.get(ballot.question, (None, 0))
        values = _values(project_id, ballot.question) if ballot.places else []
        found.append(
            QuestionProgress(ballot.question, values, alpha, tasks, *gold.get(ballot.question, (0, 0)))
        )
    return found


def _values(project_id: int, question: str) -> list[tuple[Any, int]]:
    rows = Result.objects.filter(project_id=project_id, question=question, value__isnull=False)
    counted = rows.values("value").annotate(tasks=Count("id")).order_by("-tasks")[:50]
    return [(row["value"], row["tasks"]) for row in counted]


def agreement_of(project_id: int) -> dict[str, tuple[float | None, int]]:
    """Krippendorff's alpha of each question that can be counted, over the newest judged tasks, and how many."""
    project = projects.project(project_id)
    newest = Judgement.objects.filter(project_id=project_id, answers__gte=2).order_by("-task_id")
    ids = list(newest.values_list("task_id", flat=True)[:SAMPLE_TASKS])
    rows = {task_id: row for row, task_id in enumerate(ids)}
    counted = counted_answers(project_id, ids)
    found: dict[str, tuple[float | None, int]] = {}
    for ballot in ballots_of(project.design_id):
        if not ballot.places:
            continue
        named = [(rows[one.task_id], ballot.place(one.answers)) for one in counted]
        pairs = [(row, place) for row, place in named if place is not None]
        table = agreement.counts(
            [row for row, _ in pairs],
            [place for _, place in pairs],
            units=len(ids),
            classes=len(ballot.places),
        )
        found[ballot.question] = (agreement.alpha(table, ballot.apart), int(np.sum(table.sum(axis=1) >= 2)))
    return found
