"""Advice about the next batch: what it costs for each point, how points are read, and what is refused."""

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.work.rules.next_batch import next_batch, read_points
from tagwerk.inference.learning_curve import Curve
from tests.inference.test_learning_curve import measured

POINTS = measured(Curve(0.93, 0.9, 0.42), test=20_000)


def test_a_point_costs_the_batch_by_its_gain():
    found = next_batch(POINTS, more=1_600, label_micros=120_000)
    assert found.cost_micros == 192_000_000
    assert found.per_point_micros == pytest.approx(192_000_000 / (100 * found.advice.gain.value), rel=1e-6)


def test_a_batch_that_brings_nothing_has_no_price_for_a_point():
    assert (
        next_batch([(n, 0.9) for n in (1, 2, 3, 4, 5)] * 3, more=5, label_micros=1).per_point_micros is None
    )


def test_lines_are_read_as_people_and_spreadsheets_write_them():
    text = "labels,accuracy\n100,0.8\n200;0,82\n400\t83%\n800 84,5\n1600, 0.86\n"
    assert read_points(text) == [
        (100, 0.8),
        (200, 0.82),
        (400, 0.83),
        (800, pytest.approx(0.845)),
        (1600, 0.86),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("100, 0.8\nmany, 0.9", "curve_line"), ("100, 0.8\n100, 1e9", "curve_line"), ("0, 0.5", "curve_line"),
     ("100, nan", "curve_line"), ("\n".join(["1, 0.5"] * 1_001), "curve_too_many")],
)  # fmt: skip
def test_lines_that_are_none_are_named(text, code):
    with pytest.raises(Invalid) as refusal:
        read_points(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("points", "more", "code"),
    [(POINTS[:20], 100, "curve_too_few"), ([], 1, "curve_too_few"), (POINTS[::3], 100, "curve_too_few"),
     (POINTS, 4_801, "curve_too_far")],
)  # fmt: skip
def test_what_says_too_little_or_looks_too_far_is_refused(points, more, code):
    with pytest.raises(Invalid) as refusal:
        next_batch(points, more=more, label_micros=1)
    assert refusal.value.code == code
