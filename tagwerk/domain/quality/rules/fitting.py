"""Which method suits a question's answers, why, and its models: fitted to all answers that count, known classes clamped.

Fitting takes compiled code where there are many answers; it is asked for by jobs only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tagwerk.domain.quality.rules.words import Method, Reason
from tagwerk.inference import vote
from tagwerk.inference.part import Part, part_of
from tagwerk.inference.stopping import LEAST, Models, refit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST = 60  # answers below which a vote weighted by gold is as good
FEWEST_TASKS = 20  # with two answers or more
EACH = 1.5  # answers per task below which workers cannot be compared with one another
MOST_CLASSES = 32  # a worker's table has their square
GOLD = 20  # gold tasks that can say that a model is wrong
ERRORS = 2.0  # by so many standard errors
CROWD = 60  # workers who stand for those who answer next


@dataclass(frozen=True, eq=False)
class Said:
    """All answers to one question, one row each: numbers of task and worker, and what was said as `Ballot.code` says it.
    `known`: task → the right code; of gold, and what members decided."""

    task: Ints
    worker: Ints
    code: Ints
    known: dict[int, int]
    gold: frozenset[int]  # the tasks that everybody gets
    classes: int
    members: int = 0  # of which an answer may hold several; 0: it is one label


@dataclass(frozen=True, eq=False)
class Fit:
    """What was fitted, arrays over `workers`; no models: a vote decides. `figures` tell what the choice rests on.

    `leader` and `sure`, arrays over `tasks`: what the deciding model says of each, and how likely it finds it.
    `calibration`: (how sure, how often right, of how many), by bins, on gold that the models did not know.
    """

    method: Method
    reason: Reason
    figures: dict[str, float]
    models: list[Models] = field(default_factory=list)
    workers: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    answers: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    accuracy: Floats = field(default_factory=lambda: np.zeros(0))
    tasks: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    leader: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    sure: Floats = field(default_factory=lambda: np.zeros(0))
    calibration: list[tuple[float, float, int]] = field(default_factory=list)


def fit(said: Said, wanted: Method | None) -> Fit:
    """Choose a method, unless the plan wants one, and fit it."""
    figures = _figures(said)
    if wanted in (Method.GOLD_VOTE, Method.MAJORITY):
        return Fit(wanted, Reason.PLAN, figures)
    if (why := _too_little(said, figures)) is not None:
        return Fit(Method.GOLD_VOTE, why, figures)
    tasks, task = np.unique(said.task, return_inverse=True)
    workers, worker = np.unique(said.worker, return_inverse=True)
    parts = _parts(said, tasks, task, worker, len(workers))
    models = [_plain_spoken(refit(part)) for part in parts]
    on_gold, calibration = _on_gold(parts)
    figures |= on_gold
    if wanted is None and figures.get("gold_lost", 0.0) > ERRORS * figures.get("gold_error", 0.0):
        return Fit(Method.GOLD_VOTE, Reason.GOLD_KNOWS_BETTER, figures)
    method = Method.ONE_COIN if wanted is Method.ONE_COIN else Method.IBCC
    if method is Method.ONE_COIN:
        models = [_coin_last(one) for one in models]
    leader, sure = _decided(said, parts, models)
    return Fit(
        method, Reason.USUAL if wanted is None else Reason.PLAN, figures, models, workers,
        np.bincount(worker, minlength=len(workers)), np.mean([_accuracy(one) for one in models], axis=0),
        tasks, leader, sure, calibration,
    )  # fmt: skip


def crowd_of(answers: Ints) -> NDArray[np.intp]:
    """The places of the workers who stand for those who answer next: the most active ones."""
    return np.argsort(-answers, kind="stable")[:CROWD]


def _figures(said: Said) -> dict[str, float]:
    asked = ~np.isin(said.task, list(said.gold))
    each = np.unique(said.task[asked], return_counts=True)[1]
    return {
        "answers": float(len(said.task)), "tasks": float(len(each)), "workers": float(len(np.unique(said.worker))),
        "per_task": float(each.mean()) if len(each) else 0.0, "compared": float((each > 1).sum()),
        "known": float(len(set(said.known) & set(np.unique(said.task).tolist()))),
    }  # fmt: skip


def _too_little(said: Said, figures: dict[str, float]) -> Reason | None:
    if said.classes > MOST_CLASSES and not said.members:
        return Reason.MANY_CLASSES
    if figures["answers"] < FEWEST or said.classes < 2 - bool(said.members):
        return Reason.FEW_ANSWERS
    if figures["per_task"] < EACH:
        return Reason.ONE_ANSWER_EACH
    return Reason.FEW_ANSWERS if figures["compared"] < FEWEST_TASKS else None


def _parts(said: Said, tasks: Ints, task: Ints, worker: Ints, workers: int) -> list[Part]:
    known = np.array([said.known.get(one, -1) for one in tasks.tolist()], np.int64)
    if not said.members:
        return [part_of(task, worker, said.code, known, workers=workers, classes=said.classes)]
    return [
        part_of(
            task, worker, said.code >> place & 1, np.where(known < 0, -1, known >> place & 1),
            workers=workers, classes=2,
        )
        for place in range(said.members)
    ]  # fmt: skip


def _plain_spoken(models: Models) -> Models:
    """The same models, in which an answer says what its probability is. The expectation of the logarithm, by which
    they were fitted, makes an error that nobody has made yet next to impossible: one such answer outvoted four others."""
    return replace(models, log_errors=np.log(np.maximum(models.errors, LEAST)))


def _coin_last(models: Models) -> Models:
    """The same models, one coin deciding."""
    order = [1, 2, 0]
    return Models(
        models.log_priors[order], models.log_errors[order], models.errors[order], models.activity,
        models.temperatures[order],
    )  # fmt: skip


def _accuracy(models: Models) -> Floats:
    """How likely each worker is right, by the model that decides, classes being as frequent as it finds them."""
    priors = np.exp(models.log_priors[-1] - models.log_priors[-1].max())
    return np.asarray(np.einsum("wkk,k->w", models.errors[-1, :-1], priors / priors.sum()), np.float64)


def _decided(said: Said, parts: Sequence[Part], models: Sequence[Models]) -> tuple[Ints, Floats]:
    posteriors = [one.posterior(one.scores(part))[-1] for part, one in zip(parts, models, strict=True)]
    if not said.members:
        return posteriors[0].argmax(axis=1), posteriors[0].max(axis=1)
    there = np.stack([one[:, 1] > 0.5 for one in posteriors], axis=1)
    bits = np.left_shift(1, np.arange(said.members, dtype=np.int64))
    return there @ bits, np.prod([one.max(axis=1) for one in posteriors], axis=0)


def _on_gold(parts: Sequence[Part]) -> tuple[dict[str, float], list[tuple[float, float, int]]]:
    """How often the model and the vote are right on gold that they do not know, and how far apart that is; and how
    sure the model is where it is right."""
    golden = int((parts[0].known >= 0).sum())
    if golden < GOLD:
        return {}, []
    from tagwerk.inference.calibration import held_out, reliability

    lost = np.zeros(0)
    model_right, vote_right, posteriors, truths = [], [], [], []
    for part in parts:
        scores, truth = held_out(part, fit=lambda one: _plain_spoken(refit(one)))
        likely = np.exp(scores[-1] - scores[-1].max(axis=1, keepdims=True))
        posteriors.append(likely / likely.sum(axis=1, keepdims=True))
        truths.append(truth)
        order = np.argsort(_held_out_order(part), kind="stable")
        model_right.append((scores[-1].argmax(axis=1) == truth)[order])
        vote_right.append(_vote_right(part))
        lost = np.concatenate([lost, vote_right[-1].astype(float) - model_right[-1]])
    error = float(lost.std(ddof=1) / np.sqrt(len(lost)))
    diagram = reliability(np.concatenate(posteriors), np.concatenate(truths))
    bins = zip(diagram.confidence.tolist(), diagram.right.tolist(), diagram.count.tolist(), strict=True)
    figures = {
        "gold": float(golden), "gold_model": float(np.mean(np.all(model_right, axis=0))),
        "gold_vote": float(np.mean(np.all(vote_right, axis=0))), "gold_lost": float(lost.mean()),
        "gold_error": error,
    }  # fmt: skip
    return figures, [one for one in bins if one[2]]


def _held_out_order(part: Part, folds: int = 5, seed: int = 0) -> NDArray[np.intp]:
    """The places of gold in the order in which `held_out` gives it back."""
    golden = int((part.known >= 0).sum())
    fold = np.random.default_rng(seed).permutation(golden) % folds
    return np.concatenate([np.flatnonzero(fold == number) for number in range(min(folds, golden))])


def _vote_right(part: Part) -> NDArray[np.bool_]:
    """For each gold task whether the vote is right about it, workers weighted by all other gold."""
    gold = np.flatnonzero(part.known >= 0)
    task = part.task
    asked = part.known[task]
    on_gold = asked >= 0
    hit = on_gold & (asked == part.label)
    seen = np.bincount(part.worker[on_gold], minlength=part.workers)
    correct = np.bincount(part.worker[hit], minlength=part.workers)
    row, who = np.searchsorted(gold, task[on_gold]), part.worker[on_gold]
    accuracies = vote.accuracy(correct[who] - hit[on_gold], seen[who] - 1)
    likely = vote.posteriors(row, part.label[on_gold], accuracies, tasks=len(gold), classes=part.classes)
    return np.asarray(likely.argmax(axis=1) == part.known[gold])
