"""Texts as sequences of word codes, and how many edits lie between two of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.part import Codes
from tagwerk.inference.tables import Coded, Kind, read
from tagwerk.inference.text.scan import scan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Tokenizer = Callable[[str], Sequence[str]]
_compiled: Callable[..., Any] = njit(cache=True, nogil=True)


@dataclass(frozen=True, eq=False)
class Words:
    """Sequence i has the words code[start[i]:start[i+1]], places in `vocabulary`, which is sorted."""

    start: Ints
    code: Codes
    vocabulary: list[str]

    @property
    def sizes(self) -> Ints:
        return np.diff(self.start)


def words_of(texts: Sequence[str], tokenizer: Tokenizer | None = None) -> Words:
    """Split texts into words, at white space where there is no tokenizer, and code them.

    Raises:
        ValueError: a text that cannot be split.
    """
    try:
        start, code, distinct = scan(texts) if tokenizer is None else _tokenized(texts, tokenizer)
    except (AttributeError, TypeError) as error:
        raise ValueError(f"these texts cannot be split into words ({error})") from error
    order = sorted(range(len(distinct)), key=distinct.__getitem__)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return Words(start, rank[code], [distinct[place] for place in order])


def _tokenized(texts: Sequence[str], tokenizer: Tokenizer) -> tuple[Ints, Codes, list[str]]:
    split = [tokenizer(text) for text in texts]
    start = np.zeros(len(split) + 1, np.int64)
    np.cumsum([len(words) for words in split], out=start[1:])
    place = _Places()
    code = np.fromiter(map(place.__getitem__, chain.from_iterable(split)), np.int32, int(start[-1]))
    return start, code, list(place)


class _Places(dict[str, int]):
    """Gives each new word the next place."""

    def __missing__(self, word: str) -> int:
        self[word] = place = len(self)
        return place


@dataclass(frozen=True, eq=False)
class Texts:
    """Task t has the answers start[t]:start[t+1], by worker[…], each the text text[…] of `words`, in a fixed order."""

    kind: Kind
    tasks: Coded
    workers: Coded
    start: Ints
    worker: Codes
    text: Codes
    texts: list[str]
    words: Words

    def per_task(self, values: Any, name: str) -> Any:
        """One value for each task, of the kind of table that came in."""
        return self.kind.series(self.tasks.native, values, name=name, index_name="task")

    def per_worker(self, values: Any, name: str) -> Any:
        """One value for each worker."""
        return self.kind.series(self.workers.native, values, name=name, index_name="worker")


def read_texts(labels: Any, tokenizer: Tokenizer | None = None) -> Texts:
    """Read columns task, worker, text; each distinct text is split once.

    Raises:
        ValueError: see `tables.read`; a text that the tokenizer cannot split.
    """
    table = read(labels, ("task", "worker", "text"))
    task, worker, text = (table[name] for name in ("task", "worker", "text"))
    order = np.lexsort((worker.codes, text.codes, task.codes))
    start = np.concatenate([[0], np.cumsum(np.bincount(task.codes, minlength=len(task)))]).astype(np.int64)
    texts = text.values
    return Texts(
        table.kind,
        task,
        worker,
        start,
        worker.codes[order],
        text.codes[order],
        texts,
        words_of(texts, tokenizer),
    )


@_compiled
def edits(one: Codes, other: Codes, row: Ints) -> int:
    """Levenshtein's distance of two sequences; `row` is room for len(other) + 1 numbers."""
    first = 0  # what both begin and end with costs nothing
    while first < len(one) and first < len(other) and one[first] == other[first]:
        first += 1
    end, other_end = len(one), len(other)
    while end > first and other_end > first and one[end - 1] == other[other_end - 1]:
        end -= 1
        other_end -= 1
    size = other_end - first
    for j in range(size + 1):
        row[j] = j
    for i in range(first, end):
        corner = row[0]
        row[0] += 1
        for j in range(size):
            cost = corner if one[i] == other[first + j] else 1 + min(corner, row[j], row[j + 1])
            corner, row[j + 1] = row[j + 1], cost
    return int(row[size])
