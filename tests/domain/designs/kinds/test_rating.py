"""A number on a scale."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.kinds import rating
from tagwerk.domain.designs.rules.question import Merging

FIVE = rating.Options(kind="rating", scale=5, labels={"1": "bad", "5": "good"})
TENTHS = rating.Options(kind="rating", min=0, max=1, step=0.1)
PERCENT = rating.Options(kind="rating", min=0, max=100)
AROUND = rating.Options(kind="rating", min=-2, max=2)


@pytest.mark.parametrize(
    ("options", "value", "normal"),
    [
        (FIVE, 3, 3),
        (FIVE, 3.0, 3),
        (TENTHS, 0.3, 0.3),
        (TENTHS, 1, 1),
        (AROUND, -2, -2),
        (FIVE, None, None),
        (FIVE, "", None),
    ],
)
def test_an_answer_in_normal_form(options: rating.Options, value: Any, normal: Any) -> None:
    found = rating.validate(options, value, path="q")
    assert found == normal and type(found) is type(normal)


@pytest.mark.parametrize("value", [0, 6, 2.5, "3", True, [3], float("nan"), float("inf"), {}, 10**400])
def test_what_is_no_answer_is_refused(value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        rating.validate(FIVE, value, path="q")
    assert refused.value.path == "q" and "a number from 1 to 5 in steps of 1" in str(refused.value)


@given(st.integers(0, 10))
def test_what_was_typed_as_tenths_is_on_the_scale(tenths: int) -> None:
    assert rating.validate(TENTHS, float(f"0.{tenths}") if tenths < 10 else 1.0, path="q") == tenths / 10


def test_fields_of_a_form() -> None:
    assert rating.from_text(FIVE, "3") == 3
    assert rating.from_text(FIVE, "3,5") == "3,5"


def test_distance_is_the_share_of_the_scale() -> None:
    assert rating.distance(FIVE, 1, 5) == 1
    assert rating.distance(FIVE, 2, 3) == 0.25
    assert rating.distance(AROUND, -2, 0) == 0.5


def test_labels() -> None:
    assert rating.labels(FIVE) == ["1", "2", "3", "4", "5"]
    assert rating.labels(TENTHS) == ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]
    assert rating.labels(PERCENT) is None
    for options, value in ((FIVE, 3), (TENTHS, 0.3), (AROUND, -1)):
        assert rating.from_label(options, rating.to_label(options, value)) == value


def test_merging_is_the_lower_median() -> None:
    assert rating.merge(FIVE, [1, 5, 4]) == (4, Merging.MEDIAN)
    assert rating.merge(FIVE, [2, 3]).value == 2


def test_how_it_looks() -> None:
    assert FIVE.shown_as == "likert"
    assert PERCENT.shown_as == "slider"
    assert rating.Options.model_validate({"kind": "rating", "scale": 5, "as": "number"}).shown_as == "number"


def test_columns_and_cells() -> None:
    assert [column.type for column in rating.columns(FIVE) + rating.columns(TENTHS)] == ["integer", "number"]
    assert rating.cells(FIVE, 3) == [3]
