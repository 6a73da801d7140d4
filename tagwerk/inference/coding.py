"""Values become codes: distinct values in their sorted order, and for each row the place of its value among them.

The order of the values decides the codes, never the order of the rows, so whatever is computed from codes that were
sorted is the same bit for bit however the rows were shuffled.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.part import Codes

DENSE = (
    4  # whole numbers that span up to four times as many places as there are rows are looked up, not hashed
)
FEW = 10_000
SHORT_TEXT = 32


def code_integers(column: NDArray[Any]) -> tuple[Codes, NDArray[np.intp]]:
    """Codes of whole numbers, and for each code a row that holds its value; O(rows), nothing is sorted but values."""
    numbers = column.astype(np.int64, copy=False)
    if numbers.size == 0:
        return np.zeros(0, np.int32), np.zeros(0, np.intp)
    low, high = int(numbers.min()), int(numbers.max())
    if high - low < DENSE * max(numbers.size, 1024):
        return _look_up(numbers, low, high - low + 1)
    codes, first = _hash(numbers)
    return in_order(codes, first, np.argsort(numbers[first], kind="stable"))


def code_objects(values: Sequence[Any]) -> tuple[Codes, NDArray[np.intp]]:
    """Codes of Python values that can be hashed, and for each code the first row that holds its value."""
    rows = _encoded_texts(values) if len(values) > FEW and set(map(type, values)) == {str} else None
    if rows is None:
        place: dict[Any, int] = {}
        rows = np.fromiter((place.setdefault(value, len(place)) for value in values), np.int32, len(values))
    first = np.zeros(int(rows.max()) + 1 if rows.size else 0, np.intp)
    first[rows[::-1]] = np.arange(rows.size - 1, -1, -1)
    return in_order(rows, first, order_of([values[row] for row in first.tolist()]))


def _encoded_texts(values: Sequence[Any]) -> Codes | None:
    """The same codes by Arrow, several times faster, where it is installed and all values are texts."""
    try:
        import pyarrow as pa

        texts = pa.array(values, pa.string())
    except (ImportError, ValueError):  # not installed; half of a surrogate pair, which no UTF-8 can hold
        return None
    return np.asarray(texts.dictionary_encode().indices.to_numpy(), np.int32)


def order_of(values: Sequence[Any]) -> NDArray[np.intp]:
    """The places of distinct values in sorted order; values of types that do not compare are sorted type by type."""
    if values and all(type(value) is str for value in values):
        return _order_of_texts(values)
    try:
        return np.asarray(sorted(range(len(values)), key=values.__getitem__), np.intp)
    except TypeError:
        return np.asarray(
            sorted(range(len(values)), key=lambda i: (type(values[i]).__name__, repr(values[i]))), np.intp
        )


def in_order(
    codes: Codes, first: NDArray[np.intp], order: NDArray[np.intp]
) -> tuple[Codes, NDArray[np.intp]]:
    """The same codes after the values behind them were put into this order."""
    place = np.empty(order.size, np.int32)
    place[order] = np.arange(order.size, dtype=np.int32)
    return place[codes], first[order]


def _order_of_texts(values: Sequence[str]) -> NDArray[np.intp]:
    """As Python sorts them; short ones in an array, which is faster but does not see zeros at the end."""
    if max(map(len, values)) <= SHORT_TEXT and not any("\0" in value for value in values):
        return np.argsort(np.array(values, "U"), kind="stable")
    return np.asarray(sorted(range(len(values)), key=values.__getitem__), np.intp)


def _look_up(numbers: NDArray[np.int64], low: int, span: int) -> tuple[Codes, NDArray[np.intp]]:
    codes = np.empty(numbers.size, np.int32)
    first = np.empty(span, np.int32)
    found = _look_up_rows(numbers, low, first, codes)
    return codes, first[:found].astype(np.intp)


@njit(cache=True, nogil=True)
def _look_up_rows(numbers, low, first, codes):  # type: ignore[no-untyped-def]
    place = np.full(first.size, -1, np.int32)
    for row in range(numbers.size - 1, -1, -1):
        place[numbers[row] - low] = row
    found = 0
    for number in range(place.size):
        if place[number] >= 0:
            first[found] = place[number]
            place[number] = found
            found += 1
    for row in range(numbers.size):
        codes[row] = place[numbers[row] - low]
    return found


@njit(cache=True, nogil=True)
def _hash(numbers):  # type: ignore[no-untyped-def]
    bits = 10
    while (1 << bits) < 2 * numbers.size:
        bits += 1
    slots = np.full(1 << bits, -1, np.int32)
    first = np.empty(numbers.size, np.intp)
    codes = np.empty(numbers.size, np.int32)
    found = 0
    mask = (1 << bits) - 1
    for row in range(numbers.size):
        slot = (np.uint64(numbers[row]) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)
        at = np.int64(slot)
        while slots[at] >= 0 and numbers[first[slots[at]]] != numbers[row]:
            at = (at + 1) & mask
        if slots[at] < 0:
            slots[at] = found
            first[found] = row
            found += 1
        codes[row] = slots[at]
    return codes, first[:found].copy()
