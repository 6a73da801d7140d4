"""Are probabilities what they say? Measured on gold that the models did not see, and mended by a temperature.

Sources: Murphy and Winkler 1977, J. R. Stat. Soc. C 26, 41-47 (reliability diagram); Naeini, Cooper and Hauskrecht
2015, AAAI (expected calibration error); Guo, Pleiss, Sun and Weinberger 2017, ICML (temperature).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagwerk.inference.part import Part
from tagwerk.inference.stopping import Models, refit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PLENTY = 100  # gold tasks from which on a temperature is fitted at all
SPREAD = 0.25  # standard deviation of the logarithm of a temperature, before gold says anything
HIGHEST = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """A reliability diagram: by bins of confidence, how sure and how often right; and how far apart on average.

    `confidence`, `right` (bins,): means in each bin, NaN where it is empty; `count` (bins,). `error`: the difference of
    the two, absolute, weighted by count.
    """

    confidence: Floats
    right: Floats
    count: Ints
    error: float


def reliability(posterior: ArrayLike, truth: ArrayLike, bins: int = 10) -> Reliability:
    """The diagram of posteriors (tasks, classes) against true classes (tasks,), bins of equal width from 0 to 1.

    >>> diagram = reliability([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6]], [0, 1, 1])
    >>> diagram.count.tolist(), round(diagram.error, 3)
    ([0, 0, 0, 0, 0, 0, 1, 0, 0, 2], 0.4)
    """
    likely, true = np.asarray(posterior, np.float64), np.asarray(truth, np.int64)
    sure, right = likely.max(axis=1, initial=0.0), likely.argmax(axis=1) == true
    place = np.minimum((sure * bins + 1e-9).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    total_sure, total_right = (np.bincount(place, each, bins) for each in (sure, right.astype(np.float64)))
    with np.errstate(invalid="ignore"):
        confidence, share = total_sure / count, total_right / count
    error = float(np.abs(total_sure - total_right).sum() / max(len(true), 1))
    return Reliability(confidence, share, count, error)


def held_out(
    part: Part, folds: int = 5, seed: int = 0, fit: Callable[[Part], Models] = refit
) -> tuple[Floats, Ints]:
    """Scores of the gold tasks under models that did not know their truth, (models, gold tasks, classes), and the truth.

    Gold is hidden one fold after the other; as many refits as there are folds.
    """
    gold = np.flatnonzero(part.known >= 0)
    if not len(gold):
        raise ValueError("no task's class is known")
    fold = np.random.default_rng(seed).permutation(len(gold)) % folds
    rows: list[Floats] = []
    for number in range(min(folds, len(gold))):
        hidden = gold[fold == number]
        known = part.known.copy()
        known[hidden] = -1
        without = replace(part, known=known)
        rows.append(fit(without).scores(without)[:, hidden])
    order = np.concatenate([np.flatnonzero(fold == number) for number in range(min(folds, len(gold)))])
    return np.concatenate(rows, axis=1), part.known[gold[order]].astype(np.int64)


def temperatures(scores: Floats, truth: ArrayLike, plenty: int = PLENTY, spread: float = SPREAD) -> Floats:
    """What to divide each model's scores by, (models,): 1 where gold is not plenty, never below it.

    The T ≥ 1 that maximises Σ log softmax(scores / T)[truth] - (log T)² / (2 spread²): a strong prior, since a
    temperature from a few gold tasks stops nothing any more. `scores` (models, tasks, classes), `truth` (tasks,).
    """
    true = np.asarray(truth, np.int64)
    if len(true) < plenty:
        return np.ones(len(scores))
    grid = np.exp(np.linspace(0.0, np.log(HIGHEST), 81))
    found = [
        [_likelihood(one / degree, true) - np.log(degree) ** 2 / (2 * spread**2) for degree in grid]
        for one in scores
    ]
    return np.asarray(grid[np.argmax(found, axis=1)], np.float64)


def _likelihood(scores: Floats, true: Ints) -> float:
    best = scores.max(axis=1)
    whole = best + np.log(np.exp(scores - best[:, None]).sum(axis=1))
    return float((scores[np.arange(len(true)), true] - whole).sum())
