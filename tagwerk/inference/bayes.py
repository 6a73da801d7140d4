"""Bayesian classifier combination: confusion matrices with priors, by variational inference, independent or not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference import plain
from tagwerk.inference.crowd import Crowd
from tagwerk.inference.dirichlet import expected_logs
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.part import Part
from tagwerk.inference.passes import Sums, count_pass, mixture_pass, shares_pass, zeros

Floats = NDArray[np.float64]


@dataclass(eq=False)
class IBCC(Method):
    """Dawid-Skene with Dirichlet priors for the confusion matrices and for the classes, by variational inference.

    e[w, ·, k] ~ Dirichlet(diagonal at k, off_diagonal elsewhere), p ~ Dirichlet(class_prior); in each iteration
    expectations of logarithms take the place of the logarithms of Dawid-Skene. What is maximised is the evidence lower
    bound, priors included. Kim and Ghahramani 2012, AISTATS; Simpson et al. 2013.

    Options:
        n_iter, tol: at most so many iterations; stop when the bound grows by less than tol per label.
        diagonal, off_diagonal, class_prior: see above.
        shrinkage: take the matrix that all workers have in common for everybody's prior, as if so many labels of each
            class had been seen (hierarchical), instead of diagonal and off_diagonal; 0: do not. It is found anew in
            each iteration, so the bound may fall a little near the end. 5 is good where workers have few labels.
        by_skill: with shrinkage, not the common matrix itself, but that of workers as skilled as this one: few labels
            tell how often somebody is right, and how they err is learnt from all (see `worker_priors`). Better where
            there are many classes; 7 is good then.
        seed: draws among equals. n_threads: see DawidSkene.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": [*"abcabc"], "label": [*"xxyyyy"]}
    >>> IBCC().fit_predict(labels)
    {1: 'x', 2: 'y'}
    """

    n_iter: int = 100
    tol: float = 1e-5
    diagonal: float = 4.0
    off_diagonal: float = 1.0
    class_prior: float = 1.0
    shrinkage: float = 0.0
    by_skill: bool = False
    seed: int = 0
    n_threads: int | None = None

    def __post_init__(self) -> None:
        if self.n_iter < 1 or min(self.diagonal, self.off_diagonal, self.class_prior) <= 0:
            raise ValueError("n_iter is at least 1, priors are above 0")
        if self.shrinkage < 0:
            raise ValueError("shrinkage is at least 0")

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        part = crowd.part
        parts = Parts(crowd, part.classes, part.workers * part.classes**2, self.n_threads)
        with parts.threads():
            parts.each(lambda one, posterior: shares_pass(one, np.ones(part.workers), posterior))
            prior = confusion_prior(part.classes, 1, self.diagonal, self.off_diagonal)
            belief = Belief(prior, np.full(part.classes, self.class_prior), 1)
            belief.shrinkage, belief.by_skill = self.shrinkage, self.by_skill
            belief.compiled = part.compiled
            losses, converged = iterate(parts, belief, self.n_iter, self.tol)
        return outcome(parts.posterior, belief, losses, converged)


@dataclass(eq=False)
class EBCC(Method):
    """IBCC whose classes have subtypes in which workers err together, so that their errors may be correlated.

    Task t has class k with probability τ[k] and subtype m with π[k, m]; worker w says l with v[w, l, k, m].
    τ ~ Dirichlet(class_prior), π[k] ~ Dirichlet(spread / n_groups), v as in IBCC. Begins with the shares of votes,
    divided among the subtypes by chance. Can be better than methods that take workers for independent where kinds of
    tasks mislead many of them alike. Li, Rubinstein and Cohn 2019, ICML.

    Options:
        n_groups: subtypes per class.
        n_restarts: begin so often, each time with other chances, and keep the highest bound.
        n_iter, tol, diagonal, off_diagonal, class_prior: see IBCC. spread: see above.
        seed: of the chances, and draws among equals. n_threads: see DawidSkene.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": [*"abcabc"], "label": [*"xxyyyy"]}
    >>> EBCC().fit_predict(labels)
    {1: 'x', 2: 'y'}
    """

    n_groups: int = 10
    n_restarts: int = 1
    n_iter: int = 500
    tol: float = 1e-6
    diagonal: float = 4.0
    off_diagonal: float = 1.0
    class_prior: float = 1.0
    spread: float = 0.1
    seed: int = 0
    n_threads: int | None = None

    def __post_init__(self) -> None:
        if min(self.n_iter, self.n_groups, self.n_restarts) < 1:
            raise ValueError("n_iter, n_groups and n_restarts are at least 1")
        if min(self.diagonal, self.off_diagonal, self.class_prior, self.spread) <= 0:
            raise ValueError("priors are above 0")

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        chances = np.random.default_rng(self.seed).spawn(self.n_restarts)
        found = [self._once(crowd, chance) for chance in chances]
        return max(found, key=lambda one: one.loss_history[-1])

    def _once(self, crowd: Crowd, chance: np.random.Generator) -> Outcome:
        part, groups = crowd.part, self.n_groups
        states = part.classes * groups
        parts = Parts(crowd, states, part.workers * part.classes * states, self.n_threads)
        shares = np.zeros((part.tasks, part.classes))
        shares_pass(part, np.ones(part.workers), shares)
        division = chance.dirichlet(np.ones(groups), (part.tasks, part.classes))
        parts.posterior[:] = (shares[:, :, None] * division).reshape(part.tasks, states)
        prior = confusion_prior(part.classes, groups, self.diagonal, self.off_diagonal)
        belief = Belief(
            prior, np.full(part.classes, self.class_prior), groups, np.full(groups, self.spread / groups)
        )
        with parts.threads():
            losses, converged = iterate(parts, belief, self.n_iter, self.tol)
        posterior = parts.posterior.reshape(part.tasks, part.classes, groups).sum(axis=2)
        return outcome(posterior, belief, losses, converged)


class Belief:
    """What is believed of workers and classes, as Dirichlet distributions, between two passes.

    `log_errors` (workers, classes, states) and `log_states` (states,) are expectations of logarithms, which the next
    pass needs; each class has `groups` states in a row.
    """

    def __init__(self, prior: Floats, classes: Floats, groups: int, spread: Floats | None = None) -> None:
        self.prior, self.classes, self.groups = prior, classes, groups
        self.shrinkage, self.by_skill = 0.0, False
        self.spread = np.ones(1) if spread is None else spread
        self.counts = np.zeros((0, 0, 0))
        self.states = np.zeros(len(classes) * groups)
        self.log_errors = np.zeros((0, 0, 0))
        self.log_states = np.zeros(len(classes) * groups)
        self.apart = 0.0
        self.compiled = True

    def expect(self, part: Part, posterior: Floats) -> Sums:
        """The pass over one part."""
        return mixture_pass(part, self.log_errors, self.log_states, posterior)

    def learn(self, sums: Sums) -> None:
        """The distributions that follow from the sums of a pass, and how far they are from the priors."""
        self.counts, self.states = sums.counts, sums.states
        if self.log_errors.size == 0:
            self.log_errors = zeros(sums.counts.shape)
        if self.shrinkage > 0:
            self.prior = worker_priors(sums.counts, self.shrinkage, self.by_skill)
        logs = expected_logs if self.compiled else plain.expected_logs
        _, self.apart = logs(sums.counts, self.prior, self.log_errors)
        nested = sums.states.reshape(len(self.classes), self.groups)
        log_classes, apart = logs(nested.sum(axis=1), self.classes)
        log_groups, further = logs(nested[:, :, None], self.spread[:, None])
        self.log_states = (log_classes[:, None] + log_groups[:, :, 0]).ravel()
        self.apart += apart + further

    @property
    def priors(self) -> Floats:
        """The expected frequency of each class."""
        mass = self.states.reshape(len(self.classes), self.groups).sum(axis=1) + self.classes
        return np.asarray(mass / mass.sum(), np.float64)

    @property
    def errors(self) -> Floats:
        """The expected confusion matrices, shape (workers, classes, classes): those of the subtypes, mixed."""
        mass = self.counts + self.prior
        shape = (*mass.shape[:2], len(self.classes), self.groups)
        each = (mass / mass.sum(axis=1, keepdims=True)).reshape(shape)
        within = self.states.reshape(shape[2:]) + self.spread
        share = within / within.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("wlkm,km->wlk", each, share), np.float64)


def confusion_prior(classes: int, groups: int, diagonal: float, off_diagonal: float) -> Floats:
    """The parameters of one worker's matrix, shape (classes, classes * groups)."""
    one = np.full((classes, classes), off_diagonal)
    np.fill_diagonal(one, diagonal)
    return np.repeat(one, groups, axis=1)


