"""Workers who measure with a bias, a gain and a spread of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tagwerk.inference.numeric.reading import Floats, Ints, Numbers, Numeric, within
from tagwerk.inference.part import Codes

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)
LEAST = 1e-12  # of the usual variance: no worker is infallible
SKEPTICISM = 2.0  # answers of typical spread that each worker is believed to have given before the first


@dataclass(frozen=True, eq=False)
class Model:
    """What the pass over the answers needs, measured from `Usual.middle`: each worker's bias, gain and variance,
    (workers,), and the mean and variance of truths."""

    bias: Floats
    gain: Floats
    variance: Floats
    mean: float
    spread: float


@dataclass(frozen=True)
class Usual:
    """What is known before: the mean of all answers, the variance of answers to one task, that of tasks' means."""

    middle: float
    within: float
    between: float


@dataclass(frozen=True)
class Scale:
    """Gold is shift + stretch * what workers agree on, but for an error that they share, of this variance."""

    stretch: float
    shift: float
    shared: float


@dataclass(eq=False)
class Gaussian(Numeric):
    """Each worker is off by a bias, stretches the scale by a gain, and errs by chance as much as they are used to.

    x(t, w) - c = b(w) + a(w) (truth(t) - c) + noise, noise ~ Normal(0, s(w)²), truth ~ Normal(m, d²), c the mean of
    all answers. Expectation-maximisation; the truth of a task is what its answers say, weighted by a² / s²: who
    answers the same whatever is asked has a gain of 0 and counts for nothing. Source: Raykar et al. 2010 (JMLR
    11:1297, section 5, without features) with the linear bias of Dunn's congeneric measurements. The priors
    b ~ Normal(0, s² / prior), a ~ Normal(1, s² / prior / variance of truths) and that of s² (two answers of the spread
    that answers to one task have) keep workers with few answers where all are. It is as good as the mean on
    n_emotion (mean absolute error 12.0; without gains 12.7), and better where workers differ more.

    Gold does not enter the model: workers share errors, so that what they agree on is not the truth. It sets the
    scale, by a line through the tasks of gold, and says how large the errors are that all share.

    Args:
        n_iter: iterations at most.
        tol: done when the log-likelihood per answer gains less.
        gain: whether workers may stretch the scale; without, a = 1.
        prior: answers without any bias or gain that each worker is believed to have given before the first; above 0.

    Attributes:
        values_: the truth of each task (posterior mean); standard_errors_: its posterior standard deviation, 0 where
            gold says it.
        biases_, gains_, deviations_: b, a and s, per worker; b and s in the units of the values.
        loss_history_: log-likelihood and log-prior per answer after each iteration, which never falls; n_iter_,
            converged_.

    >>> labels = {"task": [1, 2, 3, 4] * 2, "worker": list("aaaabbbb"), "value": [1, 2, 3, 4, 3, 4, 5, 6]}
    >>> model = Gaussian(gain=False, prior=0.01).fit(labels, gold={1: 1, 2: 2})
    >>> {worker: round(bias) for worker, bias in model.biases_.items()}, round(model.values_[1])
    ({'a': 0, 'b': 2}, 1)
    """

    n_iter: int = 500
    tol: float = 1e-7
    gain: bool = True
    prior: float = 5.0

    def __post_init__(self) -> None:
        if self.n_iter < 1 or self.prior <= 0.0:
            raise ValueError("n_iter is at least 1, prior above 0")

    def _fit(self, data: Numbers) -> None:
        usual = _usual(data)
        values = data.value - usual.middle
        workers = len(data.workers)
        model = Model(np.zeros(workers), np.ones(workers), np.full(workers, usual.within), 0.0, usual.between)
        self.loss_history_: list[float] = []
        self.converged_ = False
        while len(self.loss_history_) < self.n_iter and not self.converged_:
            truth, doubt, sums, likely = one_pass(
                data.start, data.worker, values,
                model.bias, model.gain, model.variance, model.mean, model.spread,
            )  # fmt: skip
            now = float((likely + self._believed(model, usual)) / len(values))
            self.converged_ = bool(self.loss_history_) and now - self.loss_history_[-1] < self.tol
            self.loss_history_.append(now)
            if not self.converged_:
                model = self._learn(truth, doubt, sums, usual)
        self.n_iter_ = len(self.loss_history_)
        self._tell(
            data,
            usual.middle,
            truth,
            doubt,
            model,
            self._scale(data.known - usual.middle, truth, doubt, usual),
        )

    def _tell(
        self, data: Numbers, middle: float, truth: Floats, doubt: Floats, model: Model, scale: "Scale"
    ) -> None:
        """What the workers agree on, put on the scale of gold."""
        gold = ~np.isnan(data.known)
        values = np.where(gold, data.known, middle + scale.shift + scale.stretch * truth)
        errors = np.where(gold, 0.0, np.sqrt(scale.stretch**2 * doubt + scale.shared))
        gain = model.gain / scale.stretch
        self.values_ = data.per_task(values, "agg_value")
        self.standard_errors_ = data.per_task(errors, "standard_error")
        self.biases_ = data.per_worker(model.bias - gain * scale.shift, "bias")
        self.gains_ = data.per_worker(gain, "gain")
        self.deviations_ = data.per_worker(np.sqrt(model.variance), "deviation")

    def _scale(self, known: Floats, truth: Floats, doubt: Floats, usual: Usual) -> "Scale":
        """The line from what workers agree on to gold, drawn to the identity by `prior` tasks."""
        gold = np.flatnonzero(~np.isnan(known))
        if not len(gold):
            return Scale(1.0, 0.0, 0.0)
        x, y = truth[gold], known[gold]
        number, squares = len(gold) + self.prior, (x * x).sum() + self.prior * usual.between
        product = (x * y).sum() + self.prior * usual.between
        stretch = 1.0
        if self.gain:
            stretch = (product * number - x.sum() * y.sum()) / (squares * number - x.sum() ** 2)
        if not stretch > 0.0:
            raise ValueError("gold says the opposite of what the workers agree on: check it")
        shift = (y.sum() - stretch * x.sum()) / number
        left = (y - shift - stretch * x) ** 2 - stretch**2 * doubt[gold]
        return Scale(float(stretch), float(shift), max(float(left.sum() / number), 0.0))

    def _learn(self, truth: Floats, doubt: Floats, sums: Floats, usual: Usual) -> Model:
        """The M step: each worker's line through their answers by the truths, with the prior's answers among them."""
        given, x, y, xx, xy, yy = sums.T
        number, squares = given + self.prior, xx + self.prior * usual.between
        product, answers = xy + self.prior * usual.between, yy + self.prior * usual.between
        if self.gain:
            det = squares * number - x * x
            gain, bias = (product * number - x * y) / det, (y * squares - product * x) / det
        else:
            gain, bias = np.ones(len(given)), (y - x) / number
        left = answers - 2.0 * (gain * product + bias * y) + gain**2 * squares + bias**2 * number
        left += 2.0 * gain * bias * x
        variance = (left + SKEPTICISM * usual.within) / (given + SKEPTICISM + 2.0)
        mean = float(truth.mean())
        spread = float(((truth - mean) ** 2 + doubt).mean())
        return Model(
            bias, gain, np.maximum(variance, LEAST * usual.within), mean, max(spread, LEAST * usual.within)
        )

    def _believed(self, model: Model, usual: Usual) -> float:
        """Log-density of the priors, but for constants."""
        squares = SKEPTICISM * usual.within + self.prior * model.bias**2
        squares = squares + self.prior * usual.between * (model.gain - 1.0) ** 2
        return float(-0.5 * ((SKEPTICISM + 2.0) * np.log(model.variance) + squares / model.variance).sum())


