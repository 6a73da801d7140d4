"""From answers to results by fitted models: what each answer says for and against each class, and what is still open.

A question whose answers are one of several labels has one set of models; one whose answers hold several labels has a
set for each of them, which asks whether it belongs to the task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagwerk.domain.quality.rules.judging import (
    Ballot,
    Outcome,
    Spread,
    Vote,
    merged,
    sorted_by_task,
    spreads,
)
from tagwerk.domain.quality.rules.stopping import Certainty
from tagwerk.domain.quality.rules.words import Method, Source
from tagwerk.inference import agreement, vote
from tagwerk.inference.part import Part, part_of
from tagwerk.inference.stopping import NOBODY, Models, Rule, standings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fitted:
    """The current models of a question; `rows`: worker → row of their tables, whoever is not in it is somebody new."""

    version: int
    method: Method
    models: Sequence[Models]
    rows: Mapping[int, int]


@dataclass(frozen=True, eq=False)
class _Seen:
    """What one set of models thinks of each task; arrays over tasks, `posterior` (models, tasks, classes)."""

    posterior: Floats
    more: Ints


def by_model(
    ballot: Ballot,
    fitted: Fitted,
    votes: Sequence[Vote],
    task_ids: Sequence[int],
    left: Mapping[int, int],
    rule: Rule,
) -> dict[int, tuple[Outcome, Certainty]]:
    """Judge one question of all the tasks, and say how sure that is; `left`: how many answers may still come."""
    by_task = sorted_by_task(votes, task_ids)
    said = {
        task_id: [(fitted.rows.get(one.worker_id, NOBODY), code) for one in given if (code := ballot.code(one.answers)) is not None]
        for task_id, given in by_task.items()
    }  # fmt: skip
    answered = [task_id for task_id in task_ids if said[task_id]]
    found = {}
    if answered:
        may_come = np.array([left.get(task_id, 0) for task_id in answered], np.int64)
        seen = [
            _seen(
                models, _part(said, answered, place if ballot.members else None), may_come, rule,
                alone=not ballot.members,
            )
            for place, models in enumerate(fitted.models)
        ]  # fmt: skip
        tell = _of_members if ballot.members else _of_labels
        spread = _spreads(ballot, by_task, answered)
        for row, task_id in enumerate(answered):
            code, sure, doubted, tied = tell(ballot, task_id, seen, row)
            more = max(int(one.more[row]) for one in seen)
            found[task_id] = (
                Outcome(
                    value=ballot.value(code), confidence=sure, agreement=spread[row].alike,
                    answers=len(said[task_id]), source=Source.VOTE, tied=tied, entropy=spread[row].entropy,
                    method=fitted.method,
                    model=fitted.version,
                ),
                Certainty(sure, len(ballot.classes), 0.0, more=more, least_sure=doubted),
            )  # fmt: skip
    for task_id in task_ids:
        if task_id not in found:
            found[task_id] = merged(ballot, by_task[task_id]), Certainty(None, len(ballot.classes), 0.0)
    return found


def _part(said: Mapping[int, Sequence[tuple[int, int]]], answered: Sequence[int], member: int | None) -> Part:
    """The answers as models read them: labels, or whether a member is there."""
    task = [row for row, task_id in enumerate(answered) for _ in said[task_id]]
    pairs = [pair for task_id in answered for pair in said[task_id]]
    label = [code if member is None else code >> member & 1 for _, code in pairs]
    known = np.full(len(answered), -1)
    return part_of(task, [worker for worker, _ in pairs], label, known, workers=0, classes=2)


def _seen(models: Models, part: Part, left: Ints, rule: Rule, *, alone: bool) -> _Seen:
    """`alone`: these models decide a task by themselves, so whoever is sure of it need not ask what more would bring."""
    scores = models.scores(part)
    posterior = models.posterior(scores)
    if alone:
        leader = posterior[-1].argmax(axis=1)[None, :, None]
        sure = np.take_along_axis(posterior, leader, axis=2)[:, :, 0].min(axis=0) >= rule.sure
        left = np.where(sure, 0, left)
    found = standings(models, scores, np.zeros_like(left), left, rule)
    return _Seen(posterior, found.more)


def _of_labels(
    ballot: Ballot, task_id: int, seen: Sequence[_Seen], row: int
) -> tuple[int, float, float, bool]:
    """The likeliest label: its place, how likely it is, how likely to whom doubts most, and whether it was drawn."""
    likely = seen[0].posterior[:, row]
    found = vote.verdict(likely[-1], ballot.labels, f"{task_id}/{ballot.question}")
    return found.winner, found.confidence, float(likely[:, found.winner].min()), bool(found.tied)


def _of_members(
    ballot: Ballot, task_id: int, seen: Sequence[_Seen], row: int
) -> tuple[int, float, float, bool]:
    """The members that are likelier there than not, and how likely it is that just these are."""
    there = np.array([one.posterior[:, row, 1] for one in seen])  # (members, models)
    chosen = there[:, -1] > 0.5
    if not chosen.any() and not ballot.may_be_empty:
        chosen[there[:, -1].argmax()] = True
    sure = np.where(chosen[:, None], there, 1.0 - there).prod(axis=0)
    code = sum(1 << place for place in np.flatnonzero(chosen).tolist())
    return code, float(sure[-1]), float(sure.min()), bool((np.abs(there[:, -1] - 0.5) <= vote.TIE).any())


def _spreads(ballot: Ballot, by_task: Mapping[int, Sequence[Vote]], answered: Sequence[int]) -> list[Spread]:
    """How alike the answers of each task are."""
    if not ballot.places:
        values = [[one.answers.get(ballot.question) or [] for one in by_task[t]] for t in answered]
        alike = [agreement.likeness(each, lambda a, b: ballot.kind.distance(ballot.options, a, b)) for each in values]  # fmt: skip
        return [Spread(one, None) for one in alike]
    named = [(row, ballot.place(one.answers)) for row, task in enumerate(answered) for one in by_task[task]]
    pairs = [(row, place) for row, place in named if place is not None]
    rows, places = zip(*pairs, strict=True)
    return spreads(ballot, rows, places, len(answered))
