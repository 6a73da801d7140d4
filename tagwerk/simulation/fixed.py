"""The same simulated people, asked offline: what each task would have got with a fixed number of answers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from tagwerk.client import Design, Held
from tagwerk.simulation.answering import Answerer
from tagwerk.simulation.habits import HABITS
from tagwerk.simulation.workforce import Done

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def answers_of(
    people: Sequence[Done], design: Design, truths: Mapping[str, Mapping[str, Any]], each: int, seed: str
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(task, place of the person, answers): so many answers to each task of `truths`, by people drawn for it."""
    chance = Random(seed)  # noqa: S311 (a simulation is seeded, not secret)
    hands = [Answerer(HABITS[one.habit], one.accuracy, chance) for one in people]
    for task, truth in truths.items():
        for place in chance.sample(range(len(hands)), min(each, len(hands))):
            held = Held("", "", task, design.id, 1, {}, NEVER, None, order=chance.choice(("ab", "ba")))
            yield task, place, hands[place].answers(design, held, dict(truth), task)
