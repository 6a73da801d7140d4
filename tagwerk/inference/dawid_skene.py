"""Dawid-Skene: every worker has a confusion matrix of their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd, read_crowd
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.part import Part
from tagwerk.inference.passes import Sums, count_pass, mixture_pass, shares_pass, zeros
from tagwerk.inference.tables import as_list, is_missing, kind_of

Floats = NDArray[np.float64]
LEAST = 1e-10  # no label that a worker has ever given is impossible
STRATEGIES = ("prior", "addition", "assign")


@dataclass(eq=False)
class DawidSkene(Method):
    """Workers' labels depend on the true class by a confusion matrix each, which is learnt along with the truth.

    P(truth = k) = p[k]; P(worker w says l | truth = k) = e[w, l, k]. Expectation-maximisation from the shares of
    votes: posterior(t, k) ∝ p[k] Π e[w, l, k] over the labels of t; then p[k] is the mean of the posteriors, and
    e[w, l, k] the share of l in the mass of k that w has labelled. What is maximised is the evidence lower bound.
    A. P. Dawid and A. M. Skene 1979, J. R. Stat. Soc. C 28, 20-28.

    Options:
        n_iter: at most so many iterations.
        tol: stop when the bound grows by less than this per label (nats).
        shrinkage: pull each worker's matrix towards the one that all have in common, as if they had been seen so
            often with each class (hierarchical; 0: not at all). 5 is good where workers have few labels.
        initial_error_strategy: what `initial_error` is. "prior": counts that are added in each iteration, so that
            what is known of a worker stays known; "addition": counts that are added in the first one only;
            "assign": probabilities or counts that the first iteration uses as they are.
        costs: what it costs to decide for one label where another is true, {true: {decided: cost}}; missing: 0 where
            they are the same, else 1. Labels are then those of least expected cost.
        seed: draws among equals. n_threads: how many threads; as many as there are cores when None.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": ["a", "b", "c"] * 2, "label": [*"xxy", *"yyy"]}
    >>> DawidSkene().fit_predict(labels)
    {1: 'x', 2: 'y'}
    """

    n_iter: int = 100
    tol: float = 1e-5
    shrinkage: float = 0.0
    initial_error_strategy: str = "prior"
    costs: Mapping[Any, Mapping[Any, float]] | None = None
    seed: int = 0
    n_threads: int | None = None

    def __post_init__(self) -> None:
        if self.n_iter < 1 or self.shrinkage < 0:
            raise ValueError("n_iter is at least 1, shrinkage at least 0")
        if self.initial_error_strategy not in STRATEGIES:
            raise ValueError(f"initial_error_strategy is one of {', '.join(STRATEGIES)}")

    @crowdkit_names
    def fit(self, labels: Any, gold: Any = None, initial_error: Any = None) -> Self:
        """As every method; `initial_error` is like `errors_`, of any kind of table, with counts or probabilities."""
        crowd = read_crowd(labels, gold)
        self._history = None if initial_error is None else _history(crowd, initial_error)
        return self._fit(crowd)

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        part = crowd.part
        parts = Parts(crowd, part.classes, part.workers * part.classes**2, self.n_threads)
        parts.each(lambda one, posterior: shares_pass(one, np.ones(part.workers), posterior))
        with parts.threads():
            return self._iterate(parts)

    def cost(self, crowd: Crowd) -> Floats | None:
        """See the option."""
        if self.costs is None:
            return None
        names = as_list(crowd.labels)
        return np.array(
            [[self.costs.get(true, {}).get(name, float(true != name)) for name in names] for true in names]
        )

    def _iterate(self, parts: Parts) -> Outcome:
        sums = parts.sums(count_pass)
        history = self.__dict__.get("_history")
        tables = Tables.first(sums, self.shrinkage, history, self.initial_error_strategy)
        losses: list[float] = []
        converged = False
        while len(losses) < self.n_iter and not converged:
            sums = parts.sums(tables.expect)
            losses.append(tables.learn(sums) / len(parts.whole.worker))
            converged = len(losses) > 1 and losses[-1] - losses[-2] < self.tol
        priors, errors = np.exp(tables.log_priors), tables.errors
        skills = np.einsum("wkk,k->w", errors, priors)
        return Outcome(parts.posterior, priors, skills, errors, losses, converged)


class Tables:
    """What is known of workers and classes: made of the sums of a pass over all labels, needed by the next one.

    A cluster sends `log_errors` (workers, said class, true class) and `log_priors` (classes,) to its machines, each
    of which runs `mixture_pass` over its part; `learn` takes what they give back, added up.
    """

    def __init__(self, given: NDArray[np.bool_], history: Floats, shrinkage: float) -> None:
        classes = given.shape[1]
        self.given, self.history, self.shrinkage = given, history, shrinkage
        self.log_errors = zeros((len(given), classes, classes))
        self.log_priors = np.zeros(classes)
        self.common = np.zeros((classes, classes))

    @classmethod
    def first(
        cls, sums: Sums, shrinkage: float = 0.0, history: Floats | None = None, strategy: str = "prior"
    ) -> "Tables":
        """The tables that follow from the sums of the shares of votes, and from what was known before."""
        nothing = np.zeros((0, 0, 0))
        known = nothing if history is None else history
        given = sums.counts.sum(axis=2) > 0
        if known.size:
            given |= known.sum(axis=2) > 0
        tables = cls(given, known if strategy == "prior" else nothing, shrinkage)
        if shrinkage > 0:
            whole = sums.counts.sum(axis=0) + 1.0
            tables.common = whole / whole.sum(axis=0)
        if strategy == "addition" and known.size:
            sums = Sums(sums.counts + known, sums.states, sums.log_likelihood)
        if strategy == "assign" and known.size:
            sums = Sums(known, sums.states, sums.log_likelihood)
        tables.learn(sums)
        return tables

    @property
    def errors(self) -> Floats:
        """Probabilities; 0 for a label that a worker has never given, as far as nothing else is known."""
        errors = np.exp(self.log_errors)
        if self.shrinkage == 0:
            errors[~self.given] = 0.0
        return errors

    def expect(self, part: Part, posterior: Floats) -> Sums:
        """The pass over one part."""
        return mixture_pass(part, self.log_errors, self.log_priors, posterior)

    def learn(self, sums: Sums) -> float:
        """New tables; the bound on the log-likelihood with them, less what shrinking and history hold against them."""
        priors = np.maximum(sums.states / sums.states.sum(), LEAST)
        log_priors = np.log(priors / priors.sum())
        bound = sums.log_likelihood + float(sums.states @ (log_priors - self.log_priors))
        self.log_priors = log_priors
        bound += _learn(sums.counts, self.given, self.history, self.shrinkage * self.common, self.log_errors)
        if self.shrinkage > 0:
            bound -= len(self.given) * self.shrinkage * float((self.common * np.log(self.common)).sum())
            middle = np.exp(self.log_errors.mean(axis=0))
            self.common = middle / middle.sum(axis=0)
        return float(bound)


@njit(cache=True, nogil=True, error_model="numpy")
def _learn(counts, given, history, common, log_errors):  # type: ignore[no-untyped-def]
    """Normalise counts over what a worker says; how much more likely that makes the counts, and the prior's mass."""
    workers, said, truths = counts.shape
    bound = 0.0
    nothing = np.zeros((said, truths))
    mass, total = np.empty((said, truths)), np.empty(truths)
    for worker in range(workers):
        _masses(
            counts[worker],
            given[worker],
            history[worker] if history.size > 0 else nothing,
            common,
            mass,
            total,
        )
        for label in range(said):
            for truth in range(truths):
                new = np.log(max(mass[label, truth], LEAST)) - total[truth]
                count = counts[worker, label, truth]
                bound += mass[label, truth] * new - count * log_errors[worker, label, truth]
                log_errors[worker, label, truth] = new
    return bound


