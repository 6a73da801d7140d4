"""Reading a table of numbers, sorted by task, and giving one number per task back."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.part import Codes
from tagwerk.inference.tables import Coded, Kind, known_labels, read

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Numbers:
    """Task t has value[start[t]:start[t+1]], from the lowest on, given by worker[…]; `known` (tasks,) is NaN where no truth is known."""

    kind: Kind
    tasks: Coded
    workers: Coded
    start: Ints
    worker: Codes
    value: Floats
    known: Floats

    @property
    def given(self) -> Ints:
        """How many numbers each worker gave."""
        return np.bincount(self.worker, minlength=len(self.workers))

    def per_task(self, values: Any, name: str) -> Any:
        """One value for each task, of the kind of table that came in."""
        return self.kind.series(self.tasks.native, values, name=name, index_name="task")

    def per_worker(self, values: Any, name: str) -> Any:
        """One value for each worker."""
        return self.kind.series(self.workers.native, values, name=name, index_name="worker")


def numbers(labels: Any, gold: Any) -> Numbers:
    """Read columns task, worker, value, and gold: a mapping from task to its true value.

    Raises:
        ValueError: see `tables.read`; gold that is no finite number.
    """
    table = read(labels, ("task", "worker"), numbers=("value",))
    task, worker, value = table["task"], table["worker"].codes, table.numbers["value"]
    order = np.lexsort((worker, value, task.codes))  # nothing depends on the order of rows then
    start = np.concatenate([[0], np.cumsum(np.bincount(task.codes, minlength=len(task)))]).astype(np.int64)
    return Numbers(table.kind, task, table["worker"], start, worker[order], value[order], _truth(gold, task))


def _truth(gold: Any, tasks: Coded) -> Floats:
    known = known_labels(gold)
    found = np.full(len(tasks), np.nan)
    if known:
        found[:] = [known.get(task, np.nan) for task in tasks.values]
        if not all(np.isfinite(value) for value in known.values()):
            raise ValueError("gold has a value that is no finite number")
    return found


class Numeric:
    """A method that finds a number for each task."""

    values_: Any

    def fit(self, labels: Any, gold: Any = None) -> Self:
        """Learn from a table with columns task, worker, value, and from gold: a mapping from task to true value.

        Raises ValueError, saying what to do, for a table that does not fit. Arguments are not changed.
        """
        self._fit(numbers(labels, gold))
        return self

    def fit_predict(self, labels: Any, gold: Any = None) -> Any:
        """`fit`, then `values_`."""
        return self.fit(labels, gold).values_

    def _fit(self, data: Numbers) -> None:
        raise NotImplementedError


def within(data: Numbers) -> float:
    """Variance of answers to one task, pooled over tasks; that of all answers where no task has two."""
    size = np.diff(data.start)
    middle = np.repeat(np.add.reduceat(data.value, data.start[:-1]) / size, size)
    spare = len(data.value) - len(size)
    return float(((data.value - middle) ** 2).sum() / spare if spare else data.value.var())
