"""Auto: which method suits these labels, and why."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.bayes import IBCC
from tagwerk.inference.crowd import Crowd
from tagwerk.inference.dawid_skene import DawidSkene
from tagwerk.inference.mace import MACE
from tagwerk.inference.method import Method, Outcome
from tagwerk.inference.one_coin import OneCoin, one_coin_errors
from tagwerk.inference.part import Part
from tagwerk.inference.votes import GoldSkill, MajorityVote

Floats = NDArray[np.float64]
REDUNDANT = 1.5  # labels per task below which workers cannot be compared with one another
ENOUGH_GOLD = 20  # gold tasks that can say which method is wrong
HELD_OUT = 5  # one label in so many is held out, twice
ROUNDS = 2
FOLDS = 4  # gold is held out in so many parts
ALIKE = 0.05  # nats per label that are no difference: the mean of such methods is safer than either
UNLIKELY = 1e-3  # nothing that happened was less likely than this
ERRORS = 2.0  # a method is wrong on gold if it is worse than the best by so many standard errors


@dataclass(eq=False)
class Auto(Method):
    """Chooses among the methods by the data: labels per task and worker, gold, and labels that were held out.

    - Fewer than 1.5 labels per task: workers cannot be compared. GoldSkill where there is gold, else MajorityVote.
    - Else hierarchical DawidSkene, IBCC, MACE, OneCoin and, with gold, GoldSkill are fitted without a fifth of the
      labels, twice; how likely these are then, log Σ posterior(t, k) e[w, l, k] on average, is each method's score.
    - With 20 gold tasks or more, each is also fitted without a quarter of the gold in turn; who is worse there than
      the best by more than two standard errors is out. This finds crowds whose majority errs together.
    - The highest score wins; where others come within 0.05 nats of it, the mean of all these is taken, which is safer
      than any of them.

    `method_` is the best, `methods_` are all that the mean is of, `scores_` the scores, and `reason_` says why in a sentence. Options: seed, n_threads, see DawidSkene.

    >>> labels = {"task": [1, 2, 3], "worker": [*"aab"], "label": [*"xyx"]}
    >>> model = Auto().fit(labels)
    >>> model.labels_, model.reason_
    ({1: 'x', 2: 'y', 3: 'x'}, 'MajorityVote: with 1.0 labels per task, workers cannot be compared, and there is no gold')
    """

    seed: int = 0
    n_threads: int | None = None
    method_: Method = field(init=False, repr=False)
    methods_: list[Method] = field(init=False, repr=False)
    reason_: str = field(init=False, repr=False)
    scores_: dict[str, float] = field(init=False, repr=False)

    def infer(self, crowd: Crowd) -> Outcome:
        """See the class."""
        names = self._choose(crowd)
        candidates = self._candidates(gold=True)
        self.methods_ = [candidates[name] for name in names]
        self.method_ = self.methods_[0]
        found = [method.infer(crowd) for method in self.methods_]
        return found[0] if len(found) == 1 else _mean(found, crowd.part.classes)

    def _choose(self, crowd: Crowd) -> list[str]:
        part = crowd.part
        per_task, per_worker = len(part.worker) / part.tasks, len(part.worker) / part.workers
        golden = int((crowd.known >= 0).sum())
        self.scores_ = {}
        if per_task < REDUNDANT:
            name = "GoldSkill" if golden else "MajorityVote"
            known = f"{golden} gold tasks say who is good" if golden else "there is no gold"
            self.reason_ = (
                f"{name}: with {per_task:.1f} labels per task, workers cannot be compared, and {known}"
            )
            return [name]
        candidates = self._candidates(gold=golden > 0)
        del candidates["MajorityVote"]
        self.scores_ = {name: held_out_score(method, crowd) for name, method in candidates.items()}
        wrong = self._wrong_on_gold(crowd, candidates) if golden >= ENOUGH_GOLD else []
        left = {name: score for name, score in self.scores_.items() if name not in wrong}
        best = max(left.values())
        team = sorted((name for name in left if left[name] > best - ALIKE), key=lambda name: -left[name])
        said = "it foretells" if len(team) == 1 else "they foretell"
        self.reason_ = (
            f"{' + '.join(team)}: of {', '.join(self.scores_)} {said} held-out labels best"
            f" ({best:.3f} nats each), with {per_task:.1f} labels per task and {per_worker:.0f} per worker"
        )
        if wrong:
            self.reason_ += f"; {', '.join(wrong)} failed on {golden} gold tasks"
        return team

    def _candidates(self, *, gold: bool) -> dict[str, Method]:
        threads = self.n_threads
        found: dict[str, Method] = {
            "DawidSkene": DawidSkene(shrinkage=5.0, seed=self.seed, n_threads=threads),
            "IBCC": IBCC(seed=self.seed, n_threads=threads),
            "MACE": MACE(random_state=self.seed, n_threads=threads),
            "OneCoin": OneCoin(seed=self.seed, n_threads=threads),
            "MajorityVote": MajorityVote(seed=self.seed),
        }
        if gold:
            found["GoldSkill"] = GoldSkill(seed=self.seed, n_threads=threads)
        return found

    def _wrong_on_gold(self, crowd: Crowd, candidates: dict[str, Method]) -> list[str]:
        right = {name: right_on_gold(method, crowd) for name, method in candidates.items()}
        best = max(right, key=lambda name: (right[name].mean(), self.scores_[name]))
        wrong = []
        for name, hits in right.items():
            lost = right[best].astype(float) - hits
            error = lost.std(ddof=1) / np.sqrt(lost.size)
            if lost.mean() > ERRORS * error:
                wrong.append(name)
        return wrong


def _mean(found: list[Outcome], classes: int) -> Outcome:
    """The mean of what several methods found; of its history, that of the first."""
    for one in found:
        if one.errors is None and one.skills is not None:
            one.errors = one_coin_errors(one.skills, classes)
    priors = [np.full(classes, 1.0 / classes) if one.priors is None else one.priors for one in found]
    return Outcome(
        np.mean([one.posterior for one in found], axis=0),
        np.mean(priors, axis=0),
        np.mean([one.skills for one in found if one.skills is not None], axis=0),
        np.mean([one.errors for one in found if one.errors is not None], axis=0),
        found[0].loss_history,
        all(one.converged for one in found),
    )


def held_out_score(method: Method, crowd: Crowd) -> float:
    """The mean log-probability of labels that a method has not seen, of tasks and workers that it has."""
    part = crowd.part
    chance = np.random.default_rng(0)
    task, logs = part.task, []
    for _ in range(ROUNDS):
        out = chance.integers(0, HELD_OUT, len(part.worker)) == 0
        found = method.infer(replace(crowd, part=_without(part, out)))
        errors = found.errors
        if errors is None:
            assert found.skills is not None
            errors = one_coin_errors(found.skills, part.classes)
        likely = np.einsum("nk,nk->n", found.posterior[task[out]], errors[part.worker[out], part.label[out]])
        logs.append(np.log(np.maximum(likely, UNLIKELY)))
    every = np.concatenate(logs)
    return float(every.mean()) if every.size else 0.0


def right_on_gold(method: Method, crowd: Crowd) -> NDArray[np.bool_]:
    """For each gold task whether a method is right about it that does not know it, but knows others."""
    known = crowd.known
    golden = np.flatnonzero(known >= 0)
    fold = np.random.default_rng(0).permutation(golden.size) % FOLDS
    right = np.zeros(golden.size, np.bool_)
    for one in range(FOLDS):
        asked = golden[fold == one]
        hidden = known.copy()
        hidden[asked] = -1
        found = method.infer(replace(crowd, part=replace(crowd.part, known=hidden)))
        right[fold == one] = found.posterior[asked].argmax(axis=1) == known[asked]
    return right


def _without(part: Part, out: NDArray[np.bool_]) -> Part:
    """The part without some of its labels; a task may be left without any."""
    kept = np.concatenate([[0], np.cumsum(~out)])[part.starts]
    return replace(part, starts=kept.astype(np.int64), worker=part.worker[~out], label=part.label[~out])
