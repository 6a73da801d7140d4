"""GLAD: workers have an ability, tasks a difficulty, and whether a label is right depends on both."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd
from tagwerk.inference.exponential import exponential
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.one_coin import one_coin_errors
from tagwerk.inference.part import Part
from tagwerk.inference.passes import HUGE, Sums

Floats = NDArray[np.float64]
HALVINGS = 20
SMALL = 1e-6
_compiled = njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")


@dataclass(eq=False)
class GLAD(Method):
    """A label is right with probability σ(α[w] β[t]): ability α, which may be negative, and clarity β > 0.

    Wrong classes are alike, and all classes as likely before; α ~ N(1, 1), log β ~ N(1, 1). Expectation-maximisation:
    posteriors, then for each task a Newton step for log β, then for each worker the maximum of a quadratic bound
    (Jaakkola and Jordan 2000) for α, so the log-posterior never falls. Whitehill et al. 2009, NIPS.

    Options:
        n_iter, tol: at most so many iterations; stop when the log-posterior grows by less than tol per label.
        alphas_priors_mean, betas_priors_mean: the priors' means of α and of log β.
        seed: draws among equals. n_threads: see DawidSkene.
        silent, m_step_max_iter, m_step_tol: as in crowd-kit; nothing is printed, and a step here needs no iterations.

    `skills_` is how likely a worker is right on a task of usual clarity. `alphas_` are abilities, `betas_` the
    logarithms of β, as in crowd-kit: low ones are hard tasks.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": [*"abcabc"], "label": [*"xxyyyy"]}
    >>> model = GLAD().fit(labels)
    >>> model.labels_, model.betas_[1] < model.betas_[2]
    ({1: 'x', 2: 'y'}, True)
    """

    n_iter: int = 100
    tol: float = 1e-5
    alphas_priors_mean: float = 1.0
    betas_priors_mean: float = 1.0
    seed: int = 0
    n_threads: int | None = None
    silent: bool = True
    m_step_max_iter: int = 25
    m_step_tol: float = 1e-2

    def __post_init__(self) -> None:
        if self.n_iter < 1:
            raise ValueError("n_iter is at least 1")

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        part = crowd.part
        parts = Parts(crowd, part.classes, part.workers, self.n_threads)
        clarity = np.full(part.tasks, self.betas_priors_mean)
        places = {id(one): place for one, place in zip(parts.parts, parts.slices, strict=True)}
        abilities = Abilities(part.workers, self)
        losses: list[float] = []
        converged = False
        with parts.threads():
            while len(losses) < self.n_iter and not converged:
                sums = parts.sums(
                    lambda one, posterior: glad_pass(
                        one, abilities.alpha, clarity[places[id(one)]], self.betas_priors_mean, posterior
                    )
                )
                losses.append(abilities.learn(sums) / len(part.worker))
                converged = len(losses) > 1 and losses[-1] - losses[-2] < self.tol
        skills = 1.0 / (1.0 + np.exp(-abilities.alpha * np.exp(self.betas_priors_mean)))
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
        self.mean = options.alphas_priors_mean
        self.alpha = np.full(workers, options.alphas_priors_mean)

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


@_compiled
def _glad(starts, worker, label, known, alpha, clarity, mean, posterior, counts):  # type: ignore[no-untyped-def]
    total = 0.0
    others = np.log(max(posterior.shape[1] - 1, 1))
    longest = np.diff(starts).max() if starts.size > 1 else 0
    ability, right, sure = np.empty(longest), np.empty(longest), np.empty(longest)
    for task in range(starts.size - 1):
        first, labels = starts[task], starts[task + 1] - starts[task]
        for at in range(labels):
            ability[at] = alpha[worker[first + at]]
        spread = _spread(ability[:labels], np.exp(clarity[task]), sure)
        truth = known[task] if known.size > 0 else -1
        said = label[first : first + labels]
        total += _expect(
            ability[:labels], np.exp(clarity[task]), spread, said, others, truth, posterior[task]
        )
        total -= 0.5 * (clarity[task] - mean) ** 2
        for at in range(labels):
            right[at] = posterior[task, said[at]]
        clarity[task] = _clearer(ability[:labels], right, sure, spread, clarity[task], mean)
        beta = np.exp(clarity[task])
        for at in range(labels):
            x = ability[at] * beta
            one = worker[first + at]
            counts[one, 0] += (right[at] - sure[at]) * beta
            # tanh(x / 2) = 2 sure - 1
            counts[one, 1] += beta * beta * ((sure[at] - 0.5) / x if abs(x) > SMALL else 0.25)
    return total


@_compiled
def _spread(ability, beta, sure):  # type: ignore[no-untyped-def]
    """How sure each label of a task is, σ(α β), is written; Σ log(1 + exp(-|α β|)), with one logarithm for many."""
    total, product = 0.0, 1.0
    for at in range(ability.size):
        x = ability[at] * beta
        small = exponential(-abs(x))
        share = 1.0 / (1.0 + small)
        sure[at] = share if x > 0.0 else small * share
        product *= 1.0 + small
        if product > HUGE:
            total += np.log(product)
            product = 1.0
    return total + np.log(product)


@_compiled
def _expect(ability, beta, spread, said, others, truth, posterior):  # type: ignore[no-untyped-def]
    """The posterior of one task; the log-likelihood of its labels."""
    posterior[:] = -np.log(posterior.size)
    base = -spread - others * ability.size
    for at in range(ability.size):
        x = ability[at] * beta
        posterior[said[at]] += x + others
        base += min(-x, 0.0)
    if truth >= 0:
        base += posterior[truth]
        posterior[:] = 0.0
        posterior[truth] = 1.0
        return base
    best = posterior.max()
    mass = 0.0
    for at in range(posterior.size):
        posterior[at] = exponential(posterior[at] - best)
        mass += posterior[at]
    for at in range(posterior.size):
        posterior[at] /= mass
    return base + best + np.log(mass)


@_compiled
def _clearer(ability, right, sure, spread, log_beta, mean):  # type: ignore[no-untyped-def]
    """A Newton step up the expected log-posterior by log β, halved until it does not fall; `sure` is kept up."""
    beta = np.exp(log_beta)
    value = _expected(ability, right, beta, spread) - 0.5 * (log_beta - mean) ** 2
    gradient, curvature = mean - log_beta, 1.0
    for at in range(ability.size):
        x = ability[at] * beta
        gradient += (right[at] - sure[at]) * x
        curvature += max(sure[at] * (1.0 - sure[at]) * x * x - (right[at] - sure[at]) * x, 0.0)
    step = gradient / curvature
    for _ in range(HALVINGS):
        beta = np.exp(log_beta + step)
        spread = _spread(ability, beta, sure)
        if _expected(ability, right, beta, spread) - 0.5 * (log_beta + step - mean) ** 2 >= value:
            return log_beta + step
        step *= 0.5
    _spread(ability, np.exp(log_beta), sure)
    return log_beta


@_compiled
def _expected(ability, right, beta, spread):  # type: ignore[no-untyped-def]
    """The expected log-likelihood of one task's labels, each right with this probability."""
    value = -spread
    for at in range(ability.size):
        x = ability[at] * beta
        value += right[at] * min(x, 0.0) + (1.0 - right[at]) * min(-x, 0.0)
    return value
