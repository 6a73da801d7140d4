"""GLAD: workers have an ability, tasks a difficulty, and whether a label is right depends on both."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd, Part
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.one_coin import one_coin_errors
from tagwerk.inference.passes import Sums

Floats = NDArray[np.float64]
STEPS = 3  # of Newton's method for a task's difficulty, in each iteration
HALVINGS = 20
SMALL = 1e-6


@dataclass(eq=False)
class GLAD(Method):
    """A label is right with probability σ(α[w] β[t]): ability α, which may be negative, and clarity β > 0.

    Wrong classes are alike, and all classes as likely before; α ~ N(1, 1), log β ~ N(1, 1). Expectation-maximisation:
    posteriors, then for each task Newton steps for log β, then for each worker the maximum of a quadratic bound
    (Jaakkola and Jordan 2000) for α, so the log-posterior never falls. Whitehill et al. 2009, NIPS.

    Options:
        n_iter, tol: at most so many iterations; stop when the log-posterior grows by less than tol per label.
        ability, clarity: the priors' means of α and of log β.
        seed: draws among equals. n_threads: see DawidSkene.

    `skills_` is how likely a worker is right on a task of usual clarity. `alphas_` are abilities, `betas_` the
    logarithms of β, as in crowd-kit: low ones are hard tasks.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": [*"abcabc"], "label": [*"xxyyyy"]}
    >>> model = GLAD().fit(labels)
    >>> model.labels_, model.betas_[1] < model.betas_[2]
    ({1: 'x', 2: 'y'}, True)
    """

    n_iter: int = 100
    tol: float = 1e-5
    ability: float = 1.0
    clarity: float = 1.0
    seed: int = 0
    n_threads: int | None = None

    def __post_init__(self) -> None:
        if self.n_iter < 1:
            raise ValueError("n_iter is at least 1")

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        part = crowd.part
        parts = Parts(crowd, part.classes, part.workers, self.n_threads)
        clarity = np.full(part.tasks, self.clarity)
        places = {id(one): place for one, place in zip(parts.parts, parts.slices, strict=True)}
        abilities = Abilities(part.workers, self)
        losses: list[float] = []
        converged = False
        with parts.threads():
            while len(losses) < self.n_iter and not converged:
                sums = parts.sums(
                    lambda one, posterior: glad_pass(
                        one, abilities.alpha, clarity[places[id(one)]], self.clarity, posterior
                    )
                )
                losses.append(abilities.learn(sums) / len(part.worker))
                converged = len(losses) > 1 and losses[-1] - losses[-2] < self.tol
        skills = 1.0 / (1.0 + np.exp(-abilities.alpha * np.exp(self.clarity)))
        errors = one_coin_errors(skills, part.classes)
        even = np.full(part.classes, 1.0 / part.classes)
        extra = {"alphas": abilities.alpha, "betas": clarity}
        return Outcome(parts.posterior, even, skills, errors, losses, converged, extra)

    @property
    def alphas_(self) -> Any:
        """Workers' abilities."""
        found = self._found("extra")["alphas"]
        return self._crowd.kind.series(self._crowd.workers.native, found, name="alpha", index_name="worker")

    @property
    def betas_(self) -> Any:
        """Logarithms of the tasks' clarity."""
        found = self._found("extra")["betas"]
        return self._crowd.kind.series(self._crowd.tasks.native, found, name="beta", index_name="task")


class Abilities:
    """What is known of workers between two passes; what is known of a task stays with its part."""

    def __init__(self, workers: int, options: GLAD) -> None:
        self.mean = options.ability
        self.alpha = np.full(workers, options.ability)

    def learn(self, sums: Sums) -> float:
        """New abilities; the log-posterior before the pass, tasks' priors included."""
        gradient, curvature = sums.counts[:, 0], sums.counts[:, 1]
        before = sums.log_likelihood - 0.5 * float(((self.alpha - self.mean) ** 2).sum())
        self.alpha = self.alpha + (gradient - (self.alpha - self.mean)) / (curvature + 1.0)
        return before


