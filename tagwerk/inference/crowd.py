"""A crowd's labels in the order in which they are counted: task by task, within a task worker by worker."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.part import Codes, Part
from tagwerk.inference.tables import Kind, Values, gold_codes, kind_of, read

FEW_LABELS = 64  # tasks with up to so many are sorted by insertion alone


@dataclass(frozen=True, slots=True)
class Crowd:
    """All labels, the tasks, workers and classes behind the codes, and the kind of table they came from."""

    part: Part
    tasks: Values
    workers: Values
    labels: Any
    kind: Kind

    @property
    def known(self) -> Codes:
        """The code of each task's known class, -1 where none is known."""
        known = self.part.known
        return known if len(known) else np.full(len(self.tasks), -1, np.int32)


def read_crowd(labels: Any, gold: Any = None) -> Crowd:
    """Labels of any kind of table, columns task, worker and label, put in order.

    Of a worker's labels for one task the last row counts; this is the only thing that the order of rows decides.
    """
    table = read(labels, ("task", "worker", "label"))
    label = table.coded.pop("label")
    classes, codes, known = label.native, label.codes, np.zeros(0, np.int32)
    if gold is not None:
        known, every = gold_codes(gold, table["task"], label.values)
        if len(every) != len(label):
            place = {value: at for at, value in enumerate(every)}
            codes = np.asarray([place[value] for value in label.values], np.int32)[codes]
            classes = every
        if (known < 0).all():
            known = np.zeros(0, np.int32)
    small = codes.astype(np.uint8 if len(classes) <= 256 else np.int32)
    del label, codes  # four bytes per label
    task, worker = table["task"], table["worker"]
    starts, who, what = sort_labels(task.codes, worker.codes, small, len(task))
    part = Part(starts, who, what, known, len(worker), len(classes))
    return Crowd(part, Values(task.native), Values(worker.native), classes, table.kind)


def crowd_of_codes(part: Part) -> Crowd:
    """A crowd whose tasks, workers and classes are called by their codes."""
    tasks, workers, classes = (list(range(size)) for size in (part.tasks, part.workers, part.classes))
    return Crowd(part, Values(tasks), Values(workers), classes, kind_of({}))


def sort_labels(
    task: Codes, worker: Codes, label: NDArray[Any], tasks: int
) -> tuple[NDArray[np.int64], Codes, NDArray[Any]]:
    """Where the labels of each task begin, and workers and labels in that order; O(labels), one copy."""
    starts = _starts(task, tasks)
    if np.diff(starts).max(initial=0) > FEW_LABELS:
        order = np.argsort(worker, kind="stable")
        task, worker, label = task[order], worker[order], label[order]
    who, what = _by_task(starts[:-1].copy(), task, worker, label)
    kept = _by_worker(starts, who, what)
    return starts, who[:kept], what[:kept]


@njit(cache=True, nogil=True)
def _starts(task, tasks):  # type: ignore[no-untyped-def]
    starts = np.zeros(tasks + 1, np.int64)
    for row in range(task.size):
        starts[task[row] + 1] += 1
    for at in range(tasks):
        starts[at + 1] += starts[at]
    return starts


@njit(cache=True, nogil=True)
def _by_task(place, task, worker, label):  # type: ignore[no-untyped-def]
    who, what = np.empty_like(worker), np.empty_like(label)
    for row in range(task.size):
        at = place[task[row]]
        who[at], what[at] = worker[row], label[row]
        place[task[row]] = at + 1
    return who, what


@njit(cache=True, nogil=True)
def _by_worker(starts, who, what):  # type: ignore[no-untyped-def]
    """Sort within each task, keep the last of a worker's labels, close the gaps; how many labels are left."""
    kept = 0
    for task in range(starts.size - 1):
        begin, end = starts[task], starts[task + 1]
        for row in range(begin + 1, end):
            one, said = who[row], what[row]
            at = row
            while at > begin and who[at - 1] > one:
                who[at], what[at] = who[at - 1], what[at - 1]
                at -= 1
            who[at], what[at] = one, said
        starts[task] = kept
        for row in range(begin, end):
            if row + 1 < end and who[row + 1] == who[row]:
                continue
            who[kept], what[kept] = who[row], what[row]
            kept += 1
    starts[-1] = kept
    return kept
