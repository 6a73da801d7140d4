"""Agreement against the worked examples of Krippendorff (2011), and what must hold for any answers."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tagwerk.inference import agreement

# "Computing Krippendorff's Alpha-Reliability" (2011), section C: 12 units, four observers, values 1 to 5, gaps
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def table_of(rows, classes):
    named = [(u, v) for row in rows for u, v in enumerate(row) if v is not None]
    return agreement.counts([u for u, _ in named], [v for _, v in named], units=len(rows[0]), classes=classes)


KRIPPENDORFF = table_of([[v and v - 1 for v in row] for row in OBSERVERS], 5)


def test_alpha_of_the_published_example():
    assert agreement.alpha(KRIPPENDORFF, agreement.nominal(5)) == pytest.approx(0.743, abs=5e-4)
    assert agreement.alpha(KRIPPENDORFF, agreement.ordinal(KRIPPENDORFF)) == pytest.approx(0.815, abs=5e-4)
    assert agreement.alpha(KRIPPENDORFF, agreement.interval([1, 2, 3, 4, 5])) == pytest.approx(
        0.849, abs=5e-4
    )


def test_alpha_of_two_observers_and_two_values():
    # section A of the same paper: ten units, alpha = 0.095
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert agreement.alpha(table_of([first, second], 2), agreement.nominal(2)) == pytest.approx(
        0.095, abs=5e-4
    )


def test_distances_of_a_function_are_those_of_the_table():
    apart = agreement.distances([1, 2, 5], lambda a, b: abs(a - b) / 4)
    assert apart == pytest.approx(agreement.interval([1, 2, 5]))
    assert agreement.distances([], lambda a, b: 0.0).shape == (0, 0)


def test_alpha_is_not_defined_without_pairs_or_without_variety():
    assert agreement.alpha(np.eye(3), agreement.nominal(3)) is None
    assert agreement.alpha(np.array([[2.0, 0], [3, 0]]), agreement.nominal(2)) is None
    assert agreement.alpha(np.zeros((0, 2)), agreement.nominal(2)) is None


def test_pair_agreement_is_the_share_of_agreeing_pairs():
    table = np.array([[3.0, 0], [2, 1], [1, 0], [0, 0], [2, 2]])
    found = agreement.pair_agreement(table, agreement.nominal(2))
    assert found == pytest.approx([1, 1 / 3, np.nan, np.nan, 1 / 3], nan_ok=True)


def test_pair_agreement_of_ratings_counts_how_far_apart():
    apart = agreement.interval([1, 2, 3, 4, 5])
    assert agreement.pair_agreement(np.array([[1.0, 1, 0, 0, 0]]), apart) == pytest.approx([0.75])


def test_likeness_of_texts():
    assert agreement.likeness(["a", "a", "b"], lambda a, b: float(a != b)) == pytest.approx(1 / 3)
    assert agreement.likeness(["a"], lambda a, b: 0.0) is None


@st.composite
def tables(draw):
    classes = draw(st.integers(2, 4))
    row = st.lists(st.integers(0, 4), min_size=classes, max_size=classes)
    return np.array(draw(st.lists(row, min_size=1, max_size=8)), float)


@given(tables(), st.randoms())
def test_alpha_does_not_depend_on_names_or_order(table, chance):
    classes, units = list(range(table.shape[1])), list(range(table.shape[0]))
    chance.shuffle(classes)
    chance.shuffle(units)
    here = agreement.alpha(table, agreement.nominal(len(classes)))
    there = agreement.alpha(table[units][:, classes], agreement.nominal(len(classes)))
    assert here is there if here is None else there == pytest.approx(here)


@given(tables())
def test_alpha_is_one_exactly_when_all_pairs_agree(table):
    found = agreement.alpha(table, agreement.nominal(table.shape[1]))
    assume(found is not None)
    pairs = agreement.pair_agreement(table, agreement.nominal(table.shape[1]))
    assert found <= 1 + 1e-12
    assert (found == pytest.approx(1)) == (np.nanmin(pairs) == pytest.approx(1))
