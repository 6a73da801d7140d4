"""A worker's figures in a project, each with its basis and an interval: for members, and for the worker themselves."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.histories import History, histories
from tagwerk.domain.quality.queries.workers import gold_records
from tagwerk.domain.quality.rules.control import Item, interval

NEWEST = 500  # answers that the figures are made of, besides gold
FEWEST_OF_A_CLASS = 3


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and between which shares the true one lies (Wilson, 95 %)."""

    question: str
    right: int
    seen: int
    label: str | None = None  # the right answer, as a label of the question; None: over all of them
    of_gold: bool = False

    @property
    def share(self) -> float:
        return self.right / self.seen if self.seen else 0.0

    @property
    def low(self) -> float:
        return interval(self.right, self.seen)[0]

    @property
    def high(self) -> float:
        return interval(self.right, self.seen)[1]


@dataclass(frozen=True)
class WorkerFigures:
    """How somebody works in a project. `pace`: their time by that of others at the same tasks (median of ratios)."""

    gold: list[Share]  # question by question, all gold that they answered
    agreement: list[Share]  # with the results of tasks that are done
    classes: list[Share]  # the same by what is right there, gold too
    answers: int  # that were looked at
    seconds: float | None  # the median of an answer
    pace: float | None
    paced: int
    approved: int
    rejected: int

    @property
    def accuracy(self) -> Share | None:
        """Over all questions: from gold, where there is any; else as far as answers agree with results."""
        lines = self.gold or self.agreement
        if not lines:
            return None
        return Share(
            "", sum(one.right for one in lines), sum(one.seen for one in lines), of_gold=bool(self.gold)
        )


def figures_of(project: ProjectView, worker_id: int) -> WorkerFigures:
    """A worker's figures; for who has passed a gate, or for themselves."""
    history = histories(project, [worker_id], limit=NEWEST)[worker_id]
    paces = [item.pace for item in history.items if item.pace is not None]
    times = [one.active_ms for one in history.look.own if one.active_ms > 0]
    decided = [item.approved for item in history.items if item.approved is not None]
    return WorkerFigures(
        gold=[
            Share(one.question, one.correct, one.seen, of_gold=True)
            for one in gold_records(project.id, worker_id)
        ],
        agreement=_agreement(history.items),
        classes=_classes(project, history),
        answers=len(history.items),
        seconds=median(times) / 1000 if times else None,
        pace=math.exp(median(paces)) if paces else None,
        paced=len(paces),
        approved=sum(decided),
        rejected=len(decided) - sum(decided),
    )


def _agreement(items: Sequence[Item]) -> list[Share]:
    return [
        Share(question, right, seen) for question, (right, seen) in _counted(
            (question, agrees) for item in items for question, agrees in item.agrees.items()
        ).items()
    ]  # fmt: skip


def _classes(project: ProjectView, history: History) -> list[Share]:
    """By what is right: gold, else the result of a task that is done."""
    labels = {ballot.question: ballot.labels for ballot in ballots_of(project.design_id) if ballot.places}
    found = _counted(
        ((question, place), agrees)
        for item, one in zip(history.items, history.look.own, strict=True)
        for question, agrees in {**item.agrees, **item.gold}.items()
        if (place := _right_place(history, one.task_id, question)) is not None
    )
    lines = [
        Share(question, right, seen, labels[question][place])
        for (question, place), (right, seen) in found.items()
        if seen >= FEWEST_OF_A_CLASS
    ]
    order = {question: number for number, question in enumerate(labels)}
    return sorted(
        lines, key=lambda line: (order[line.question], labels[line.question].index(line.label or ""))
    )


def _right_place(history: History, task_id: int, question: str) -> int | None:
    gold = history.look.gold.get((task_id, question))
    return history.results.get((task_id, question)) if gold is None else gold


def _counted(said: Iterable[tuple[Any, bool]]) -> dict[Any, tuple[int, int]]:
    """Key → (right ones, all)."""
    found: dict[Any, tuple[int, int]] = {}
    for key, right in said:
        before = found.get(key, (0, 0))
        found[key] = before[0] + right, before[1] + 1
    return found
