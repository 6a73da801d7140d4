"""The face that all methods have: options in, `fit(labels, gold)`, results with a trailing underscore."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, Self
from zlib import crc32

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd, read_crowd
from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.part import Part
from tagwerk.inference.passes import Sums
from tagwerk.inference.tables import as_list

Floats = NDArray[np.float64]
TIE = (
    1e-9  # two posteriors closer than this are the same: they differ by the order of floating-point sums only
)


@dataclass(slots=True)
class Outcome:
    """What a method found, as arrays over codes: `posterior` (tasks, classes), `priors` (classes,), `skills`
    (workers,), `errors` (workers, said class, true class)."""

    posterior: Floats
    priors: Floats | None = None
    skills: Floats | None = None
    errors: Floats | None = None
    loss_history: list[float] = field(default_factory=list)
    converged: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


class Method:
    """A method of truth inference. Options are given when it is made; arguments of `fit` are never changed.

    After `fit`, in the kind of table that came in (see `tables`):

    - `labels_`: for each task its most likely label; of equals, one is drawn by `seed` (`ties_` says for which tasks);
    - `probas_`: for each task the probability of each label;
    - `skills_`: for each worker how likely they are right;
    - `errors_`: for each worker, said label and true label, how likely it is said;
    - `priors_`: for each label how frequent it is;
    - `loss_history_`: after each iteration, what is maximised, per label; it never falls (but see IBCC);
    - `n_iter_`, `converged_`: how many iterations there were, and whether they ended by themselves.

    What a method does not know is an AttributeError. Results do not depend on the order of rows, bit for bit, nor on
    the number of threads.
    """

    seed: int = 0

    @crowdkit_names
    def fit(self, labels: Any, gold: Any = None) -> Self:
        """Learn from a table with columns task, worker and label, and from gold: a mapping from task to label.

        crowd-kit's names, `data` and `true_labels`, will do too. Raises ValueError, saying what to do, for labels or gold that cannot be used.
        """
        return self._fit(read_crowd(labels, gold))

    def fit_predict(self, *labels: Any, **more: Any) -> Any:
        """`fit`, which takes the same arguments, then `labels_`."""
        return self.fit(*labels, **more).labels_

    def fit_predict_proba(self, *labels: Any, **more: Any) -> Any:
        """`fit`, which takes the same arguments, then `probas_`."""
        return self.fit(*labels, **more).probas_

    def infer(self, crowd: Crowd) -> Outcome:
        """The method itself, on codes; each has its own."""
        raise NotImplementedError

    def cost(self, crowd: Crowd) -> Floats | None:
        """What it costs to decide for a class (column) where another (row) is true; None where any error is as bad."""
        return None

    def _fit(self, crowd: Crowd) -> Self:
        self._crowd = crowd
        self._outcome = self.infer(crowd)
        self._winner, self._tied = decide(crowd, self._outcome.posterior, self.cost(crowd), self.seed)
        return self

    def _found(self, name: str) -> Any:
        outcome = self.__dict__.get("_outcome")
        if outcome is None:
            raise AttributeError(f"{name}_ is known after fit")
        value = getattr(outcome, name)
        if value is None:
            raise AttributeError(f"{type(self).__name__} has no {name}_")
        return value

    @property
    def labels_(self) -> Any:
        """Each task's label."""
        self._found("posterior")
        values = take(self._crowd.labels, self._winner)
        return self._crowd.kind.series(self._crowd.tasks.native, values, name="agg_label", index_name="task")

    @property
    def ties_(self) -> list[Any]:
        """The tasks whose label was drawn among equals, in sorted order."""
        self._found("posterior")
        tasks = self._crowd.tasks.values
        return [tasks[at] for at in np.flatnonzero(self._tied)]

    @property
    def probas_(self) -> Any:
        """Each task's probabilities."""
        posterior = self._found("posterior")
        return self._crowd.kind.frame(
            self._crowd.tasks.native,
            self._crowd.labels,
            posterior,
            names=("task", "label"),
            value="probability",
        )

    @property
    def skills_(self) -> Any:
        """Each worker's skill."""
        skills = self._found("skills")
        return self._crowd.kind.series(self._crowd.workers.native, skills, name="skill", index_name="worker")

    @property
    def priors_(self) -> Any:
        """Each label's frequency."""
        return self._crowd.kind.series(
            self._crowd.labels, self._found("priors"), name="prior", index_name="label"
        )

    @property
    def errors_(self) -> Any:
        """Each worker's confusion: how likely they say a label where another is true."""
        errors = self._found("errors")
        return self._crowd.kind.cube(
            self._crowd.workers.native,
            self._crowd.labels,
            self._crowd.labels,
            errors,
            names=("worker", "label", "truth"),
            value="probability",
        )

    @property
    def loss_history_(self) -> list[float]:
        """What is maximised, per label, after each iteration."""
        return list(self._found("loss_history"))

    @property
    def n_iter_(self) -> int:
        """How many iterations there were."""
        return len(self._found("loss_history"))

    @property
    def converged_(self) -> bool:
        """Whether the iterations ended by themselves."""
        return bool(self._found("converged"))


