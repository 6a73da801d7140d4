"""Which of two is better, and by how much."""

from typing import Any

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.kinds import comparison
from tagwerk.domain.designs.rules.question import Merging

FIVE = comparison.Options(kind="comparison", of=("a", "b"), scale=5)
NO_TIE = comparison.Options(kind="comparison", of=("a", "b"), scale=7, tie=False)


def test_values_are_signed() -> None:
    assert FIVE.values == (-2, -1, 0, 1, 2)
    assert NO_TIE.values == (-3, -2, -1, 1, 2, 3)
    assert comparison.Options(kind="comparison", of=("a", "b")).values == (-1, 0, 1)


@pytest.mark.parametrize(("value", "normal"), [(-2, -2), (2.0, 2), (0, 0), (None, None), ("", None)])
def test_an_answer_in_normal_form(value: Any, normal: Any) -> None:
    assert comparison.validate(FIVE, value, path="q") == normal


@pytest.mark.parametrize("value", [3, -3, 0.5, "1", "a", True, [1], {}])
def test_what_is_no_answer_is_refused(value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        comparison.validate(FIVE, value, path="q")
    assert "negative means that a is better" in str(refused.value)


def test_no_tie_means_no_zero() -> None:
    with pytest.raises(Invalid):
        comparison.validate(NO_TIE, 0, path="q")


def test_fields_of_a_form() -> None:
    assert [comparison.from_text(FIVE, text) for text in ("-2", "0", "+1", "x", "", "²")] == [
        -2,
        0,
        1,
        "x",
        "",
        "²",
    ]


def test_distance() -> None:
    assert comparison.distance(FIVE, -2, 2) == 1
    assert comparison.distance(FIVE, 0, 1) == 0.25


def test_labels() -> None:
    assert comparison.labels(FIVE) == ["-2", "-1", "0", "1", "2"]
    assert comparison.from_label(FIVE, comparison.to_label(FIVE, -2)) == -2


@pytest.mark.parametrize(
    ("values", "merged"),
    [([-2, 1, 2], 1), ([-2, -1], -1), ([1, 2], 1), ([-1, 2], -1), ([0], 0)],
)
def test_merging_is_the_median_nearer_to_a_tie(values: list[int], merged: int) -> None:
    assert comparison.merge(FIVE, values) == (merged, Merging.MEDIAN)


def test_columns_and_cells() -> None:
    assert [column.type for column in comparison.columns(FIVE)] == ["integer"]
    assert comparison.cells(FIVE, -1) == [-1]
