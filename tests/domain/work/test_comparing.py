"""Ways side by side, against sums done by hand."""

import pytest

from tagwerk.domain.work.rules.comparing import Way, variants
from tests.domain.work.test_estimating import fixed


def found(**changes):
    return {one.way: one for one in variants(fixed(**changes))}


def test_a_model_with_people_where_it_is_not_sure_costs_what_the_sum_says():
    """1,000 labels at 0.002, and people on a fifth of the tasks: 200 x 3 answers x 0.12."""
    ways = found(model_micros=2_000, asked_bp=2_000, kept_accuracy_bp=9_500)
    both = ways[Way.MODEL_AND_PEOPLE]
    assert both.net_micros == 2_000_000 + 72_000_000
    assert both.accuracy == pytest.approx(0.8 * 0.95 + 0.2 * ways[Way.PLAN].accuracy)
    assert ways[Way.MODEL].net_micros == 2_000_000 and ways[Way.MODEL].answers == 0


def test_a_right_result_costs_more_than_a_result():
    one = found(accuracy_bp=8_000)[Way.ONE]
    assert one.net_micros == 120_000_000
    assert one.per_right_micros == pytest.approx(120_000_000 / 800, rel=0.02)


def test_what_beats_what_depends_on_how_right_answers_are():
    """With good workers one answer is the cheapest right result; with an expert three times as dear, seldom."""
    ways = found(accuracy_bp=9_500, expert_reward_micros=300_000)
    assert ways[Way.ONE].per_right_micros < ways[Way.THREE].per_right_micros < ways[Way.FIVE].per_right_micros
    assert ways[Way.EXPERT].per_right_micros > ways[Way.ONE].per_right_micros
    assert ways[Way.FIVE].accuracy > ways[Way.THREE].accuracy > ways[Way.ONE].accuracy


def test_each_way_names_what_it_rests_on_and_texts_have_none():
    assert all(
        one.rests_on for way, one in found(expert_reward_micros=1).items() if way in (Way.EXPERT, Way.MODEL)
    )
    assert variants(fixed(classes=0)) == variants(fixed(tasks=0)) == []
    assert Way.EXPERT not in found(expert_reward_micros=0)


def test_what_gold_has_shown_of_majorities_counts_more_than_independence():
    ways = {one.way: one for one in variants(fixed(), {3: 0.8})}
    assert (ways[Way.THREE].accuracy, ways[Way.THREE].is_measured) == (0.8, True)
    assert ways[Way.FIVE].accuracy > 0.9 and not ways[Way.FIVE].is_measured
