"""Recorded answers asked for anew: what a stopping rule would have asked, and what comes of it."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tagwerk.inference.bayes import IBCC
from tagwerk.inference.calibration import held_out, reliability
from tagwerk.inference.crowd import crowd_of_codes, sort_labels
from tagwerk.inference.part import Part
from tagwerk.inference.stopping import SKILLED, Action, Rule, refit, standings

GOLD_SHARE = 0.1
MOST_CLASSES = 32  # with more, what is called a label is a number
FEWEST_TRUTHS = 20
GROWN = 1.05  # with so many times the answers, models are refitted
APART = 1.01

Ints = NDArray[np.int64]


class Unusable(Exception):
    """Why a folder cannot be replayed."""


@dataclass(frozen=True)
class Answers:
    """A set's labels as codes, a row each, and each task's truth (-1: not known)."""

    name: str
    task: Ints
    worker: Ints
    label: Ints
    truth: Ints
    workers: int
    classes: int

    @property
    def tasks(self) -> int:
        """How many tasks."""
        return len(self.truth)

    @property
    def numbers(self) -> list[int]:
        """The fixed numbers of answers that differ: each takes 1 % more labels than the one before; last, the most."""
        most = np.bincount(self.task, minlength=self.tasks)
        found, labels = [1], self.tasks
        for number in range(2, int(most.max()) + 1):
            more = int(np.minimum(number, most).sum())
            if more >= labels * APART and len(self.task) >= more * APART:
                found.append(number)
                labels = more
        return [*found, int(most.max())]


@dataclass(frozen=True)
class Outcome:
    """What a way of asking came to: labels asked for in tasks that are not gold, and the share of right results."""

    labels: int
    accuracy: float


def load(folder: Path) -> Answers:
    """A set from labels.csv (task, worker, label) and truth.csv (task, label); of a worker's labels the last counts."""
    try:
        labels, truth = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("labels", "truth"))
    except FileNotFoundError as missing:
        raise Unusable(f"{Path(missing.filename).name} is missing") from missing
    if not {"task", "worker", "label"} <= set(labels) or not {"task", "label"} <= set(truth):
        raise Unusable("its columns are not task, worker and label")
    if "left" in labels:
        raise Unusable("it compares pairs")
    labels = labels.dropna().drop_duplicates(["task", "worker"], keep="last")
    truth = truth[truth["task"].isin(labels["task"])].drop_duplicates("task", keep="last")
    names = sorted({*labels["label"], *truth["label"]})
    if len(names) > MOST_CLASSES:
        raise Unusable(f"{len(names)} different labels: numbers, not classes")
    if len(truth) < FEWEST_TRUTHS:
        raise Unusable(f"the truth of {len(truth)} tasks is known, which is too few")
    task, tasks = pd.factorize(labels["task"], sort=True)
    worker, workers = pd.factorize(labels["worker"], sort=True)
    place = {name: at for at, name in enumerate(names)}
    true = np.full(len(tasks), -1)
    true[tasks.get_indexer(truth["task"])] = truth["label"].map(place)
    return Answers(
        folder.name,
        task,
        worker,
        labels["label"].map(place).to_numpy(np.int64),
        true,
        len(workers),
        len(names),
    )


class Replay:
    """One order of a set's answers, by a seed, and a tenth of its truths as gold.

    All answers to gold tasks are there from the beginning, are always paid, and are scored nowhere.
    """

    def __init__(self, answers: Answers, seed: int) -> None:
        chance = np.random.default_rng(seed)
        order = np.lexsort((chance.random(len(answers.task)), answers.task))
        self.answers, self.seed = answers, seed
        self.task, self.worker, self.label = answers.task[order], answers.worker[order], answers.label[order]
        self.most = np.bincount(self.task, minlength=answers.tasks)
        starts = np.concatenate([[0], np.cumsum(self.most)])
        self.turn = np.arange(len(self.task)) - starts[self.task]  # the how-manieth answer of its task
        true = np.flatnonzero(answers.truth >= 0)
        gold = chance.choice(true, max(1, round(GOLD_SHARE * len(true))), replace=False)
        self.known = np.full(answers.tasks, -1)
        self.known[gold] = answers.truth[gold]
        self.open = self.known < 0

    def part(self, asked: Ints) -> Part:
        """The first so many answers of each task, and all of gold."""
        kept = (self.turn < asked[self.task]) | ~self.open[self.task]
        starts, who, what = sort_labels(
            self.task[kept].astype(np.int32),
            self.worker[kept].astype(np.int32),
            self.label[kept].astype(np.uint8),
            self.answers.tasks,
        )
        known = self.known.astype(np.int32)
        return Part(starts, who, what, known, self.answers.workers, self.answers.classes)

    def outcome(self, asked: Ints) -> Outcome:
        """What the best aggregator makes of these answers: the same for every way of asking."""
        method = IBCC(shrinkage=SKILLED, by_skill=True, n_threads=1)
        found = method.infer(crowd_of_codes(self.part(asked))).posterior.argmax(axis=1)
        scored = self.open & (self.answers.truth >= 0)
        right = found[scored] == self.answers.truth[scored]
        return Outcome(int(np.minimum(asked, self.most)[self.open].sum()), float(right.mean()))

    @cached_property
    def full(self) -> Outcome:
        """With all answers."""
        return self.outcome(self.most)

    def fixed(self) -> list[Outcome]:
        """With each of `numbers` answers to every task; the last is all of them."""
        return [self.outcome(np.minimum(number, self.most)) for number in self.answers.numbers[:-1]] + [
            self.full
        ]

    def adaptive(self, rule: Rule) -> Outcome:
        """Asked in rounds, one answer to each task that is still open; what is closed stays so.

        There is a refit after the first round and whenever there are 5 % more answers; between, beliefs are updated.
        """
        asked = np.minimum(rule.least, self.most)
        open_ = self.open & (asked < self.most)
        fitted, number = 0.0, 0
        while open_.any():
            part = self.part(asked)
            if len(part.worker) >= fitted * GROWN:
                models, fitted = refit(part), len(part.worker)
            one = replace(rule, seed=self.seed * 1000 + number)
            now = standings(models, models.scores(part)[:, open_], asked[open_], self.most[open_], one)
            open_[open_] = now.action == Action.ASK
            asked[open_] += 1
            open_ &= asked < self.most
            number += 1
        return self.outcome(asked)

    def overconfidence(self) -> float:
        """How far confidence is from being right, on gold that the models did not see, all answers being in."""
        part = self.part(self.most)
        scores, truth = held_out(part, seed=self.seed)
        likely = np.exp(scores[-1] - scores[-1].max(axis=1, keepdims=True))
        return reliability(likely / likely.sum(axis=1, keepdims=True), truth).error
