"""Auto chooses by what the data are like and says why; PerLabel asks any method about each label."""

import numpy as np
import pandas as pd
import pytest

from tagwerk.inference import IBCC, Auto, GoldSkill, MajorityVote, PerLabel
from tests.inference.crowds import accuracy, made, public

# the best single method of crowd-kit 1.4.2 on these ten sets is DawidSkene, with a mean accuracy of .8207
TEN = (
    "bluebird",
    "d_possent",
    "dog",
    "mozafari",
    "music",
    "polarity_amt",
    "rte",
    "s_rel",
    "trec",
    "weather_cf",
)


def test_workers_are_not_compared_where_hardly_any_task_has_two_labels():
    table, truth = made(tasks=100, per_task=1)
    model = Auto().fit(table)
    assert isinstance(model.method_, MajorityVote) and "no gold" in model.reason_
    with_gold = Auto().fit(table, truth.iloc[:20])
    assert isinstance(with_gold.method_, GoldSkill) and "20 gold tasks" in with_gold.reason_


def test_the_reason_names_what_was_compared():
    table, truth = made(tasks=200)
    model = Auto().fit(table, truth.iloc[:10])
    assert set(model.scores_) == {"DawidSkene", "IBCC", "MACE", "OneCoin", "GoldSkill"}
    assert type(model.method_).__name__ == max(model.scores_, key=model.scores_.get)
    assert model.reason_.startswith(type(model.method_).__name__) and "5.0 labels per task" in model.reason_
    assert accuracy(model.labels_, truth) > 0.8
    assert model.probas_.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert len(model.skills_) == 12 and model.errors_.shape == (36, 3)


def test_methods_that_fail_on_gold_are_out():
    # three of five workers mistake every second class for another: they agree with one another, and are wrong
    chance = np.random.default_rng(0)
    truth = chance.integers(0, 2, 300)
    rows = [
        (task, worker, int(truth[task] ^ (chance.random() < (0.65 if worker < 4 else 0.05))))
        for task in range(300)
        for worker in range(5)
    ]
    table = pd.DataFrame(rows, columns=["task", "worker", "label"])
    gold = pd.Series(truth[:60])
    model = Auto().fit(table, gold)
    assert accuracy(model.labels_, pd.Series(truth)) > 0.9
    assert accuracy(MajorityVote().fit_predict(table), pd.Series(truth)) < 0.5


def test_it_is_better_on_average_than_the_best_single_method_of_crowd_kit():
    sets = [public(name) for name in TEN]
    found = [accuracy(Auto().fit_predict(table), truth) for table, truth in sets]
    assert np.mean(found) > 0.8252


MANY = {
    "task": [1, 1, 1, 2, 2, 2],
    "worker": [*"abcabc"],
    "label": [["x"], ["x", "y"], [], ["y"], ["y"], ["y", "x"]],
}


@pytest.mark.parametrize("base", [None, MajorityVote(), IBCC()])
def test_each_label_is_decided_by_itself(base):
    model = PerLabel(base).fit(pd.DataFrame(MANY))
    assert model.labels_.to_dict() == {1: ["x"], 2: ["y"]} and model.ties_ == []
    assert list(model.probas_.columns) == ["x", "y"]
    if base is None or isinstance(base, IBCC):
        assert set(model.skills_.index) == {"a", "b", "c"}


def test_shares_of_votes_for_each_label():
    model = PerLabel(MajorityVote()).fit(MANY)
    assert model.probas_ == {1: {"x": 2 / 3, "y": 1 / 3}, 2: {"x": 1 / 3, "y": 1.0}}
    with pytest.raises(AttributeError, match="no skills_"):
        _ = model.skills_
    even = {name: values[:2] for name, values in MANY.items()}
    assert PerLabel(MajorityVote()).fit(even).ties_ == [1]


def test_gold_of_several_labels():
    model = PerLabel().fit(MANY, {1: ["y", "z"], 7: ["x"]})
    assert model.labels_[1] == ["y", "z"] and model.probas_[1]["z"] == 1.0


def test_one_label_that_is_no_list_is_refused():
    with pytest.raises(ValueError, match="put"):
        PerLabel().fit({"task": [1], "worker": [1], "label": ["x"]})
    with pytest.raises(ValueError, match="gold is a list"):
        PerLabel().fit(MANY, {1: "x"})
    empty = PerLabel().fit({"task": [1], "worker": [1], "label": [[]]})
    assert empty.labels_ == {1: []}
