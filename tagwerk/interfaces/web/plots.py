"""Plots: figures turned into a drawing and its table, on the server.

A page hands figures over; what comes back goes to `{% component "plot" plot=… %}`. The drawing fills a square of
100 × 100 that the page stretches; all words stand around it as text, so that they keep their size on every screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from tagwerk.base.money import MICROS
from tagwerk.interfaces.web import formats
from tagwerk.interfaces.web.plot_shapes import (
    Scale,
    area_svg,
    columns_svg,
    line_svg,
    positions,
    scale_of,
)

Value = float | int | None  # None: nothing was measured there, which is not zero


@dataclass(frozen=True)
class Measure:
    """What values are: their unit in words, and how one is written.

    With a currency the values are micros of it; `percent`: they are shares of one.
    """

    unit: str = ""
    currency: str = ""
    percent: bool = False

    def write(self, value: Value) -> str:
        """The value as people read it."""
        if value is None:
            return "–"
        if self.currency:
            return formats.money_text(round(value), self.currency)
        return formats.percent_text(value) if self.percent else formats.number_text(value)

    def number(self, value: Value) -> float | None:
        """The value as programs read it: euros, not micros."""
        return value / MICROS if self.currency and value is not None else value

    @property
    def options(self) -> dict[str, Any]:
        """The same for the browser's Intl.NumberFormat."""
        if self.currency:
            return {"style": "currency", "currency": self.currency}
        return {"style": "percent"} if self.percent else {"maximumFractionDigits": 3}


@dataclass(frozen=True)
class Series:
    """Values under one name, one for each place on the axis."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Band:
    """How uncertain the first series is: from low to high at each place."""

    label: str
    low: Sequence[Value]
    high: Sequence[Value]


@dataclass(frozen=True)
class Cell:
    """What stands in the table, and what goes into the CSV file."""

    text: str
    data: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar in the row of its number, from `begin`, `share` long, both of 100; with a mark at `at` it is an interval,
    and `ends` are the numbers of its two ends."""

    label: str
    share: float
    text: str
    data: str = ""
    begin: float = 0.0
    at: float | None = None
    ends: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class HeatRow:
    """A row of a heat map: each number with how strongly it is coloured, from 0 to 5; `own` marks the diagonal."""

    label: str
    cells: tuple[tuple[Cell, int, bool], ...]


@dataclass(frozen=True)
class Part:
    """The row of its number in the one bar of a whole: from `begin`, `share` wide, both of 100; ok, wait, info or rest."""

    label: str
    begin: float
    share: float
    text: str
    data: str
    tone: str


@dataclass(frozen=True)
class Plot:
    """Everything that the component draws and says."""

    title: str
    unit: str
    basis: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[Bar, ...] = ()
    parts: tuple[Part, ...] = ()
    heat: tuple[HeatRow, ...] = ()
    drawing: str = ""  # SVG, safe
    legend: tuple[str, ...] = ()
    banded: bool = False  # the last name of the legend is that of the band
    x_ticks: tuple[str, ...] = ()
    y_ticks: tuple[str, ...] = ()
    live: dict[str, Any] = field(default_factory=dict)  # what the browser draws anew: a time series

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not self.rows


COUNT = Measure()


def bars(
    *, title: str, name_label: str, bars: Sequence[tuple[str, Value]], measure: Measure = COUNT,
    value_label: str = "", basis: str = "", whole: float | None = None,
) -> Plot:  # fmt: skip
    """One bar for each name, in the order given; as long as its share of `whole`, by default of the longest."""
    longest = whole or max((value or 0 for _name, value in bars), default=0) or 1
    return Plot(
        title=title,
        unit=measure.unit,
        basis=basis,
        columns=(name_label, value_label or measure.unit or title),
        rows=tuple((Cell(name), _cell(measure, value)) for name, value in bars),
        bars=tuple(
            Bar(name, round(min(100, max(0, 100 * (value or 0) / longest)), 2), cell.text, cell.data)
            for name, value in bars
            for cell in [_cell(measure, value)]
        ),
    )


