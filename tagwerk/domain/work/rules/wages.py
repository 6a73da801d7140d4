"""What an hour of work really paid: of a project, of the people in it, and how many earned at least so much. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

HOUR_MS = 3_600_000
CENT_MICROS = 10_000
ENOUGH_WORKERS = (
    10  # below so many the requester's estimate stands: a share of a few says little, and tells on them
)
ENOUGH_OF_ONE = 3  # decided answers: whoever gave fewer says nothing about how people earn
MOST_KEPT = 1_000  # points of the distribution that are kept


@dataclass(frozen=True, slots=True)
class WorkerPart:
    """What one worker's measured answers paid, and how long they took."""

    answers: int
    active_ms: int
    pay_micros: int


@dataclass(frozen=True, slots=True)
class Wages:
    """What an hour paid in a project. `per_hour_micros`: all pay by all time; `median_micros` and `tenth_micros`: of the
    wages of people, the middle and the one below which a tenth of them lies; `spread`: these wages, the lowest first."""

    answers: int
    workers: int  # whose wage is known
    active_ms: int
    pay_micros: int
    median_micros: int
    tenth_micros: int
    spread: tuple[int, ...]

    @property
    def per_hour_micros(self) -> int:
        """All pay by all active time, to the cent."""
        return hourly(self.pay_micros, self.active_ms)

    @property
    def is_enough(self) -> bool:
        """Whether it says something about the project, and nothing about one worker."""
        return self.workers >= ENOUGH_WORKERS

    def share_at_least(self, floor_micros: int) -> float | None:
        """The share of people whose hour paid at least so much; None while they are too few."""
        if not self.is_enough or not self.spread:
            return None
        return (len(self.spread) - bisect_left(self.spread, floor_micros)) / len(self.spread)


def hourly(pay_micros: int, active_ms: int) -> int:
    """The pay for an hour, rounded down to the cent: nobody is said to earn what they do not."""
    return pay_micros * HOUR_MS // active_ms // CENT_MICROS * CENT_MICROS if active_ms > 0 else 0


def wages_of(parts: Iterable[WorkerPart]) -> Wages:
    """The wages of a project from what each of its workers did."""
    all_parts = [part for part in parts if part.active_ms > 0]
    each = sorted(
        hourly(part.pay_micros, part.active_ms) for part in all_parts if part.answers >= ENOUGH_OF_ONE
    )
    return Wages(
        answers=sum(part.answers for part in all_parts),
        workers=len(each),
        active_ms=sum(part.active_ms for part in all_parts),
        pay_micros=sum(part.pay_micros for part in all_parts),
        median_micros=int(median(each)) // CENT_MICROS * CENT_MICROS if each else 0,
        tenth_micros=each[-(-len(each) // 10) - 1] if each else 0,
        spread=_thinned(each),
    )


def _thinned(values: Sequence[int]) -> tuple[int, ...]:
    """At most MOST_KEPT of sorted values, at evenly spaced places, the ends among them."""
    if len(values) <= MOST_KEPT:
        return tuple(values)
    last = len(values) - 1
    return tuple(values[place * last // (MOST_KEPT - 1)] for place in range(MOST_KEPT))


# Simulated: times of tasks spread log-normally (σ 0.6), speeds of people too (σ 0.35), all paid the minimum wage times
# the middle time times a factor. → the share of people who earn at least the minimum wage.
SIMULATED = ((2.0, 0.92), (1.6, 0.81), (1.4, 0.68), (1.2, 0.50), (1.0, 0.30))
FACTOR_BP = 14_000  # of what is suggested
SMALL_MICROS = 5 * CENT_MICROS  # below it a cent is much, so prices are suggested to a tenth of one


def suggested(floor_micros: int, answer_ms: int) -> int:
    """The pay for an answer at which most people should earn the minimum wage: rounded up to the cent, small ones to a
    tenth of it."""
    exact = -(-floor_micros * answer_ms * FACTOR_BP // (HOUR_MS * 10_000))
    step = CENT_MICROS if exact >= SMALL_MICROS else CENT_MICROS // 10
    return -(-exact // step) * step


def factor_of(reward_micros: int, floor_micros: int, answer_ms: int) -> float:
    """How many times the minimum wage an hour at the middle time pays."""
    return reward_micros * HOUR_MS / (floor_micros * answer_ms)


def simulated_share(factor: float) -> float | None:
    """The share of people who earned at least the minimum wage in the simulation, of the step below; None: too little to
    say."""
    return next((share for step, share in SIMULATED if factor >= step - 0.005), None)
