"""One pass over the answers per bootstrap sample: what each sample of units adds up to.

A sample draws as many units as there are, with replacement. All coefficients need the same of it: how often each
class was named, and the sum of one number per unit. Numbers are drawn by splitmix64 from the seed and the sample's
place, so a sample is the same whoever draws it, in whatever order.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_compiled: Callable[..., Any] = njit(cache=True, nogil=True)


@_compiled
def draw(state: np.uint64, below: int) -> int:
    """A number 0 … below-1 that belongs to this state (splitmix64, Steele et al. 2014)."""
    z = state
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    z = z ^ (z >> np.uint64(31))
    return int(((z >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))


@_compiled
def _times_drawn(seed: int, sample: int, units: int, times: Ints) -> None:
    """Into `times`: how often each unit is in this sample. Sample 0 is the data as they are."""
    if sample == 0:
        times[:] = 1
        return
    times[:] = 0
    state = _GOLDEN * np.uint64(seed) + _GOLDEN * _MIX_1 * np.uint64(sample)
    for _ in range(units):
        state += _GOLDEN
        times[draw(state, units)] += 1


@_compiled
def named_and_summed(
    start: Ints, code: Ints, weight: Floats, part: Floats, classes: int, samples: int, seed: int
) -> tuple[Floats, Floats]:
    """Weight of each class, shape (samples, classes), and sum of `part`, shape (samples,), of every sample of units.

    Unit u has the answers code[start[u]:start[u+1]], each of which weighs weight[u].
    """
    units = len(start) - 1
    named, summed = np.zeros((samples, classes)), np.zeros(samples)
    times = np.zeros(units, np.int64)
    for sample in range(samples):
        _times_drawn(seed, sample, units, times)
        for u in range(units):
            if times[u]:
                summed[sample] += times[u] * part[u]
                for at in range(start[u], start[u + 1]):
                    named[sample, code[at]] += times[u] * weight[u]
    return named, summed


@_compiled
def spread_by_rank(start: Ints, code: Ints, named: Floats, seed: int) -> tuple[Floats, Floats]:
    """Like `named_and_summed`, for ranks that depend on how often each class is named in the sample (ordinal alpha).

    The observed disagreement, shape (samples,), and the ranks, shape (samples, classes).
    """
    units, (samples, classes) = len(start) - 1, named.shape
    observed, ranks = np.zeros(samples), np.zeros((samples, classes))
    times = np.zeros(units, np.int64)
    for sample in range(samples):
        below = 0.0
        for k in range(classes):
            ranks[sample, k] = below + named[sample, k] / 2.0
            below += named[sample, k]
        _times_drawn(seed, sample, units, times)
        observed[sample] = (times * spread(start, code, ranks[sample])).sum()
    return observed, ranks


@_compiled
def spread(start: Ints, code: Ints, points: Floats) -> Floats:
    """Squared distances on a line of all ordered pairs of answers to each unit, over answers - 1; shape (units,)."""
    found = np.zeros(len(start) - 1)
    for u in range(len(found)):
        size = start[u + 1] - start[u]
        if size < 2:
            continue
        middle = 0.0
        for at in range(start[u], start[u + 1]):
            middle += points[code[at]] / size
        for at in range(start[u], start[u + 1]):
            found[u] += (points[code[at]] - middle) ** 2
        found[u] *= 2.0 * size / (size - 1.0)
    return found


@_compiled
def unlike(start: Ints, code: Ints, disagreement: Floats) -> Floats:
    """Disagreement of all ordered pairs of answers to each unit, over answers - 1; shape (units,)."""
    found = np.zeros(len(start) - 1)
    for u in range(len(found)):
        for one in range(start[u], start[u + 1]):
            for other in range(start[u], start[u + 1]):
                if one != other:
                    found[u] += disagreement[code[one], code[other]]
        found[u] /= max(start[u + 1] - start[u] - 1, 1)
    return found


@_compiled
def differing(start: Ints, code: Ints, classes: int) -> Floats:
    """Ordered pairs of answers to each unit that name different classes, over answers - 1; shape (units,)."""
    found, seen = np.zeros(len(start) - 1), np.zeros(classes, np.int64)
    for u in range(len(found)):
        size = start[u + 1] - start[u]
        same = 0
        for at in range(start[u], start[u + 1]):
            seen[code[at]] += 1
        for at in range(start[u], start[u + 1]):
            same += seen[code[at]]
            # every answer of a class counts the class's answers once: the sum of squares
        for at in range(start[u], start[u + 1]):
            seen[code[at]] = 0
        found[u] = (size * size - same) / max(size - 1, 1)
    return found
