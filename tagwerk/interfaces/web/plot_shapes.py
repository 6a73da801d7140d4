"""What is drawn in a plot: pure functions from numbers to SVG in a square of 100 × 100, the origin below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SIDE = 100
WIDEST = 20  # a single column is not as wide as the plot
WANTED_TICKS = 4


@dataclass(frozen=True)
class Scale:
    """The values at the lower and the upper edge, and those beside which a line is drawn."""

    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        """Where the value lies, counted from above as SVG does."""
        low, high = self.ticks[0], self.ticks[-1]
        return round(SIDE - SIDE * (value - low) / (high - low), 2)


def scale_of(values: Sequence[float]) -> Scale:
    """A scale of round numbers over zero and all values."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    step = round_step((high - low) / WANTED_TICKS or 0.25)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return Scale(tuple(round(number * step, 12) for number in range(first, last + 1)))


def round_step(at_least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not smaller."""
    power = 10.0 ** floor(log10(at_least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= at_least * (1 - 1e-9))


def positions(count: int, along: Sequence[float] = ()) -> list[float]:
    """Where on the axis each value stands: evenly, or by its number in `along`. One alone stands in the middle."""
    numbers = list(along) or [float(number) for number in range(count)]
    if len(numbers) < 2 or numbers[0] == numbers[-1]:
        return [SIDE / 2] * len(numbers)
    span = numbers[-1] - numbers[0]
    return [round(SIDE * (number - numbers[0]) / span, 2) for number in numbers]


def grid_svg(scale: Scale) -> SafeString:
    """A line beside each tick; the one of zero is the ground."""
    return format_html_join(
        "",
        '<path class="{}" d="M0 {}H100"/>',
        (("plot-ground" if tick == 0 else "plot-grid", f"{scale.y(tick):g}") for tick in scale.ticks),
    )


def columns_svg(counts: Sequence[float], scale: Scale) -> SafeString:
    """Columns side by side, as a histogram has them; a few stay columns and do not become walls."""
    wide = SIDE / max(1, len(counts))
    gap = max(min(0.6, wide / 10), (wide - WIDEST) / 2)
    shapes = format_html_join(
        "",
        '<rect class="plot-fill-1" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (f"{place * wide + gap:.4g}", f"{scale.y(count):g}", f"{wide - 2 * gap:.4g}", f"{scale.y(0) - scale.y(count):.4g}")
            for place, count in enumerate(counts)
        ),
    )  # fmt: skip
    return grid_svg(scale) + shapes


def line_svg(
    places: Sequence[float], values: Sequence[float | None], scale: Scale, number: int
) -> SafeString:
    """A line with its gaps; where a value stands alone, a dot. The first line brings the grid."""
    below = grid_svg(scale) if number == 1 else SafeString("")
    return below + format_html_join(
        "",
        '<path class="plot-{} plot-ink-{}" d="{}"/>',
        (
            ("line" if len(points) > 1 else "dot", number, _path(points))
            for points in _pieces(places, values, scale)
        ),
    )


def area_svg(
    places: Sequence[float], low: Sequence[float | None], high: Sequence[float | None], scale: Scale
) -> SafeString:
    """The band between two lines."""
    known = [(x, a, b) for x, a, b in zip(places, low, high, strict=True) if a is not None and b is not None]
    there = [(x, scale.y(b)) for x, _a, b in known]
    back = [(x, scale.y(a)) for x, a, _b in reversed(known)]
    return format_html('<path class="plot-band" d="{}Z"/>', _path(there + back)) if known else SafeString("")


def _pieces(
    places: Sequence[float], values: Sequence[float | None], scale: Scale
) -> Iterable[list[tuple[float, float]]]:
    points = list(zip(places, values, strict=True))
    for known, piece in groupby(points, key=lambda point: point[1] is not None):
        if known:
            yield [(x, scale.y(value)) for x, value in piece if value is not None]


def _path(points: Sequence[tuple[float, float]]) -> str:
    if len(points) == 1:  # a line of no length with round ends: a dot
        return f"M{points[0][0]:g} {points[0][1]:g}h0"
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
