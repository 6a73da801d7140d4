"""When a control rule holds: pure figures, answer by answer."""

import math

import pytest

from tagwerk.domain.designs.rules.control import GUESSING, Rule
from tagwerk.domain.quality.rules.control import Item, figures_text, first_firing, interval

CLASSES = {"q": 3}


def rule(**said):
    return Rule.model_validate({"action": "pause", **said})


def gold(*rights):
    return [Item(n, n, gold={"q": right}) for n, right in enumerate(rights, 1)]


def test_the_interval_is_wilsons():
    low, high = interval(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert interval(0, 0) == (0.0, 1.0) and interval(10, 10)[1] == pytest.approx(1.0)


def test_a_share_counts_only_after_enough_answers_and_only_the_newest():
    below = rule(collector="gold", answers=4, share_below=0.5)
    assert first_firing(below, gold(False, False, False), CLASSES) is None
    firing = first_firing(below, gold(False, False, False, True, False), CLASSES)
    assert firing is not None and (firing.assignment_id, firing.figures["right"]) == (4, 1)
    newest = rule(collector="gold", answers=5, last=5, share_below=0.5)
    items = gold(*[True] * 20, *[False] * 3)
    assert first_firing(below, items, CLASSES) is None
    firing = first_firing(newest, items, CLASSES)
    assert firing is not None and firing.figures["right"] == 2


def test_what_was_looked_at_before_does_not_fire_again():
    below = rule(collector="gold", answers=2, share_below=0.5)
    items = gold(False, False, True, True, True)
    assert first_firing(below, items, CLASSES, after=3) is None


def test_guessing_is_one_question_at_a_time():
    always_wrong = gold(*[False] * 8)
    firing = first_firing(GUESSING, always_wrong, CLASSES)
    assert firing is not None and firing.assignment_id == 8 and firing.figures["question"] == "q"
    two = [Item(n, n, gold={"q" if n % 2 else "p": False}) for n in range(1, 9)]
    assert first_firing(GUESSING, two, {"q": 3, "p": 3}) is None


def test_agreement_and_decisions_take_what_they_are_about():
    items = [Item(n, n, agrees={"q": n < 3}, approved=n > 1) for n in range(1, 6)]
    agreement = rule(collector="agreement", answers=5, share_below=0.5)
    assert first_firing(agreement, items, CLASSES).figures["right"] == 2
    decisions = rule(collector="decisions", answers=5, share_from=0.8, action="grant", qualification="x")
    assert first_firing(decisions, items, CLASSES).figures["right"] == 4


def test_speed_is_the_median_and_one_quick_answer_is_none():
    faster = rule(collector="speed", times_faster=3, answers=5, action="signal")
    quick = [Item(n, n, pace=-math.log(4)) for n in range(1, 6)]
    assert first_firing(faster, quick, CLASSES).figures["times_faster"] == 4.0
    mixed = [Item(n, n, pace=-math.log(4) if n < 3 else 0.0) for n in range(1, 6)]
    assert first_firing(faster, mixed, CLASSES) is None
    # Beside one slow person everybody is quick: only where most of the comparison is with several does it say something.
    slow, other = (7,), (8,)
    beside_one = [Item(n, n, pace=-math.log(4), beside=other if n < 3 else slow) for n in range(1, 6)]
    assert first_firing(faster, beside_one, CLASSES) is None
    assert (
        first_firing(
            faster, [*beside_one, Item(6, 6, pace=-math.log(4), beside=(8, 9))], CLASSES
        ).assignment_id
        == 6
    )


@pytest.mark.parametrize(("apart", "holds"), [(10, True), (100, False)])
def test_a_number_of_answers_in_a_time(apart, holds):
    count = rule(collector="count", answers=10, minutes=2, action="signal")
    items = [Item(n, n * apart) for n in range(1, 11)]
    assert (first_firing(count, items, CLASSES) is not None) is holds


def test_figures_are_said_in_signs_that_every_language_reads():
    said = rule(collector="gold", answers=4, share_below=0.7).model_dump(exclude_none=True)
    assert figures_text(said, {"right": 4, "answers": 12}) == "4 / 12 = 33 % (< 70 %)"
    assert figures_text({}, {"alike": 9, "compared": 10}) == "9 / 10"
