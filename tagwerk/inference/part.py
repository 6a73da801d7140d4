"""Some tasks and their labels as arrays of codes: what a pass needs, wherever it runs. NumPy only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Codes = NDArray[np.int32]

PART_LABELS = 500_000  # a part that is worth a thread
MOST_PARTS = 16


@dataclass(frozen=True, slots=True)
class Part:
    """Labels of consecutive tasks as codes.

    `starts` (tasks + 1,) int64: the labels of task t are those from starts[t] to starts[t + 1]; `worker` (labels,)
    int32; `label` (labels,) uint8, or int32 where there are more than 256 classes; `known` (tasks,) int32: the code
    of a task's known class or -1, or of length 0 where no class is known. `workers` and `classes` say how many there
    are of all, so tables over them are of one shape in every part. Passes over a part that is not `compiled` are made
    by NumPy alone: slower, but a small part is done before a compiler has started.
    """

    starts: NDArray[np.int64]
    worker: Codes
    label: NDArray[Any]
    known: Codes
    workers: int
    classes: int
    compiled: bool = True

    @property
    def tasks(self) -> int:
        """How many tasks."""
        return len(self.starts) - 1

    @property
    def task(self) -> Codes:
        """For each label the place of its task in this part."""
        return np.repeat(np.arange(self.tasks, dtype=np.int32), np.diff(self.starts))

    def of(self, first: int, last: int) -> "Part":
        """The tasks from `first` up to and without `last`; labels are not copied."""
        begin, end = self.starts[first], self.starts[last]
        starts, known = self.starts[first : last + 1] - begin, self.known[first:last]
        return replace(
            self, starts=starts, worker=self.worker[begin:end], label=self.label[begin:end], known=known
        )

    def split(self, bounds: Sequence[int]) -> Iterator["Part"]:
        """The parts between consecutive bounds, the first 0 and the last the number of tasks."""
        return (self.of(first, last) for first, last in pairwise(bounds))

    def bounds(self, table: int) -> list[int]:
        """Where to split, given how many numbers a worker table has: by the data alone, never by the threads.

        Sums of floating-point numbers depend on their order, so results are the same with any number of threads.
        """
        labels = len(self.worker)
        parts = max(1, min(MOST_PARTS, (labels + PART_LABELS // 2) // PART_LABELS, labels // max(table, 1)))
        return [0, *np.searchsorted(self.starts, np.arange(1, parts) * (labels / parts)).tolist(), self.tasks]


def part_of(
    task: ArrayLike, worker: ArrayLike, label: ArrayLike, known: ArrayLike, *, workers: int, classes: int
) -> Part:
    """A part of labels in any order, one per task and worker; `known` (tasks,) says how many tasks there are."""
    tasks, who, what = (np.asarray(each, np.int32) for each in (task, worker, label))
    order = np.lexsort((who, tasks))
    known_codes = np.asarray(known, np.int32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(tasks, minlength=len(known_codes)))]).astype(np.int64)
    small = what[order].astype(np.uint8 if classes <= 256 else np.int32)
    return Part(starts, who[order], small, known_codes, workers, classes, compiled=False)
