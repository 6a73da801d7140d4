"""What more answers are worth, against numbers worked out by hand and by counting."""

from itertools import combinations, product

import pytest

from tagwerk.inference.redundancy import expected, majority, measured_vote


@pytest.mark.parametrize(
    ("accuracy", "answers", "right"),
    [(0.7, 3, 0.784), (0.7, 5, 0.837), (0.7, 9, 0.901), (0.8, 3, 0.896), (0.8, 5, 0.942), (0.8, 9, 0.980),
     (0.9, 3, 0.972), (0.9, 5, 0.991)],
)  # fmt: skip
def test_a_majority_of_independent_workers_is_as_right_as_the_table_says(accuracy, answers, right):
    assert majority(accuracy, answers) == pytest.approx(right, abs=5e-4)


@pytest.mark.parametrize("accuracy", [0.55, 0.7, 0.9])
def test_an_even_number_of_answers_adds_nothing(accuracy):
    assert majority(accuracy, 2) == pytest.approx(majority(accuracy, 1))
    assert majority(accuracy, 6) == pytest.approx(majority(accuracy, 5))


def test_a_fixed_number_of_two_classes_is_the_majority():
    found = expected(0.8, classes=2, least=5, most=5, confidence=0.99)
    assert found.answers == 5
    assert found.accuracy == pytest.approx(majority(0.8, 5), abs=0.012)


def test_a_fixed_number_of_three_classes_is_what_counting_all_answers_gives():
    accuracy, right = 0.6, 0.0
    for said in product(range(3), repeat=4):  # class 0 is right
        counts = [said.count(one) for one in range(3)]
        share = 1 / counts.count(max(counts)) if counts[0] == max(counts) else 0.0
        chance = accuracy ** counts[0] * (0.2) ** (4 - counts[0])
        right += share * chance
    assert expected(accuracy, classes=3, least=4, most=4, confidence=1.0).accuracy == pytest.approx(right, abs=0.015)  # fmt: skip


def test_stopping_when_sure_saves_answers_and_hardly_any_accuracy():
    all_five = expected(0.85, classes=2, least=5, most=5, confidence=0.95)
    adaptive = expected(0.85, classes=2, least=2, most=5, confidence=0.95)
    assert 2 < adaptive.answers < 3.5
    assert all_five.accuracy - adaptive.accuracy < 0.02


def test_better_workers_need_fewer_answers():
    needed = [
        expected(one, classes=3, least=2, most=9, confidence=0.95).answers for one in (0.6, 0.75, 0.9, 0.98)
    ]
    assert needed == sorted(needed, reverse=True)


def test_a_question_asked_twice_has_the_same_answer():
    assert expected(0.7, classes=4, least=2, most=6, confidence=0.9) == expected(
        0.7, classes=4, least=2, most=6, confidence=0.9
    )


def test_what_was_measured_counts_all_choices_of_answers():
    answers = [True, True, False, True, False]
    chosen = [sum(one) for one in combinations(answers, 3)]
    assert measured_vote([(5, 3)], 3) == (pytest.approx(sum(right >= 2 for right in chosen) / len(chosen)), 1)


def test_errors_that_workers_share_are_seen_in_what_was_measured():
    """Of ten tasks, two mislead everybody: independent workers of 80 % would reach 94 % with five, these never more than 80."""
    tasks = [(5, 5)] * 8 + [(5, 0)] * 2
    assert measured_vote(tasks, 5) == (0.8, 10)
    assert majority(0.8, 5) > 0.94


def test_what_nobody_answered_so_often_is_not_told():
    assert measured_vote([(2, 2), (1, 1)], 3) is None
    assert measured_vote([(2, 2), (3, 3)], 3) == (1.0, 1)


@pytest.mark.parametrize("wrong", [{"accuracy": 1.1}, {"classes": 1}, {"least": 0}, {"least": 9}])
def test_numbers_without_a_meaning_are_refused(wrong):
    with pytest.raises(ValueError, match=r"accuracy|answer|least"):
        expected(**({"accuracy": 0.8, "classes": 2, "least": 2, "most": 4, "confidence": 0.9} | wrong))
