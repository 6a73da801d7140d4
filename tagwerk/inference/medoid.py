"""Of several answers of any kind the one nearest to the truth, when all that is known is how far two answers differ."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.agreement.resampling import draw
from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.part import Codes
from tagwerk.inference.tables import Coded, Kind, as_list, is_missing, kind_of, read

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_compiled: Callable[..., Any] = njit(cache=True, nogil=True)
SKEPTICISM = 2.0  # answers of typical error that each worker is believed to have given before the first
SAME = 1e-9  # as a share of the mean distance: nearer ones are as near
LEAST = 1e-6  # of the typical squared error: no worker is infallible


@dataclass(frozen=True, eq=False)
class Answers:
    """Task t has the answers start[t]:start[t+1], by worker[…], each in row[…] of the table; and n² distances from
    first[t] on, raised to the power in which they add up."""

    kind: Kind
    tasks: Coded
    workers: Coded
    start: Ints
    worker: Codes
    row: Ints
    first: Ints
    apart: Floats


@dataclass(frozen=True, eq=False)
class Found:
    """What `estimate` comes to: each answer's expected error, (answers,), and each worker's, (workers,), in powers of
    distances; the likelihood after each iteration."""

    answers: Floats
    workers: Floats
    history: list[float]
    converged: bool


@dataclass(eq=False)
class WeightedMedoid:
    """The answer with the smallest distance to the others, those of workers who are usually near counting more.

    Answers are taken as points: x(t, w) = truth(t) + an error of expected squared length s(w), in any number of
    dimensions. Where distances are known and points are not, everything that expectation-maximisation needs of a task
    still is: with u = 1 / s, U = sum u, the squared distance of answer i from the weighted mean of all is
    e_i = sum_j u_j d_ij² / U - sum_jk u_j u_k d_jk² / 2 U², and from the truth e_i + 1 / U. s(w) is the mean of that
    over the tasks of w, and the answer with the smallest one is the medoid weighted by u. With n_iter=0 all weigh the
    same: the smallest average distance (SAD) of Braylan & Lease 2020 (WWW, "Modeling and aggregation of complex
    annotations via annotation distances"), whose multidimensional annotation scaling (MAS) has the same errors of
    workers, and samples the points.

    Args:
        distance: of two labels: 0 for equal ones, symmetric.
        power: in which distances add up: 2 for lengths; 1 where a distance counts differences (edits, set
            differences, 1 - IoU).
        n_iter: iterations at most; 0 is the plain medoid.
        tol: done when the log-likelihood per answer gains less.
        seed: draws among equals.

    Attributes:
        labels_: the answer chosen for each task; ties_: tasks where one was drawn among equally near ones.
        distances_: the expected distance of each chosen answer from the truth.
        deviations_: the typical distance of each worker from the truth.
        loss_history_: log-likelihood and log-prior per answer (but for constants) after each iteration; n_iter_,
            converged_. It never falls where distances are those of points.

    Errors: ValueError for a table that does not fit, a distance that is negative or no finite number.

    >>> labels = {"task": [1, 1, 1], "worker": list("abc"), "label": [(0, 10), (1, 11), (30, 35)]}
    >>> WeightedMedoid(lambda a, b: abs(a[0] - b[0]) + abs(a[1] - b[1])).fit_predict(labels)
    {1: (1, 11)}
    """

    distance: Callable[[Any, Any], float]
    power: float = 2.0
    n_iter: int = 100
    tol: float = 1e-6
    seed: int = 0

    @crowdkit_names
    def fit(self, labels: Any) -> Self:
        """Learn from a table with columns task, worker, label; labels may be anything that `distance` takes."""
        answers, values = self._read(labels)
        return self._fit(answers, values)

    @crowdkit_names
    def fit_predict(self, labels: Any) -> Any:
        """`fit`, then `labels_`."""
        return self.fit(labels).labels_

    def _read(self, labels: Any) -> tuple[Answers, list[Any]]:
        table = read(labels, ("task", "worker"))
        kind = kind_of(labels)
        if "label" not in set(kind.names(labels)):
            raise ValueError("there is no column label: rename yours")
        values = as_list(kind.column(labels, "label"))
        if any(value is None or (isinstance(value, float) and is_missing(value)) for value in values):
            raise ValueError("column label has rows without a value: drop them before fitting")
        task, worker = table["task"].codes, table["worker"].codes
        rank = np.empty(
            len(values), np.int64
        )  # so that no order of rows matters, even for one worker's two answers
        rank[sorted(range(len(values)), key=lambda row: repr(values[row]))] = np.arange(len(values))
        order = np.lexsort((rank, worker, task))
        start = np.concatenate([[0], np.cumsum(np.bincount(task, minlength=len(table["task"])))])
        first = np.concatenate([[0], np.cumsum(np.diff(start) ** 2)])
        apart = np.zeros(int(first[-1]))
        for t, (begin, end) in enumerate(zip(start[:-1].tolist(), start[1:].tolist(), strict=True)):
            mine = [values[row] for row in order[begin:end].tolist()]
            far = np.array(
                [
                    [self.distance(a, b) if i > j else 0.0 for j, b in enumerate(mine)]
                    for i, a in enumerate(mine)
                ]
            )
            apart[first[t] : first[t + 1]] = (far + far.T).ravel()
        if not (np.isfinite(apart).all() and (apart >= 0.0).all()):
            raise ValueError("distance gave a negative number, or one that is not finite")
        answers = Answers(
            kind, table["task"], table["worker"], start, worker[order], order, first, apart**self.power
        )
        return answers, values

    def _fit(self, answers: Answers, values: list[Any]) -> Self:
        found = estimate(answers, self.n_iter, self.tol)
        rows, tied = _nearest(answers, found.answers, salts(answers.tasks.values, self.seed))
        tasks = answers.tasks.values
        chosen = [values[row] for row in answers.row[rows].tolist()]
        errors = found.answers[rows] ** (1.0 / self.power)
        self.labels_ = answers.kind.series(answers.tasks.native, chosen, name="agg_label", index_name="task")
        self.distances_ = answers.kind.series(
            answers.tasks.native, errors, name="distance", index_name="task"
        )
        self.deviations_ = answers.kind.series(
            answers.workers.native, found.workers ** (1.0 / self.power), name="deviation", index_name="worker"
        )
        self.ties_ = [tasks[at] for at in np.flatnonzero(tied)]
        self.loss_history_, self.n_iter_ = found.history, len(found.history)
        self.converged_ = found.converged
        return self


def estimate(answers: Answers, n_iter: int, tol: float) -> Found:
    """Expected errors of answers and workers; without iterations all workers are as good."""
    workers = len(answers.workers)
    met = np.diff(answers.start)
    told = np.flatnonzero(np.repeat(met, met) > 1)  # an answer alone says nothing about its worker
    given = np.bincount(answers.worker[told], minlength=workers)
    pairs = max(float((met * (met - 1)).sum()), 1.0)
    usual = max(float(answers.apart.sum()) / pairs / 2.0, 1e-300)  # two answers are two errors apart
    spread = np.full(workers, usual)
    errors, sums, likely = one_pass(answers.start, answers.first, answers.apart, answers.worker, spread)
    history: list[float] = []
    converged = n_iter == 0
    while len(history) < n_iter and not converged:
        spread = (sums + SKEPTICISM * usual) / (given + SKEPTICISM)
        spread = np.maximum(spread, LEAST * usual)
        errors, sums, likely = one_pass(answers.start, answers.first, answers.apart, answers.worker, spread)
        now = float(likely - SKEPTICISM * (np.log(spread) + usual / spread).sum()) / max(len(told), 1)
        converged = bool(history) and now - history[-1] < tol
        history.append(now)
    return Found(errors, spread, history, converged)


@_compiled
def one_pass(
    start: Ints, first: Ints, apart: Floats, worker: Codes, spread: Floats
) -> tuple[Floats, Floats, float]:
    """Expected error of each answer of these tasks, its sum for each worker, and the log-likelihood (times 2 / k).

    All are powers of distances; sums and log-likelihood of disjoint sets of tasks add up. Tasks with one answer count
    for nothing.
    """
    errors, sums, likely = np.zeros(start[-1]), np.zeros(len(spread)), 0.0
    for t in range(len(start) - 1):
        begin, size = start[t], start[t + 1] - start[t]
        whole, middle = 0.0, 0.0
        for i in range(size):
            whole += 1.0 / spread[worker[begin + i]]
        for i in range(size):
            mean = 0.0
            for j in range(size):
                mean += apart[first[t] + i * size + j] / spread[worker[begin + j]]
            errors[begin + i] = mean / whole
            middle += mean / whole / spread[worker[begin + i]] / whole / 2.0
        for i in range(size):
            w = worker[begin + i]
            off = max(errors[begin + i] - middle, 0.0)
            errors[begin + i] = off + 1.0 / whole
            if size > 1:
                sums[w] += errors[begin + i]
                likely -= np.log(spread[w]) + off / spread[w]
        if size > 1:
            likely -= np.log(whole)
    return errors, sums, likely


def _nearest(answers: Answers, errors: Floats, salt: NDArray[np.uint64]) -> tuple[Ints, NDArray[np.bool_]]:
    return tuple(nearest(answers.start, answers.first, answers.apart, errors, salt))


@_compiled
def nearest(
    start: Ints, first: Ints, apart: Floats, errors: Floats, salt: NDArray[np.uint64]
) -> tuple[Ints, NDArray[np.bool_]]:
    """The place of each task's nearest answer, and whether it was drawn among different ones that are as near."""
    found, tied = np.empty(len(start) - 1, np.int64), np.zeros(len(start) - 1, np.bool_)
    equal = np.empty(start[-1], np.int64)
    for t in range(len(found)):
        begin, size, among = start[t], start[t + 1] - start[t], 0
        best = errors[begin : begin + size].min()
        for i in range(size):
            if errors[begin + i] <= best * (1.0 + SAME):
                seen = False
                for one in range(among):
                    seen |= apart[first[t] + i * size + equal[one]] == 0.0
                if not seen:
                    equal[among] = i
                    among += 1
        found[t] = begin + equal[draw(salt[t], among)]
        tied[t] = among > 1
    return found, tied


def salts(tasks: list[Any], seed: int) -> NDArray[np.uint64]:
    """A number for each task, by which its equals are drawn: the same whatever other tasks there are."""
    digests = b"".join(
        hashlib.blake2b(f"{seed}\0{task}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for task in tasks
    )
    return np.frombuffer(digests, np.uint64)
