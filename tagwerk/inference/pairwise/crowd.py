"""Scores of items and the care of each worker, together: what `NoisyBradleyTerry` minimises.

A worker w looks at a pair with probability c = sigma(care[w]), and then names the left item with sigma(d), where d is
the difference of the scores; else they guess, and name the left place with sigma(lean[w]). A tie counts as half a
win for both. `loss_of` is a sum over labels: parts of the workers can be added up, see `part`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tagwerk.inference.pairwise.comparisons import Codes, Floats, Ints, in_order

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)


@dataclass(frozen=True)
class Beliefs:
    """What is believed before the first label, said as virtual ones.

    `item`: so many wins and as many losses of every item; `careful`, `careless`: labels of every worker that were
    looked at or guessed; `lean`: guesses of every worker for the left place and as many for the right one.
    """

    item: float
    careful: float
    careless: float
    lean: float


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels sorted by worker, then by items: worker w gave those from start[w] to start[w+1]."""

    start: Ints
    left: Codes
    right: Codes
    outcome: Codes
    items: int

    @classmethod
    def of(
        cls, worker: Codes, left: Codes, right: Codes, outcome: Codes, workers: int, items: int
    ) -> "Labels":
        """Sort the labels, so that sums do not depend on the order of rows."""
        order = in_order(outcome, 3, np.arange(len(worker)))
        for keys, below in ((right, items), (left, items), (worker, workers)):
            order = in_order(keys, below, order)
        start = np.concatenate([[0], np.cumsum(np.bincount(worker, minlength=workers))]).astype(np.int64)
        return cls(start, left[order], right[order], outcome[order], items)

    @property
    def workers(self) -> int:
        return len(self.start) - 1

    @property
    def size(self) -> int:
        """How many numbers the model has."""
        return self.items + 2 * self.workers


@_compiled
def part(
    start: Ints, left: Codes, right: Codes, outcome: Codes, score: Floats, care: Floats, lean: Floats
) -> tuple[float, Floats, Floats, Floats]:
    """Minus the log-likelihood of these workers' labels, and its gradient by score, care and lean.

    `care` and `lean` are those of the workers in `start`; sums over disjoint sets of workers are those of all.
    """
    total, by_score = 0.0, np.zeros(len(score))
    by_care, by_lean = np.zeros(len(care)), np.zeros(len(lean))
    for w in range(len(start) - 1):
        c, g = 1.0 / (1.0 + np.exp(-care[w])), 1.0 / (1.0 + np.exp(-lean[w]))
        gains, shifts, product, factors = 0.0, 0.0, 1.0, 0
        for at in range(start[w], start[w + 1]):
            a, b = left[at], right[at]
            f = 1.0 / (1.0 + np.exp(score[b] - score[a]))
            p = c * f + (1.0 - c) * g  # of naming the left item
            if outcome[at] == 2:
                along = 0.5 / p - 0.5 / (1.0 - p)
                product *= np.sqrt(p * (1.0 - p))
            else:
                product *= 1.0 - p if outcome[at] else p
                along = 1.0 / (p - outcome[at])  # 1 / p, or -1 / (1 - p)
            factors += 1
            if (
                factors == 8
            ):  # one logarithm for eight labels: no factor is so small that eight of them vanish
                total -= np.log(product)
                product, factors = 1.0, 0
            gains += along * (f - g)
            shifts += along
            slope = c * f * (1.0 - f) * along
            by_score[a] -= slope
            by_score[b] += slope
        total -= np.log(product)
        by_care[w] = -c * (1.0 - c) * gains
        by_lean[w] = -(1.0 - c) * g * (1.0 - g) * shifts
    return total, by_score, by_care, by_lean


def loss_of(labels: Labels, beliefs: Beliefs, point: Floats) -> tuple[float, Floats]:
    """Minus the log-posterior of a point (scores, cares, leans), and its gradient; shape (items + 2 * workers,)."""
    score, care, lean = split(labels, point)
    total, *slopes = part(labels.start, labels.left, labels.right, labels.outcome, score, care, lean)
    gradient = np.concatenate(slopes)
    for place, yes, no in _virtual(labels, beliefs):
        x = point[place]
        total += float((yes * np.logaddexp(0.0, -x) + no * np.logaddexp(0.0, x)).sum())
        gradient[place] += (no - yes) / 2.0 + (no + yes) / 2.0 * np.tanh(x / 2.0)
    return float(total), gradient


