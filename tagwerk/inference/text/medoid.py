"""One text from many: the one with the fewest edits to the others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit

from tagwerk.inference.medoid import Answers, WeightedMedoid
from tagwerk.inference.part import Codes
from tagwerk.inference.text.words import Floats, Ints, Texts, Tokenizer, edits, read_texts

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)


@dataclass(eq=False)
class Medoid(WeightedMedoid):
    """The text with the smallest distance to the others, those of workers who are usually near counting more.

    The distance of two texts is the number of words to insert, delete or replace (Levenshtein 1966), as a share of
    the longer one's words. The rest is `WeightedMedoid`, whose other arguments, attributes and errors it has; with
    n_iter=0 it is the plain medoid. It chooses a text that somebody wrote; `ROVER` makes one.

    Args:
        tokenizer: splits a text into words; None: at white space; `list` for characters.

    Attributes:
        texts_: the text of each task, as it was written.

    >>> labels = {"task": [1, 1, 1], "worker": list("abc"), "text": ["the bad cat", "a red cat", "the red cat"]}
    >>> Medoid().fit_predict(labels)
    {1: 'the red cat'}
    """

    tokenizer: Tokenizer | None = None
    distance: Callable[[Any, Any], float] = field(init=False, default=lambda one, other: float(one != other))
    power: float = field(init=False, default=1.0)

    @property
    def texts_(self) -> Any:
        """The text of each task."""
        return self.labels_

    def _read(self, labels: Any) -> tuple[Answers, list[Any]]:
        data = read_texts(labels, self.tokenizer)
        first = np.concatenate([[0], np.cumsum(np.diff(data.start) ** 2)])
        apart = _pairs(data, first)
        return Answers(
            data.kind,
            data.tasks,
            data.workers,
            data.start,
            data.worker,
            data.text.astype(np.int64),
            first,
            apart,
        ), data.texts


def _pairs(data: Texts, first: Ints) -> Floats:
    return np.asarray(pairs(data.start, first, data.text, data.words.start, data.words.code))


@_compiled
def pairs(tasks: Ints, first: Ints, text: Codes, start: Ints, code: Codes) -> Floats:
    """Distances of the answers to each task: n² numbers from first[t] on."""
    found = np.zeros(first[-1])
    longest = 0
    for one in range(len(start) - 1):
        longest = max(longest, start[one + 1] - start[one])
    row = np.empty(longest + 1, np.int64)
    for t in range(len(tasks) - 1):
        size = tasks[t + 1] - tasks[t]
        for i in range(size):
            mine = code[start[text[tasks[t] + i]] : start[text[tasks[t] + i] + 1]]
            for j in range(i):
                if text[tasks[t] + i] != text[tasks[t] + j]:
                    other = code[start[text[tasks[t] + j]] : start[text[tasks[t] + j] + 1]]
                    far = edits(mine, other, row) / max(len(mine), len(other), 1)
                    found[first[t] + i * size + j] = far
                    found[first[t] + j * size + i] = far
    return found
