"""From answers to results: one question of many tasks at once.

A question whose kind knows a finite list of labels is voted on, each worker weighted by their accuracy on gold.
Any other question (texts) gets what its kind merges from the answers, without a certainty.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tagwerk.domain.designs.rules.question import Kind
from tagwerk.domain.designs.rules.when import evaluate
from tagwerk.domain.quality.rules import words
from tagwerk.domain.quality.rules.words import Method, Source
from tagwerk.inference import agreement, vote

MOST_MEMBERS = 60  # bits of a whole number


@dataclass(frozen=True, eq=False)
class Ballot:
    """One question, made ready for judging once per design."""

    question: str
    kind: Kind
    options: Any
    decides: bool
    when: Any  # the parsed condition under which the question is asked; None: always
    places: Mapping[str, int]  # label → its place; empty: there is no list, so nothing to vote on
    apart: NDArray[np.float64]
    blank: (
        int | None
    )  # the label of an answer that picks nothing where that says something: no option applies
    members: tuple[str, ...] = ()  # of which an answer may hold several; empty: an answer is one label

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.places)

    @property
    def classes(self) -> tuple[str, ...]:
        """What models tell apart: the members, each there or not, else the labels."""
        return self.members or self.labels

    def code(self, answers: Mapping[str, Any]) -> int | None:
        """What an answer says, as a number: the place of its label, or a bit for each of its members."""
        if not self.members:
            return self.place(answers)
        value = answers.get(self.question)
        if value is not None:
            picked = json.loads(self.kind.to_label(self.options, value))
            return sum(1 << self.members.index(one) for one in picked if one in self.members)
        return 0 if self.may_be_empty and (self.when is None or evaluate(self.when, answers)) else None

    def value(self, code: int) -> Any:
        """The answer behind such a number."""
        if not self.members:
            return self.kind.from_label(self.options, self.labels[code])
        picked = [one for place, one in enumerate(self.members) if code >> place & 1]
        return self.kind.from_label(self.options, json.dumps(picked, ensure_ascii=False))

    @property
    def may_be_empty(self) -> bool:
        """Whether an answer that holds no member is one."""
        return bool(self.members) and not getattr(self.options, "required", True)

    def place(self, answers: Mapping[str, Any]) -> int | None:
        """The label that an answer votes for; None where it has none."""
        value = answers.get(self.question)
        if value is not None:
            return self.places.get(self.kind.to_label(self.options, value)) if self.places else None
        return self.blank if self.when is None or evaluate(self.when, answers) else None


def ballot(question: str, kind: Kind, options: Any, *, decides: bool, when: Any = None) -> Ballot:
    """Make one question ready: its labels, their distances."""
    labels = kind.labels(options) or []
    values = [kind.from_label(options, label) for label in labels]
    places = {label: place for place, label in enumerate(labels)}
    members = tuple(kind.members(options) or ())
    members = members if len(members) <= MOST_MEMBERS else ()
    blank = places.get("[]") if members else None
    apart = agreement.distances(values, lambda a, b: kind.distance(options, a, b))
    return Ballot(question, kind, options, decides, when, places, apart, blank, members)


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer that counts: whose, to which task, what to each question."""

    task_id: int
    worker_id: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the answers to one question of one task add up to; a value, or a reason why there is none."""

    value: Any
    confidence: float | None
    agreement: float | None
    answers: int
    source: Source
    tied: bool = False
    reason: str = ""
    entropy: float | None = None  # of the answers over the labels, in bits
    method: Method = Method.MERGE
    model: int = 0  # the version of the fitted model that decided; 0: none


def judge(
    ballot: Ballot,
    votes: Sequence[Vote],
    accuracies: Mapping[int, float],
    task_ids: Sequence[int],
    method: Method = Method.GOLD_VOTE,
) -> dict[int, Outcome]:
    """Judge one question of all the tasks by a vote; `accuracies` by worker, unknown ones count as the prior's mean."""
    by_task = sorted_by_task(votes, task_ids)
    named = {t: [(one.worker_id, ballot.place(one.answers)) for one in all_] for t, all_ in by_task.items()}
    known = {t: [(worker, place) for worker, place in all_ if place is not None] for t, all_ in named.items()}
    skills = {} if method is Method.MAJORITY else accuracies
    outcomes = _voted(ballot, {t: places for t, places in known.items() if places}, skills, method)
    for task_id in task_ids:
        if task_id not in outcomes:
            outcomes[task_id] = merged(ballot, by_task[task_id])
    return outcomes


def sorted_by_task(votes: Sequence[Vote], task_ids: Sequence[int]) -> dict[int, list[Vote]]:
    """Task → its votes by worker: sums of numbers depend on their order, results must not."""
    by_task: dict[int, list[Vote]] = {task_id: [] for task_id in task_ids}
    for one in sorted(votes, key=lambda vote: vote.worker_id):
        by_task[one.task_id].append(one)
    return by_task


def _voted(
    ballot: Ballot,
    named: Mapping[int, list[tuple[int, int]]],
    accuracies: Mapping[int, float],
    method: Method,
) -> dict[int, Outcome]:
    """Vote on all tasks in one pass over arrays; `named` is task → (worker, place of the label)."""
    unknown = float(vote.accuracy(0, 0))
    rows = [row for row, pairs in enumerate(named.values()) for _ in pairs]
    places = [place for pairs in named.values() for _, place in pairs]
    skills = [accuracies.get(worker_id, unknown) for pairs in named.values() for worker_id, _ in pairs]
    table = vote.posteriors(rows, places, skills, tasks=len(named), classes=len(ballot.places))
    spread = spreads(ballot, rows, places, len(named))
    outcomes = {}
    for row, task_id in enumerate(named):
        found = vote.verdict(table[row], ballot.labels, f"{task_id}/{ballot.question}")
        outcomes[task_id] = Outcome(
            value=ballot.kind.from_label(ballot.options, ballot.labels[found.winner]),
            confidence=found.confidence,
            agreement=spread[row].alike,
            answers=len(named[task_id]),
            source=Source.VOTE,
            tied=bool(found.tied),
            entropy=spread[row].entropy,
            method=method,
        )
    return outcomes


class Spread(NamedTuple):
    """How alike the answers to one task are (None: there is no pair), and how spread over the labels, in bits."""

    alike: float | None
    entropy: float | None


def spreads(ballot: Ballot, rows: Sequence[int], places: Sequence[int], tasks: int) -> list[Spread]:
    """The spread of each task's answers, from one row and place per answer."""
    table = agreement.counts(rows, places, units=tasks, classes=len(ballot.places))
    alike = agreement.pair_agreement(table, ballot.apart).tolist()
    bits = agreement.entropies(table).tolist()
    return [Spread(None if one != one else one, each) for one, each in zip(alike, bits, strict=True)]


def merged(ballot: Ballot, votes: Sequence[Vote]) -> Outcome:
    """What the kind makes of answers that cannot be voted on."""
    values = [one.answers[ballot.question] for one in votes if one.answers.get(ballot.question) is not None]
    if not values:
        reason = words.NOT_ANSWERED if votes else words.NO_ANSWERS
        return Outcome(None, None, None, 0, Source.MERGE, reason=reason)
    alike = agreement.likeness(values, lambda a, b: ballot.kind.distance(ballot.options, a, b))
    value, how = ballot.kind.merge(ballot.options, values)
    return Outcome(value, None, alike, len(values), Source.MERGE, method=Method(how))
