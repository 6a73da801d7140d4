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
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from tagwerk.inference.bayes import IBCC
from tagwerk.inference.crowd import Part, crowd_of_codes
from tagwerk.inference.method import Outcome
from tagwerk.inference.one_coin import OneCoin, one_coin_errors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST = 1e-12  # no answer is impossible
FARTHEST = 690.0  # odds beyond e to this are as good as certain, and e to it is still a number
SKILLED, PLAIN = 7.0, 5.0  # labels that the priors of the two hierarchical models are worth
SOMEBODY = np.array([4.0 / 6.0])  # how likely somebody new is right: the prior of one coin
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
    come; the row after the last worker is for somebody new. `activity` (workers,): answers of each so far.
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
        for scores, log_errors in zip(found, self.log_errors, strict=True):
            _add_all(part.starts, part.worker, part.label, log_errors, scores)
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
    finds it, and what all answers that may still come are worth, costs taken off, under the model that hopes most."""

    action: NDArray[np.int8]
    leader: Ints
    confidence: Floats
    gain: Floats


def refit(part: Part, n_iter: int = 20, tol: float = 1e-5, n_threads: int | None = 1) -> Models:
    """Fit the models to the answers so far, known classes clamped.

    They are: one coin; IBCC with a prior that all workers have in common; and, deciding, IBCC whose prior is that of
    workers of the same skill.
    """
    crowd = crowd_of_codes(part)
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
    gain = remaining_gain(models, posterior, leader, left, rule)
    confidence = np.take_along_axis(posterior[-1], leader[:, None], axis=1)[:, 0]
    ask = (left > 0) & ((gain >= rule.least_gain) | (in_ < rule.least))
    done = confidence >= rule.sure
    if known is not None:
        settled = np.asarray(known) >= 0
        ask, done = ask & ~settled, done | settled
    action = np.where(ask, Action.ASK, np.where(done, Action.STOP, Action.EXPERT)).astype(np.int8)
    return Standings(action, leader, confidence, gain)


def remaining_gain(
    models: Models, posterior: Floats, leader: ArrayLike, left: ArrayLike, rule: Rule
) -> Floats:
    """What up to `left` (tasks,) more answers are worth at most: the largest G(k) - cost · k, over k and over models.

    `posterior` (models, tasks, classes); `leader` (tasks,): the class that would be decided for now. 0 where nothing
    is left to ask.
    """
    may_come = np.asarray(left, np.int64)
    most, classes = int(may_come.max(initial=0)), posterior.shape[2]
    if most == 0 or classes < 2:
        return np.zeros(posterior.shape[1])
    chance = np.random.default_rng(rule.seed)
    share = models.activity / max(models.activity.sum(), 1.0)
    who = (
        chance.choice(len(share), (rule.draws, most), p=share).astype(np.int64) if share.sum() > 0.5 else None
    )
    if who is None:
        who = np.full((rule.draws, most), len(share))
    luck = chance.random((rule.draws, most))
    now = np.asarray(leader, np.int64)[:, None]
    gains = [
        _gain(one, errors, who, luck, may_come, rule.cost)
        + one.max(axis=1)
        - np.take_along_axis(one, now, 1)[:, 0]
        for one, errors in zip(posterior, models.errors, strict=True)
    ]
    return np.where(may_come > 0, np.max(gains, axis=0), 0.0)


def _gain(posterior: Floats, errors: Floats, who: Ints, luck: Floats, left: Ints, cost: float) -> Floats:
    """G of one model, (tasks,)."""
    pair = np.argpartition(-posterior, 1, axis=1)[:, :2]
    pair = np.take_along_axis(
        pair, np.argsort(-np.take_along_axis(posterior, pair, 1), axis=1, kind="stable"), 1
    )
    first, second = np.take_along_axis(posterior, pair, 1).T
    odds = np.minimum(np.log(first) - np.log(np.maximum(second, np.exp(-FARTHEST))), FARTHEST)
    order = np.lexsort((pair[:, 1], pair[:, 0]))
    found = np.zeros(len(posterior))
    _futures(pair[order], odds[order], second[order], left[order], errors, who, luck, cost, found)
    gains = np.empty_like(found)
    gains[order] = found
    return gains


@njit(cache=True, nogil=True)
def _futures(pairs, odds, second, left, errors, who, luck, cost, found):  # type: ignore[no-untyped-def]
    """For tasks in the order of their pairs of classes: the largest G(k) - cost · k with 1 ≤ k ≤ left, or 0."""
    draws, most = who.shape
    ratios, below = np.empty((most, draws)), np.zeros((most, draws + 1))
    begin = 0
    while begin < left.size:
        end, longest = begin, 0
        while end < left.size and pairs[end, 0] == pairs[begin, 0] and pairs[end, 1] == pairs[begin, 1]:
            longest = max(longest, left[end])
            end += 1
        _sample(pairs[begin, 0], pairs[begin, 1], longest, errors, who, luck, ratios, below)
        for task in range(begin, end):
            for more in range(left[task]):
                turned = np.searchsorted(ratios[more], -odds[task])
                if turned > 0:
                    kept = turned - np.exp(odds[task]) * below[more, turned]
                    found[task] = max(found[task], second[task] * kept / draws - cost * (more + 1))
        begin = end


@njit(cache=True, nogil=True)
def _sample(first, second, longest, errors, who, luck, ratios, below):  # type: ignore[no-untyped-def]
    """Log-likelihood ratios of first against second after 1, 2, … answers where second is true, sorted; and the sums
    of e to them."""
    classes = errors.shape[1]
    for draw in range(who.shape[0]):
        total = 0.0
        for more in range(longest):
            table, rest, label = errors[who[draw, more]], luck[draw, more], 0
            while label < classes - 1 and rest >= table[label, second]:
                rest -= table[label, second]
                label += 1
            total += np.log(max(table[label, first], LEAST)) - np.log(max(table[label, second], LEAST))
            ratios[more, draw] = total
    for more in range(longest):
        ratios[more] = np.sort(ratios[more])
        for draw in range(who.shape[0]):
            below[more, draw + 1] = below[more, draw] + np.exp(ratios[more, draw])


@njit(cache=True, nogil=True)
def _add_all(starts, worker, label, log_errors, scores):  # type: ignore[no-untyped-def]
    for task in range(starts.size - 1):
        for row in range(starts[task], starts[task + 1]):
            for truth in range(scores.shape[1]):
                scores[task, truth] += log_errors[worker[row], label[row], truth]


def _coin_tables(found: Outcome, part: Part) -> tuple[Floats, Floats, Floats]:
    assert found.errors is not None and found.priors is not None
    errors = np.concatenate([found.errors, one_coin_errors(SOMEBODY, part.classes)])
    return np.log(found.priors), np.log(np.maximum(errors, LEAST)), errors


def _rich_tables(found: Outcome, part: Part) -> tuple[Floats, Floats, Floats]:
    """A new worker is like all together: the errors of all, weighted by how much they answer."""
    assert found.errors is not None
    logs, priors = found.extra["log_errors"], found.extra["log_priors"]
    activity = np.bincount(part.worker, minlength=part.workers)
    common = np.average(found.errors, axis=0, weights=activity if activity.any() else None)[None]
    errors = np.concatenate([found.errors, common])
    return priors, np.concatenate([logs, np.log(common)]), errors
