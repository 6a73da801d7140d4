"""Chance-corrected coefficients against published examples, and what must hold for any answers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.inference import agreement

# Krippendorff (2011), section C; the same answers are Gwet's example with missing ratings (2014, tables 2.13, 3.2)
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# Fleiss (1971), table 1: six psychiatrists, thirty patients, five diagnoses
DIAGNOSES = """444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"""
# Cohen (1960), table 2, and the weights of Cohen (1968), table 1
TWO_JUDGES = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
BADNESS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]


def rows(*entries):
    return dict(zip(("task", "worker", "label"), map(list, zip(*entries, strict=True)), strict=True))


def of_observers(table):
    return rows(*((u, w, v) for w, row in enumerate(table) for u, v in enumerate(row) if v is not None))


def of_two_judges(table):
    pairs = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return rows(*((t, w, v) for t, pair in enumerate(pairs) for w, v in zip("ab", pair, strict=True)))


KRIPPENDORFF = of_observers(OBSERVERS)
FLEISS = of_observers(np.array([list(map(int, patient)) for patient in DIAGNOSES.split()]).T.tolist())


@pytest.mark.parametrize(
    ("distance", "published"),
    [
        ("nominal", 0.743),
        ("ordinal", 0.815),
        ("interval", 0.849),
        ("ratio", 0.797),
        (lambda a, b: a != b, 0.743),
    ],
)
def test_alpha_of_the_published_example(distance, published):
    found = agreement.krippendorff(KRIPPENDORFF, distance)
    assert found.value == pytest.approx(published, abs=5e-4)
    assert (found.units, found.answers) == (11, 40)


def test_kappa_of_the_published_example():
    found = agreement.fleiss(FLEISS)
    assert found.value == pytest.approx(0.430, abs=5e-4)
    assert 1 - found.observed == pytest.approx(0.5556, abs=5e-4)


def test_gwets_coefficients_of_the_published_examples():
    assert agreement.gwet(KRIPPENDORFF).value == pytest.approx(0.7754, abs=5e-5)
    assert agreement.fleiss(KRIPPENDORFF).value == pytest.approx(0.7612, abs=5e-5)
    # Gwet 2002: 125 subjects, one rare class; kappa is negative although 94 % agree
    rare = of_two_judges([[118, 5], [2, 0]])
    assert agreement.gwet(rare).value == pytest.approx(0.9408, abs=5e-5)
    assert agreement.cohen(rare).value == pytest.approx(-0.0234, abs=5e-5)


def test_cohens_kappa_of_the_published_examples():
    judges = of_two_judges(TWO_JUDGES)
    assert agreement.cohen(judges).value == pytest.approx(0.492, abs=5e-4)
    assert agreement.cohen(judges, weights=lambda a, b: BADNESS[a][b]).value == pytest.approx(0.348, abs=5e-4)


def test_quadratic_kappa_of_equal_margins_is_the_correlation():
    same_margins = of_two_judges([[3, 1, 0], [0, 2, 2], [1, 1, 2]])
    first, second = (
        [v for w, v in zip(same_margins["worker"], same_margins["label"], strict=True) if w == name]
        for name in "ab"
    )
    found = agreement.cohen(same_margins, weights="quadratic").value
    assert found == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert agreement.cohen(same_margins, weights="linear").value == pytest.approx(found, abs=0.2)


def test_cohens_kappa_needs_two_workers():
    with pytest.raises(ValueError, match="two workers"):
        agreement.cohen(KRIPPENDORFF)
    assert agreement.cohen(KRIPPENDORFF, workers=(0, 1)).units == 9
    with pytest.raises(ValueError, match="weights"):
        agreement.cohen(KRIPPENDORFF, workers=(0, 1), weights="cubic")


@pytest.mark.parametrize(
    ("distance", "labels"), [("interval", ["a", "b"]), ("ratio", [-1, 2]), ("near", [1, 2])]
)
def test_distances_that_do_not_fit_are_refused(distance, labels):
    with pytest.raises(ValueError, match=r"distance|numbers"):
        agreement.krippendorff({"task": [1, 1], "worker": [1, 2], "label": labels}, distance)


def test_the_interval_is_that_of_samples_of_units():
    """Against a plain bootstrap with other random numbers, and the same for the same seed."""
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 60)
    said = np.where(rng.random((60, 4)) < 0.7, truth[:, None], rng.integers(0, 3, (60, 4)))
    labels = of_observers(said.T.tolist())
    found = agreement.krippendorff(labels, n_bootstrap=2000, seed=1)
    table = np.array([np.bincount(row, minlength=3) for row in said], float)
    drawn = [agreement.alpha(table[rng.integers(0, 60, 60)], agreement.nominal(3)) for _ in range(2000)]
    assert [found.low, found.high] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)
    assert found == agreement.krippendorff(labels, n_bootstrap=2000, seed=1)
    assert found != agreement.krippendorff(labels, n_bootstrap=2000, seed=2)
    for other in (agreement.fleiss, agreement.gwet):
        told = other(labels, n_bootstrap=2000)
        assert told.low < told.value < told.high and told.high - told.low == pytest.approx(0.17, abs=0.06)
    ordinal = agreement.krippendorff(labels, "ordinal", n_bootstrap=500)
    assert ordinal.low < ordinal.value < ordinal.high


def test_the_interval_of_cohens_kappa_is_about_the_published_error():
    # Fleiss, Cohen & Everitt (1969) give a standard error of 0.054 for a table of these sizes
    found = agreement.cohen(of_two_judges(TWO_JUDGES), n_bootstrap=2000)
    assert (found.high - found.low) / 3.92 == pytest.approx(0.05, abs=0.005)


def test_one_class_one_worker_and_one_answer_have_no_coefficient():
    alike = {"task": [1, 1, 2, 2], "worker": [1, 2, 1, 2], "label": ["x"] * 4}
    alone = {"task": [1, 2], "worker": [1, 1], "label": ["x", "y"]}
    for labels in (alike, alone):
        for coefficient in (agreement.krippendorff, agreement.fleiss, agreement.gwet):
            found = coefficient(labels, n_bootstrap=10)
            assert (found.value, found.low, found.high) == (None, None, None)
    assert agreement.cohen(alike).value is None
    with pytest.raises(ValueError, match="no value"):
        agreement.krippendorff({"task": [1], "worker": [1], "label": [None]})


@st.composite
def answered(draw):
    count = draw(st.integers(2, 5))
    one = st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, count - 1))
    return draw(st.lists(one, min_size=2, max_size=20, unique_by=lambda row: row[:2]))


def reference(entries):
    """Krippendorff's nominal alpha by its definition over pairs, in fractions."""
    by_task = [[v for t, _, v in entries if t == task] for task in {t for t, _, _ in entries}]
    paired = [values for values in by_task if len(values) > 1]
    every = [v for values in paired for v in values]
    observed = sum(
        Fraction(sum(a != b for a in values for b in values), len(values) - 1) for values in paired
    )
    expected = sum(a != b for a in every for b in every)
    return None if not expected else float(1 - (len(every) - 1) * observed / expected)


