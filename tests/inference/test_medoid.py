"""Answers of any kind: the nearest to the truth, against points whose places are known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwerk.inference.medoid import WeightedMedoid, one_pass


def straight(one, other):
    return math.dist(one, other)


def points(tasks=60, errors=(0.3, 0.5, 2.0, 2.5, 3.0), dimensions=3, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, 10, (tasks, dimensions))
    rows = [
        (t, w, tuple(truth[t] + rng.normal(0, e, dimensions)))
        for t in range(tasks)
        for w, e in enumerate(errors)
    ]
    return dict(zip(("task", "worker", "label"), map(list, zip(*rows, strict=True)), strict=True)), truth


def off(labels, truth):
    return float(np.mean([math.dist(labels[t], x) for t, x in enumerate(truth)]))


def test_workers_who_are_near_are_found_by_distances_alone():
    labels, truth = points(tasks=300)
    plain, learnt = WeightedMedoid(straight, n_iter=0).fit(labels), WeightedMedoid(straight).fit(labels)
    assert off(learnt.labels_, truth) < 0.8 * off(plain.labels_, truth)
    assert learnt.converged_ and (np.diff(learnt.loss_history_) > -1e-12).all()
    wanted = [e * math.sqrt(3) for e in (0.3, 0.5, 2.0, 2.5, 3.0)]
    found = list(learnt.deviations_.values())  # the best one's is drawn to the others' by the prior
    assert found[2:] == pytest.approx(wanted[2:], rel=0.35) and wanted[0] < found[0] < found[2] / 2
    near = np.mean([learnt.distances_[t] for t in learnt.distances_])
    assert near == pytest.approx(off(learnt.labels_, truth), rel=0.35)


def test_a_pass_is_what_the_points_say():
    """The same from coordinates: distances from the weighted mean, its variance, and the marginal likelihood."""
    rng = np.random.default_rng(1)
    where, spread = rng.normal(size=(4, 5)), np.array([0.5, 1.0, 2.0, 0.7])
    apart = ((where[:, None] - where[None]) ** 2).sum(axis=2)
    start, first = np.array([0, 4]), np.array([0, 16])
    worker = np.arange(4, dtype=np.int32)
    errors, sums, likely = one_pass(start, first, apart.ravel(), worker, spread)
    middle = (where / spread[:, None]).sum(axis=0) / (1 / spread).sum()
    away = ((where - middle) ** 2).sum(axis=1)
    assert errors == pytest.approx(away + 1 / (1 / spread).sum())
    assert sums == pytest.approx(errors)
    # a truth of any place, integrated out: five independent dimensions of variance spread / 5 each
    dimensions, variance = 5, spread / 5

    def marginal(var):
        inner = (1 / var).sum()
        return -0.5 * (dimensions * (np.log(var).sum() + np.log(inner)) + (away_of(var) / var).sum())

    def away_of(var):
        mean = (where / var[:, None]).sum(axis=0) / (1 / var).sum()
        return ((where - mean) ** 2).sum(axis=1)

    other = spread * np.array([2.0, 0.5, 1.0, 1.0])
    change = one_pass(start, first, apart.ravel(), worker, other)[2] - likely
    assert change * dimensions / 2 == pytest.approx(marginal(other / 5) - marginal(variance))


def test_parts_of_the_tasks_add_up():
    labels, _ = points(tasks=6)
    apart = np.array([straight(a, b) ** 2 for t in range(6) for a in labels["label"][5 * t : 5 * t + 5]
                      for b in labels["label"][5 * t : 5 * t + 5]])  # fmt: skip
    start, first = np.arange(0, 31, 5), np.arange(0, 151, 25)
    worker, spread = np.tile(np.arange(5, dtype=np.int32), 6), np.arange(1.0, 6.0)
    whole = one_pass(start, first, apart, worker, spread)
    parts = [
        one_pass(start[: b - a + 1], first[: b - a + 1], apart[first[a] : first[b]], worker, spread)
        for a, b in ((0, 2), (2, 6))
    ]
    assert sum(p[1] for p in parts) == pytest.approx(whole[1], abs=1e-9)
    assert sum(p[2] for p in parts) == pytest.approx(whole[2], abs=1e-9)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=6))
def test_the_plain_medoid_of_numbers_is_a_median(values):
    model = WeightedMedoid(lambda a, b: abs(a - b), power=1, n_iter=0)
    found = model.fit({"task": [1] * len(values), "worker": list(range(len(values))), "label": values})
    cost = {v: sum(abs(v - x) for x in values) for v in values}
    best = [v for v in cost if cost[v] == min(cost.values())]
    assert found.labels_[1] in best and bool(found.ties_) == (len(best) > 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.randoms())
def test_no_order_and_no_name_matters(seed, chance):
    labels, _ = points(tasks=8, seed=seed)
    found = WeightedMedoid(straight).fit(labels)
    rows = list(zip(*labels.values(), strict=True))
    chance.shuffle(rows)
    again = WeightedMedoid(straight).fit(dict(zip(labels, map(list, zip(*rows, strict=True)), strict=True)))
    assert again.labels_ == found.labels_ and again.deviations_ == found.deviations_  # bit for bit
    renamed = {"task": [f"t{9 - t}" for t in labels["task"]], "worker": [9 - w for w in labels["worker"]],
               "label": labels["label"]}  # fmt: skip
    assert WeightedMedoid(straight).fit(renamed).labels_ == {f"t{9 - t}": x for t, x in found.labels_.items()}


def test_labels_may_be_anything():
    boxes = {"task": [1, 1, 1], "worker": list("abc"), "label": [{"x": 1}, {"x": 2}, {"x": 9}]}
    assert WeightedMedoid(lambda a, b: abs(a["x"] - b["x"])).fit_predict(boxes) == {1: {"x": 2}}
    pandas = pytest.importorskip("pandas")
    found = WeightedMedoid(lambda a, b: abs(a["x"] - b["x"])).fit(pandas.DataFrame(boxes))
    assert found.labels_.loc[1] == {"x": 2} and found.labels_.index.name == "task"


def test_one_answer_one_worker_one_mind_and_what_is_refused():
    def apart(a, b):
        return abs(a - b)

    model = WeightedMedoid(apart)
    assert model.fit({"task": [1, 2], "worker": ["a", "a"], "label": [3, 4]}).labels_ == {1: 3, 2: 4}
    alike = model.fit({"task": [1, 1], "worker": ["a", "b"], "label": [3, 3]})
    assert alike.labels_ == {1: 3} and alike.ties_ == [] and alike.distances_[1] == pytest.approx(0, abs=1e-6)
    two = [
        WeightedMedoid(apart, seed=s).fit({"task": [1, 1], "worker": ["a", "b"], "label": [3, 4]})
        for s in range(9)
    ]
    assert {m.labels_[1] for m in two} == {3, 4} and two[0].ties_ == [1]
    for label, distance, why in (
        ([1, None], apart, "without a value"),
        ([1, 2], lambda a, b: -1.0, "negative"),
        ([1, 2], lambda a, b: float("nan"), "finite"),
    ):
        with pytest.raises(ValueError, match=why):
            WeightedMedoid(distance).fit({"task": [1, 1], "worker": ["a", "b"], "label": label})
    with pytest.raises(ValueError, match="column label"):
        model.fit({"task": [1], "worker": [1]})
