"""Splitting texts at white space without making a Python object of every word."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Characters = NDArray[np.uint32]
_compiled: Callable[..., Any] = njit(cache=True, nogil=True)

# what str.split takes for white space
_SPACES = np.array([c for c in range(0x3001) if chr(c).isspace()], np.uint32)
_IS_SPACE = np.zeros(0x3001, np.bool_)
_IS_SPACE[_SPACES] = True


def scan(texts: Sequence[str]) -> tuple[Ints, NDArray[np.int32], list[str]]:
    """Where the words of each text begin, (texts + 1,); the words as codes; and the distinct words, in no order."""
    whole = "\n".join(texts)
    size = np.fromiter(map(len, texts), np.int64, len(texts))
    bounds = np.concatenate([[0], np.cumsum(size + 1)])
    characters = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    start, code, first, length = _split(characters, bounds, _IS_SPACE)
    return start, code, [whole[a : a + n] for a, n in zip(first.tolist(), length.tolist(), strict=True)]


@_compiled
def _split(
    text: Characters, bounds: Ints, is_space: NDArray[np.bool_]
) -> tuple[Ints, NDArray[np.int32], Ints, Ints]:
    room = len(text) // 2 + len(bounds)
    start, code = np.zeros(len(bounds), np.int64), np.empty(room, np.int32)
    first, length, hashes = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.uint64)
    slots, known, words = np.full(1024, -1, np.int32), 0, 0
    for one in range(len(bounds) - 1):
        at, end = bounds[one], bounds[one + 1] - 1
        while True:
            while at < end and text[at] < len(is_space) and is_space[text[at]]:
                at += 1
            if at >= end:
                break
            begin, mixed = at, np.uint64(14695981039346656037)
            while at < end and not (text[at] < len(is_space) and is_space[text[at]]):
                mixed = (mixed ^ np.uint64(text[at])) * np.uint64(1099511628211)  # FNV-1a
                at += 1
            place = _look_up(text, begin, at - begin, mixed, first, length, hashes, slots)
            if slots[place] < 0:
                slots[place] = known
                first[known], length[known], hashes[known] = begin, at - begin, mixed
                known += 1
            code[words] = slots[place]
            words += 1
            if 2 * known > len(slots):
                slots = _grown(slots, hashes, known)
        start[one + 1] = words
    return start, code[:words].copy(), first[:known].copy(), length[:known].copy()


@_compiled
def _look_up(
    text: Characters,
    begin: int,
    size: int,
    mixed: np.uint64,
    first: Ints,
    length: Ints,
    hashes: NDArray[np.uint64],
    slots: NDArray[np.int32],
) -> int:
    """The slot of a word, or the free one where it belongs."""
    mask = len(slots) - 1
    place = int(mixed >> np.uint64(20)) & mask
    while slots[place] >= 0:
        word = slots[place]
        if hashes[word] == mixed and length[word] == size:
            same = 0
            while same < size and text[first[word] + same] == text[begin + same]:
                same += 1
            if same == size:
                break
        place = (place + 1) & mask
    return place


@_compiled
def _grown(slots: NDArray[np.int32], hashes: NDArray[np.uint64], known: int) -> NDArray[np.int32]:
    wider = np.full(4 * len(slots), -1, np.int32)
    mask = len(wider) - 1
    for word in range(known):
        place = np.int64(hashes[word] >> np.uint64(20)) & mask
        while wider[place] >= 0:
            place = (place + 1) & mask
        wider[place] = word
    return wider