def glad_pass(part: Part, alpha: Floats, clarity: Floats, mean: float, posterior: Floats) -> Sums:
    """One pass over a part: posteriors and `clarity` (log β of its tasks) are written.

    `counts` (workers, 2) of the sums: the gradient of the expected log-likelihood by α and the curvature of its bound,
    both after the tasks' step; `log_likelihood` is that before it, with the logarithm of the tasks' prior.
    """
    counts = np.zeros((part.workers, 2))
    found = _glad(part.starts, part.worker, part.label, part.known, alpha, clarity, mean, posterior, counts)
    return Sums(counts, posterior.sum(axis=0), float(found))


@njit(cache=True, nogil=True, error_model="numpy")
def _glad(starts, worker, label, known, alpha, clarity, mean, posterior, counts):  # type: ignore[no-untyped-def]
    total = 0.0
    others = np.log(max(posterior.shape[1] - 1, 1))
    for task in range(starts.size - 1):
        rows = slice(starts[task], starts[task + 1])
        who, said = alpha[worker[rows]], label[rows]
        beta = np.exp(clarity[task])
        truth = known[task] if known.size > 0 else -1
        total += _expect(who * beta, said, others, truth, posterior[task]) - 0.5 * (clarity[task] - mean) ** 2
        right = posterior[task][said]
        clarity[task] = _clearer(who, right, clarity[task], mean)
        beta = np.exp(clarity[task])
        for at in range(who.size):
            x = who[at] * beta
            one = worker[starts[task] + at]
            counts[one, 0] += (right[at] - _sigmoid(x)) * beta
            counts[one, 1] += beta * beta * (np.tanh(0.5 * x) / (2.0 * x) if abs(x) > SMALL else 0.25)
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _expect(x, said, others, truth, posterior):  # type: ignore[no-untyped-def]
    """The posterior of one task whose labels have these log-odds; the log-likelihood of its labels."""
    posterior[:] = -np.log(posterior.size)
    base = 0.0
    for at in range(x.size):
        posterior[said[at]] += x[at] + others
        base += _log_sigmoid(-x[at]) - others
    if truth >= 0:
        base += posterior[truth]
        posterior[:] = 0.0
        posterior[truth] = 1.0
        return base
    best = posterior.max()
    posterior[:] = np.exp(posterior - best)
    mass = posterior.sum()
    posterior /= mass
    return base + best + np.log(mass)


@njit(cache=True, nogil=True, error_model="numpy")
def _clearer(alpha, right, log_beta, mean):  # type: ignore[no-untyped-def]
    """Newton steps up the expected log-posterior by log β, halved until it does not fall."""
    value = _clarity_value(alpha, right, log_beta, mean)
    for _ in range(STEPS):
        gradient, curvature = mean - log_beta, 1.0
        for at in range(alpha.size):
            x = alpha[at] * np.exp(log_beta)
            sure = _sigmoid(x)
            gradient += (right[at] - sure) * x
            curvature += max(sure * (1.0 - sure) * x * x - (right[at] - sure) * x, 0.0)
        step = gradient / curvature
        for _ in range(HALVINGS):
            higher = _clarity_value(alpha, right, log_beta + step, mean)
            if higher >= value:
                log_beta, value = log_beta + step, higher
                break
            step *= 0.5
        if abs(step) < SMALL:
            break
    return log_beta


@njit(cache=True, nogil=True, error_model="numpy")
def _clarity_value(alpha, right, log_beta, mean):  # type: ignore[no-untyped-def]
    value = -0.5 * (log_beta - mean) ** 2
    for at in range(alpha.size):
        x = alpha[at] * np.exp(log_beta)
        value += right[at] * _log_sigmoid(x) + (1.0 - right[at]) * _log_sigmoid(-x)
    return value


@njit(inline="always")
def _sigmoid(x):  # type: ignore[no-untyped-def]
    return 1.0 / (1.0 + np.exp(-x))


@njit(inline="always")
def _log_sigmoid(x):  # type: ignore[no-untyped-def]
    return -np.log1p(np.exp(-x)) if x > 0 else x - np.log1p(np.exp(x))
