"""How good a project's answers are, over time and between classes, and where workers disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Sum
from numpy.typing import NDArray

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import (
    AgreementDay,
    GoldStanding,
    JudgementTally,
    JudgeModel,
    Result,
    WorkerRecord,
)
from tagwerk.domain.quality.queries.answers import counted_answers, data_of, newest_answers
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.progress import SAMPLE_TASKS
from tagwerk.domain.quality.rules.agreeing import Sums, alpha
from tagwerk.domain.quality.rules.control import interval
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries.sql import read_json

DAYS = 90
MOST_CLASSES = 32  # of a table of what is taken for what


@dataclass(frozen=True, slots=True)
class DayAgreement:
    """Krippendorff's alpha over the tasks that were settled on a day (UTC) and have two answers or more."""

    day: date
    tasks: int
    alpha: float | None


def agreement_by_day(project: ProjectView, *, today: date) -> dict[str, list[DayAgreement]]:
    """Question → its agreement on each of the last days on which tasks were settled; one query, past the gate."""
    since = today - timedelta(days=DAYS)
    rows = AgreementDay.objects.filter(project_id=project.id, day__gte=since)
    found: dict[str, dict[date, list[tuple[int, float | None]]]] = {}
    for row in rows.order_by("question", "day", "design_id"):
        ballot = next((b for b in ballots_of(row.design_id) if b.question == row.question), None)
        value = alpha(Sums(row.tasks, tuple(row.named), row.unlike), ballot) if ballot else None
        found.setdefault(row.question, {}).setdefault(row.day, []).append((row.tasks, value))
    return {q: [_of_day(day, parts) for day, parts in days.items()] for q, days in found.items()}


def _of_day(day: date, parts: Sequence[tuple[int, float | None]]) -> DayAgreement:
    """One day, on which the design may have changed: its parts by their tasks."""
    known = [(tasks, value) for tasks, value in parts if value is not None]
    weight = sum(tasks for tasks, _ in known)
    mean = sum(tasks * value for tasks, value in known) / weight if weight else None
    return DayAgreement(day, sum(tasks for tasks, _ in parts), mean)


@dataclass(frozen=True, eq=False)
class Confusion:
    """What workers answered where the result is known: `counts` (classes, classes), rows the result, columns the answer."""

    values: list[Any]
    counts: NDArray[np.int64]
    tasks: int


def confusions(project: ProjectView) -> dict[str, Confusion]:
    """Question → what is taken for what, over the newest judged tasks with two answers or more; two queries."""
    answers = newest_answers(project.id, SAMPLE_TASKS)
    ids = {one.task_id for one in answers}
    rows = Result.objects.filter(project_id=project.id, task_id__in=ids, confidence__isnull=False)
    results: dict[str, dict[int, Any]] = {}
    for question, task_id, value in rows.values_list("question", "task_id", "value"):
        results.setdefault(question, {})[task_id] = value
    found = {}
    for ballot in ballots_of(project.design_id):
        if ballot.members or not 1 < len(ballot.places) <= MOST_CLASSES:
            continue
        said = [(one.task_id, ballot.place(one.answers)) for one in answers]
        counted = _confusion(ballot, results.get(ballot.question, {}), said)
        if counted.tasks:
            found[ballot.question] = counted
    return found


def _confusion(
    ballot: Ballot, results: Mapping[int, Any], said: Sequence[tuple[int, int | None]]
) -> Confusion:
    counts = np.zeros((len(ballot.places), len(ballot.places)), np.int64)
    decided = {task_id: ballot.place({ballot.question: value}) for task_id, value in results.items()}
    tasks = set()
    for task_id, place in said:
        truth = decided.get(task_id)
        if truth is not None and place is not None:
            counts[truth, place] += 1
            tasks.add(task_id)
    values = [ballot.kind.from_label(ballot.options, label) for label in ballot.labels]
    return Confusion(values, counts, len(tasks))


class Calibrated(NamedTuple):
    """How sure the model was of gold that it did not know, how often it was right, and of how many tasks."""

    sure: float
    right: float
    tasks: int

    @property
    def range(self) -> tuple[float, float]:
        """Between which shares it is right (Wilson, 95 %)."""
        return interval(round(self.right * self.tasks), self.tasks)


def calibrations(project_id: int) -> dict[str, list[Calibrated]]:
    """Question → how sure and how right its current model is, by certainty; for who has passed a gate."""
    rows = JudgeModel.objects.filter(project_id=project_id).order_by("question", "-version")
    newest = rows.distinct("question").values_list("question", "calibration")
    return {question: [Calibrated(*one) for one in bins] for question, bins in newest if bins}


class WorkerAccuracy(NamedTuple):
    """How often a worker is right on gold, and between which shares that lies (Wilson, 95 %)."""

    pseudonym: str
    right: int
    seen: int
    low: float
    high: float


