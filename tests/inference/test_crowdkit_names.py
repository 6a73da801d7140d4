"""Scripts written for crowd-kit 1.4, in its own words: only the import is another."""

import pandas as pd
import pytest

from tagwerk.inference import (
    GLAD,
    MACE,
    ROVER,
    BradleyTerry,
    DawidSkene,
    GoldMajorityVote,
    GoldSkill,
    MajorityVote,
    NoisyBradleyTerry,
    OneCoinDawidSkene,
    PerLabel,
)

ROWS = [(f"t{task}", worker, label) for task, said in enumerate(("xxy", "yyy", "xyx"), 1) for worker, label in zip("abc", said, strict=True)]  # fmt: skip
LABELS = pd.DataFrame(ROWS, columns=["task", "worker", "label"])
TRUTH = pd.Series({"t1": "y"}, name="label")
SKILLS = pd.Series({"a": 0.1, "b": 0.2, "c": 0.9})
GAMES = pd.DataFrame(
    [("w1", "i1", "i2", "i1"), ("w1", "i2", "i3", "i2"), ("w2", "i1", "i3", "i1"), ("w2", "i3", "i2", "i2")],
    columns=["worker", "left", "right", "label"],
)
TEXTS = pd.DataFrame(
    [("t1", "a", "a b c"), ("t1", "b", "a b d"), ("t1", "c", "a b c")], columns=["task", "worker", "text"]
)


@pytest.mark.parametrize("make", [DawidSkene, GoldMajorityVote])
def test_true_labels_are_gold(make):
    known = make().fit(LABELS, gold=TRUTH).probas_
    for found in (
        make().fit(LABELS, TRUTH).probas_,
        make().fit(LABELS, true_labels=TRUTH).probas_,
        make().fit_predict_proba(data=LABELS, true_labels=TRUTH),
        make().fit_predict_proba(LABELS, TRUTH),
    ):
        pd.testing.assert_frame_equal(found, known)
    labels = make().fit_predict(LABELS, true_labels=TRUTH)
    assert labels.name == "agg_label" and labels.index.name == "task"
    assert make().fit(data=LABELS, true_labels=TRUTH).labels_.equals(labels)
    with pytest.raises(TypeError, match="another name for gold"):
        make().fit(LABELS, gold=TRUTH, true_labels=TRUTH)


def test_history_and_gold_go_through_every_call():
    history = DawidSkene(n_iter=10).fit(LABELS).errors_ * 20
    for strategy in ("assign", "addition"):
        model = DawidSkene(10, 1e-5, initial_error_strategy=strategy)
        found = model.fit_predict_proba(LABELS, true_labels=TRUTH, initial_error=history)
        assert found.equals(model.fit(LABELS, TRUTH, history).probas_)
        assert not found.equals(model.fit(LABELS, TRUTH).probas_)
        assert model.fit_predict(LABELS, TRUTH, history).index.tolist() == ["t1", "t2", "t3"]


def test_skills_stand_where_crowd_kit_has_them():
    weighted = MajorityVote(on_missing_skill="error", default_skill=None)
    found = [
        weighted.fit_predict(LABELS, SKILLS), weighted.fit(LABELS, SKILLS).labels_,
        weighted.fit_predict(LABELS, skills=SKILLS), weighted.fit(data=LABELS, skills=SKILLS).labels_,
    ]  # fmt: skip
    assert all(one.to_dict() == {"t1": "y", "t2": "y", "t3": "x"} for one in found)
    assert weighted.fit_predict_proba(LABELS, SKILLS).loc["t1", "y"] == pytest.approx(0.75)
    assert weighted.fit_predict(LABELS, TRUTH)["t1"] == "y"  # gold is gold
    assert weighted.fit_predict(LABELS)["t1"] == "x"
    numbers = LABELS.assign(task=[1, 1, 1, 2, 2, 2, 3, 3, 3], worker=[1, 2, 3] * 3)
    with pytest.raises(ValueError, match="skills of workers"):
        weighted.fit(numbers, pd.Series({1: 0.1, 2: 0.2, 3: 0.9}))
    assert weighted.fit_predict(numbers, gold=pd.Series({1: "y", 2: "y", 3: "x"}))[1] == "y"
    assert weighted.fit_predict(numbers, skills=pd.Series({1: 0.1, 2: 0.2, 3: 0.9}))[1] == "y"


def test_options_that_only_steer_crowd_kit_are_taken():
    assert (
        GLAD(n_iter=5, tol=1e-5, silent=True, m_step_max_iter=25, m_step_tol=1e-2).fit_predict(LABELS)["t1"]
        == "x"
    )
    spam = MACE(
        n_restarts=2, n_iter=5, method="vb", smoothing=0.1, default_noise=0.5, alpha=0.5, beta=0.5, random_state=0, verbose=0
    )  # fmt: skip
    assert spam.fit(LABELS).probas_.columns.name == "label"
    assert OneCoinDawidSkene(n_iter=10).fit(LABELS).skills_.index.name == "worker"
    assert GLAD().fit(LABELS).alphas_.name == "alpha" and GLAD().fit(LABELS).betas_.index.name == "task"
    assert GoldMajorityVote is GoldSkill


def test_pairs_and_texts():
    for model in (BradleyTerry(n_iter=10), NoisyBradleyTerry(n_iter=10, tol=1e-5, random_state=0)):
        scores = model.fit_predict(GAMES)
        assert scores.name == "agg_score" and scores.index.name == "label" and scores.idxmax() == "i1"
        assert model.fit(data=GAMES).scores_.equals(scores)
    assert model.skills_.name == "skill" and model.biases_.name == "bias"
    rover = ROVER(tokenizer=lambda text: text.split(" "), detokenizer=" ".join, silent=True)
    texts = rover.fit_predict(data=TEXTS)
    assert texts.name == "agg_text" and texts.to_dict() == {"t1": "a b c"}
    assert rover.fit(TEXTS).texts_.equals(texts)


def test_several_labels():
    many = LABELS.assign(label=[[one] for one in LABELS["label"]])
    truth = {"t1": ["y"]}
    assert PerLabel().fit_predict(data=many, true_labels=truth)["t1"] == ["y"]
    assert PerLabel().fit_predict_proba(many, truth).loc["t1", "y"] == 1
