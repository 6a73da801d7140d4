"""Rejecting many needs two people, and an objection another one. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import median

from tagwerk.base.errors import Invalid

APPEAL_DAYS = 7  # for the decision; the law gives two weeks (directive (EU) 2024/2831, article 11)
CONFIRM_DAYS = 3
LONGEST_TEXT = 4_000
SHORTEST_TEXT = 10

# Rejections within this time count together.
WINDOW = timedelta(days=7)
MANY = 20  # of one project
SOME = 5
SHARE = 0.05  # of the project's answers, from more than SOME on


class AppealState(StrEnum):
    """`open → granted / refused / lapsed / withdrawn`; lapsed: nobody decided in time, so it is granted."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


WON = (AppealState.GRANTED, AppealState.LAPSED)


class ProposalState(StrEnum):
    """`waiting → confirmed / refused / lapsed`, or withdrawn because the answer was approved meanwhile."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Rejected:
    """How many of a project's answers were rejected within WINDOW, and of the one worker; with those in question."""

    of_project: int
    of_worker: int
    answers: int  # of the project, all that were handed in


def needs_second(counts: Rejected) -> bool:
    """Whether this is more than one person may decide alone: many, a large share of the project, or one person's."""
    return (
        counts.of_project > MANY
        or (counts.of_project > SOME and counts.of_project > SHARE * counts.answers)
        or counts.of_worker > SOME
    )


def text_of(text: str, *, path: str = "text") -> str:
    """An objection, or the answer to one; refuses what says nothing, or too much."""
    said = text.strip()
    if not SHORTEST_TEXT <= len(said) <= LONGEST_TEXT:
        raise Invalid(
            "appeal_text_unfit", "Say why, in {least} to {most} characters.",
            path=path, least=SHORTEST_TEXT, most=LONGEST_TEXT,
        )  # fmt: skip
    return said


def median_days(seconds: Collection[float]) -> float | None:
    """How many days the middle one of these took."""
    return median(seconds) / 86_400 if seconds else None