def split(labels: Labels, point: Floats) -> tuple[Floats, Floats, Floats]:
    """The scores, cares and leans of a point."""
    a, b = labels.items, labels.items + labels.workers
    return point[:a], point[a:b], point[b:]


def _virtual(labels: Labels, beliefs: Beliefs) -> tuple[tuple[slice, float, float], ...]:
    a, b = labels.items, labels.items + labels.workers
    return (
        (slice(0, a), beliefs.item, beliefs.item),
        (slice(a, b), beliefs.careful, beliefs.careless),
        (slice(b, None), beliefs.lean, beliefs.lean),
    )


def weights(labels: Labels) -> Floats:
    """How many labels speak about each number, at least 1; shape (items + 2 * workers,)."""
    about = np.bincount(labels.left, minlength=labels.items) + np.bincount(
        labels.right, minlength=labels.items
    )
    given = np.diff(labels.start)
    return np.asarray(np.maximum(np.concatenate([about, given, given]), 1), np.float64)


def covariance(labels: Labels, beliefs: Beliefs, point: Floats) -> Floats:
    """Covariance of the scores measured from their mean, shape (items, items), whatever the workers are like.

    The inverse of the expected information, in which each worker's two numbers are eliminated (Schur's complement).
    """
    score, care, lean = split(labels, point)
    ridge = np.zeros(len(point))
    for place, yes, no in _virtual(labels, beliefs):
        ridge[place] = (yes + no) * (1.0 - np.tanh(point[place] / 2.0) ** 2) / 4.0
    table = np.diag(ridge[: labels.items])
    own = np.stack(split(labels, ridge)[1:], axis=1)
    _inform(labels.start, labels.left, labels.right, score, care, lean, own, table)
    centre = np.eye(labels.items) - 1.0 / labels.items
    return np.asarray(centre @ np.linalg.inv(table) @ centre, np.float64)


@_compiled
def _inform(
    start: Ints,
    left: Codes,
    right: Codes,
    score: Floats,
    care: Floats,
    lean: Floats,
    own: Floats,
    table: Floats,
) -> None:
    """Add to `table` what the labels say about the scores; `own` is what is believed of each worker, (workers, 2)."""
    cross, touched = np.zeros((len(score), 2)), np.empty(len(score), np.int64)
    touched_by = np.full(len(score), -1)
    for w in range(len(start) - 1):
        c, g = 1.0 / (1.0 + np.exp(-care[w])), 1.0 / (1.0 + np.exp(-lean[w]))
        cc, cl, ll, size = own[w, 0], 0.0, own[w, 1], 0
        for at in range(start[w], start[w + 1]):
            a, b = left[at], right[at]
            f = 1.0 / (1.0 + np.exp(score[b] - score[a]))
            p = c * f + (1.0 - c) * g
            by_care, by_lean = c * (1.0 - c) * (f - g), (1.0 - c) * g * (1.0 - g)
            along, weight = c * f * (1.0 - f), 1.0 / (p * (1.0 - p))
            for item, sign in ((a, 1.0), (b, -1.0)):
                if touched_by[item] != w:
                    touched_by[item], touched[size] = w, item
                    size += 1
                cross[item, 0] += sign * weight * along * by_care
                cross[item, 1] += sign * weight * along * by_lean
                table[item, a] += sign * weight * along * along
                table[item, b] -= sign * weight * along * along
            cc += weight * by_care * by_care
            cl += weight * by_care * by_lean
            ll += weight * by_lean * by_lean
        _eliminate(cross, touched, size, cc, cl, ll, table)


@_compiled
def _eliminate(
    cross: Floats, touched: Ints, size: int, cc: float, cl: float, ll: float, table: Floats
) -> None:
    """Take the worker's two numbers out, whose information is ((cc, cl), (cl, ll)), and clear `cross`."""
    det = cc * ll - cl * cl
    for i in range(size):
        one = touched[i]
        for j in range(size):
            x, y = cross[touched[j], 0], cross[touched[j], 1]
            table[one, touched[j]] -= (
                cross[one, 0] * (ll * x - cl * y) + cross[one, 1] * (cc * y - cl * x)
            ) / det
    for i in range(size):
        cross[touched[i], 0], cross[touched[i], 1] = 0.0, 0.0
