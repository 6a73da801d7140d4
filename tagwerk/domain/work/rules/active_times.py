"""How long answers took, in buckets that a person can read. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

# Seconds at which one bucket ends and the next begins. What is stored names buckets by their place: add none between.
EDGES = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Answers that took at least `least` and less than `below` seconds; None: there is no end."""

    least: int
    below: int | None
    answers: int


def buckets(counted: Mapping[int, int]) -> list[Bucket]:
    """From the first bucket with answers to the last; `counted` by the place of the bucket."""
    places = [place for place, answers in counted.items() if answers]
    if not places:
        return []
    bounds = (0, *EDGES)
    return [
        Bucket(bounds[place], EDGES[place] if place < len(EDGES) else None, counted.get(place, 0))
        for place in range(min(places), max(places) + 1)
    ]


def middle_seconds(found: list[Bucket]) -> float | None:
    """The median: half of the answers took less. Answers are taken to lie evenly in their bucket."""
    half = sum(one.answers for one in found) / 2
    before = 0
    for one in found:
        if half and before + one.answers >= half:
            width = (one.below or one.least) - one.least
            return one.least + width * (half - before) / one.answers
        before += one.answers
    return None
