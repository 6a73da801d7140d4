"""Workers of comparisons: their care, their sides, against finite differences and simulations."""

import numpy as np
import pytest

from tagwerk.inference.pairwise import BradleyTerry, NoisyBradleyTerry, crowd, position_bias


def sigma(x):
    return 1 / (1 + np.exp(-x))


def simulated(items=12, workers=8, each=80, seed=0):
    """Worker 0 answers left whatever is shown, worker 1 guesses; the others look nine times of ten."""
    rng = np.random.default_rng(seed)
    strength = np.linspace(-2, 2, items)
    left = rng.integers(0, items, workers * each)
    right = (left + rng.integers(1, items, workers * each)) % items
    worker = np.repeat(np.arange(workers), each)
    care, lean = np.array([0, 0] + [0.9] * (workers - 2)), np.array([1.0] + [0.5] * (workers - 1))
    looks = rng.random(len(left)) < care[worker]
    says_left = np.where(
        looks,
        rng.random(len(left)) < sigma(strength[left] - strength[right]),
        rng.random(len(left)) < lean[worker],
    )
    label = np.where(says_left, left, right)
    return {"worker": worker, "left": left, "right": right, "label": label}, strength


def coded(seed=1, workers=4, items=5, rows=90):
    rng = np.random.default_rng(seed)
    left = rng.integers(0, items, rows).astype(np.int32)
    right = ((left + rng.integers(1, items, rows)) % items).astype(np.int32)
    worker, outcome = (rng.integers(0, n, rows).astype(np.int32) for n in (workers, 3))
    return crowd.Labels.of(worker, left, right, outcome, workers, items), rng


def reference(labels, beliefs, point):
    """The log-posterior as it is written down, label by label."""
    score, care, lean = (list(x) for x in crowd.split(labels, point))
    total = 0.0
    for w in range(labels.workers):
        for at in range(labels.start[w], labels.start[w + 1]):
            f = sigma(score[labels.left[at]] - score[labels.right[at]])
            p = sigma(care[w]) * f + (1 - sigma(care[w])) * sigma(lean[w])
            share = (1.0, 0.0, 0.5)[labels.outcome[at]]
            total += share * np.log(p) + (1 - share) * np.log(1 - p)
    for values, yes, no in (
        (score, beliefs.item, beliefs.item),
        (care, beliefs.careful, beliefs.careless),
        (lean, beliefs.lean, beliefs.lean),
    ):
        total += sum(yes * np.log(sigma(x)) + no * np.log(sigma(-x)) for x in values)
    return -total


def test_the_gradient_is_that_of_the_loss():
    # crowd-kit 1.4.2 assigns the workers' gradients instead of adding them up, and is one place off
    labels, rng = coded()
    beliefs = crowd.Beliefs(0.5, 4.0, 1.0, 1.0)
    point = rng.normal(size=labels.size)
    value, gradient = crowd.loss_of(labels, beliefs, point)
    assert value == pytest.approx(reference(labels, beliefs, point), rel=1e-12)
    slope = [
        (reference(labels, beliefs, point + h) - reference(labels, beliefs, point - h)) / 2e-6
        for h in 1e-6 * np.eye(labels.size)
    ]
    assert gradient == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("cuts", [[2], [1, 3], [1, 2, 3]])
def test_any_parts_of_the_workers_add_up(cuts):
    labels, rng = coded()
    score, care, lean = crowd.split(labels, rng.normal(size=labels.size))
    data = (labels.left, labels.right, labels.outcome)
    whole = crowd.part(labels.start, *data, score, care, lean)
    parts = [
        crowd.part(labels.start[a : b + 1], *data, score, care[a:b], lean[a:b])
        for a, b in zip([0, *cuts], [*cuts, labels.workers], strict=True)
    ]
    assert sum(p[0] for p in parts) == pytest.approx(whole[0], abs=1e-9)
    assert sum(p[1] for p in parts) == pytest.approx(whole[1], abs=1e-9)
    for side in (2, 3):
        assert np.concatenate([p[side] for p in parts]) == pytest.approx(whole[side], abs=1e-9)