@given(answered(), st.randoms())
def test_coefficients_depend_on_no_order_and_no_names(entries, chance):
    found = agreement.krippendorff(rows(*entries)).value
    wanted = reference(entries)
    assert found is wanted if wanted is None else found == pytest.approx(wanted)
    moved = [(f"t{t}", f"w{-w}", f"l{9 - v}") for t, w, v in entries]
    chance.shuffle(moved)
    for coefficient in (agreement.krippendorff, agreement.fleiss, agreement.gwet):
        here, there = coefficient(rows(*entries), n_bootstrap=5), coefficient(rows(*moved), n_bootstrap=5)
        assert (here.value is None) == (there.value is None)
        assert here.value is None or here.value == pytest.approx(there.value)
    again = agreement.gwet(rows(*sorted(entries)), n_bootstrap=5)
    found = agreement.gwet(rows(*reversed(sorted(entries))), n_bootstrap=5)
    assert (found.value, found.low, found.high) == (again.value, again.low, again.high)  # bit for bit


def test_workers_who_copy_are_more_alike_than_chance():
    rng = np.random.default_rng(0)
    said = rng.integers(0, 4, (30, 3))
    said[:, 2] = said[:, 1]
    labels = rows(*((t, "abc"[w], int(v)) for (t, w), v in np.ndenumerate(said)))
    found = agreement.between_workers(labels)
    share = (said[:, 0] == said[:, 1]).mean()
    assert found.likeness["b"]["c"] == 1.0 and found.likeness["a"]["b"] == pytest.approx(share)
    assert found.common["a"]["b"] == 30 and found.common["a"]["a"] == 0
    kappa = agreement.cohen(labels, ("a", "b")).value
    assert (share - found.chance["a"]["b"]) / (1 - found.chance["a"]["b"]) == pytest.approx(kappa)


def test_workers_who_never_met_have_no_likeness():
    found = agreement.between_workers({"task": [1, 2], "worker": ["a", "b"], "label": [1, 5]}, "interval")
    assert np.isnan(found.likeness["a"]["b"]) and found.common["a"]["b"] == 0
    near = agreement.between_workers(
        {"task": [1, 1, 2], "worker": list("aba"), "label": [1, 2, 5]}, "interval"
    )
    assert near.likeness["a"]["b"] == pytest.approx(0.75)


def test_entropy_of_tasks_in_bits():
    labels = {"task": [1, 1, 2, 2, 2, 2, 3], "worker": [1, 2, 1, 2, 3, 4, 1], "label": list("aaabcda")}
    assert agreement.entropy(labels) == pytest.approx({1: 0.0, 2: 2.0, 3: 0.0})
    weighed = agreement.entropy(labels, {1: 3.0, 2: 1.0, 3: 0.0, 4: 0.0})
    assert weighed[2] == pytest.approx(-(0.75 * np.log2(0.75) + 0.25 * np.log2(0.25)))
    assert np.isnan(agreement.entropy(labels, {1: 0, 2: 0, 3: 0, 4: 0})[1])
    with pytest.raises(ValueError, match="no entry"):
        agreement.entropy(labels, {1: 1.0})
    with pytest.raises(ValueError, match="negative"):
        agreement.entropy(labels, {1: 1.0, 2: -1, 3: 1, 4: 1})


def test_tables_come_back_as_they_came():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(KRIPPENDORFF)
    assert agreement.entropy(frame).index.name == "task"
    assert agreement.between_workers(frame).common.loc[0, 1] == 9
    assert agreement.krippendorff(frame) == agreement.krippendorff(KRIPPENDORFF)
