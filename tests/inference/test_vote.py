"""The gold-weighted vote against closed forms, and what must hold for any answers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.inference import vote

SKILLS = st.floats(0.5, 0.99)


@st.composite
def ballots(draw: st.DrawFn) -> tuple[int, list[int], list[float]]:
    """Classes, labels and accuracies of one task with one to eight answers, no accuracy below chance."""
    classes = draw(st.integers(2, 6))
    answers = draw(st.lists(st.tuples(st.integers(0, classes - 1), SKILLS), min_size=1, max_size=8))
    return classes, [label for label, _ in answers], [skill for _, skill in answers]


def test_accuracy_is_the_mean_of_the_beta_posterior():
    assert vote.accuracy([0, 8, 0], [0, 10, 4]) == pytest.approx([2 / 3, 10 / 13, 2 / 7])
    assert vote.accuracy(3, 4, vote.Prior(1, 1)) == pytest.approx(4 / 6)


def test_impossible_counts_are_refused():
    for correct, seen in [(5, 4), (-1, 4)]:
        with pytest.raises(ValueError, match="correct"):
            vote.accuracy(correct, seen)
        with pytest.raises(ValueError, match="correct"):
            vote.chance_below(0.5, correct, seen)
    with pytest.raises(ValueError, match="at least one"):
        vote.Prior(0, 1)


def test_posterior_is_bayes_rule():
    # three workers, four classes: P(c) is proportional to the product of a, or of (1 - a) / 3
    skills = np.array([0.9, 0.6, 0.7])
    wrong = (1 - skills) / 3
    likely = np.array(
        [skills[0] * skills[1] * wrong[2], wrong[0] * wrong[1] * skills[2], *[wrong.prod()] * 2]
    )
    assert vote.posterior([0, 0, 1], skills, classes=4) == pytest.approx(likely / likely.sum())


def test_two_unknown_workers_who_agree_on_one_of_two_are_right_in_four_of_five_cases():
    assert vote.posterior([1, 1], vote.accuracy([0, 0], [0, 0]), classes=2)[1] == pytest.approx(4 / 5)


def test_somebody_below_chance_tells_nothing():
    with_noise = vote.posterior([0, 1, 1], [0.8, 0.1, 0.0], classes=2)
    assert with_noise == pytest.approx(vote.posterior([0], [0.8], classes=2))


def test_nobody_is_so_certain_that_they_cannot_be_outvoted():
    table = vote.posterior([0, 1, 1, 1, 1], [1.0, 0.99, 0.99, 0.99, 0.99], classes=2)
    assert np.isfinite(table).all() and table[1] > table[0]


def test_no_answers_and_one_class():
    assert vote.posterior([], [], classes=3) == pytest.approx([1 / 3] * 3)
    assert vote.posteriors([0], [0], [0.7], tasks=2, classes=1) == pytest.approx(np.ones((2, 1)))


def test_many_tasks_are_judged_as_each_alone():
    task, label, skill = [0, 1, 0, 2, 1], [1, 0, 1, 2, 2], [0.7, 0.8, 0.6, 0.9, 0.8]
    table = vote.posteriors(task, label, skill, tasks=4, classes=3)
    for one in range(4):
        mine = [i for i, which in enumerate(task) if which == one]
        alone = vote.posterior([label[i] for i in mine], [skill[i] for i in mine], classes=3)
        assert table[one] == pytest.approx(alone)


@given(ballots())
def test_posterior_is_a_distribution(ballot):
    classes, labels, skills = ballot
    table = vote.posterior(labels, skills, classes=classes)
    assert table.shape == (classes,) and (table >= 0).all() and table.sum() == pytest.approx(1)


@given(ballots(), st.randoms())
def test_the_order_of_answers_does_not_matter(ballot, chance):
    classes, labels, skills = ballot
    order = list(range(len(labels)))
    chance.shuffle(order)
    again = vote.posterior([labels[i] for i in order], [skills[i] for i in order], classes=classes)
    assert again == pytest.approx(vote.posterior(labels, skills, classes=classes))


@given(ballots(), st.randoms(), st.text(max_size=5))
def test_the_names_and_places_of_classes_do_not_matter(ballot, chance, seed):
    classes, labels, skills = ballot
    names = [f"name {i}" for i in range(classes)]
    place = list(range(classes))
    chance.shuffle(place)
    moved = vote.posterior([place[label] for label in labels], skills, classes=classes)
    table = vote.posterior(labels, skills, classes=classes)
    assert moved[place] == pytest.approx(table)
    new_names = [names[place.index(i)] for i in range(classes)]
    here, there = vote.verdict(table, names, seed), vote.verdict(moved, new_names, seed)
    assert names[here.winner] == new_names[there.winner]
    assert {names[i] for i in here.tied} == {new_names[i] for i in there.tied}


@given(st.integers(2, 6), st.lists(st.floats(0.51, 1.0), min_size=1, max_size=8), st.data())
def test_what_all_say_wins_and_more_agreement_is_surer(classes, skills, data):
    said = data.draw(st.integers(0, classes - 1))
    table = vote.posterior([said] * len(skills), skills, classes=classes)
    found = vote.verdict(table, [str(i) for i in range(classes)], "seed")
    fewer = vote.posterior([said] * (len(skills) - 1), skills[:-1], classes=classes)
    assert (found.winner, found.tied) == (said, ())
    assert table[said] >= fewer[said]


def test_a_tie_is_reported_and_no_place_in_the_list_is_preferred():
    even = vote.posterior([0, 1], [0.7, 0.7], classes=2)
    names = ["yes", "no"]
    found = [vote.verdict(even, names, f"task {i}") for i in range(400)]
    assert {f.tied for f in found} == {(0, 1)} and {f.confidence for f in found} == {0.5}
    assert 150 < sum(f.winner for f in found) < 250
    assert vote.verdict(even, names, "a") == vote.verdict(even, names, "a")
    assert not vote.verdict(vote.posterior([0], [0.7], classes=2), names, "a").tied


@pytest.mark.parametrize(
    ("threshold", "correct", "seen"), [(0.6, 3, 8), (0.5, 0, 0), (0.3, 20, 40), (0.9, 5, 5)]
)
def test_chance_below_is_the_distribution_function_of_a_beta(threshold, correct, seen):
    grid = (np.arange(200_000) + 0.5) / 200_000
    density = grid ** (1 + correct - 1) * (1 - grid) ** (1 + seen - correct - 1)
    assert vote.chance_below(threshold, correct, seen) == pytest.approx(
        density[grid < threshold].sum() / density.sum(), abs=1e-4
    )


def test_chance_below_at_the_ends():
    assert vote.chance_below(0.0, 1, 2) == 0.0 and vote.chance_below(1.0, 1, 2) == 1.0


@pytest.mark.parametrize(("typical", "classes", "said"), [(0.7, 2, 1), (0.8, 3, 1), (2 / 3, 5, 0)])
def test_votes_missing_are_just_enough(typical, classes, said):
    reached = float(vote.posterior([0] * said, [typical] * said, classes=classes)[0])
    missing = vote.votes_missing(0.95, reached, typical, classes)
    sure = [
        float(vote.posterior([0] * n, [typical] * n, classes=classes)[0]) for n in range(said + missing + 1)
    ]
    assert sure[said + missing] >= 0.95 > sure[said + missing - 1]


def test_votes_missing_is_one_where_there_is_nothing_to_reckon():
    assert vote.votes_missing(0.95, 0.99, 0.7, 2) == 1
    assert vote.votes_missing(0.95, 0.5, 0.5, 2) == 1
    assert vote.votes_missing(0.95, 1.0, 0.7, 1) == 1


def test_a_worker_worth_more_outvotes_two_worth_less():
    found = vote.verdict(vote.posterior([0, 1, 1], [0.95, 0.6, 0.6], classes=2), ["a", "b"], "s")
    assert found.winner == 0 and math.isclose(found.confidence, 0.95 * 0.16 / (0.95 * 0.16 + 0.05 * 0.36))
