"""Delivered means approved: whether a task's result may leave the house, and if not, why. Pure."""

from typing import NamedTuple

from tagwerk.domain.quality.rules.words import ANSWERS_IN_REVIEW, MORE_ANSWERS_WANTED, NO_ANSWERS, TaskState


class Tally(NamedTuple):
    """How many answers of a task count and are approved, and how many count and are still in review."""

    approved: int = 0
    in_review: int = 0


def withheld(tally: Tally, *, state: TaskState | None, judged_answers: int, ended: bool) -> str:
    """Why a task has no result to give out; "" if it has one. `ended`: no more answers will come."""
    if tally.in_review:
        return ANSWERS_IN_REVIEW
    if not tally.approved and not judged_answers and (state is None or (ended and state is TaskState.OPEN)):
        return NO_ANSWERS
    if state is None or tally.approved < judged_answers:
        return MORE_ANSWERS_WANTED  # what was judged is not what counts now: it will be judged again
    return "" if ended or state is not TaskState.OPEN else MORE_ANSWERS_WANTED
