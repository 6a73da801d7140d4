"""Votes: a majority, weighted or not, and votes weighted by what gold says of the workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.crowd import Crowd, read_crowd
from tagwerk.inference.method import Method, Outcome, Parts
from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.passes import shares_pass, votes_pass
from tagwerk.inference.tables import as_list, known_labels
from tagwerk.inference.vote import log_odds

Floats = NDArray[np.float64]


@dataclass(eq=False)
class MajorityVote(Method):
    """The label that most workers gave, or the one with the most weight behind it.

    probas(t, k) = Σ weight of the workers who say k / Σ weight of all who labelled t. A known label (gold) gets all.
    `skills_` is each worker's share of labels that are those of the majority.

    Options:
        on_missing_skill: what to do with a worker for whom no skill is given: "error", "ignore" (weight 0), or
            "value" (weight `default_skill`).
        default_skill: see there. seed: draws among equals.

    >>> labels = {"task": [1, 1, 1], "worker": [*"abc"], "label": [*"xyy"]}
    >>> MajorityVote().fit_predict(labels)
    {1: 'y'}
    >>> MajorityVote().fit(labels, skills={"a": 3, "b": 1, "c": 1}).probas_
    {1: {'x': 0.6, 'y': 0.4}}
    """

    on_missing_skill: str = "error"
    default_skill: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.on_missing_skill not in ("error", "ignore", "value"):
            raise ValueError("on_missing_skill is error, ignore or value")
        if self.on_missing_skill == "value" and self.default_skill is None:
            raise ValueError("on_missing_skill='value' needs a default_skill")

    @crowdkit_names
    def fit(self, labels: Any, gold: Any = None, skills: Any = None) -> Self:
        """As every method; `skills` are the workers' weights, a pandas Series or a mapping from worker to number.

        In crowd-kit, `skills` stand where gold stands: gold that names workers, and not one task, is taken as that.
        """
        if gold is not None and skills is None and _names_workers(read_crowd(labels), gold):
            gold, skills = None, gold
        crowd = read_crowd(labels, gold)
        self._weights = np.ones(len(crowd.workers)) if skills is None else self._weigh(crowd, skills)
        return self._fit(crowd)

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        parts = Parts(crowd, crowd.part.classes, 0, 1)
        weights = self.__dict__.get("_weights", np.ones(crowd.part.workers))
        parts.each(lambda part, posterior: shares_pass(part, weights, posterior))
        return Outcome(parts.posterior)

    def _fit(self, crowd: Crowd) -> Self:
        super()._fit(crowd)
        part = crowd.part
        right = self._winner[part.task] == part.label
        self._outcome.skills = np.bincount(part.worker, right, part.workers) / np.bincount(part.worker)
        return self

    def _weigh(self, crowd: Crowd, skills: Any) -> Floats:
        given = _mapping(skills)
        other = float(self.default_skill) if self.on_missing_skill == "value" and self.default_skill else 0.0
        names = crowd.workers.values
        missing = [name for name in names if name not in given]
        if missing and self.on_missing_skill == "error":
            raise ValueError(f"there is no skill for worker {missing[0]}: give one, or set on_missing_skill")
        weights = np.array([float(given.get(name, other)) for name in names])
        if not (np.isfinite(weights) & (weights >= 0)).all():
            raise ValueError("skills are weights: finite and not negative")
        return weights


def _names_workers(crowd: Crowd, gold: Any) -> bool:
    """Whether gold is rather the skills of workers; ValueError where it may be either."""
    known = known_labels(gold)
    workers, tasks = set(crowd.workers.values), set(crowd.tasks.values)
    if not known.keys() & workers:
        return False
    if not known.keys() & tasks:
        return True
    if workers <= known.keys() and not set(known.values()) & set(as_list(crowd.labels)):
        raise ValueError("are these labels of tasks or skills of workers? Say gold=… or skills=…")
    return False


@dataclass(eq=False)
class GoldSkill(Method):
    """Votes weighted by accuracy on gold tasks: nothing is iterated, and nobody's opinion counts but gold's.

    skill(w) = (right + correct(w)) / (right + wrong + answered(w)), over the tasks in `gold`; then the one-coin model
    with every class as likely before: posterior(t, k) ∝ Π over those who say k of skill (K - 1) / (1 - skill). A
    skill below chance counts as chance. Snow et al. 2008, EMNLP.

    Options:
        right, wrong: answers that everybody has given before the first, so many right and so many wrong.
        seed: draws among equals. n_threads: see DawidSkene.

    >>> labels = {"task": [1, 1, 1, 2, 2, 2], "worker": [*"abcabc"], "label": [*"xyyxyy"]}
    >>> GoldSkill().fit(labels, gold={1: "x"}).skills_
    {'a': 0.75, 'b': 0.5, 'c': 0.5}
    """

    right: float = 2.0
    wrong: float = 1.0
    seed: int = 0
    n_threads: int | None = None

    def __post_init__(self) -> None:
        if self.right <= 0 or self.wrong <= 0:
            raise ValueError("right and wrong are above 0")

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        part, known = crowd.part, crowd.known
        asked = known[part.task]
        gold = asked >= 0
        seen = np.bincount(part.worker[gold], minlength=part.workers)
        correct = np.bincount(part.worker[gold & (asked == part.label)], minlength=part.workers)
        skills = (self.right + correct) / (self.right + self.wrong + seen)
        parts = Parts(crowd, part.classes, part.workers, self.n_threads)
        weights, even = log_odds(skills, part.classes)[:, None], np.zeros(part.classes)
        with parts.threads():
            parts.sums(lambda one, posterior: votes_pass(one, weights, even, posterior))
        return Outcome(parts.posterior, skills=skills)


GoldMajorityVote = GoldSkill  # as crowd-kit calls it; there the weight is the accuracy itself


def _mapping(skills: Any) -> dict[Any, Any]:
    if isinstance(skills, Mapping):
        return dict(skills)
    if hasattr(skills, "index") and hasattr(skills, "to_dict"):
        return dict(zip(as_list(skills.index), as_list(skills), strict=True))
    raise ValueError("skills are a pandas Series or a mapping from worker to number")