def _usual(data: Numbers) -> Usual:
    size = np.diff(data.start)
    whole = float(data.value.var())
    inside = max(within(data), LEAST * whole, 1e-300)
    means = np.add.reduceat(data.value, data.start[:-1]) / size
    return Usual(float(data.value.mean()), inside, max(float(means.var()), LEAST * whole, inside * 1e-6))


@_compiled
def one_pass(
    start: Ints,
    worker: Codes,
    value: Floats,
    bias: Floats,
    gain: Floats,
    variance: Floats,
    mean: float,
    spread: float,
) -> tuple[Floats, Floats, Floats, float]:
    """Truth and its variance for each of these tasks; sums over their answers for each worker; their log-likelihood.

    The sums, (workers, 6), are of 1, x, y, x², x y, y², where x is the truth and y the answer. They and the
    log-likelihood of disjoint sets of tasks add up to those of all.
    """
    tasks = len(start) - 1
    truth, doubt, sums, likely = np.zeros(tasks), np.zeros(tasks), np.zeros((len(bias), 6)), 0.0
    for t in range(tasks):
        sure, pull = 1.0 / spread, 0.0
        for at in range(start[t], start[t + 1]):
            w = worker[at]
            sure += gain[w] * gain[w] / variance[w]
            pull += gain[w] * (value[at] - bias[w] - gain[w] * mean) / variance[w]
        x, v = mean + pull / sure, 1.0 / sure
        likely -= 0.5 * ((x - mean) ** 2 / spread + np.log(spread / v))
        for at in range(start[t], start[t + 1]):
            w, y = worker[at], value[at]
            off = y - bias[w] - gain[w] * x
            likely -= 0.5 * (off * off / variance[w] + np.log(2.0 * np.pi * variance[w]))
            sums[w, 0] += 1.0
            sums[w, 1] += x
            sums[w, 2] += y
            sums[w, 3] += x * x + v
            sums[w, 4] += x * y
            sums[w, 5] += y * y
        truth[t], doubt[t] = x, v
    return truth, doubt, sums, likely
