"""When a task has answers enough: what the answers that may still come are worth, under several models at once.

A threshold on confidence asks on where nothing can change any more (three of five agree) and stops where many weak
answers would still help. What counts is the **value of the remaining answers**. Let a task have the posterior p, i its
likeliest class, j the next, and let k more answers come, by workers drawn from those who answer here. With
L = Σ log(e[w, l, i] / e[w, l, j]) of these answers, the probability of being right rises on average by

    G(k) = Σ over answers of max(p_i P(answers | i), p_j P(answers | j)) - p_i = p_j E_j[max(0, 1 - (p_i / p_j) e^L)],

the expectation being over answers to a task whose truth is j. It is never negative, it is 0 where no k answers can turn
the result, and it grows with k, because e^L is a martingale under j. It is found from a sample of answers, drawn once
per pair of classes. A task is asked again if, for some k that is still possible,

    G(k) - cost · k ≥ least_gain

under **any** of the models, measured from the class that the last model would decide for now. Each model is too sure of
itself somewhere (Dawid-Skene's kind with few answers per worker, one coin where classes differ), so all must agree.

The models are refitted now and then (`refit`); between, an answer costs O(classes) per model (`Models.after`).

Sources: Raiffa and Schlaifer 1961, Applied Statistical Decision Theory (the value of a sample); Sheng, Provost and
Ipeirotis 2008, KDD (repeated labelling); Kamar, Hacker and Horvitz 2012, AAMAS (whether to ask another worker);
Platt 1999, Guo et al. 2017, ICML (temperature); Dawid and Skene 1979; Kim and Ghahramani 2012.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagwerk.inference.part import Part

if TYPE_CHECKING:  # judging asks this module for each answer, and needs no compiler for it
    from tagwerk.inference.method import Outcome

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST = 1e-12  # no answer is impossible
FARTHEST = 690.0  # odds beyond e to this are as good as certain, and e to it is still a number
SKILLED, PLAIN = 7.0, 5.0  # labels that the priors of the two hierarchical models are worth
SOMEBODY = 4.0 / 6.0  # how likely somebody new is right: the prior of one coin
COMPILED = 100_000  # from so many labels on, compiled code pays
NOBODY = -1  # the code of a worker whom no fit has seen: the last row of the tables


class Action(IntEnum):
    """What to do with a task."""

    STOP = 0  # its result is good enough, or as good as it gets for the price
    ASK = 1  # one more answer at least
    EXPERT = 2  # no answer that may still come is worth its price, and the result is not sure


@dataclass(frozen=True, slots=True)
class Rule:
    """When an answer is worth asking for; probabilities, of a task's result being right.

    `least_gain`: the smallest rise that is worth asking on for. `cost`: what one answer costs, as a share of what a
    right result is worth (0: answers are free, up to the most). `least`: so many answers every task gets at least.
    `sure`: from here on a result needs no expert. `draws`: how many possible futures are sampled; `seed`: of these.
    """

    least_gain: float = 0.008
    cost: float = 0.0
    least: int = 2
    sure: float = 0.8
    draws: int = 400
    seed: int = 0

    def __post_init__(self) -> None:
        if not (0.0 < self.least_gain < 1.0 and 0.0 <= self.cost < 1.0 and 0.0 <= self.sure <= 1.0):
            raise ValueError("least_gain lies between 0 and 1, cost from 0 to below 1, sure from 0 to 1")
        if self.least < 0 or self.draws < 1:
            raise ValueError("least is not negative, draws is at least 1")


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """Several models of the same workers and classes, the one that decides last; what a refit found.

    `log_priors` (models, classes); `log_errors` (models, workers + 1, classes, classes): what a worker's label adds to
    the score of each true class; `errors`, of that shape: how likely a label is where a class is true, for answers to
    come; the row after the last worker is for somebody new. `activity` (workers,): answers of each so far; with one number more,
    that of all who have no row.
    `temperatures` (models,): what scores are divided by; above 1 where a model is too sure of itself.
    """

    log_priors: Floats
    log_errors: Floats
    errors: Floats
    activity: Floats
    temperatures: Floats

    def scores(self, part: Part) -> Floats:
        """The log-posterior of each task but for a constant, shape (models, tasks, classes)."""
        found = np.repeat(self.log_priors[:, None], part.tasks, axis=1)
        task = part.task
        for scores, log_errors in zip(found, self.log_errors, strict=True):
            said = log_errors[part.worker, part.label]
            for truth in range(scores.shape[1]):
                scores[:, truth] += np.bincount(task, said[:, truth], part.tasks)
        return found

    def after(self, scores: Floats, worker: int, label: int) -> Floats:
        """A task's scores, shape (models, classes), with one more answer; a worker nobody knows yet is `NOBODY`."""
        return np.asarray(scores + self.log_errors[:, worker, label], np.float64)

    def posterior(self, scores: Floats, known: ArrayLike | None = None) -> Floats:
        """From scores (models, …, classes) to probabilities; where a class is known (…, -1: not), it is certain."""
        spread = self.temperatures.reshape(-1, *[1] * (scores.ndim - 1))
        warm = scores / spread
        likely = np.exp(warm - warm.max(axis=-1, keepdims=True))
        found = np.asarray(likely / likely.sum(axis=-1, keepdims=True), np.float64)
        if known is not None:
            codes = np.asarray(known, np.int64)
            found[:, codes >= 0] = np.eye(scores.shape[-1])[codes[codes >= 0]]
        return found

    def tempered(self, temperatures: ArrayLike) -> "Models":
        """The same models with other temperatures, one each."""
        return replace(self, temperatures=np.asarray(temperatures, np.float64))


