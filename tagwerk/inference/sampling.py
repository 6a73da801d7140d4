"""How sure a figure from few answers is: order statistics, and a bootstrap that draws whole workers.

A median's interval needs no assumption about how times are spread: between two of the sorted values lies the true
median with a chance that the binomial distribution tells. Answers of one worker are alike, so the bootstrap draws
workers with all their answers; drawing single answers would make every interval too narrow.

Sources: David and Nagaraja 2003, Order Statistics, 7.1; Efron 1979, Annals of Statistics 7; Davison and Hinkley 1997,
Bootstrap Methods and their Application, 3.8 (clusters).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and where the true one probably lies."""

    low: float
    value: float
    high: float

    @property
    def width(self) -> float:
        """From low to high as a share of the value."""
        return (self.high - self.low) / self.value if self.value else 0.0


def median_interval(values: Sequence[float], level: float = 0.95) -> Interval | None:
    """The median between two of the sorted values that hold the true one with a chance of `level`; where they are too few
    for that, between the smallest and the largest. None without values."""
    if not values:
        return None
    known = sorted(values)
    outside, below = (1.0 - level) / 2, 0
    ways, all_ways = 1, 2 ** len(known)  # whole numbers: of a thousand values none of them fits a float
    place = 0  # so many values may be left out on each side
    for k in range(len(known) // 2):
        below += ways
        if below / all_ways > outside:
            break
        place = k
        ways = ways * (len(known) - k) // (k + 1)
    return Interval(float(known[place]), float(np.median(known)), float(known[-1 - place]))


def bootstrap(
    values: Sequence[float], workers: Sequence[int], figure: Callable[[Floats], float], *, level: float = 0.9,
    draws: int = 1_000, seed: int = 0,
) -> Interval | None:  # fmt: skip
    """A figure of all values, and between which shares of `draws` it lies when whole workers are drawn anew.

    The same values and the same seed give the same interval. None with fewer than two workers: nothing tells then how
    much workers differ.
    """
    if len(values) != len(workers):
        raise ValueError("each value has its worker")
    of_worker: dict[int, list[float]] = {}
    for worker, value in zip(workers, values, strict=True):
        of_worker.setdefault(worker, []).append(value)
    groups = [np.array(of_worker[worker], np.float64) for worker in sorted(of_worker)]
    if len(groups) < 2:
        return None
    chance = np.random.default_rng(seed)
    drawn = [
        figure(np.concatenate([groups[number] for number in chance.integers(0, len(groups), len(groups))]))
        for _ in range(draws)
    ]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(figure(np.array(values, np.float64))), float(high))
