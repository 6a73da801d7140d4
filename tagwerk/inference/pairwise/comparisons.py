"""Comparisons counted: one row per pair of items that met, never a table of items by items."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
_compiled: Callable[..., Any] = njit(cache=True, nogil=True)

LEFT, RIGHT, TIE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Pairs that met, each once: `left` and `right` items, and how often which of them won or neither did."""

    left: Codes
    right: Codes
    left_wins: Floats
    right_wins: Floats
    ties: Floats
    items: int

    def halved(self) -> "Comparisons":
        """The same comparisons with each tie as half a win for both."""
        half, none = self.ties / 2.0, np.zeros_like(self.ties)
        won, lost = self.left_wins + half, self.right_wins + half
        return Comparisons(self.left, self.right, won, lost, none, self.items)


def count(left: Codes, right: Codes, outcome: Codes, items: int, *, ordered: bool) -> Comparisons:
    """Count the outcomes of every pair; `ordered` keeps apart which item was on the left.

    `left` and `right` are items 0 … items-1, `outcome` is LEFT, RIGHT or TIE, each of shape (labels,).
    """
    start, met = _by_left(left, right, outcome, items, ordered)
    found = _counted(start, met, items)
    order = in_order(found[0], items, in_order(found[1], items, np.arange(len(found[0]))))
    one, other, won, lost, tied = (column[order] for column in found)
    return Comparisons(one, other, won, lost, tied, items)


@_compiled
def _by_left(left: Codes, right: Codes, outcome: Codes, items: int, ordered: bool) -> tuple[Ints, Ints]:
    """The comparisons sorted by their left item (unless `ordered`, the lower one): 4 * right item + outcome."""
    start = np.zeros(items + 1, np.int64)
    for at in range(len(left)):
        start[(left[at] if ordered else min(left[at], right[at])) + 1] += 1
    for item in range(items):
        start[item + 1] += start[item]
    free, met = start.copy(), np.empty(len(left), np.int64)
    for at in range(len(left)):
        one, other, result = left[at], right[at], outcome[at]
        if not ordered and one > other:
            one, other = other, one
            result = result if result == 2 else 1 - result
        met[free[one]] = 4 * np.int64(other) + result
        free[one] += 1
    return start, met


@_compiled
def _counted(start: Ints, met: Ints, items: int) -> tuple[Codes, Codes, Floats, Floats, Floats]:
    counted, others = np.zeros((items, 3)), np.empty(items, np.int64)
    left, right = np.empty(len(met), np.int32), np.empty(len(met), np.int32)
    outcomes = np.zeros((3, len(met)))
    pairs = 0
    for one in range(items):
        size = 0
        for at in range(start[one], start[one + 1]):
            other = met[at] // 4
            if counted[other, 0] + counted[other, 1] + counted[other, 2] == 0.0:
                others[size] = other
                size += 1
            counted[other, met[at] % 4] += 1.0
        for place in range(size):
            other = others[place]
            left[pairs], right[pairs] = one, other
            for result in range(3):
                outcomes[result, pairs], counted[other, result] = counted[other, result], 0.0
            pairs += 1
    return left[:pairs], right[:pairs], outcomes[0, :pairs], outcomes[1, :pairs], outcomes[2, :pairs]


def in_order(keys: Codes, keys_below: int, order: Ints) -> Ints:
    """`order`, sorted anew by the keys and as it was among equal ones; one pass, no comparisons."""
    return np.asarray(_in_order(keys, keys_below, order))


@_compiled
def _in_order(keys: Codes, keys_below: int, order: Ints) -> Ints:
    place = np.zeros(keys_below + 1, np.int64)
    for key in keys:
        place[key + 1] += 1
    for key in range(keys_below):
        place[key + 1] += place[key]
    found = np.empty(len(order), np.int64)
    for one in order:
        found[place[keys[one]]] = one
        place[keys[one]] += 1
    return found


def everybody_met(pairs: Comparisons) -> bool:
    """Whether there is a chain of wins from every item to every other (ties count both ways).

    Exactly then the scores that make the data most likely exist (Ford 1957, Am. Math. Monthly 64:28).
    """
    forward = (pairs.left_wins + pairs.ties) > 0
    backward = (pairs.right_wins + pairs.ties) > 0
    source = np.concatenate([pairs.left[forward], pairs.right[backward]])
    target = np.concatenate([pairs.right[forward], pairs.left[backward]])
    return bool(
        _reached(source, target, pairs.items) == pairs.items
        and _reached(target, source, pairs.items) == pairs.items
    )


def _reached(source: Codes, target: Codes, items: int) -> int:
    order = in_order(source, items, np.arange(len(source)))
    start = np.searchsorted(source[order], np.arange(items + 1))
    return int(_walk(start.astype(np.int64), target[order], items))


@_compiled
def _walk(start: Ints, target: Codes, items: int) -> int:
    if items == 0:
        return 0
    seen, waiting = np.zeros(items, np.bool_), np.empty(items, np.int64)
    seen[0], waiting[0], size, reached = True, 0, 1, 1
    while size:
        size -= 1
        here = waiting[size]
        for at in range(start[here], start[here + 1]):
            there = target[at]
            if not seen[there]:
                seen[there] = True
                waiting[size] = there
                size += 1
                reached += 1
    return reached