def test_who_guesses_is_found_and_the_others_are_heard():
    labels, strength = simulated(each=400)
    model = NoisyBradleyTerry().fit(labels)
    assert model.converged_
    skills = [model.skills_[w] for w in range(8)]
    assert max(skills[:2]) < 0.5 < 0.7 < min(skills[2:])
    assert model.biases_[0] > 0.9 and 0.3 < model.biases_[1] < 0.7
    plain = BradleyTerry().fit(labels)
    error = [np.abs(np.array([m.strengths_[i] for i in range(12)]) - strength).mean() for m in (model, plain)]
    assert error[0] < error[1] / 1.5
    assert model.loss_history_ == sorted(model.loss_history_)
    assert model.ranking()["item"][0] == 11


def test_with_workers_who_always_look_it_is_bradley_terry(monkeypatch):
    monkeypatch.setattr("tagwerk.inference.pairwise.noisy.CAREFUL", 1e9)
    labels, _ = simulated()
    model, plain = NoisyBradleyTerry(tol=1e-6, prior=0.5).fit(labels), BradleyTerry(prior=0.5).fit(labels)
    assert model.scores_ == pytest.approx(plain.scores_, abs=1e-5)
    assert model.covariance()[3][4] == pytest.approx(plain.covariance()[3][4], rel=1e-3)


def test_intervals_of_scores_cover_the_truth():
    covered = []
    for seed in range(5):
        labels, strength = simulated(seed=seed)
        found = NoisyBradleyTerry().fit(labels).ranking()
        bounds = zip(found["item"], found["low"], found["high"], strict=True)
        covered += [low <= strength[item] <= high for item, low, high in bounds]
    assert np.mean(covered) > 0.85


def test_no_order_and_no_name_matters():
    labels, _ = simulated(each=20)
    found = NoisyBradleyTerry().fit(labels)
    order = np.random.default_rng(3).permutation(len(labels["left"]))
    again = NoisyBradleyTerry().fit({name: column[order] for name, column in labels.items()})
    assert again.scores_ == found.scores_ and again.skills_ == found.skills_  # bit for bit
    renamed = {name: [f"{20 - x}" for x in column.tolist()] for name, column in labels.items()}
    other = NoisyBradleyTerry(tol=1e-6).fit(renamed)
    close = NoisyBradleyTerry(tol=1e-6).fit(labels)
    assert other.scores_ == pytest.approx({f"{20 - i}": p for i, p in close.scores_.items()}, abs=1e-6)
    mirrored = {**labels, "left": labels["right"], "right": labels["left"]}
    turned = NoisyBradleyTerry(tol=1e-6).fit(mirrored)
    assert turned.biases_ == pytest.approx({w: 1 - b for w, b in close.biases_.items()}, abs=1e-4)


def test_one_worker_unanimous_and_ties():
    one = {"worker": [1, 1, 1], "left": list("aab"), "right": list("bcc"), "label": ["a", "tie", "b"]}
    model = NoisyBradleyTerry().fit(one)
    assert model.converged_ and model.scores_["a"] > model.scores_["c"]
    with pytest.raises(ValueError, match="no column worker"):
        NoisyBradleyTerry().fit({name: one[name] for name in ("left", "right", "label")})


def test_the_lean_of_each_worker_is_found():
    labels, _ = simulated(each=200)
    found = position_bias(labels)
    assert found["worker"] == list(range(8)) and found["comparisons"] == [200] * 8
    assert found["left"][0] == 1.0 and found["shift"][0] > 2
    assert max(map(abs, found["shift"][2:])) < 0.7
    error = found["standard_error"][3]
    # its own log-posterior is flat at the shift and bends as the standard error says
    mine = labels["worker"] == 3
    model = BradleyTerry(position=True, tol=1e-9).fit(labels)
    apart = np.array([model.strengths_[i] for i in labels["left"][mine]]) - np.array(
        [model.strengths_[i] for i in labels["right"][mine]]
    )
    p = sigma(apart + found["shift"][3])
    said = labels["label"][mine] == labels["left"][mine]
    assert (said - p).sum() - found["shift"][3] == pytest.approx(0, abs=1e-6)
    assert error == pytest.approx(((p * (1 - p)).sum() + 1) ** -0.5, rel=1e-6)
    assert found["expected"][3] == pytest.approx(sigma(apart).mean())
