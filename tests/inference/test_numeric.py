"""Numbers from many workers: against closed forms, plain reference implementations and known truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwerk.inference.numeric import Gaussian, RobustMedian
from tagwerk.inference.numeric import gaussian as module
from tests.inference.crowds import public


def table(task, worker, value):
    return {"task": list(task), "worker": list(worker), "value": list(value)}


def simulated(tasks=80, workers=10, each=6, seed=0):
    """The last worker answers the same whatever is asked, the one before by chance; the others have biases."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(50, 10, tasks)
    bias, gain = rng.normal(0, 4, workers), np.append(rng.uniform(0.7, 1.3, workers - 2), [0, 0])
    spread = np.append(rng.uniform(1, 4, workers - 2), [15, 0.5])
    task = np.repeat(np.arange(tasks), each)
    worker = np.concatenate([rng.choice(workers, each, replace=False) for _ in range(tasks)])
    noise = rng.normal(size=len(task)) * spread[worker]
    value = 50 + bias[worker] + gain[worker] * (truth[task] - 50) + noise
    return table(task.tolist(), worker.tolist(), value.tolist()), truth


def off(values, truth):
    return float(np.mean([abs(values[t] - x) for t, x in enumerate(truth)]))


def means(labels):
    by_task = {}
    for task, value in zip(labels["task"], labels["value"], strict=True):
        by_task.setdefault(task, []).append(value)
    return by_task


def test_workers_are_told_apart():
    labels, truth = simulated()
    model = Gaussian().fit(labels)
    assert model.converged_
    plain = {t: np.mean(v) for t, v in means(labels).items()}
    scatter = [np.std([found[t] - x for t, x in enumerate(truth)]) for found in (model.values_, plain)]
    assert scatter[0] < 0.8 * scatter[1]
    assert abs(model.gains_[9]) < 0.2 and model.deviations_[8] > 2 * max(
        model.deviations_[w] for w in range(8)
    )
    within = [abs(model.values_[t] - x) / model.standard_errors_[t] for t, x in enumerate(truth)]
    assert 0.85 < np.mean(np.array(within) < 2) < 0.99


def test_what_is_maximised_never_falls():
    for seed in range(3):
        for model in (Gaussian(), Gaussian(gain=False, prior=0.1), RobustMedian()):
            history = model.fit(simulated(seed=seed)[0]).loss_history_
            assert (np.diff(history) >= -1e-10).all() and len(history) == model.n_iter_ > 2


def test_one_step_is_that_of_the_definition():
    """The posterior of each task as a Gaussian integral on a grid."""
    labels, _ = simulated(tasks=6, workers=3, each=2, seed=4)
    rng = np.random.default_rng(0)
    bias, gain, variance = rng.normal(size=3), rng.uniform(0.5, 1.5, 3), rng.uniform(1, 9, 3)
    start = np.arange(0, 13, 2)
    worker, value = np.arange(12) % 3, np.array(labels["value"])[:12] - 50
    truth, doubt, sums, likely = module.one_pass(
        start, worker.astype(np.int32), value, bias, gain, variance, 1.5, 80.0
    )
    grid = np.linspace(-150, 150, 60_001)
    total = 0.0
    for t in range(6):
        density = np.exp(-0.5 * (grid - 1.5) ** 2 / 80) / np.sqrt(2 * np.pi * 80)
        for w, y in zip(worker[start[t] : start[t + 1]], value[start[t] : start[t + 1]], strict=True):
            density *= np.exp(-0.5 * (y - bias[w] - gain[w] * grid) ** 2 / variance[w])
            density /= np.sqrt(2 * np.pi * variance[w])
        mass = density.sum() * (grid[1] - grid[0])
        total += np.log(mass)
        mean = (grid * density).sum() / density.sum()
        assert truth[t] == pytest.approx(mean, abs=1e-6)
        assert doubt[t] == pytest.approx(((grid - mean) ** 2 * density).sum() / density.sum(), rel=1e-6)
    assert likely == pytest.approx(total, abs=1e-6)
    halves = [
        module.one_pass(start[a : b + 1], worker.astype(np.int32), value, bias, gain, variance, 1.5, 80.0)
        for a, b in ((0, 2), (2, 6))
    ]
    assert sum(h[3] for h in halves) == pytest.approx(likely, abs=1e-9)
    assert sum(h[2] for h in halves) == pytest.approx(sums, abs=1e-9)


