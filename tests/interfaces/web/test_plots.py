"""Plots: the drawing and its table say the same, whatever the figures."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.plot_shapes import positions, scale_of
from tests.interfaces.web.test_templatetags import rendered

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
EUROS = plots.Measure("per day", currency="EUR")


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], (0, 0.25)),
        ([0.0], (0, 0.25)),
        ([3, 87], (0, 25, 50, 75, 100)),
        ([0.55, 0.81], (0, 0.25, 0.5, 0.75, 1)),
        ([-3, 10], (-5, 0, 5, 10)),
        ([-7], (-8, -6, -4, -2, 0)),
        ([1_000_000], (0, 250_000, 500_000, 750_000, 1_000_000)),
    ],
)
def test_a_scale_is_made_of_round_numbers_and_holds_all_values(
    values: list[float], ticks: tuple[float, ...]
) -> None:
    scale = scale_of(values)
    assert scale.ticks == ticks
    assert all(0 <= scale.y(value) <= 100 for value in values)
    assert scale.y(scale.ticks[0]) == 100
    assert scale.y(scale.ticks[-1]) == 0


def test_places_stand_by_their_time() -> None:
    assert positions(3) == [0, 50, 100]
    assert positions(3, [0, 10, 40]) == [0, 25, 100]
    assert positions(1) == [50]


def test_bars_are_as_long_as_their_share_of_the_longest() -> None:
    plot = plots.bars(title="Mood", name_label="Mood", bars=[("good", 60), ("bad", 30), ("none", None)])
    assert [(bar.share, bar.text) for bar in plot.bars] == [(100, "60"), (50, "30"), (0, "–")]
    assert [bar.share for bar in plots.bars(title="x", name_label="x", bars=[("a", 1)], whole=4).bars] == [25]


def test_parts_stand_one_after_the_other_in_one_bar() -> None:
    plot = plots.parts(
        title="Money", name_label="What for", value_label="EUR", measure=EUROS, whole=4_000_000,
        parts=[("spent", 1_000_000, "ok"), ("set aside", 2_000_000, "info")],
    )  # fmt: skip
    assert [(one.begin, one.share, one.text, one.data) for one in plot.parts] == [
        (0, 25, "€1.00", "1"),
        (25, 50, "€2.00", "2"),
    ]
    html = rendered("{% load web %}{% component 'plot' plot=plot %}", plot=plot)
    assert 'data-save="csv"' in html and "set aside" in html and 'x="25' in html
    assert plots.parts(title="x", name_label="x", value_label="x", parts=[("a", 1, "ok")], whole=0).is_empty


def test_an_interval_lies_where_its_ends_are_and_the_table_has_all_three_numbers() -> None:
    plot = plots.intervals(
        title="Right", name_label="Worker", value_label="Right", low_label="Low", high_label="High",
        rows=[("A", 0.5, 0.75, 0.9), ("B", -0.1, 1.0, 1.2)], measure=plots.Measure(percent=True),
    )  # fmt: skip
    assert [(one.begin, one.share, one.at) for one in plot.bars] == [
        (50, 40, 75),
        (0, 100, 99),
    ]  # the mark is 1 wide
    html = rendered("{% load web %}{% component 'plot' plot=plot %}", plot=plot)
    assert "75% (50% – 90%)" in html
    assert '<data value="0.9">90%</data>' in html
    assert '<rect class="plot-fill-span" x="50.0" width="40.0"' in html


def test_a_heat_map_is_its_own_table_and_the_diagonal_is_marked() -> None:
    plot = plots.heat(
        title="Taken for", row_label="Result", names=["a<b", "c"], shares=[[0.96, 0.04], [None, None]]
    )
    assert [(cell.data, level, own) for cell, level, own in plot.heat[0].cells] == [
        ("0.96", 5, True),
        ("0.04", 0, False),
    ]
    html = rendered("{% load web %}{% component 'plot' plot=plot %}", plot=plot)
    assert '<th scope="col">a&lt;b</th>' in html
    assert 'class="number plot-heat-5 plot-heat-own"><data value="0.96">96%</data>' in html
    assert html.count("–") == 2  # nobody knows what is taken for c


def test_a_histogram_names_both_edges_of_each_column() -> None:
    plot = plots.histogram(
        title="Time", edges=[0, 10, 20], counts=[3, 6], of=plots.Measure("seconds"),
        count_label="Answers", from_label="From", to_label="To",
    )  # fmt: skip
    assert [[cell.text for cell in row] for row in plot.rows] == [["0", "10", "3"], ["10", "20", "6"]]
    tall = [float(height) for height in re.findall(r'<rect[^>]* height="([^"]+)"', plot.drawing)]
    assert tall[1] == pytest.approx(2 * tall[0])


def test_a_single_column_is_no_wall() -> None:
    plot = plots.columns(title="Earned", name_label="Day", names=["Mon"], values=[1], value_label="Earned")
    [(left, wide)] = re.findall(r'<rect[^>]* x="([^"]+)"[^>]* width="([^"]+)"', plot.drawing)
    assert float(wide) <= 20 and float(left) + float(wide) / 2 == pytest.approx(50)


def test_columns_stand_beside_each_other_and_their_sums_in_the_table() -> None:
    plot = plots.columns(
        title="Earned", name_label="Day", names=["Mon", "Tue", "Wed"], values=[1_000_000, 0, 2_000_000],
        value_label="Earned", measure=EUROS,
    )  # fmt: skip
    assert [[cell.text for cell in row] for row in plot.rows] == [
        ["Mon", "€1.00"],
        ["Tue", "€0.00"],
        ["Wed", "€2.00"],
    ]
    tall = [float(height) for height in re.findall(r'<rect[^>]* height="([^"]+)"', plot.drawing)]
    assert tall == [50, 0, 100]
    assert plots.columns(title="x", name_label="x", names=[], values=[], value_label="x").is_empty


def test_a_gap_in_a_line_is_a_gap_and_not_zero() -> None:
    plot = plots.line(
        title="x", name_label="x", names=list("abcd"), series=[plots.Series("s", [1, None, 2, 2])]
    )
    assert plot.rows[1][1].text == "–"
    assert len(re.findall(r'class="plot-line', plot.drawing)) == 1
    assert len(re.findall(r'class="plot-dot', plot.drawing)) == 1


def test_a_time_series_speaks_the_readers_language_in_their_zone_and_machines_get_numbers() -> None:
    with timezone.override("Europe/Berlin"), translation.override("de"):
        plot = plots.time_series(
            title="Ausgaben", times=[NOON, NOON + timedelta(hours=1)], time_label="Zeit", measure=EUROS,
            series=[plots.Series("Ausgaben", [1_840_000, None])],
            band=plots.Band("Spanne", [1_000_000, None], [2_500_000, None]),
        )  # fmt: skip
    assert plot.rows[0][0] == plots.Cell("20.11.2026, 12:00", "2026-11-20T12:00:00+01:00")
    assert plot.rows[0][1] == plots.Cell("1,84\xa0€", "1.84")
    assert plot.y_ticks[0].endswith("€")
    assert plot.live["data"] == [
        [NOON.timestamp(), NOON.timestamp() + 3600],
        [1.84, None],
        [2.5, None],
        [1.0, None],
    ]
    assert plot.legend == ("Ausgaben", "Spanne")


def test_the_component_shows_the_figures_escaped_and_says_when_there_are_none() -> None:
    plot = plots.bars(title="<b>Mood</b>", name_label="Mood", bars=[("<i>good</i>", 60)], basis="60 tasks")
    text = rendered('{% component "plot" plot=plot %}', plot=plot)
    assert "<i>" not in text
    assert '<data value="60">60</data>' in text
    assert "60 tasks" in text
    empty = rendered('{% component "plot" plot=plot %}', plot=plots.bars(title="x", name_label="x", bars=[]))
    assert "There are no figures yet." in empty
    assert "data-save" not in empty
