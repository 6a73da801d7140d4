"""Agreement of a table of counts, units by classes, under a table of distances between the classes.

Sources: Krippendorff, Content Analysis (4th ed. 2018) chapter 12, and his "Computing Krippendorff's
alpha-reliability" (2011), whose worked examples are the tests.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def counts(unit: ArrayLike, label: ArrayLike, *, units: int, classes: int) -> Floats:
    """How often each class was named for each unit, shape (units, classes), from one entry per answer."""
    table = np.zeros((units, classes))
    np.add.at(table, (np.asarray(unit, np.int64), np.asarray(label, np.int64)), 1.0)
    return table


def distances(values: Sequence[Any], distance: Callable[[Any, Any], float]) -> Floats:
    """The table of distances between classes, shape (classes, classes), each in 0 … 1."""
    return np.array([[distance(a, b) for b in values] for a in values], np.float64).reshape(
        len(values), len(values)
    )


def nominal(classes: int) -> Floats:
    """Distance 1 between any two classes: they are equal or not."""
    return np.ones((classes, classes)) - np.eye(classes)


def interval(points: ArrayLike) -> Floats:
    """Distance of points on a line, as a share of the longest."""
    line = np.asarray(points, np.float64)
    apart = np.abs(line[:, None] - line[None, :])
    return np.asarray(apart / (apart.max() or 1.0), np.float64)


def ratio(points: ArrayLike) -> Floats:
    """Krippendorff's ratio distance |a - b| / (a + b) of numbers that have a true zero and are not negative."""
    line = np.asarray(points, np.float64)
    if np.any(line < 0):
        raise ValueError("the ratio distance is for numbers that are not negative")
    both = line[:, None] + line[None, :]
    return np.asarray(np.abs(line[:, None] - line[None, :]) / np.where(both > 0, both, 1.0), np.float64)


def ordinal(table: Floats) -> Floats:
    """Krippendorff's ordinal distance of ranked classes, which depends on how often each was named at all."""
    named = table[table.sum(axis=1) >= 2].sum(axis=0)
    middle = np.cumsum(named) - named / 2.0
    return interval(middle)


def pair_agreement(table: Floats, apart: Floats) -> Floats:
    """Mean likeness (1 - distance) of all pairs of answers to each unit; NaN where there is no pair.

    With nominal distances this is the share of agreeing pairs.
    """
    answers = table.sum(axis=1)
    pairs = answers * (answers - 1.0)
    unlike = ((table @ apart) * table).sum(axis=1)  # the distance of an answer to itself is 0
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, 1.0 - unlike / pairs, np.nan)


def likeness(values: Sequence[Any], distance: Callable[[Any, Any], float]) -> float | None:
    """Mean likeness of all pairs of values for which there is no list of classes (texts); None without a pair."""
    apart = [distance(a, b) for i, a in enumerate(values) for b in values[:i]]
    return 1.0 - sum(apart) / len(apart) if apart else None


def entropies(table: Floats) -> Floats:
    """How spread the answers to each unit are over the classes, in bits: 0 where all agree (Shannon 1948)."""
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    with np.errstate(divide="ignore"):
        surprise = np.where(shares > 0, -np.log2(shares), 0.0)
    return np.asarray((shares * surprise).sum(axis=1), np.float64)


def alpha_sums(table: Floats, apart: Floats) -> tuple[Floats, float]:
    """What alpha needs to know of a table: how often each class was named for units with two answers or more, and their
    observed disagreement. Both add up over parts of the units."""
    paired = table[table.sum(axis=1) >= 2]
    answers = paired.sum(axis=1, keepdims=True)
    observed = (((paired / np.maximum(answers - 1.0, 1.0)) @ apart**2) * paired).sum()
    return paired.sum(axis=0), float(observed)


def alpha_of_sums(named: Floats, observed: float, apart: Floats) -> float | None:
    """Krippendorff's alpha from such sums; None where it is not defined."""
    total, expected = float(named.sum()), float(named @ apart**2 @ named)
    if total < 2 or expected <= 0.0:
        return None
    return 1.0 - (total - 1.0) * observed / expected


def alpha(table: Floats, apart: Floats) -> float | None:
    """Krippendorff's alpha of a table of counts under a table of distances, whose squares are the disagreement.

    1 is agreement, 0 what chance would give, below 0 is systematic disagreement. None where it is not defined:
    no unit with two answers, or only one class was ever named.
    """
    return alpha_of_sums(*alpha_sums(table, apart), apart)
