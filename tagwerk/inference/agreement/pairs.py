"""Agreement looked at closely: of every two workers, and of the answers to every task."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tagwerk.inference.agreement.coefficients import Answers, Distance, level_of
from tagwerk.inference.agreement.resampling import Floats, Ints
from tagwerk.inference.agreement.tables import interval, nominal
from tagwerk.inference.tables import read

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)


@dataclass(frozen=True, eq=False)
class Between:
    """How alike the answers of every two workers are, and over how many answers to common tasks that is.

    Both are of the kind of table that came in, with a row and a column per worker; `likeness` is NaN where two
    workers have no task in common, and 1 with oneself. For `chance` see `between_workers`.
    """

    likeness: Any
    chance: Any
    common: Any


def between_workers(labels: Any, distance: Distance = "nominal") -> Between:
    """The mean likeness 1 - d of the answers of every two workers to the same tasks; with "nominal" their agreement.

    `chance` is what their likeness would be if each drew from the labels that they gave to anything: Cohen's kappa of
    two workers is about (likeness - chance) / (1 - chance). Two who copy have a likeness far above that of others.

    Args:
        labels: a table with columns task, worker, label.
        distance: as for `krippendorff`; "interval" and "ordinal" distances are shares of the longest here.

    Raises:
        ValueError: see `tables.read`; an unknown distance.

    The tables have workers² entries of 8 bytes.

    >>> answers = {"task": [1, 1, 1, 2, 2], "worker": list("abcab"), "label": list("xxyyy")}
    >>> found = between_workers(answers)
    >>> found.likeness["a"]["b"], found.likeness["a"]["c"], found.common["a"]["b"]
    (1.0, 0.0, 2.0)
    """
    table = read(labels, ("task", "worker", "label"))
    level, points, apart = level_of(distance, table["label"].values)
    if level == "nominal":
        apart = nominal(len(points))
    elif level in ("interval", "ordinal"):
        apart = interval(points)
    workers, classes = len(table["worker"]), len(table["label"])
    order = np.lexsort((table["label"].codes, table["worker"].codes, table["task"].codes))
    start = _start(table["task"].codes, len(table["task"]))
    met = _meetings(start, table["worker"].codes[order], table["label"].codes[order], 1.0 - apart, workers)
    given = np.zeros((workers, classes))
    np.add.at(given, (table["worker"].codes, table["label"].codes), 1.0)
    given /= given.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = met[0] / met[1]
    np.fill_diagonal(alike, 1.0)

    def told(values: Floats, value: str) -> Any:
        index = table["worker"].native
        return table.kind.frame(index, index, values, names=("worker", "other"), value=value)

    return Between(
        told(alike, "likeness"), told(given @ (1.0 - apart) @ given.T, "chance"), told(met[1], "common")
    )


def entropy(labels: Any, skills: Any = None) -> Any:
    """Shannon's entropy of the labels of every task, in bits: 0 where all agree, log2 of the labels where none do.

    -sum_k p_k log2 p_k, p_k the share of the answers to the task that are k, each weighted by its worker's skill.

    Args:
        labels: a table with columns task, worker, label.
        skills: None, or a weight per worker, none negative: a mapping or a pandas Series.

    Returns:
        One number per task, of the kind of table that came in. NaN where all weights are 0.

    Raises:
        ValueError: see `tables.read`; a worker without a skill; a negative one.

    >>> entropy({"task": [1, 1, 2, 2], "worker": list("abab"), "label": list("xxxy")})
    {1: 0.0, 2: 1.0}
    """
    table = read(labels, ("task", "worker", "label"))
    answers = Answers.of(table["task"].codes, table["label"].codes, len(table["label"]), 1)
    weight = np.ones(len(answers.code))
    if skills is not None:
        own = _skills(skills, table["worker"].values)[table["worker"].codes]
        weight = own[np.lexsort((own, table["label"].codes, table["task"].codes))]
    values = _entropies(answers.start, answers.code, weight, answers.classes)
    return table.kind.series(table["task"].native, values, name="entropy", index_name="task")


def _skills(skills: Any, workers: list[Any]) -> Floats:
    known = dict(skills.items())
    missing = [worker for worker in workers if worker not in known]
    if missing:
        raise ValueError(f"skills has no entry for {len(missing)} workers, such as {missing[0]!r}")
    found = np.array([known[worker] for worker in workers], np.float64)
    if not (found >= 0.0).all():
        raise ValueError("a skill is a weight: none is negative")
    return found


def _start(codes: Any, count: int) -> Ints:
    return np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=count))]).astype(np.int64)


@_compiled
def _meetings(start: Ints, worker: Any, label: Any, alike: Floats, workers: int) -> Floats:
    """Summed likeness and number of pairs of answers to the same task, by the two workers; (2, workers, workers)."""
    found = np.zeros((2, workers, workers))
    for t in range(len(start) - 1):
        for one in range(start[t], start[t + 1]):
            for other in range(start[t], start[t + 1]):
                if worker[one] != worker[other]:
                    found[0, worker[one], worker[other]] += alike[label[one], label[other]]
                    found[1, worker[one], worker[other]] += 1.0
    return found


@_compiled
def _entropies(start: Ints, code: Ints, weight: Floats, classes: int) -> Floats:
    found, seen = np.zeros(len(start) - 1), np.zeros(classes)
    for t in range(len(found)):
        total = 0.0
        for at in range(start[t], start[t + 1]):
            seen[code[at]] += weight[at]
            total += weight[at]
        for at in range(start[t], start[t + 1]):
            share = seen[code[at]] / total if total > 0.0 else np.nan
            if not share <= 0.0:
                found[t] -= share * np.log2(share)
            seen[code[at]] = 0.0
        found[t] = max(found[t], 0.0) if total > 0.0 else np.nan
    return found
