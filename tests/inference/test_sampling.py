"""Intervals of few answers hold the truth as often as they say, and no oftener than needed."""

import numpy as np
import pytest

from tagwerk.inference.sampling import bootstrap, median_interval


def test_a_medians_interval_holds_the_true_median_as_often_as_it_says():
    chance = np.random.default_rng(3)
    held = 0
    for _ in range(800):
        found = median_interval(chance.lognormal(np.log(45), 0.7, 40).tolist())
        held += found.low <= 45 <= found.high
    assert 0.94 <= held / 800 <= 0.985  # at least 95 %; whole places cannot hit it exactly


def test_a_medians_interval_of_ten_is_what_tables_say():
    """With ten values, the second and the ninth hold the median with 97.9 %; the third and the eighth with 89.1 %."""
    found = median_interval([float(n) for n in range(1, 11)])
    assert (found.low, found.value, found.high) == (2.0, 5.5, 9.0)


@pytest.mark.parametrize("count", [1_100, 5_000])
def test_a_medians_interval_of_many_values_is_as_narrow_as_the_normal_distribution_says(count):
    found = median_interval([float(n) for n in range(1, count + 1)])
    assert found.low == pytest.approx(count / 2 - 1.96 * count**0.5 / 2, abs=1.5)
    assert found.low + found.high == count + 1


def test_too_few_values_have_the_widest_interval_and_none_have_none():
    assert median_interval([3.0, 1.0]) == median_interval([1.0, 3.0])
    assert (median_interval([1.0, 3.0]).low, median_interval([1.0, 3.0]).high) == (1.0, 3.0)
    assert median_interval([]) is None


def test_drawing_workers_tells_that_answers_of_one_are_alike():
    """Ten workers with thirty equal answers each are ten values, not three hundred."""
    chance = np.random.default_rng(5)
    speeds = chance.lognormal(3.8, 0.35, 10)
    values, workers = np.repeat(speeds, 30), np.repeat(np.arange(10), 30)
    by_worker = bootstrap(values, workers, np.mean)
    by_answer = bootstrap(values, np.arange(300), np.mean)
    assert by_worker.width > 3 * by_answer.width


def test_the_bands_of_a_pilot_are_as_wide_as_the_simulation_said():
    """Log-normal times, sigma 0.7: 90 % cost bands of 55 % of the estimate with 30 answers, 30 % with 100, 16 % with 300."""
    chance = np.random.default_rng(7)
    for answers, wide in ((30, 0.55), (100, 0.30), (300, 0.16)):
        widths = [
            bootstrap(chance.lognormal(np.log(45), 0.7, answers), range(answers), np.median, draws=200).width
            for _ in range(15)
        ]
        assert np.mean(widths) == pytest.approx(wide, rel=0.3)


def test_the_same_values_have_the_same_interval_and_one_worker_has_none():
    values, workers = [1.0, 2.0, 4.0, 8.0], [1, 1, 2, 3]
    assert bootstrap(values, workers, np.mean) == bootstrap(values, workers, np.mean)
    assert bootstrap(values, [1, 1, 1, 1], np.mean) is None
    with pytest.raises(ValueError, match="worker"):
        bootstrap(values, [1], np.mean)