class Standings(NamedTuple):
    """Where each task stands, arrays over tasks: what to do, the class to decide for, how likely the deciding model
    finds it, and what all answers that may still come are worth, costs taken off, under the model that hopes most;
    `more`: the fewest answers that are worth asking for at once, 0 where none is; `least_sure`: how likely the leader is
    under the model that doubts most."""

    action: NDArray[np.int8]
    leader: Ints
    confidence: Floats
    gain: Floats
    more: Ints
    least_sure: Floats


def refit(part: Part, n_iter: int = 20, tol: float = 1e-5, n_threads: int | None = 1) -> Models:
    """Fit the models to the answers so far, known classes clamped.

    They are: one coin; IBCC with a prior that all workers have in common; and, deciding, IBCC whose prior is that of
    workers of the same skill. With few labels NumPy is quicker than starting a compiler.
    """
    from tagwerk.inference.bayes import IBCC
    from tagwerk.inference.crowd import crowd_of_codes
    from tagwerk.inference.one_coin import OneCoin

    crowd = crowd_of_codes(replace(part, compiled=len(part.worker) >= COMPILED))
    coin = OneCoin(n_iter=n_iter, tol=tol, n_threads=n_threads)
    plain = IBCC(n_iter=n_iter, tol=tol, shrinkage=PLAIN, n_threads=n_threads)
    skilled = IBCC(n_iter=n_iter, tol=tol, shrinkage=SKILLED, by_skill=True, n_threads=n_threads)
    tables = [
        _coin_tables(coin.infer(crowd), part),
        _rich_tables(plain.infer(crowd), part),
        _rich_tables(skilled.infer(crowd), part),
    ]
    priors, logs, errors = (np.stack(each) for each in zip(*tables, strict=True))
    activity = np.bincount(part.worker, minlength=part.workers).astype(np.float64)
    return Models(priors, logs, errors, activity, np.ones(len(tables)))


def standings(
    models: Models,
    scores: Floats,
    answers: ArrayLike,
    most: ArrayLike,
    rule: Rule,
    known: ArrayLike | None = None,
) -> Standings:
    """Decide for each task: ask again, stop, or send to an expert.

    `scores` as `Models.scores` or `Models.after` give them, (models, tasks, classes); `answers` (tasks,) so many are in
    and `most` (tasks,) or one number: so many may come in all. Tasks whose class is known (`known`) are done.
    """
    posterior = models.posterior(scores, known)
    leader = posterior[-1].argmax(axis=1)
    in_ = np.broadcast_to(np.asarray(answers, np.int64), leader.shape)
    left = np.maximum(np.asarray(most, np.int64) - in_, 0)
    gains = _gains(models, posterior, leader, left, rule)
    gain = _best(gains)
    confidence = np.take_along_axis(posterior[-1], leader[:, None], axis=1)[:, 0]
    ask = (left > 0) & ((gain >= rule.least_gain) | (in_ < rule.least))
    done = confidence >= rule.sure
    if known is not None:
        settled = np.asarray(known) >= 0
        ask, done = ask & ~settled, done | settled
    action = np.where(ask, Action.ASK, np.where(done, Action.STOP, Action.EXPERT)).astype(np.int8)
    worth = gains >= rule.least_gain
    more = np.where(worth.any(axis=1), worth.argmax(axis=1) + 1, 0) if worth.shape[1] else np.zeros_like(in_)
    more = np.where(ask, np.maximum(more, np.minimum(rule.least - in_, left)), 0)
    doubted = np.take_along_axis(posterior, leader[None, :, None], axis=2)[:, :, 0].min(axis=0)
    return Standings(action, leader, confidence, gain, more, doubted)


def remaining_gain(
    models: Models, posterior: Floats, leader: ArrayLike, left: ArrayLike, rule: Rule
) -> Floats:
    """What up to `left` (tasks,) more answers are worth at most: the largest G(k) - cost · k, over k and over models.

    `posterior` (models, tasks, classes); `leader` (tasks,): the class that would be decided for now. 0 where nothing
    is left to ask.
    """
    return _best(_gains(models, posterior, leader, left, rule))


