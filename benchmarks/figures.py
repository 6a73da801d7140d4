"""One figure is one line of JSON; what takes part in a ratio is measured in turns, so that noise meets both sides."""

import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Figure:
    """A value, what it is held against, and the ratio of the two."""

    name: str
    value: float
    unit: str
    against: str
    ratio: float


@dataclass(frozen=True)
class Scale:
    """How much is measured. `small` is for a look in between; its figures say little."""

    small: bool

    def of(self, full: int, small: int) -> int:
        """The full number, or the small one."""
        return small if self.small else full


def show(figure: Figure) -> None:
    """Print a figure as one line."""
    facts = asdict(figure) | {"value": _short(figure.value), "ratio": _short(figure.ratio)}
    print(json.dumps(facts), flush=True)


def note(text: str) -> None:
    """Say on standard error what is being done."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def in_turns(kinds: Mapping[str, Callable[[], T]], *, rounds: int) -> dict[str, list[T]]:
    """Each kind once per round; every second round goes through them in reverse."""
    found: dict[str, list[T]] = {name: [] for name in kinds}
    for number in range(rounds):
        for name in list(kinds)[:: -1 if number % 2 else 1]:
            found[name].append(kinds[name]())
    return found


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: float) -> float:
    return float(f"{value:.4g}")
