"""Dawid-Skene for ratings: a worker who is wrong is more often wrong by one step than by four."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.passes import Sums, count_pass, mixture_pass, shares_pass
from tagwerk.inference.tables import as_list

Floats = NDArray[np.float64]
_compiled: Callable[..., Any] = njit(cache=True, nogil=True)
SLIP = 0.02  # of all labels are given without looking, so that none is impossible
SCALE = 0.4  # of an unknown worker, in steps: about seven of ten labels are right
CERTAIN = 1.0  # standard deviation, before the first label, of a worker's bias (steps) and logarithm of scale


@dataclass(eq=False)
class OrdinalDawidSkene(Method):
    """Each worker sees the true rating, off by a bias and blurred by a scale of their own, and names the nearest.

    P(worker w says l | truth k) = (1 - e) [F((l + ½ - k - b) / s) - F((l - ½ - k - b) / s)] + e / K over the places 0 …
    K-1 of the ratings, F the logistic distribution, the ends open, e = 0.02: a cumulative model (McCullagh 1980, J. R.
    Stat. Soc. B 42:109) with the two numbers per worker of Lakshminarayanan & Teh 2013 (arXiv:1305.0015) instead of the
    K (K - 1) of Dawid-Skene, so that few labels are enough to know a worker. Expectation-maximisation, with
    b ~ Normal(0, 1) and log s ~ Normal(log 0.4, 1); what is maximised is the log-likelihood and the log-prior.

    Options:
        order: the ratings from the lowest to the highest; None: as they are sorted.
        n_iter: at most so many iterations.
        tol: stop when it grows by less than this per label (nats).
        seed: draws among equals. n_threads: how many threads; as many as there are cores when None.

    Beside what all methods have: `biases_` and `scales_`, b and s of each worker, in steps; `means_`, each task's mean
    rating, as places 0 … K-1.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": list("abc") * 2, "label": [2, 2, 3, 4, 4, 5]}
    >>> model = OrdinalDawidSkene(order=[1, 2, 3, 4, 5]).fit(labels)
    >>> model.labels_, model.biases_["c"] > model.biases_["a"]
    ({1: 2, 2: 4}, True)
    """

    order: Sequence[Any] | None = None
    n_iter: int = 100
    tol: float = 1e-6
    seed: int = 0
    n_threads: int | None = None

    def __post_init__(self) -> None:
        if self.n_iter < 1:
            raise ValueError("n_iter is at least 1")

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        place = self._places(as_list(crowd.labels))
        part = crowd.part
        parts = Parts(crowd, part.classes, part.workers * part.classes**2, self.n_threads)
        parts.each(lambda one, posterior: shares_pass(one, np.ones(part.workers), posterior))
        with parts.threads():
            outcome = self._iterate(parts, place)
        self._means = outcome.posterior @ place.astype(np.float64)
        return outcome

    @property
    def biases_(self) -> Any:
        """How many steps each worker is too high."""
        return self._per_worker("bias")

    @property
    def scales_(self) -> Any:
        """How many steps each worker is off by chance, as a logistic scale."""
        return self._per_worker("scale")

    @property
    def means_(self) -> Any:
        """Each task's mean rating."""
        self._found("posterior")
        return self._crowd.kind.series(self._crowd.tasks.native, self._means, name="mean", index_name="task")

    def _per_worker(self, name: str) -> Any:
        values = self._found("extra")[name]
        return self._crowd.kind.series(self._crowd.workers.native, values, name=name, index_name="worker")

    def _places(self, labels: list[Any]) -> NDArray[np.int64]:
        """The place of each label's code in the order of ratings; ratings that nobody gave count as steps too."""
        order = labels if self.order is None else list(self.order)
        unknown = [label for label in labels if label not in order]
        if unknown:
            raise ValueError(
                f"order lacks the rating {unknown[0]!r}: name all, from the lowest to the highest"
            )
        if len(set(order)) < len(order):
            raise ValueError("order names a rating twice")
        return np.array([order.index(label) for label in labels], np.int64)

    def _iterate(self, parts: Parts, place: NDArray[np.int64]) -> Outcome:
        steps = len(place) if self.order is None else len(self.order)
        workers = parts.whole.workers
        sums = parts.sums(count_pass)
        own = np.tile([0.0, np.log(SCALE)], (workers, 1))
        history: list[float] = []
        converged = False
        while len(history) < self.n_iter and not converged:
            own, errors = learn(sums.counts, place, steps, own)
            priors = np.maximum(sums.states, 1e-10) / np.maximum(sums.states, 1e-10).sum()
            sums = self._pass(parts, errors, priors)
            now = sums.log_likelihood - 0.5 * (((own - [0.0, np.log(SCALE)]) / CERTAIN) ** 2).sum()
            now /= max(len(parts.whole.worker), 1)
            converged = bool(history) and now - history[-1] < self.tol
            history.append(float(now))
        right = (np.einsum("wkk,k->w", errors, priors)).clip(0.0, 1.0)
        extra = {"bias": own[:, 0], "scale": np.exp(own[:, 1])}
        return Outcome(parts.posterior, priors, right, errors, history, converged, extra)

    def _pass(self, parts: Parts, errors: Floats, priors: Floats) -> Sums:
        log_errors, log_priors = np.log(errors), np.log(priors)
        return parts.sums(lambda one, posterior: mixture_pass(one, log_errors, log_priors, posterior))


