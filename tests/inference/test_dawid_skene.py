"""Dawid-Skene against a readable reference, published figures, and what must hold in any split and with any history."""

import numpy as np
import pandas as pd
import pytest

from tagwerk.inference import DawidSkene
from tagwerk.inference.crowd import read_crowd
from tagwerk.inference.dawid_skene import Tables
from tagwerk.inference.passes import Sums, count_pass, mixture_pass, shares_pass
from tests.inference.crowds import accuracy, made, public


def reference(table, n_iter=100, tol=1e-5):
    """Dawid and Skene 1979 as they wrote it: a table of task × worker × label, and two steps in turn."""
    codes = [np.unique(table[name], return_inverse=True)[1] for name in ("task", "worker", "label")]
    said = np.zeros([code.max() + 1 for code in codes])
    said[tuple(codes)] = 1
    given = said.any(axis=0)[:, :, None]

    def maximise(posterior):
        counts = np.where(given, np.maximum(np.einsum("twl,tk->wlk", said, posterior), 1e-10), 0)
        errors = counts / counts.sum(axis=1, keepdims=True)
        return (
            posterior.mean(axis=0),
            np.einsum("twl,wlk->tk", said, np.log(np.where(given, errors, 1))),
            errors,
        )

    posterior, losses = said.sum(axis=1) / said.sum(axis=(1, 2))[:, None], [-np.inf]
    priors, log_likely, errors = maximise(posterior)
    while len(losses) <= n_iter and (len(losses) < 3 or losses[-1] - losses[-2] >= tol):
        joint = np.exp(np.log(priors) + log_likely)
        posterior = joint / joint.sum(axis=1, keepdims=True)
        priors, log_likely, errors = maximise(posterior)
        bound = posterior * (np.log(priors) + log_likely - np.log(np.maximum(posterior, 1e-300)))
        losses.append(bound.sum() / said.sum())
    return posterior, priors, errors, losses[1:]


@pytest.mark.parametrize("classes", [2, 3, 11])
def test_it_is_what_the_paper_says(classes):
    table, _ = made(classes=classes, tasks=80)
    posterior, priors, errors, losses = reference(table)
    found = DawidSkene().fit(table)
    assert found.probas_.to_numpy() == pytest.approx(posterior, abs=1e-9)
    assert found.priors_.to_numpy() == pytest.approx(priors, abs=1e-9)
    assert found.errors_.to_numpy().reshape(errors.shape) == pytest.approx(errors, abs=1e-9)
    assert found.loss_history_ == pytest.approx(losses, abs=1e-9)
    assert found.n_iter_ == len(losses) > 3 and found.converged_


# crowd-kit's paper (JOSS 2024) and Zheng et al. (VLDB 2017) for the same data
@pytest.mark.parametrize(("name", "published"), [("d_possent", 0.960), ("s_rel", 0.615)])
def test_published_accuracy_is_reached(name, published):
    table, truth = public(name)
    assert accuracy(DawidSkene().fit_predict(table), truth) == pytest.approx(published, abs=0.006)


@pytest.mark.parametrize("shrinkage", [0.0, 5.0])
@pytest.mark.parametrize("gold", [None, {"t1": 2, "t2": 0, "t3": 1}])
def test_the_bound_never_falls(shrinkage, gold):
    table, _ = made(per_task=3)
    history = DawidSkene().fit(table).errors_ * 3
    for error in (None, history):
        found = DawidSkene(n_iter=60, tol=0.0, shrinkage=shrinkage).fit(table, gold, initial_error=error)
        assert min(np.diff(found.loss_history_)) > -1e-9


@pytest.mark.parametrize("bounds", [[0, 1, 60], [0, 10, 20, 59, 60], list(range(61))])
def test_any_split_into_parts_gives_the_same(bounds):
    table, _ = made()
    part = read_crowd(table, {"t1": 0}).part
    whole = np.zeros((part.tasks, part.classes))
    pieces = list(zip(part.split(bounds), np.split(whole, bounds[1:-1]), strict=True))
    for piece, posterior in pieces:
        shares_pass(piece, np.ones(part.workers), posterior)
    sums = _added([count_pass(*piece) for piece in pieces])
    tables = Tables.first(sums)
    losses = []
    for _ in range(10):
        losses.append(tables.learn(_added([tables.expect(*piece) for piece in pieces])) / len(part.worker))
    found = DawidSkene(n_iter=10, tol=0.0).fit(table, {"t1": 0})
    assert whole == pytest.approx(found.probas_.to_numpy(), abs=1e-9)
    assert losses == pytest.approx(found.loss_history_, abs=1e-9)


def _added(sums):
    total = sums[0]
    for more in sums[1:]:
        total = total + more
    return total


def test_many_parts_in_threads_are_one_part(monkeypatch):
    table, _ = made(tasks=200)
    alone = DawidSkene(n_threads=1).fit(table)
    monkeypatch.setattr("tagwerk.inference.part.PART_LABELS", 100)
    one, two = DawidSkene(n_threads=1).fit(table), DawidSkene(n_threads=2).fit(table)
    assert (one.probas_ == two.probas_).all().all() and one.loss_history_ == two.loss_history_
    assert one.probas_.to_numpy() == pytest.approx(alone.probas_.to_numpy(), abs=1e-9)