def take(values: Any, codes: NDArray[Any]) -> Any:
    """The values behind codes."""
    if isinstance(values, list):
        found = np.empty(len(values), object)
        found[:] = values
        return found[codes]
    return values.gather(codes) if hasattr(values, "gather") else values.take(codes)


def decide(
    crowd: Crowd, posterior: Floats, cost: Floats | None, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each task the class of the lowest expected cost, and whether it was drawn among equals.

    The draw is by a hash of seed, task and class, so it stays the same when other tasks come or rows are shuffled.
    """
    score = posterior if cost is None else -(posterior @ cost)
    winner, tied = np.empty(len(score), np.intp), np.empty(len(score), np.bool_)
    _best(score, winner, tied)
    if tied.any():
        rows = np.flatnonzero(tied)
        draws = _draws(seed, as_list(take(crowd.tasks.native, rows)), as_list(crowd.labels))
        among = score[rows] >= score[rows].max(axis=1, keepdims=True) - TIE
        winner[rows] = np.where(among, draws, np.iinfo(np.uint64).max).argmin(axis=1)
    return winner, tied


@njit(cache=True, nogil=True)
def _best(score, winner, tied):  # type: ignore[no-untyped-def]
    """The column of the highest score in each row, and whether another comes as close as a tie."""
    for row in range(score.shape[0]):
        best = 0
        for column in range(1, score.shape[1]):
            if score[row, column] > score[row, best]:
                best = column
        close = 0
        for column in range(score.shape[1]):
            close += score[row, column] >= score[row, best] - TIE
        winner[row], tied[row] = best, close > 1


def _draws(seed: int, tasks: list[Any], labels: list[Any]) -> NDArray[np.uint64]:
    """A number for each pair of these, which depends on nothing else but the seed, and looks like chance."""
    rows = np.array([crc32(_bytes(task)) for task in tasks], np.uint64)
    columns = np.array(
        [
            int.from_bytes(hashlib.blake2b(b"%d\0" % seed + _bytes(label), digest_size=8).digest())
            for label in labels
        ],
        np.uint64,
    )
    mixed = rows[:, None] * np.uint64(0x9E3779B97F4A7C15) ^ columns
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # splitmix64
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)


def _bytes(value: Any) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


class Parts:
    """A crowd's tasks in parts, and the threads that go over them; posteriors are kept between passes."""

    def __init__(self, crowd: Crowd, states: int, table: int, n_threads: int | None) -> None:
        bounds = crowd.part.bounds(table)
        self.whole = crowd.part
        self.parts = list(crowd.part.split(bounds))
        self.posterior = np.zeros((crowd.part.tasks, states))
        self.slices = list(map(slice, bounds, bounds[1:]))
        self.posteriors = [self.posterior[part] for part in self.slices]
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._threads = min(n_threads or usable, len(self.parts))
        self._map: Callable[..., Iterator[Any]] = map

    @contextmanager
    def threads(self) -> Iterator[None]:
        """Keep the threads for many passes; without, or with a single part, a pass runs in the caller's."""
        if self._threads == 1:
            yield
            return
        with ThreadPoolExecutor(self._threads) as pool:
            self._map = pool.map
            yield
            self._map = map

    def each(self, one: Callable[[Part, Floats], Any]) -> list[Any]:
        """What a function of a part and its posterior gives for each part, in their order."""
        return list(self._map(one, self.parts, self.posteriors))

    def sums(self, one: Callable[[Part, Floats], Sums]) -> Sums:
        """The sums of a pass over all parts."""
        found: Sums = reduce(add, self.each(one))
        return found