def intervals(
    *, title: str, name_label: str, value_label: str, low_label: str, high_label: str,
    rows: Sequence[tuple[str, float, float, float]], measure: Measure = COUNT, basis: str = "", whole: float = 1.0,
) -> Plot:  # fmt: skip
    """A value and how uncertain it is, for each name: (name, low, value, high), between 0 and `whole`."""
    drawn = []
    for name, low, value, high in rows:
        begin, at, end = (round(100 * min(max(0.0, v / whole), 1.0), 2) for v in (low, value, high))
        number, ends = _cell(measure, value), (_cell(measure, low), _cell(measure, high))
        text = f"{number.text} ({ends[0].text} – {ends[1].text})"
        drawn.append(Bar(name, round(end - begin, 2), text, number.data, begin, min(at, 99.0), ends))
    return Plot(
        title=title,
        unit=measure.unit,
        basis=basis,
        columns=(name_label, value_label, low_label, high_label),
        rows=tuple((Cell(bar.label), Cell(bar.text, bar.data), *bar.ends) for bar in drawn),
        bars=tuple(drawn),
    )


def heat(
    *, title: str, row_label: str, names: Sequence[str], shares: Sequence[Sequence[float | None]], basis: str = ""
) -> Plot:  # fmt: skip
    """Shares of one, each row over the same names as the columns: what was taken for what. Rows without figures stay."""
    measure = Measure(percent=True)
    rows = tuple(
        HeatRow(
            name,
            tuple(
                (_cell(measure, share), min(5, int(6 * (share or 0))), place == column)
                for column, share in enumerate(row)
            ),
        )
        for place, (name, row) in enumerate(zip(names, shares, strict=True))
    )
    return Plot(
        title=title, unit="", basis=basis, columns=(row_label, *names), heat=rows,
        rows=tuple((Cell(row.label), *(cell for cell, _level, _own in row.cells)) for row in rows),
    )  # fmt: skip


def parts(
    *, title: str, name_label: str, value_label: str, parts: Sequence[tuple[str, float, str]], whole: float,
    measure: Measure = COUNT, basis: str = "",
) -> Plot:  # fmt: skip
    """Parts of a whole in one bar, in the order given, each with its tone; nothing where the whole is nothing."""
    drawn, begin = [], 0.0
    for label, value, tone in parts if whole else ():
        share = round(min(100 - begin, 100 * max(0.0, value) / whole), 2)
        cell = _cell(measure, value)
        drawn.append(Part(label, round(begin, 2), share, cell.text, cell.data, tone))
        begin += share
    return Plot(
        title=title,
        unit=measure.unit,
        basis=basis,
        columns=(name_label, value_label),
        rows=tuple((Cell(part.label), Cell(part.text, part.data)) for part in drawn),
        parts=tuple(drawn),
    )


def histogram(
    *, title: str, edges: Sequence[float], counts: Sequence[int], of: Measure, count_label: str,
    basis: str = "", from_label: str, to_label: str,
) -> Plot:  # fmt: skip
    """How many values lie between one edge and the next; there is one edge more than there are counts."""
    assert not counts or len(edges) == len(counts) + 1, "each column lies between two edges"
    scale = scale_of([float(count) for count in counts])
    return Plot(
        title=title,
        unit=of.unit,
        basis=basis,
        columns=(from_label, to_label, count_label),
        rows=tuple(
            (_cell(of, edges[place]), _cell(of, edges[place + 1]), _cell(COUNT, count))
            for place, count in enumerate(counts)
        ),
        drawing=columns_svg(counts, scale),
        x_ticks=_spread([of.write(edge) for edge in edges]),
        y_ticks=_written(COUNT, scale),
    )