@njit(inline="always", error_model="numpy")
def _masses(counts, given, history, common, mass, total):  # type: ignore[no-untyped-def]
    """What was counted and what is known otherwise of one worker, and the logarithm of its sum for each truth."""
    total[:] = 0.0
    for label in range(total.size):
        for truth in range(total.size):
            mass[label, truth] = counts[label, truth] + history[label, truth] + common[label, truth]
            if given[label] or common[label, truth] > 0.0:
                total[truth] += max(mass[label, truth], LEAST)
    for truth in range(total.size):
        total[truth] = np.log(total[truth])


def _history(crowd: Crowd, initial_error: Any) -> Floats:
    """What was known before as counts or probabilities, shape (workers, classes, classes)."""
    workers = {name: at for at, name in enumerate(crowd.workers.values)}
    classes = {name: at for at, name in enumerate(as_list(crowd.labels))}
    table = np.zeros((len(workers), len(classes), len(classes)))
    for worker, label, truth, value in _entries(initial_error):
        if label not in classes or truth not in classes:
            raise ValueError(
                f"initial_error names a label that nobody gives: {label if label not in classes else truth}"
            )
        if is_missing(value) or value < 0:
            raise ValueError("initial_error has a negative or missing entry")
        if worker in workers:
            table[workers[worker], classes[label], classes[truth]] = value
    return table


def _entries(initial_error: Any) -> Iterator[tuple[Any, Any, Any, float]]:
    if getattr(getattr(initial_error, "index", None), "nlevels", 1) == 2:  # pandas, indexed as errors_ is
        for (worker, label), row in initial_error.iterrows():
            yield from ((worker, label, truth, value) for truth, value in row.items())
    elif isinstance(initial_error, Mapping) and "worker" not in initial_error:
        for worker, said in initial_error.items():
            for label, truths in said.items():
                yield from ((worker, label, truth, value) for truth, value in truths.items())
    else:
        kind = kind_of(initial_error)
        names = ("worker", "label", "truth", "probability")
        yield from zip(*(as_list(kind.column(initial_error, name)) for name in names), strict=True)
