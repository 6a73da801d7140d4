"""Gold: whether an answer is right, and when somebody clearly guesses."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tagwerk.domain.designs.rules.gold import chance, expected_of, fits, is_right
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.inference import vote

# A worker is paused when, for some question, it is this likely that they are little better than chance.
FEWEST_GOLD = 8
GUESSER_ABOVE_CHANCE = 0.3  # of the way from chance to perfect: 65 % right of two options, 53 % of three
GUESSER_SURE = 0.95


def tolerances_of(file: Mapping[str, Any]) -> Mapping[str, Any]:
    """Question → how near to gold is right, as a project file says it; empty where the kinds decide."""
    return (file.get("quality") or {}).get("tolerance") or {}


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer to one question of gold. `chance`: the share of all possible answers that would have been right."""

    right: bool
    chance: float


def score(
    gold: Mapping[str, Any],
    answers: Mapping[str, Any],
    ballots: Iterable[Ballot],
    tolerances: Mapping[str, Any] | None = None,
) -> dict[str, Scored]:
    """Question by question, whether the answer is near enough to a right one; only questions whose right answer is known
    and fits: gold may be older than the question as it is now."""
    return {
        ballot.question: Scored(
            right(ballot, answers.get(ballot.question), gold[ballot.question], tolerances),
            by_chance(ballot, gold[ballot.question], tolerances),
        )
        for ballot in ballots
        if ballot.question in gold
        and fits(ballot.kind, ballot.options, expected_of(gold[ballot.question]), path=ballot.question)
    }


def right(ballot: Ballot, given: Any, expected: Any, tolerances: Mapping[str, Any] | None = None) -> bool:
    """Whether an answer counts as right; `tolerances` are the project's, by question."""
    tolerance = (tolerances or {}).get(ballot.question)
    return is_right(ballot.kind, ballot.options, given, expected_of(expected), tolerance)


def by_chance(ballot: Ballot, expected: Any, tolerances: Mapping[str, Any] | None = None) -> float:
    """How likely somebody is right who answers at random."""
    tolerance = (tolerances or {}).get(ballot.question)
    key = json.dumps([expected, tolerance], sort_keys=True, ensure_ascii=False)
    return _chance(ballot, key)


@lru_cache(maxsize=4096)
def _chance(ballot: Ballot, key: str) -> float:
    expected, tolerance = json.loads(key)
    return chance(ballot.kind, ballot.options, expected_of(expected), tolerance)


@dataclass(frozen=True, slots=True)
class Record:
    """Right answers to gold of one question, all answers to it, and how many would be right by chance."""

    seen: int = 0
    correct: int = 0
    by_chance: float = 0.0

    @property
    def accuracy(self) -> float:
        return float(vote.accuracy(self.correct, self.seen))


def guesses(record: Record, classes: int, *, fewest: int = FEWEST_GOLD, sure: float | None = None) -> bool:
    """Whether a worker clearly does little better than chance at a question of so many labels."""
    if record.seen < fewest or classes < 2:
        return False
    lucky = max(1.0 / classes, record.by_chance / record.seen)  # near answers are easier to hit
    limit = lucky + GUESSER_ABOVE_CHANCE * (1.0 - lucky)
    return vote.chance_below(limit, record.correct, record.seen) >= (GUESSER_SURE if sure is None else sure)


def weight_changed(before: int, after: int) -> bool:
    """Whether so much more gold was seen that earlier tasks deserve another look: at 4, 8, 16, 32 … seen."""
    return after >= 4 and after.bit_length() > max(before, 3).bit_length()