def accuracies_on_gold(project_id: int, *, limit: int = 20) -> list[WorkerAccuracy]:
    """Those who have answered most gold, the least accurate first; two queries, for who may see people."""
    summed = WorkerRecord.objects.filter(project_id=project_id).values("worker_id")
    rows = summed.annotate(seen=Sum("gold_seen"), correct=Sum("gold_correct")).order_by("-seen", "worker_id")
    found = list(rows.filter(seen__gt=0)[:limit])
    names = work.pseudonyms(project_id, [row["worker_id"] for row in found])
    made = [
        WorkerAccuracy(
            names[row["worker_id"]], row["correct"], row["seen"], *interval(row["correct"], row["seen"])
        )
        for row in found
    ]
    return sorted(made, key=lambda one: (one.right / one.seen, one.pseudonym))


@dataclass(frozen=True, slots=True)
class Worth:
    """What the answers to settled tasks came to. `right`: how many of the results are expected to be right."""

    tasks: int
    answers: int
    right: float

    def saved(self, most: int) -> int:
        """How many answers fewer than if every task had got the most."""
        return max(0, self.tasks * most - self.answers)

    @property
    def answers_per_right(self) -> float | None:
        """Answers for each result that is right."""
        return self.answers / self.right if self.right else None


def worth(project_id: int) -> Worth:
    """What the answers to settled tasks came to; two rows, for who has passed a gate."""
    settled = (TaskState.DONE, TaskState.EXHAUSTED)
    rows = JudgementTally.objects.filter(project_id=project_id, state__in=settled)
    columns = list(rows.values_list("tasks", "answers", "sure"))
    return Worth(sum(t for t, _, _ in columns), sum(a for _, a, _ in columns), sum(s for *_, s in columns))


@dataclass(frozen=True, slots=True)
class PriceOfRight:
    """What a right result costs. `paid_answers`: on so many its price of an answer rests; 0: none is paid yet, and it is the
    project's."""

    micros: int
    paid_answers: int


def price_of_right(project: ProjectView, found: Worth) -> PriceOfRight | None:
    """What a right result has cost, as the estimate counts it: answers to gold are paid for too. An answer costs what all
    that was spent comes to for each that was paid: with fee, bonuses, rework and guaranteed hours. From rows that are kept,
    for who has passed a gate; None where nothing is paid or no result is expected to be right."""
    if not project.paid or not found.right:
        return None
    spent = work.spending(project)
    gold = GoldStanding.objects.filter(project_id=project.id).aggregate(seen=Sum("seen"))["seen"] or 0
    each = spent.spent_micros / spent.answers if spent.answers else project.price.total_micros
    return PriceOfRight(round(each * (found.answers + gold) / found.right), spent.answers)


@dataclass(frozen=True)
class Disputed:
    """A task over which answers are spread; `entropy` in bits. `answers`: pseudonym and what they said."""

    task_id: int
    data: dict[str, Any]
    entropy: float
    agreement: float | None
    value: Any
    confidence: float | None
    answers: list[tuple[str, Any]]


def disputed(
    actor: Actor, project_id: int, question: str | None = None, *, after: int = 0, limit: int = 20
) -> list[Disputed]:
    """For members: tasks whose answers to a question differ, the most spread first; those after task `after`. By
    default to the first question whose answers can be compared."""
    project = work.project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    comparable = [one.question for one in ballots_of(project.design_id) if one.places]
    question = question or next(iter(comparable), "")
    if question not in comparable:
        raise NotFound(
            "question_not_found", "The project has no such question whose answers can be compared."
        )
    last = Result.objects.filter(project_id=project.id, task_id=after, question=question).first()
    bits = last.entropy or 0.0 if last else float("inf")
    begin = [bits, bits, after]
    with connection.cursor() as cursor:
        cursor.execute(_DISPUTED, [project.id, question, *begin, limit])
        rows = cursor.fetchall()
    ids = [row[0] for row in rows]
    data = data_of(project.id, ids)
    given: dict[int, list[tuple[int, Any]]] = {}
    for one in counted_answers(project.id, ids):
        given.setdefault(one.task_id, []).append((one.worker_id, one.answers.get(question)))
    names = work.pseudonyms(project.id, [worker for pairs in given.values() for worker, _ in pairs])
    return [
        Disputed(
            task_id, data[task_id], entropy, alike, value, sure,
            [(names[worker], said) for worker, said in given.get(task_id, [])],
        )
        for task_id, entropy, alike, value, sure in ((r[0], r[1], r[2], read_json(r[3]), r[4]) for r in rows)
    ]  # fmt: skip


_DISPUTED = """
SELECT task_id, entropy, agreement, value::text, confidence FROM result
WHERE project_id = %s AND question = %s AND entropy > 0 AND entropy <= %s AND (entropy < %s OR task_id > %s)
ORDER BY entropy DESC, task_id LIMIT %s
"""
