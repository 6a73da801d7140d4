"""When a project will be done, as a range that says how little is known. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

WINDOW_HOURS = 24  # the pace of the last day: it holds the night as well as the day
FEWEST_ANSWERS = 12  # with fewer, a range would say nothing
LEAST_HOURS = 0.5  # the first minutes after a launch say nothing of the hours to come
WIDTH = 1.28  # standard errors to each side: four of five such ranges hold the truth
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Answers to ordinary tasks within so many hours; `spread`: variance of the hourly counts by their mean (1: chance)."""

    answers: int
    hours: float
    spread: float

    @classmethod
    def of(cls, by_hour: Mapping[datetime, int], *, launched_at: datetime | None, now: datetime) -> "Pace":
        """From counts by the beginning of the hour. Hours without a count count: people sleep."""
        begin = max(now - WINDOW_HOURS * HOUR, launched_at or now)
        counts, hours, at = [], 0.0, begin.replace(minute=0, second=0, microsecond=0)
        while at < now:
            within = min(now, at + HOUR) - max(begin, at)
            hours += within / HOUR
            counts.append(by_hour.get(at, 0))
            at += HOUR
        total = sum(counts)
        mean = total / len(counts) if counts else 0.0
        variance = sum((one - mean) ** 2 for one in counts) / max(1, len(counts) - 1)
        return cls(total, hours, max(1.0, variance / mean) if mean else 1.0)

    @property
    def per_hour(self) -> float:
        return self.answers / self.hours if self.hours else 0.0


@dataclass(frozen=True, slots=True)
class Finish:
    """Between so many hours and so many."""

    least_hours: float
    most_hours: float


def finish(
    pace: Pace, *, tasks: int, settled: int, settled_answers: int, open_answers: int, least: int, most: int
) -> Finish | None:
    """How long until every task has its result, at the pace of the last day; None where that says too little.

    The range covers how unevenly answers come, and how many answers a task takes: what the settled ones took, or
    anything between `least` and `most` while few are settled.
    """
    if pace.answers < FEWEST_ANSWERS or pace.hours < LEAST_HOURS or tasks <= settled:
        return None
    mean = settled_answers / settled if settled else (least + most) / 2
    unsure = WIDTH * (most - least) / (2 * sqrt(settled)) if settled else float(most - least)
    left = tasks - settled
    fewest = max(1.0, left * max(float(least), mean - unsure) - open_answers)
    largest = max(fewest, left * min(float(most), mean + unsure) - open_answers)
    error = WIDTH * sqrt(pace.spread * pace.answers) / pace.hours
    slow = max(pace.per_hour - error, pace.per_hour / 3)
    return Finish(fewest / (pace.per_hour + error), largest / slow)
