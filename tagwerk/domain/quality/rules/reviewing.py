"""What a reviewer can find, whom reviewing checks, and how much reviewers agree. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tagwerk.domain.quality.rules.judging import Ballot

OPEN_SECONDS = 20 * 60  # for so long nobody else is given the answer that a reviewer has opened


class Verdict(StrEnum):
    """What a reviewer decides about an answer."""

    APPROVE = "approve"  # good as it is
    CORRECT = "correct"  # paid; the reviewer's own answer decides the result
    REVISE = "revise"  # the worker is asked for a better one
    REJECT = "reject"  # not paid, never delivered


class ReviewKind(StrEnum):
    """The first review decides; a second one and gold only measure the reviewers."""

    FIRST = "first"
    SECOND = "second"
    GOLD = "gold"


GOOD = (Verdict.APPROVE,)  # the answer is right as it stands; all others say that it is not


@dataclass(frozen=True, slots=True)
class Plan:
    """The review plan of a project file: shares from 0 to 1; `below`: less certain tasks always come."""

    share: float
    below: float
    double: float
    gold: float

    @classmethod
    def of(cls, file: Mapping[str, Any]) -> "Plan":
        """From the file as it is kept; without a plan, every answer can be reviewed."""
        review = (file.get("quality") or {}).get("review") or {}
        return cls(
            float(review.get("share", 1.0)), float(review.get("below", 0.0)), float(review.get("double", 0.0)),
            float(review.get("gold", 0.0)),
        )  # fmt: skip


class Drawn(StrEnum):
    """Why an answer came to a reviewer. They read it when they have committed: some of it would sway them."""

    ALL = "all"  # every answer does
    SHARE = "share"  # by chance
    UNSURE = "unsure"  # its task is less certain than the plan wants
    PAUSED = "paused"  # its worker is paused until somebody has looked
    SENT = "sent"  # a control rule sends its worker's answers to review
    BETTER = "better"  # it is the better answer that was asked for
    DECISION = "decision"  # a better answer was asked for and did not come
    CHECK = "check"  # to see whether reviewers agree, or are right
    WORKER = "worker"  # the reviewer asked for this worker's,
    RULE = "rule"  # for those of workers whom a control rule met,
    SIGNAL = "signal"  # or for those that a signal points at


@dataclass(frozen=True, slots=True)
class Draw:
    """Which answers a reviewer asks for, all that is said here together; nothing: those that the review plan draws."""

    worker: str = ""  # a pseudonym
    rule: str = ""  # the key of a control rule: of workers whom it met
    signal: str = ""  # a kind: of workers about whom there is one that nobody dismissed
    evidence: int = 0  # the number of a signal: the answers that show it

    @property
    def is_chosen(self) -> bool:
        """Whether a reviewer has chosen anything."""
        return self != Draw()

    @property
    def says(self) -> tuple[Drawn, str]:
        """What of it an answer came for."""
        if self.evidence:
            return Drawn.SIGNAL, str(self.evidence)
        if self.signal:
            return Drawn.SIGNAL, self.signal
        return (Drawn.RULE, self.rule) if self.rule else (Drawn.WORKER, self.worker)


def round_of(revision: int, *, as_it_is: bool) -> int:
    """Which round of reviewing an answer is in: a new one with each revision, and when it is decided as it is."""
    return 2 * revision + as_it_is


def corrections(
    ballots: Collection[Ballot], given: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The questions to which the reviewer answers differently, with their answer."""
    return {
        one.question: own[one.question]
        for one in ballots
        if own.get(one.question) is not None and not same(one, given.get(one.question), own[one.question])
    }


def same(ballot: Ballot, given: Any, other: Any) -> bool:
    """Whether two answers say the same, to the letter: what is near enough for gold may well be corrected."""
    return given is not None and ballot.kind.distance(ballot.options, given, other) == 0


def right_verdict(*, answer_is_right: bool, verdict: Verdict, own_is_right: bool) -> bool:
    """Of gold: a right answer is approved, a wrong one is not; and who corrects it has to know the right one."""
    if verdict is Verdict.CORRECT:
        return own_is_right and not answer_is_right
    return answer_is_right == (verdict in GOOD)


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two verdicts each (Cohen 1960): agreement beyond what chance gives; None without a pair, or
    where both say the same of all so that chance explains everything."""
    if not pairs:
        return None
    n = len(pairs)
    same = sum(one == other for one, other in pairs) / n
    labels = {label for pair in pairs for label in pair}
    chance = sum(
        (sum(one == label for one, _ in pairs) / n) * (sum(other == label for _, other in pairs) / n)
        for label in labels
    )
    return None if chance >= 1 else (same - chance) / (1 - chance)
