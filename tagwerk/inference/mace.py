"""MACE: a worker either knows the answer or gives one by habit."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd
from tagwerk.inference.dirichlet import expected_logs
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.part import Part
from tagwerk.inference.passes import Sums, votes_pass

Floats = NDArray[np.float64]
TINY = 1e-300


@dataclass(eq=False)
class MACE(Method):
    """With competence θ[w] a worker gives the truth, else a label by habit, ξ[w, l], whatever the truth is.

    P(w says l | truth = k) = (1 - θ[w]) ξ[w, l] + θ[w] [l = k], all classes being as likely before. Expectation-
    maximisation ("em") or variational inference with θ ~ Beta(beta, alpha) and ξ ~ Dirichlet(habit) ("vb"), from
    `n_restarts` random beginnings, each with chances of its own; the highest bound is kept.
    Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013, NAACL.

    Options:
        n_restarts: how many beginnings. n_iter: at most so many iterations each.
        tol: stop when the bound grows by less than this per label.
        method: "vb" or "em". smoothing: added to all counts in "em", divided by the number of classes.
        default_noise: how far beginnings are apart. alpha, beta: prior of habit and of competence. habit: prior of ξ.
        random_state: seed of the beginnings, and of draws among equals. n_threads: see DawidSkene.
        verbose: as in crowd-kit; nothing is printed in any case.

    `skills_` is competence. `strategies_` is each worker's habit: for each label how likely it is given.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": [*"abcabc"], "label": [*"xxyyyy"]}
    >>> MACE().fit_predict(labels)
    {1: 'x', 2: 'y'}
    """

    n_restarts: int = 10
    n_iter: int = 50
    method: str = "vb"
    smoothing: float = 0.01
    default_noise: float = 0.5
    alpha: float = 0.5
    beta: float = 0.5
    random_state: int = 0
    tol: float = 1e-5
    habit: float = 10.0
    n_threads: int | None = None
    verbose: int = 0

    def __post_init__(self) -> None:
        if min(self.n_iter, self.n_restarts) < 1:
            raise ValueError("n_iter and n_restarts are at least 1")
        if self.method not in ("vb", "em"):
            raise ValueError("method is vb or em")
        if min(self.alpha, self.beta, self.habit, self.smoothing) <= 0 or self.default_noise < 0:
            raise ValueError("priors and smoothing are above 0")
        self.seed = self.random_state

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        part = crowd.part
        said = np.zeros((part.workers, part.classes))
        np.add.at(said, (part.worker, part.label), 1.0)
        parts = Parts(crowd, part.classes, said.size, self.n_threads)
        best: Outcome | None = None
        with parts.threads():
            for chance in np.random.default_rng(self.random_state).spawn(self.n_restarts):
                found = self._once(parts, Habits(said, self, chance))
                if best is None or found.loss_history[-1] > best.loss_history[-1]:
                    best = found
                    best.posterior = parts.posterior.copy() if self.n_restarts > 1 else parts.posterior
        assert best is not None
        return best

    @property
    def strategies_(self) -> object:
        """What workers say by habit."""
        return self._crowd.kind.frame(
            self._crowd.workers.native,
            self._crowd.labels,
            self._found("extra")["strategies"],
            names=("worker", "label"),
            value="probability",
        )

    def _once(self, parts: Parts, habits: "Habits") -> Outcome:
        habits.learn(parts.sums(habits.expect))  # what was drawn is no belief yet, so it has no bound
        losses: list[float] = []
        converged = False
        while len(losses) < self.n_iter and not converged:
            sums = parts.sums(habits.expect)
            losses.append(habits.bound(sums) / len(parts.whole.worker))
            converged = len(losses) > 1 and losses[-1] - losses[-2] < self.tol
            if not converged:
                habits.learn(sums)
        knowing, strategies = habits.probabilities()
        errors = ((1.0 - knowing)[:, None] * strategies)[:, :, None] + knowing[:, None, None] * np.eye(
            parts.whole.classes
        )
        return Outcome(
            parts.posterior,
            np.full(parts.whole.classes, 1.0 / parts.whole.classes),
            knowing,
            errors,
            losses,
            converged,
            {"strategies": strategies},
        )


class Habits:
    """What is known of workers between two passes; `said` (workers, classes) counts their labels.

    `log_knowing` (workers, 2): of habit and of knowledge; `log_strategy` (workers, classes). By variational inference
    these are expectations of logarithms.
    """

    def __init__(self, said: Floats, options: MACE, chance: np.random.Generator) -> None:
        workers, classes = said.shape
        self.said, self.options = said, options
        self.log_classes = np.full(classes, -math.log(classes))
        first = chance.uniform(1.0, 2.0 + options.default_noise, (workers, 2))
        habit = chance.uniform(1.0, 2.0 + options.default_noise, (workers, classes))
        self.log_knowing = np.log(first / first.sum(axis=1, keepdims=True))
        self.log_strategy = np.log(habit / habit.sum(axis=1, keepdims=True))
        self._masses: tuple[Floats, Floats] | None = None
        self._apart = 0.0

    def expect(self, part: Part, posterior: Floats) -> Sums:
        """The pass over one part."""
        weights = np.logaddexp(0.0, self.log_knowing[:, 1:] - self._log_habit())
        return votes_pass(part, weights, self.log_classes, posterior)

    def bound(self, sums: Sums) -> float:
        """The bound on the log-likelihood under what was known before the pass."""
        return sums.log_likelihood + float((self.said * self._log_habit()).sum()) - self._apart

    def learn(self, sums: Sums) -> None:
        """What follows from the mass behind each worker's labels."""
        known = sums.counts / (1.0 + np.exp(self._log_habit() - self.log_knowing[:, 1:]))
        by_habit = self.said - known
        self._masses = np.stack([by_habit.sum(axis=1), known.sum(axis=1)], axis=1), by_habit
        if self.options.method == "vb":
            self._believe(*self._masses)
        else:
            knowing, strategies = self.probabilities()
            self.log_knowing = np.log(np.stack([1.0 - knowing, knowing], axis=1).clip(TINY))
            self.log_strategy = np.log(strategies)
            smoothing = self.options.smoothing / self.said.shape[1]
            self._apart = -smoothing * float(self.log_knowing.sum() + self.log_strategy.sum())

    def probabilities(self) -> tuple[Floats, Floats]:
        """Competence (workers,) and habits (workers, classes)."""
        if self._masses is None:
            return np.exp(self.log_knowing[:, 1]), np.exp(self.log_strategy)
        knowing, strategies = (mass + prior for mass, prior in zip(self._masses, self._priors(), strict=True))
        return knowing[:, 1] / knowing.sum(axis=1), strategies / strategies.sum(axis=1, keepdims=True)

    def _priors(self) -> tuple[Floats, Floats]:
        classes = self.said.shape[1]
        if self.options.method == "vb":
            return np.array([self.options.alpha, self.options.beta]), np.full(classes, self.options.habit)
        return np.full(2, self.options.smoothing / classes), np.full(
            classes, self.options.smoothing / classes
        )

    def _believe(self, knowing: Floats, strategies: Floats) -> None:
        before, habits = self._priors()
        log_knowing, apart = expected_logs(knowing[:, :, None], before[:, None])
        log_strategy, further = expected_logs(strategies[:, :, None], habits[:, None])
        self.log_knowing, self.log_strategy = log_knowing[:, :, 0], log_strategy[:, :, 0]
        self._apart = apart + further

    def _log_habit(self) -> Floats:
        return np.asarray(self.log_knowing[:, :1] + self.log_strategy, np.float64)
