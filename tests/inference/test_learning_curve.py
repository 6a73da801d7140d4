"""Learning curves: known ones are found again, the next batch is told well, and a total is never promised."""

import tracemalloc

import numpy as np
import pytest

from tagwerk.inference import learning_curve
from tagwerk.inference.learning_curve import Curve, TooFewPointsError, advise, fit

SIZES = (100, 200, 400, 800, 1600)


def measured(curve, repeats=5, sizes=SIZES, test=1_000, seed=1):
    chance = np.random.default_rng(seed)
    return [(n, float(chance.binomial(test, curve.at(n)) / test)) for n in sizes for _ in range(repeats)]


@pytest.mark.parametrize("curve", [Curve(0.93, 0.9, 0.42), Curve(0.85, 1.5, 0.7), Curve(0.97, 0.6, 0.25)])
def test_a_curve_without_noise_is_found_again(curve):
    found = fit(SIZES, [curve.at(n) for n in SIZES])
    assert (found.limit, found.speed) == (
        pytest.approx(curve.limit, abs=2e-3),
        pytest.approx(curve.speed, rel=0.05),
    )
    assert found.at(3_200) == pytest.approx(curve.at(3_200), abs=5e-4)


def test_an_advice_stays_the_same():
    told = advise(measured(Curve(0.93, 0.9, 0.42)), 1_600)
    assert (told.curve.limit, told.curve.scale, told.curve.speed) == pytest.approx(
        (0.9372290, 0.7620479, 0.3714784)
    )
    assert (told.gain.low, told.gain.value, told.gain.high) == pytest.approx(
        (0.0051927, 0.0111626, 0.0158959), rel=1e-4
    )


def test_as_many_sizes_as_a_request_may_name_take_little_memory():
    points = measured(Curve(0.93, 0.9, 0.42), repeats=3, sizes=range(100, 100 + 333))
    tracemalloc.start()
    try:
        advise(points, 100)
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


def test_points_that_rise_beyond_all_bounds_stay_below_one():
    found = fit(SIZES, [0.5, 0.6, 0.7, 0.8, 0.9])
    assert found.limit <= 1.0 and found.at(10**9) <= 1.0


def test_points_that_fall_promise_nothing():
    found = fit(SIZES, [0.9, 0.89, 0.88, 0.88, 0.87])
    assert found.scale == 0.0
    assert advise([(n, 0.9 - n / 100_000) for n in SIZES for _ in range(3)], 1_600).gain.value == 0.0


def test_the_accuracy_at_twice_the_labels_is_off_by_about_a_point_and_at_ten_times_by_more():
    chance, errors = np.random.default_rng(3), {2: [], 4: []}
    for number in range(120):
        curve = Curve(chance.uniform(0.8, 0.97), chance.uniform(0.5, 1.5), chance.uniform(0.25, 0.7))
        points = measured(curve, seed=number)
        means = [np.mean([y for n, y in points if n == size]) for size in SIZES]
        for times in errors:
            errors[times].append(fit(SIZES, means).at(times * 1_600) - curve.at(times * 1_600))
    rms = {times: float(np.sqrt(np.mean(np.square(one)))) for times, one in errors.items()}
    assert rms[2] < 0.011 and rms[4] < 0.016
    assert rms[2] < rms[4]


def test_the_gain_of_the_next_batch_has_an_interval_that_mostly_holds_the_truth():
    curve, held = Curve(0.93, 0.9, 0.42), 0
    for seed in range(12):
        told = advise(measured(curve, seed=seed), 1_600)
        true = curve.at(3_200) - curve.at(1_600)
        held += told.gain.low <= true <= told.gain.high
        assert told.gain.low <= told.gain.value <= told.gain.high
    assert held >= 8


def test_a_target_near_or_beyond_the_limit_is_probably_out_of_reach():
    points = measured(Curve(0.88, 1.2, 0.6), test=20_000)
    assert advise(points, 1_600, target=0.95).out_of_reach is True
    assert advise(points, 1_600, target=0.86).out_of_reach is False
    assert advise(points, 1_600, target=0.5).out_of_reach is False  # it is there already
    assert advise(points, 1_600).out_of_reach is None


def test_too_few_points_or_repeats_are_refused_and_so_is_looking_far_ahead():
    with pytest.raises(TooFewPointsError):
        advise(measured(Curve(0.9, 1, 0.5), sizes=SIZES[:4]), 100)
    with pytest.raises(TooFewPointsError):
        advise(measured(Curve(0.9, 1, 0.5), repeats=2), 100)
    advise(measured(Curve(0.9, 1, 0.5)), 4_800)
    for more in (0, 4_801):
        with pytest.raises(ValueError, match="one batch more"):
            advise(measured(Curve(0.9, 1, 0.5)), more)
    with pytest.raises(ValueError, match="accuracies"):
        advise([(100, 1.2)], 10)


def test_nothing_here_promises_how_many_labels_a_target_takes():
    """Turned round, the curve is useless near its limit: such a number is neither a function nor a field."""
    told = advise(measured(Curve(0.93, 0.9, 0.42)), 1_600, target=0.92)
    names = {*vars(learning_curve), *type(told).__slots__, *vars(type(told)), *vars(Curve)}
    assert not [
        name
        for name in names
        if any(word in name.lower() for word in ("needed", "total", "invert", "reach_at"))
    ]
    assert told.more == 1_600 and told.labels == 1_600  # what was asked, and what is there
    assert advise(measured(Curve(0.93, 0.9, 0.42)), 1_600, target=0.92) == told