@_compiled
def learn(counts: Floats, place: NDArray[np.int64], steps: int, own: Floats) -> tuple[Floats, Floats]:
    """Better numbers for each worker, (workers, 2): bias and logarithm of scale; and their errors, as counts.

    A few of Fisher's scoring steps on the expected counts (workers, said, true), each taken only as far as it gains.
    """
    found, errors = own.copy(), np.zeros(counts.shape)
    for w in range(len(own)):
        best, slope, bend = _likely(counts[w], place, steps, found[w], errors[w])
        for _ in range(5):
            det = bend[0] * bend[2] - bend[1] * bend[1]
            step = np.array(
                [
                    (bend[2] * slope[0] - bend[1] * slope[1]) / det,
                    (bend[0] * slope[1] - bend[1] * slope[0]) / det,
                ]
            )
            step /= max(1.0, np.abs(step).max())
            if np.abs(step).max() < 1e-7:
                break
            for _ in range(30):
                now, new_slope, new_bend = _likely(counts[w], place, steps, found[w] + step, errors[w])
                if now >= best:
                    found[w] += step
                    best, slope, bend = now, new_slope, new_bend
                    break
                step /= 2.0
        _likely(counts[w], place, steps, found[w], errors[w])
    return found, errors


@_compiled
def _likely(
    counts: Floats, place: NDArray[np.int64], steps: int, own: Floats, errors: Floats
) -> tuple[float, Floats, Floats]:
    """Expected log-likelihood and log-prior of a worker's two numbers, slope, and expected curvature (bb, bs, ss)."""
    scale = np.exp(own[1])
    off = own - np.array([0.0, np.log(SCALE)])
    total = -0.5 * (off * off).sum() / CERTAIN**2
    slope, bend = -off / CERTAIN**2, np.array([1.0, 0.0, 1.0]) / CERTAIN**2
    for k in range(len(place)):
        met = counts[:, k].sum()
        for said in range(len(place)):
            chance, by_bias, by_scale = 0.0, 0.0, 0.0
            for side in (1, -1):
                if (side > 0 and place[said] == steps - 1) or (side < 0 and place[said] == 0):
                    chance += 1.0 if side > 0 else 0.0
                    continue
                x = (place[said] + 0.5 * side - place[k] - own[0]) / scale
                f = 1.0 / (1.0 + np.exp(-x))
                chance += side * f
                by_bias -= side * f * (1.0 - f) / scale
                by_scale -= side * f * (1.0 - f) * x
            p = (1.0 - SLIP) * max(chance, 0.0) + SLIP / steps
            errors[said, k] = p
            total += counts[said, k] * np.log(p)
            by_bias, by_scale = (1.0 - SLIP) * by_bias / p, (1.0 - SLIP) * by_scale / p
            slope += counts[said, k] * np.array([by_bias, by_scale])
            bend += met * p * np.array([by_bias * by_bias, by_bias * by_scale, by_scale * by_scale])
    return total, slope, bend
