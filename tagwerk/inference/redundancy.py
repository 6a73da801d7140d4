"""What more answers to a task are worth, before there are any: how right a vote of equal, independent workers is.

Workers are one coin: each gives the right one of K classes with probability `accuracy`, each wrong one with
`(1 - accuracy) / (K - 1)`. For a fixed number of answers the vote's accuracy is exact; for a number that the vote
finds itself (so many at least, so many at most, until it is sure) it is found from a sample of tasks drawn by a
fixed seed, so that the same question has the same answer.

Real errors are not independent: a task that misleads one worker misleads the next. `measured_vote` says what so many
answers brought on tasks whose right answer is known, where that is seen.

Sources: Condorcet 1785 (the majority of independent voters); Sheng, Provost and Ipeirotis 2008, KDD (repeated
labelling); Dawid and Skene 1979 (one coin); Wilson 1927, JASA 22 (the interval of a share).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.vote import SUREST, log_odds

SAMPLE = 6_000  # tasks: half a point of accuracy, some hundredths of an answer
LEAST_ACCURACY = 0.01


@dataclass(frozen=True, slots=True)
class Expected:
    """`answers` a task gets on average, and how often its result is right."""

    answers: float
    accuracy: float


def majority(accuracy: float, answers: int) -> float:
    """How often more than half of `answers` independent answers are right; half and half is a coin."""
    _require(accuracy, answers, 2)
    return sum(
        math.comb(answers, right) * accuracy**right * (1 - accuracy) ** (answers - right) * _of_half(right, answers)
        for right in range(answers + 1)
    )  # fmt: skip


def expected(
    accuracy: float, *, classes: int, least: int, most: int, confidence: float, sample: int = SAMPLE
) -> Expected:
    """What comes of asking `least` workers first and then one more, up to `most`, until the vote is sure.

    `confidence`: the posterior of the leading class from which it is sure. A tie at the end goes to one of those that tie.
    """
    _require(accuracy, most, classes)
    if not 1 <= least <= most:
        raise ValueError("there are 1 <= least <= most answers")
    chance = np.random.default_rng(0)
    weight = float(log_odds(np.array([accuracy]), classes)[0])
    drawn = chance.random((most, sample))
    wrong = 1 + (chance.random((most, sample)) * (classes - 1)).astype(np.int64)
    labels = np.where(drawn < accuracy, 0, wrong)  # class 0 is the right one
    counts = np.zeros((sample, classes))
    given, right = np.full(sample, most), np.zeros(sample)
    open_ = np.ones(sample, bool)
    rows = np.arange(sample)
    for number in range(1, most + 1):
        counts[rows, labels[number - 1]] += 1
        sure = _surest(counts, weight) >= confidence
        ends = open_ & ((number == most) | ((number >= least) & sure))
        given[ends] = number
        right[ends] = _share_right(counts[ends])
        open_ &= ~ends
    return Expected(float(given.mean()), float(right.mean()))


def measured_vote(tasks: Iterable[tuple[int, int]], answers: int) -> tuple[float, int] | None:
    """How often `answers` of those that tasks really got are right by majority, and on how many tasks that is known.

    `tasks`: (seen, right) of each task whose right answer is known. Each task counts with all ways of choosing so many
    of its answers, so the errors that its workers had in common stay in. None where no task has so many.
    """
    shares = [_chosen_right(seen, right, answers) for seen, right in tasks if seen >= answers and answers > 0]
    return (math.fsum(shares) / len(shares), len(shares)) if shares else None


def _chosen_right(seen: int, right: int, answers: int) -> float:
    ways = math.comb(seen, answers)
    return math.fsum(
        math.comb(right, k) * math.comb(seen - right, answers - k) / ways * _of_half(k, answers)
        for k in range(answers + 1)
    )


def _of_half(right: int, answers: int) -> float:
    return 1.0 if 2 * right > answers else 0.5 if 2 * right == answers else 0.0


def _surest(counts: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """The posterior of the leading class, classes being equally likely before."""
    behind = np.exp((counts - counts.max(axis=1, keepdims=True)) * weight)
    return np.asarray(1.0 / behind.sum(axis=1), np.float64)


def _share_right(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where the right class leads, a part of it where it is one of several."""
    leads = counts == counts.max(axis=1, keepdims=True)
    return np.asarray(leads[:, 0] / leads.sum(axis=1), np.float64)


def _require(accuracy: float, answers: int, classes: int) -> None:
    if not 0.0 <= accuracy <= 1.0:
        raise ValueError("an accuracy lies between 0 and 1")
    if answers < 1 or classes < 2:
        raise ValueError("there is at least one answer, and there are two classes")


def within(accuracy: float) -> float:
    """An accuracy that a vote can work with: nobody is infallible, and nobody is always wrong."""
    return min(max(accuracy, LEAST_ACCURACY), SUREST)