def test_a_pass_needs_no_more_than_tables_and_says_how_likely_the_labels_are():
    part = read_crowd({"task": [1, 1], "worker": ["a", "b"], "label": ["x", "y"]}).part
    errors = np.array([[[0.9, 0.2], [0.1, 0.8]], [[0.6, 0.3], [0.4, 0.7]]])
    posterior = np.zeros((1, 2))
    sums = mixture_pass(part, np.log(errors), np.log([0.5, 0.5]), posterior)
    x, y = 0.5 * 0.9 * 0.4, 0.5 * 0.2 * 0.7
    assert posterior[0] == pytest.approx([x / (x + y), y / (x + y)])
    assert sums.log_likelihood == pytest.approx(np.log(x + y))
    assert sums.counts[0, 0] == pytest.approx(posterior[0]) and sums.counts[1, 1] == pytest.approx(
        posterior[0]
    )
    both = sums + sums
    assert isinstance(both, Sums) and both.states == pytest.approx(2 * posterior[0])


def test_gold_is_believed_and_teaches_who_is_good():
    # two against one on every task: without gold the pair is right, with it the single one
    rows = [(t, w, "x" if w == "a" else "y") for t in range(12) for w in "abc"]
    rows += [(t, w, "y" if w == "a" else "x") for t in range(12, 24) for w in "abc"]
    table = pd.DataFrame(rows, columns=["task", "worker", "label"])
    assert DawidSkene().fit_predict(table)[5] == "y"
    gold = {0: "x", 1: "x", 2: "x", 12: "y", 13: "y", 14: "y"}
    taught = DawidSkene(tol=0.0).fit(table, gold)
    assert taught.labels_[5] == "x" and taught.probas_.loc[0, "x"] == 1.0
    assert taught.skills_["a"] > 0.99 > 0.01 > taught.skills_["b"]


def test_shrinking_pulls_workers_towards_what_is_common():
    table, _ = made(per_task=3, workers=30)
    spread = [DawidSkene(shrinkage=shrinkage).fit(table).skills_.std() for shrinkage in (0.0, 5.0, 500.0)]
    assert spread[0] > spread[1] > spread[2]


def test_history_of_workers_is_kept_started_from_or_added():
    table = pd.DataFrame({"task": [1, 1, 2, 2], "worker": [*"abab"], "label": [*"xyyx"]})
    history = pd.DataFrame(
        [[90.0, 10.0], [10.0, 90.0], [50.0, 50.0], [50.0, 50.0]],
        index=pd.MultiIndex.from_product([[*"ab"], [*"xy"]], names=["worker", "label"]),
        columns=[*"xy"],
    )
    for strategy in ("prior", "addition", "assign"):
        model = DawidSkene(initial_error_strategy=strategy).fit(table, initial_error=history)
        assert model.labels_.tolist() == ["x", "y"], strategy
    kept = DawidSkene().fit(table, initial_error=history).errors_
    assert kept.loc[("b", "x"), "x"] == pytest.approx(0.5, abs=0.02)
    nested = {w: {said: dict(history.loc[(w, said)]) for said in "xy"} for w in "ab"}
    columns = history.rename_axis(columns="truth").stack().rename("probability").reset_index()
    for other in (nested, columns, columns.to_dict("list")):
        assert (DawidSkene().fit(table, initial_error=other).errors_ == kept).all().all()
    with pytest.raises(ValueError, match="names a label"):
        DawidSkene().fit(table, initial_error={"a": {"z": {"x": 1}}})
    with pytest.raises(ValueError, match="negative"):
        DawidSkene().fit(table, initial_error={"a": {"x": {"x": -1}}})


def test_costs_decide_where_errors_are_not_alike():
    rows = [(task, worker, "ok") for task in range(8) for worker in "abc"] + [(8, "a", "ok"), (8, "b", "ill")]
    table = pd.DataFrame(rows, columns=["task", "worker", "label"])
    plain = DawidSkene(shrinkage=5.0).fit(table)
    ill = plain.probas_.loc[8, "ill"]
    assert 1e-6 < ill < 0.5 and plain.labels_[8] == "ok"
    careful = DawidSkene(shrinkage=5.0, costs={"ill": {"ok": 2 / ill}}).fit(table)
    assert (careful.probas_ == plain.probas_).all().all() and careful.labels_[8] == "ill"
    assert (careful.labels_[:8] == "ok").all()


def test_options_that_make_no_sense_are_refused():
    for options in ({"n_iter": 0}, {"shrinkage": -1}, {"initial_error_strategy": "guess"}):
        with pytest.raises(ValueError, match="is"):
            DawidSkene(**options)


def test_what_is_not_known_yet_is_said():
    with pytest.raises(AttributeError, match="after fit"):
        _ = DawidSkene().labels_
    assert not hasattr(DawidSkene(), "errors_")
