"""When a task has enough answers, and how many more to ask for."""

from collections.abc import Collection
from dataclasses import dataclass

from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.inference import vote

# What further answers must be worth at least, as a share of the doubt that the plan allows: at a confidence of 0.95
# this is the 0.008 that was measured (docs/decisions/when-answers-are-enough.md).
LEAST_GAIN = 0.16


@dataclass(frozen=True, slots=True)
class Plan:
    """The quality plan's numbers: ask `least` first, up to `most`, until `confidence` is reached."""

    least: int
    most: int
    confidence: float

    @property
    def least_gain(self) -> float:
        """The smallest rise of the probability of being right that is worth asking on for."""
        return LEAST_GAIN * (1.0 - self.confidence)


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure a deciding question is, among how many labels, and how good a usual worker is at it.

    `reached` is None where the question has no certainty: then it never keeps a task open. With fitted models,
    `least_sure` is how sure the one that doubts most is, and `more` how many answers at least are worth asking for (0:
    none that may still come is); None where a vote decides, which asks on until it is sure.
    """

    reached: float | None
    classes: int
    typical: float
    more: int | None = None
    least_sure: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a task stands after judging; `more` answers are to be asked for on top of those asked for before."""

    state: TaskState
    wanted: int
    more: int
    confidence: float | None


def standing(plan: Plan, *, answers: int, wanted: int, deciding: Collection[Certainty]) -> Standing:
    """Whether `answers` of `wanted` asked for are enough; if not, and all are in, how many more it takes."""
    reached = [one.reached for one in deciding if one.reached is not None]
    least_sure = min(reached, default=None)
    certain = TaskState.DONE if least_sure is None or least_sure >= plan.confidence else TaskState.EXHAUSTED
    unsure = [one for one in deciding if one.reached is not None and not _is_sure(plan, one)]
    if answers >= plan.least and not unsure:
        return Standing(TaskState.DONE, wanted, 0, least_sure)
    if answers >= plan.most:
        return Standing(certain, wanted, 0, least_sure)
    if answers < wanted:
        return Standing(TaskState.OPEN, wanted, 0, least_sure)
    more = max((_missing(plan, one) for one in unsure), default=1)
    if more == 0 and answers >= plan.least:
        return Standing(certain, wanted, 0, least_sure)  # nothing that may still come is worth its price
    more = min(max(more, plan.least - answers), plan.most - answers)
    return Standing(TaskState.OPEN, answers + more, more, least_sure)


def _is_sure(plan: Plan, one: Certainty) -> bool:
    """Whether all models are as sure as the plan wants."""
    return ((one.reached or 0.0) if one.least_sure is None else one.least_sure) >= plan.confidence


def _missing(plan: Plan, one: Certainty) -> int:
    """The fewest answers that are worth asking for; by a vote, after which the question could be sure."""
    if one.more is not None:
        return one.more
    return vote.votes_missing(plan.confidence, one.reached or 0.5, one.typical, one.classes)
