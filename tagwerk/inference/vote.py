"""Gold-weighted vote: who is right, and how sure are we?

The one-coin model (a Dawid-Skene model with one number per worker): a worker with accuracy `a` gives the right
one of K classes with probability `a`, and each wrong one with `(1 - a) / (K - 1)`. The accuracy comes from gold
tasks with a Beta prior, so nothing is iterated, and the posterior of a task is a product over its answers.

Sources: Dawid & Skene 1979 (J. R. Stat. Soc. C 28, 20-28) for the model; Snow et al. 2008 (EMNLP) for weights
from gold. How often this finds the truth: docs/truth-inference-accuracy.md, the line GoldSkill.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIE = (
    1e-9  # two posteriors closer than this are the same: they differ by the order of floating-point sums only
)
SUREST = 1.0 - 1e-6  # no worker is infallible: a certain one could never be outvoted


@dataclass(frozen=True, slots=True)
class Prior:
    """A Beta prior, said as answers seen before the first: so many right, so many wrong (both at least 1).

    The default makes the accuracy `(2 + correct) / (3 + seen)`: somebody unknown is right in two of three cases.
    """

    right: int = 2
    wrong: int = 1

    def __post_init__(self) -> None:
        if self.right < 1 or self.wrong < 1:
            raise ValueError("a prior has seen at least one right and one wrong answer")


GOLD_PRIOR = Prior()
FLAT_PRIOR = Prior(1, 1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the vote says about one task: the class, its posterior, and all classes that tied for it."""

    winner: int
    confidence: float
    tied: tuple[int, ...]


def accuracy(correct: ArrayLike, seen: ArrayLike, prior: Prior = GOLD_PRIOR) -> Floats:
    """Posterior mean of the accuracy of workers who gave `correct` right answers to `seen` gold tasks."""
    right, all_ = np.asarray(correct, np.float64), np.asarray(seen, np.float64)
    if np.any(right < 0) or np.any(right > all_):
        raise ValueError("there are 0 <= correct <= seen right answers")
    return np.asarray((right + prior.right) / (all_ + prior.right + prior.wrong), np.float64)


def chance_below(threshold: float, correct: int, seen: int, prior: Prior = FLAT_PRIOR) -> float:
    """The posterior probability that a worker's accuracy lies below `threshold`.

    The Beta distribution function at whole-number parameters is a binomial tail: I_x(a, b) = P(Bin(a+b-1, x) >= a).
    """
    a, b = prior.right + correct, prior.wrong + seen - correct
    if b < 1 or correct < 0:
        raise ValueError("there are 0 <= correct <= seen right answers")
    if not 0.0 < threshold < 1.0:
        return float(threshold >= 1.0)
    n, x, y = a + b - 1, math.log(threshold), math.log1p(-threshold)
    terms = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * x + (n - k) * y
        for k in range(a, n + 1)
    )
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def log_odds(accuracies: Floats, classes: int) -> Floats:
    """How much a label speaks for the class that it names against any other; an accuracy below chance is chance."""
    sure = np.clip(accuracies, 1.0 / max(classes, 2), SUREST)
    return np.asarray(np.log(sure * max(classes - 1, 1)) - np.log1p(-sure), np.float64)


def posteriors(
    task: ArrayLike, label: ArrayLike, accuracies: ArrayLike, *, tasks: int, classes: int
) -> Floats:
    """The posterior of every task over its classes, shape (tasks, classes), classes being equally likely before.

    One entry of `task` (0 … tasks-1), `label` (0 … classes-1) and `accuracies` (its worker's) per answer. An
    accuracy below chance counts as chance: such a worker tells nothing, and is not believed in reverse either.
    """
    rows, columns = np.asarray(task, np.int64), np.asarray(label, np.int64)
    if classes < 2:
        return np.ones((tasks, classes))
    weight = log_odds(np.asarray(accuracies, np.float64), classes)
    score = np.zeros((tasks, classes))
    np.add.at(score, (rows, columns), weight)
    score -= score.max(axis=1, keepdims=True)
    likely = np.exp(score)
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), np.float64)


def posterior(labels: ArrayLike, accuracies: ArrayLike, *, classes: int) -> Floats:
    """The posterior of one task over its classes, shape (classes,); without answers every class is as likely."""
    named = np.asarray(labels, np.int64)
    table = posteriors(np.zeros(len(named), np.int64), named, accuracies, tasks=1, classes=classes)
    return np.asarray(table[0], np.float64)


def verdict(probabilities: Floats, names: Sequence[str], seed: str) -> Verdict:
    """The most likely class; a tie goes to the lowest hash of seed and name, so to no place in the list."""
    best = float(probabilities.max())
    tied = tuple(int(i) for i in np.flatnonzero(probabilities >= best - TIE))
    winner = tied[0] if len(tied) == 1 else min(tied, key=lambda i: _draw(seed, names[i]))
    return Verdict(winner, min(best, 1.0), tied if len(tied) > 1 else ())


def votes_missing(confidence: float, reached: float, typical: float, classes: int) -> int:
    """How many further agreeing answers of `typical` accuracy the leading class needs at least to be sure.

    Asking for so many at once wastes none: with fewer the task cannot be sure (unless better workers come).
    """
    step = (
        math.log(min(typical, SUREST) * (classes - 1)) - math.log1p(-min(typical, SUREST))
        if classes > 1
        else 0.0
    )
    if step <= 0.0 or reached >= confidence:
        return 1
    odds = math.log(confidence / (1.0 - confidence)) - math.log(reached / (1.0 - reached))
    return max(1, math.ceil(odds / step - TIE))


def _draw(seed: str, name: str) -> bytes:
    return hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=8).digest()
