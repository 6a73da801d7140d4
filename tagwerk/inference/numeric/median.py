"""A median in which workers who are often far off count less."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tagwerk.inference.numeric.reading import Floats, Ints, Numbers, Numeric
from tagwerk.inference.part import Codes

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)
SKEPTICISM = 2.0  # answers of typical error that each worker is believed to have given before the first


@dataclass(eq=False)
class RobustMedian(Numeric):
    """The weighted median of each task, where a worker weighs the less the farther off they usually are.

    Minimises sum |x(t, w) - truth(t)| / s(w) + log s(w): truths are medians weighted by 1 / s, and s(w) is the mean
    error of w, by turns. This is the absolute loss of CRH (Li et al. 2014, SIGMOD, "Resolving conflicts in
    heterogeneous data by truth discovery"), and the most likely truth where errors are Laplacian; no outlier can
    pull it far. A worker with few answers is drawn to the mean error of all.

    Args:
        n_iter: turns at most; 0 is the plain median.
        tol: done when the mean loss per answer falls by less.

    Attributes:
        values_: the median of each task; the middle where two values are as good.
        deviations_: s, the mean absolute error of each worker, in the units of the values.
        loss_history_: minus the mean loss per answer after each turn, which never falls; n_iter_, converged_.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": list("abcabc"), "value": [1, 2, 90, 5, 5, 70]}
    >>> RobustMedian().fit_predict(labels)
    {1: 2.0, 2: 5.0}
    """

    n_iter: int = 100
    tol: float = 1e-8

    def _fit(self, data: Numbers) -> None:
        given = data.given
        truth = _medians(data, np.ones(len(given)))
        off = _errors(data, truth)
        usual = float(off.sum() / len(data.value))
        scale = (off + SKEPTICISM * usual) / (given + SKEPTICISM)
        self.loss_history_: list[float] = []
        self.converged_ = usual == 0.0 or self.n_iter == 0  # all agree, or nothing more is asked for
        while len(self.loss_history_) < self.n_iter and not self.converged_:
            truth = _medians(data, 1.0 / scale)
            off = _errors(data, truth)
            scale = (off + SKEPTICISM * usual) / (given + SKEPTICISM)
            now = -float(
                (off / scale + given * np.log(scale) + SKEPTICISM * (usual / scale + np.log(scale))).sum()
            )
            now /= len(data.value)
            self.converged_ = bool(self.loss_history_) and now - self.loss_history_[-1] < self.tol
            self.loss_history_.append(now)
        self.n_iter_ = len(self.loss_history_)
        self.values_ = data.per_task(truth, "agg_value")
        self.deviations_ = data.per_worker(scale, "deviation")


def _medians(data: Numbers, weight: Floats) -> Floats:
    found = np.asarray(weighted_medians(data.start, data.worker, data.value, weight))
    return np.where(np.isnan(data.known), found, data.known)


def _errors(data: Numbers, truth: Floats) -> Floats:
    """Each worker's absolute errors, added up."""
    off = np.abs(data.value - np.repeat(truth, np.diff(data.start)))
    return np.asarray(np.bincount(data.worker, off, minlength=len(data.workers)), np.float64)


@_compiled
def weighted_medians(start: Ints, worker: Codes, value: Floats, weight: Floats) -> Floats:
    """The weighted median of each of these tasks, whose values are sorted, from the weight of each worker."""
    found = np.zeros(len(start) - 1)
    for t in range(len(found)):
        whole, below, at = 0.0, 0.0, start[t]
        for one in range(start[t], start[t + 1]):
            whole += weight[worker[one]]
        while below <= whole * (0.5 - 1e-12):
            below += weight[worker[at]]
            at += 1
        found[t] = value[at - 1]
        if below < whole * (0.5 + 1e-12) and at < start[t + 1]:
            found[t] = (found[t] + value[at]) / 2.0
    return found