def test_gold_sets_the_scale():
    labels, truth = simulated()
    shifted = {**labels, "value": [20 + 0.5 * v for v in labels["value"]]}  # all workers share an error
    gold = {t: truth[t] for t in range(0, 80, 4)}
    model = Gaussian().fit(shifted, gold)
    assert all(
        model.values_[t] == pytest.approx(x) and model.standard_errors_[t] == 0 for t, x in gold.items()
    )
    assert off(model.values_, truth) < off(Gaussian().fit(shifted).values_, truth) / 2
    assert Gaussian().fit(labels, {"not there": 3.0}).values_ == Gaussian().fit(labels).values_
    with pytest.raises(ValueError, match="opposite"):
        Gaussian().fit(labels, {t: -5 * x for t, x in gold.items()})
    with pytest.raises(ValueError, match="finite"):
        Gaussian().fit(labels, {1: float("inf")})
    assert RobustMedian().fit(labels, {3: 7.0}).values_[3] == 7.0


def test_the_plain_median():
    labels, _ = simulated(each=5)
    found = RobustMedian(n_iter=0).fit_predict(labels)
    assert found == pytest.approx({t: np.median(v) for t, v in means(labels).items()})
    even, _ = simulated(each=4)
    assert RobustMedian(n_iter=0).fit_predict(even) == pytest.approx(
        {t: np.median(v) for t, v in means(even).items()}
    )


def test_an_outlier_does_not_pull_the_median():
    labels, truth = simulated()
    wild = {
        **labels,
        "value": [1e9 if w == 8 else v for w, v in zip(labels["worker"], labels["value"], strict=True)],
    }
    model = RobustMedian().fit(wild)
    assert off(model.values_, truth) < 5 and model.converged_
    assert model.deviations_[8] > 1e6


@pytest.mark.parametrize("model", [Gaussian(), Gaussian(gain=False), RobustMedian(), RobustMedian(n_iter=0)])
def test_small_and_strange_tables(model):
    assert model.fit(table([1], ["a"], [4.0])).values_[1] == pytest.approx(4.0)
    same = model.fit(table([1, 1, 2, 2], list("abab"), [3.0] * 4))
    assert same.values_ == pytest.approx({1: 3.0, 2: 3.0}) and same.converged_
    one = model.fit(table([1, 2, 3], "aaa", [1.0, 2.0, 9.0]))
    assert 1 <= one.values_[1] < one.values_[2] < one.values_[3] <= 9
    for wrong, why in (([float("nan")], "finite"), ([None], "finite"), (["x"], "numbers"), ([], "no rows")):
        with pytest.raises(ValueError, match=why):
            model.fit(table([1][: len(wrong)], ["a"][: len(wrong)], wrong))


@settings(max_examples=25, deadline=None)
@given(st.randoms(), st.integers(0, 3), st.sampled_from([Gaussian(), RobustMedian()]))
def test_no_order_name_or_unit_matters(chance, seed, model):
    labels, _ = simulated(tasks=12, workers=4, each=3, seed=seed)
    before = {name: list(column) for name, column in labels.items()}
    found = model.fit(labels).values_
    assert labels == before
    rows = list(zip(*labels.values(), strict=True))
    chance.shuffle(rows)
    assert model.fit(table(*zip(*rows, strict=True))).values_ == found  # bit for bit
    renamed = [(f"t{99 - t}", f"w{9 - w}", 10 * v - 300) for t, w, v in rows]
    again = model.fit(table(*zip(*renamed, strict=True))).values_
    assert again == pytest.approx({f"t{99 - t}": 10 * v - 300 for t, v in found.items()}, rel=1e-6)


def test_tables_come_back_as_they_came():
    pandas = pytest.importorskip("pandas")
    found = Gaussian().fit(pandas.DataFrame(simulated()[0]))
    assert found.values_.index.name == "task" and found.biases_.index.name == "worker"


def test_options_that_mean_nothing_are_refused():
    with pytest.raises(ValueError, match="prior"):
        Gaussian(prior=0)


def test_emotions_are_as_near_as_the_mean():
    """Snow et al. 2008; the mean is the best of the methods in Zheng et al. 2017 (error 12.02, 17.84)."""
    labels, truth = public("n_emotion")
    labels = labels.rename(columns={"label": "value"})
    error = Gaussian().fit(labels).values_.reindex(truth.index) - truth
    assert error.abs().mean() < 12.1 and (error**2).mean() ** 0.5 < 17.9
