"""Gold: whether an answer is right, and when somebody clearly guesses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tagwerk.base.errors import Refusal
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.inference import vote

SAME = 1e-9  # a distance this small is none

# A worker is paused when, for some question, it is this likely that they are little better than chance.
FEWEST_GOLD = 8
GUESSER_ABOVE_CHANCE = 0.3  # of the way from chance to perfect: 65 % right of two options, 53 % of three
GUESSER_SURE = 0.95


def score(gold: Mapping[str, Any], answers: Mapping[str, Any], ballots: Iterable[Ballot]) -> dict[str, bool]:
    """Question by question, whether the answer is the right one; only questions whose right answer is known and fits:
    gold may be older than the question as it is now."""
    return {
        ballot.question: right(ballot, answers.get(ballot.question), gold[ballot.question])
        for ballot in ballots
        if ballot.question in gold and _fits(ballot, gold[ballot.question])
    }


def _fits(ballot: Ballot, expected: Any) -> bool:
    try:
        ballot.kind.validate(ballot.options, expected, path=ballot.question)
    except Refusal:
        return False
    return True


def right(ballot: Ballot, given: Any, expected: Any) -> bool:
    """Whether an answer is as far from the right one as the right one itself; no answer is right only if none is due."""
    if given is None or expected is None:
        return given is expected
    return ballot.kind.distance(ballot.options, given, expected) <= SAME


@dataclass(frozen=True, slots=True)
class Record:
    """Right answers to gold of one question, and all answers to it."""

    seen: int = 0
    correct: int = 0

    @property
    def accuracy(self) -> float:
        return float(vote.accuracy(self.correct, self.seen))


def guesses(record: Record, classes: int, *, fewest: int = FEWEST_GOLD, sure: float | None = None) -> bool:
    """Whether a worker clearly does little better than chance at a question of so many labels."""
    if record.seen < fewest or classes < 2:
        return False
    chance = 1.0 / classes
    limit = chance + GUESSER_ABOVE_CHANCE * (1.0 - chance)
    return vote.chance_below(limit, record.correct, record.seen) >= (GUESSER_SURE if sure is None else sure)


def weight_changed(before: int, after: int) -> bool:
    """Whether so much more gold was seen that earlier tasks deserve another look: at 4, 8, 16, 32 … seen."""
    return after >= 4 and after.bit_length() > max(before, 3).bit_length()
