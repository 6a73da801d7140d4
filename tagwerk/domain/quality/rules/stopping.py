"""When a task has enough answers, and how many more to ask for."""

from collections.abc import Collection
from dataclasses import dataclass

from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.inference import vote


@dataclass(frozen=True, slots=True)
class Plan:
    """The quality plan's numbers: ask `least` first, up to `most`, until `confidence` is reached."""

    least: int
    most: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure a deciding question is, among how many labels, and how good a usual worker is at it.

    `reached` is None where the question has no certainty: then it never keeps a task open.
    """

    reached: float | None
    classes: int
    typical: float


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
    sure = least_sure is None or least_sure >= plan.confidence
    if answers >= plan.least and sure:
        return Standing(TaskState.DONE, wanted, 0, least_sure)
    if answers >= plan.most:
        return Standing(TaskState.EXHAUSTED, wanted, 0, least_sure)
    if answers < wanted:
        return Standing(TaskState.OPEN, wanted, 0, least_sure)
    more = min(max(_missing(plan, deciding), plan.least - answers), plan.most - answers)
    return Standing(TaskState.OPEN, answers + more, more, least_sure)


def _missing(plan: Plan, deciding: Collection[Certainty]) -> int:
    """The fewest answers after which every deciding question could be sure: more at once could be wasted."""
    unsure = [one for one in deciding if one.reached is not None and one.reached < plan.confidence]
    missing = [
        vote.votes_missing(plan.confidence, one.reached or 0.5, one.typical, one.classes) for one in unsure
    ]
    return max(missing, default=1)