def worker_priors(counts: Floats, shrinkage: float, by_skill: bool) -> Floats:
    """The workers' prior where all learn from all, shape (classes, classes), or (workers, classes, classes) by skill.

    The common matrix is e[l, k] ∝ Σ over w of counts[w, l, k] + (2 if l = k, else ½). By skill, a worker who has the
    odds r of being right, where the common matrix would have the odds q for the same tasks, both shrunk towards the
    crowd's by `shrinkage` labels, has a prior ∝ e[l, k] (r / q if l = k, else 1).
    """
    classes = np.arange(counts.shape[1])
    common = counts.sum(axis=0) + confusion_prior(len(classes), 1, 2.0, 0.5)
    common /= common.sum(axis=0)
    if not by_skill:
        return np.asarray(shrinkage * common, np.float64)
    right, met = counts[:, classes, classes].sum(axis=1), counts.sum(axis=1)
    usual, answered = met @ common[classes, classes], met.sum(axis=1)
    mean = (right.sum() + 2.0) / (answered.sum() + 3.0)
    good, bad = shrinkage * mean, shrinkage * (1.0 - mean)
    own = (right + good) / (np.maximum(answered - right, 0.0) + bad)
    theirs = (usual + good) / (np.maximum(answered - usual, 0.0) + bad)
    prior = np.repeat(common[None], len(counts), axis=0)
    prior[:, classes, classes] *= (own / theirs)[:, None]
    return np.asarray(shrinkage * prior / prior.sum(axis=1, keepdims=True), np.float64)


def iterate(parts: Parts, belief: Belief, n_iter: int, tol: float) -> tuple[list[float], bool]:
    """From the posteriors in `parts`, iterate until the bound grows by less than `tol` per label."""
    count: Callable[[Part, Floats], Sums] = count_pass
    belief.learn(parts.sums(count))
    losses: list[float] = []
    converged = False
    while len(losses) < n_iter and not converged:
        sums = parts.sums(belief.expect)
        losses.append((sums.log_likelihood - belief.apart) / max(len(parts.whole.worker), 1))
        grown = losses[-1] - losses[-2] if len(losses) > 1 else np.inf
        converged = bool((abs(grown) if belief.shrinkage else grown) < tol)
        belief.learn(sums)
    return losses, converged


def outcome(posterior: Floats, belief: Belief, losses: list[float], converged: bool) -> Outcome:
    """What such a method found; a worker's skill is how likely they are right, classes being as frequent as found."""
    priors, errors = belief.priors, belief.errors
    logs = {"log_errors": belief.log_errors, "log_priors": belief.log_states}
    return Outcome(posterior, priors, np.einsum("wkk,k->w", errors, priors), errors, losses, converged, logs)