def columns(
    *, title: str, name_label: str, names: Sequence[str], values: Sequence[float], value_label: str,
    measure: Measure = COUNT, basis: str = "",
) -> Plot:  # fmt: skip
    """One column for each name side by side, such as a sum for each day."""
    scale = scale_of(list(values))
    return Plot(
        title=title,
        unit=measure.unit,
        basis=basis,
        columns=(name_label, value_label),
        rows=tuple((Cell(name), _cell(measure, value)) for name, value in zip(names, values, strict=True)),
        drawing=columns_svg(values, scale),
        x_ticks=_spread(names),
        y_ticks=_written(measure, scale),
    )


def line(
    *, title: str, name_label: str, names: Sequence[str], series: Sequence[Series], measure: Measure = COUNT,
    basis: str = "", band: Band | None = None,
) -> Plot:  # fmt: skip
    """Values along an axis of names, one line for each series, and the band of the first."""
    cells = [Cell(name) for name in names]
    return _lines(title, name_label, cells, series, measure, basis, band, positions(len(names)), {})


def time_series(
    *, title: str, times: Sequence[datetime], series: Sequence[Series], measure: Measure = COUNT,
    basis: str = "", band: Band | None = None, time_label: str, by_day: bool = False,
) -> Plot:  # fmt: skip
    """Values over time, in the reader's zone. The browser draws it anew, so that one can point at a place."""
    moments = [timezone.localtime(moment) for moment in times]
    write = formats.day_text if by_day else formats.when_text
    cells = [Cell(write(moment), moment.date().isoformat() if by_day else moment.isoformat("T", "seconds")) for moment in moments]  # fmt: skip
    seconds = [moment.timestamp() for moment in moments]
    data: list[Sequence[Value]] = [seconds, *([measure.number(v) for v in one.values] for one in series)]
    if band:
        data += [[measure.number(v) for v in band.high], [measure.number(v) for v in band.low]]
    live = {
        "data": data,
        "band": bool(band),
        "zone": timezone.get_current_timezone_name(),
        "number": measure.options,
    }
    places = positions(len(seconds), seconds)
    return _lines(
        title, time_label, cells, series, measure, basis, band, places, live if len(times) > 1 else {}
    )


def _lines(
    title: str, first: str, cells: Sequence[Cell], series: Sequence[Series], measure: Measure, basis: str,
    band: Band | None, places: Sequence[float], live: dict[str, Any],
) -> Plot:  # fmt: skip
    edges = [Series(f"{band.label} ↓", band.low), Series(f"{band.label} ↑", band.high)] if band else []
    scale = scale_of([value for one in (*series, *edges) for value in one.values if value is not None])
    drawn = area_svg(places, band.low, band.high, scale) if band else SafeString("")
    for number, one in enumerate(series, start=1):
        drawn += line_svg(places, one.values, scale, number)
    named = [one.label for one in series] + ([band.label] if band else [])
    return Plot(
        title=title,
        unit=measure.unit,
        basis=basis,
        columns=(first, *(one.label for one in (*series, *edges))),
        rows=tuple(
            (cell, *(_cell(measure, one.values[place]) for one in (*series, *edges)))
            for place, cell in enumerate(cells)
        ),
        drawing=drawn,
        legend=tuple(named) if len(named) > 1 else (),
        banded=band is not None,
        x_ticks=_spread([cell.text for cell in cells]),
        y_ticks=_written(measure, scale),
        live=live,
    )


def _cell(measure: Measure, value: Value) -> Cell:
    number = measure.number(value)
    return Cell(measure.write(value), "" if number is None else f"{number:.12g}")


def _written(measure: Measure, scale: Scale) -> tuple[str, ...]:
    """From the top down, as they stand beside the drawing."""
    factor = MICROS if measure.currency else 1
    ticks = [tick if factor == 1 else float(round(tick)) for tick in scale.ticks]
    return tuple(measure.write(tick) for tick in reversed(ticks))


def _spread(words: Sequence[str]) -> tuple[str, ...]:
    """The first, the middle and the last: what has room under the drawing on a phone too."""
    if len(words) < 3:
        return tuple(words)
    return (words[0], words[len(words) // 2], words[-1]) if len(words) % 2 else (words[0], words[-1])
