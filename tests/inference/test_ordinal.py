"""Dawid-Skene for ratings: against the definition, finite differences and simulated workers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwerk.inference import ordinal
from tagwerk.inference.dawid_skene import DawidSkene
from tagwerk.inference.ordinal import OrdinalDawidSkene
from tests.inference.crowds import small


def rated(tasks=200, workers=40, each=3, steps=5, seed=1):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, steps, tasks)
    bias, scale = rng.normal(0, 0.5, workers), np.exp(rng.normal(np.log(0.4), 0.5, workers))
    task = np.repeat(np.arange(tasks), each)
    worker = np.concatenate([rng.choice(workers, each, replace=False) for _ in range(tasks)])
    seen = truth[task] + bias[worker] + scale[worker] * rng.logistic(size=len(task))
    label = np.clip(np.rint(seen), 0, steps - 1).astype(int)
    return pd.DataFrame({"task": task, "worker": worker, "label": label}), truth, bias, scale


def probability(said, true, bias, scale, steps):
    def below(x):
        return 1 / (1 + np.exp(-(x - true - bias) / scale))

    low = 0 if said == 0 else below(said - 0.5)
    high = 1 if said == steps - 1 else below(said + 0.5)
    return 0.98 * (high - low) + 0.02 / steps


def test_with_few_labels_it_is_nearer_than_dawid_skene():
    labels, truth, bias, _ = rated()
    model, free = OrdinalDawidSkene().fit(labels), DawidSkene(shrinkage=5).fit(labels)
    right, free_right = ((m.labels_.to_numpy() == truth).mean() for m in (model, free))
    assert right > free_right + 0.05 and right > 0.78
    assert model.converged_ and (np.diff(model.loss_history_) > -1e-12).all()
    assert np.corrcoef(model.biases_.to_numpy(), bias)[0, 1] > 0.75
    assert np.abs(model.means_.to_numpy() - truth).mean() < 0.35


def test_workers_are_known_from_many_labels():
    labels, _, bias, scale = rated(tasks=1500, workers=12, each=5)
    model = OrdinalDawidSkene().fit(labels)
    assert np.corrcoef(np.log(model.scales_), np.log(scale))[0, 1] > 0.95
    assert model.biases_.to_numpy() - model.biases_.mean() == pytest.approx(bias - bias.mean(), abs=0.15)


def test_errors_are_those_of_the_definition():
    labels, *_ = rated(steps=4)
    model = OrdinalDawidSkene().fit(labels)
    errors = model.errors_
    for worker in (0, 7):
        wanted = [
            [probability(said, k, model.biases_[worker], model.scales_[worker], 4) for k in range(4)]
            for said in range(4)
        ]
        assert errors.loc[worker].to_numpy() == pytest.approx(np.array(wanted), abs=1e-9)
        assert errors.loc[worker].sum().to_numpy() == pytest.approx(np.ones(4))


def test_slopes_are_those_of_the_likelihood():
    rng = np.random.default_rng(0)
    counts, place, errors = rng.uniform(0, 3, (4, 4)), np.array([0, 1, 2, 4]), np.zeros((4, 4))
    own = np.array([0.3, -0.4])
    _, slope, bend = ordinal._likely(counts, place, 5, own, errors)

    def value(x):
        return ordinal._likely(counts, place, 5, x, errors)[0]

    assert slope == pytest.approx(
        [(value(own + h) - value(own - h)) / 2e-6 for h in 1e-6 * np.eye(2)], abs=1e-5
    )
    assert bend[0] * bend[2] > bend[1] ** 2
    found, _ = ordinal.learn(counts[None], place, 5, own[None])
    best = max(value(np.array([b, s])) for b in np.linspace(-2, 2, 81) for s in np.linspace(-3, 2, 101))
    assert value(found[0]) > best - 1e-3


def test_the_order_of_ratings_may_be_said():
    labels, *_ = rated(tasks=60)
    names = ["awful", "bad", "fair", "good", "great"]
    shuffled = ["fair", "great", "bad", "awful", "good"]
    named = labels.assign(label=[names[v] for v in labels.label])
    found = OrdinalDawidSkene(order=names).fit(named)
    plain = OrdinalDawidSkene().fit(labels)
    assert found.labels_.tolist() == [names[v] for v in plain.labels_]
    assert found.biases_.to_numpy() == pytest.approx(plain.biases_.to_numpy(), abs=1e-6)
    upside_down = OrdinalDawidSkene(order=names[::-1]).fit(named)
    assert upside_down.biases_.to_numpy() == pytest.approx(-plain.biases_.to_numpy(), abs=1e-6)
    assert OrdinalDawidSkene(order=shuffled).fit(named).loss_history_[-1] < plain.loss_history_[-1]
    for order, why in ((names[:-1], "lacks"), ([*names, "bad"], "twice")):
        with pytest.raises(ValueError, match=why):
            OrdinalDawidSkene(order=order).fit(named)


def test_gold_is_kept_and_teaches():
    labels, truth, *_ = rated(tasks=120, workers=6)
    gold = {t: int(truth[t]) for t in range(60)}
    model = OrdinalDawidSkene().fit(labels, gold)
    assert (model.labels_[:60].to_numpy() == truth[:60]).all()
    assert OrdinalDawidSkene().fit(labels, {0: 9}).labels_[0] == 9  # a rating that nobody gave


@settings(max_examples=25, deadline=None)
@given(small(), st.randoms())
def test_no_order_and_no_name_matters(labels, chance):
    model = OrdinalDawidSkene().fit(labels)
    assert np.allclose(model.probas_.sum(axis=1), 1.0)
    order = list(range(len(labels)))
    chance.shuffle(order)
    again = OrdinalDawidSkene().fit(labels.iloc[order])
    assert model.probas_.equals(again.probas_)
    renamed = labels.assign(task="u" + labels.task, worker=labels.worker.map(lambda w: f"v{9 - int(w[1:])}"))
    other = OrdinalDawidSkene().fit(renamed)
    assert np.allclose(other.probas_, model.probas_, atol=1e-7)
