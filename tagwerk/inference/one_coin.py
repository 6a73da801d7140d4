"""One coin: every worker has one number, how likely they are right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.part import Part
from tagwerk.inference.passes import Sums, shares_pass, votes_pass

Floats = NDArray[np.float64]
LEAST = 1e-10


@dataclass(eq=False)
class OneCoin(Method):
    """Dawid-Skene with one number per worker: right with probability s[w], else any other class alike.

    P(w says l | truth = k) = s[w] if l = k, else (1 - s[w]) / (K - 1). Expectation-maximisation from the shares of
    votes; s[w] = (right + agreement) / (right + wrong + labels of w), where agreement is the posterior mass behind
    what w said. What is maximised is the evidence lower bound and the logarithm of the Beta prior of s.
    Dawid and Skene 1979; Ghosh, Kale and McAfee 2011, ACM EC.

    Options:
        n_iter, tol: at most so many iterations; stop when the bound grows by less than tol per label.
        class_prior: "uniform", every class as likely before, or "learnt", which fails where workers are poor.
        right, wrong: answers that everybody has given before the first (0: none).
        seed: draws among equals. n_threads: see DawidSkene.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": [*"abcabc"], "label": [*"xxyyyy"]}
    >>> OneCoin().fit_predict(labels)
    {1: 'x', 2: 'y'}
    """

    n_iter: int = 100
    tol: float = 1e-5
    class_prior: str = "uniform"
    right: float = 4.0
    wrong: float = 2.0
    seed: int = 0
    n_threads: int | None = None

    def __post_init__(self) -> None:
        if self.n_iter < 1 or min(self.right, self.wrong) < 0:
            raise ValueError("n_iter is at least 1, right and wrong at least 0")
        if self.class_prior not in ("uniform", "learnt"):
            raise ValueError("class_prior is uniform or learnt")

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        part = crowd.part
        parts = Parts(crowd, part.classes, part.workers, self.n_threads)
        answered = np.bincount(part.worker, minlength=part.workers).astype(np.float64)
        with parts.threads():
            parts.each(lambda one, posterior: shares_pass(one, np.ones(part.workers), posterior))
            first = sum(parts.each(_agreement))
            skills = Skills(answered, part.classes, self)
            skills.learn(Sums(first, parts.posterior.sum(axis=0), 0.0))
            losses: list[float] = []
            converged = False
            while len(losses) < self.n_iter and not converged:
                losses.append(skills.learn(parts.sums(skills.expect)) / max(len(part.worker), 1))
                converged = len(losses) > 1 and losses[-1] - losses[-2] < self.tol
        errors = one_coin_errors(skills.skills, part.classes)
        return Outcome(parts.posterior, np.exp(skills.log_priors), skills.skills, errors, losses, converged)


OneCoinDawidSkene = OneCoin  # as crowd-kit calls it


class Skills:
    """What is known of workers and classes, between two passes; see `dawid_skene.Tables`."""

    def __init__(self, answered: Floats, classes: int, options: OneCoin) -> None:
        self.answered, self.others, self.options = answered, max(classes - 1, 1), options
        self.skills = np.full(len(answered), 0.5)
        self.log_priors = np.full(classes, -np.log(classes))

    def expect(self, part: Part, posterior: Floats) -> Sums:
        """The pass over one part."""
        weights = np.log(self.skills * self.others) - np.log1p(-self.skills)
        return votes_pass(part, weights[:, None], self.log_priors, posterior)

    def learn(self, sums: Sums) -> float:
        """New skills; the bound on the log-likelihood with them, and how likely they are before."""
        agreed = sums.counts[:, 0]
        right, wrong = self.options.right, self.options.wrong
        bound = sums.log_likelihood + float(self.answered @ np.log((1.0 - self.skills) / self.others))
        bound -= float(agreed @ np.log(self.skills) + (self.answered - agreed) @ np.log1p(-self.skills))
        skills = (right + agreed) / np.maximum(right + wrong + self.answered, LEAST)
        self.skills = np.clip(skills, LEAST, 1.0 - LEAST)
        bound += float(
            (agreed + right) @ np.log(self.skills) + (self.answered - agreed + wrong) @ np.log1p(-self.skills)
        )
        if self.options.class_prior == "learnt":
            priors = np.maximum(sums.states / sums.states.sum(), LEAST)
            log_priors = np.log(priors / priors.sum())
            bound += float(sums.states @ (log_priors - self.log_priors))
            self.log_priors = log_priors
        return bound


def one_coin_errors(skills: Floats, classes: int) -> Floats:
    """The confusion matrices of such workers, shape (workers, classes, classes)."""
    errors = np.empty((len(skills), classes, classes))
    errors[:] = ((1.0 - skills) / max(classes - 1, 1))[:, None, None]
    errors[:, np.arange(classes), np.arange(classes)] = skills[:, None] if classes > 1 else 1.0
    return errors


def _agreement(part: Part, posterior: Floats) -> Floats:
    agreed = posterior[part.task, part.label]
    return np.asarray(np.bincount(part.worker, agreed, part.workers)[:, None], np.float64)