def _best(gains: Floats) -> Floats:
    return np.asarray(np.maximum(gains.max(axis=1, initial=-np.inf), 0.0), np.float64)


def _gains(models: Models, posterior: Floats, leader: ArrayLike, left: ArrayLike, rule: Rule) -> Floats:
    """What 1, 2, … more answers are worth under the model that hopes most, (tasks, most); -inf where so many cannot
    come."""
    may_come = np.asarray(left, np.int64)
    most, classes = int(may_come.max(initial=0)), posterior.shape[2]
    if most == 0 or classes < 2:
        return np.full((posterior.shape[1], 0), -np.inf)
    chance = np.random.default_rng(rule.seed)
    rows = models.errors.shape[1]
    share = np.zeros(rows)
    share[: len(models.activity)] = models.activity
    if not share.sum() > 0.5:
        share[-1] = 1.0  # nobody has answered yet: somebody new will
    who = chance.choice(rows, (rule.draws, most), p=share / share.sum()).astype(np.int64)
    luck = chance.random((rule.draws, most))
    now = np.asarray(leader, np.int64)[:, None]
    best = np.full((posterior.shape[1], most), -np.inf)
    for one, errors in zip(posterior, models.errors, strict=True):
        behind = one.max(axis=1) - np.take_along_axis(one, now, 1)[:, 0]
        best = np.maximum(best, _gain(one, errors, who, luck, may_come) + behind[:, None])
    answers = np.arange(1, most + 1)
    return np.where(answers <= may_come[:, None], best - rule.cost * answers, -np.inf)


def _gain(posterior: Floats, errors: Floats, who: Ints, luck: Floats, left: Ints) -> Floats:
    """G(k) of one model for k = 1, 2, … (tasks, most); for k that cannot come as for the last one that can."""
    pair = np.argpartition(-posterior, 1, axis=1)[:, :2]
    pair = np.take_along_axis(
        pair, np.argsort(-np.take_along_axis(posterior, pair, 1), axis=1, kind="stable"), 1
    )
    likely = np.take_along_axis(posterior, pair, 1)
    odds = np.log(likely[:, 0]) - np.log(np.maximum(likely[:, 1], np.exp(-FARTHEST)))
    odds = np.minimum(odds, FARTHEST)
    draws, most = who.shape
    gains = np.zeros((len(posterior), most))
    asked = np.flatnonzero((left > 0) & (likely[:, 1] > 0.0))
    for first, second in np.unique(pair[asked], axis=0).tolist():
        rows = asked[(pair[asked] == (first, second)).all(axis=1)]
        longest = int(left[rows].max())
        ratios, below = _worth_of_pair(first, second, longest, errors, who, luck)
        for more in range(longest):
            turned = np.searchsorted(ratios[more], -odds[rows])
            kept = turned - np.exp(odds[rows]) * below[more, turned]
            gains[rows, more] = likely[rows, 1] * np.where(turned > 0, kept, 0.0) / draws
    return gains


def _worth_of_pair(
    first: int, second: int, most: int, errors: Floats, who: Ints, luck: Floats
) -> tuple[Floats, Floats]:
    """Log-likelihood ratios of first against second after 1 … `most` answers where second is true, sorted, shape
    (most, draws); and the sums of e to them, (most, draws + 1)."""
    begins = np.cumsum(errors[:, :, second], axis=1)[:, :-1]
    speaks = np.log(np.maximum(errors[:, :, first], LEAST)) - np.log(np.maximum(errors[:, :, second], LEAST))
    drawn = who[:, :most]
    label = (luck[:, :most, None] >= begins[drawn]).sum(axis=2)
    ratios = np.sort(np.cumsum(speaks[drawn, label], axis=1).T, axis=1)
    below = np.zeros((most, len(who) + 1))
    below[:, 1:] = np.cumsum(np.exp(ratios), axis=1)
    return ratios, below


def _coin_tables(found: "Outcome", part: Part) -> tuple[Floats, Floats, Floats]:
    assert found.errors is not None and found.priors is not None
    new = np.full((1, part.classes, part.classes), (1.0 - SOMEBODY) / max(part.classes - 1, 1))
    new[0][np.diag_indices(part.classes)] = SOMEBODY if part.classes > 1 else 1.0
    errors = np.concatenate([found.errors, new])
    return np.log(found.priors), np.log(np.maximum(errors, LEAST)), errors


def _rich_tables(found: "Outcome", part: Part) -> tuple[Floats, Floats, Floats]:
    """A new worker is like all together: the errors of all, weighted by how much they answer."""
    assert found.errors is not None
    logs, priors = found.extra["log_errors"], found.extra["log_priors"]
    activity = np.bincount(part.worker, minlength=part.workers)
    common = np.average(found.errors, axis=0, weights=activity if activity.any() else None)[None]
    errors = np.concatenate([found.errors, common])
    return priors, np.concatenate([logs, np.log(common)]), errors
