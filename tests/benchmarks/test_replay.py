"""The replay of recorded answers: what it counts, and which folders it takes."""

import json
from importlib import import_module

import numpy as np
import pytest

from benchmarks import adaptive
from benchmarks.__main__ import GROUPS
from benchmarks.figures import Scale
from benchmarks.replay import Outcome, Replay, Unusable, load
from tagwerk.inference.stopping import Rule
from tests.inference.crowds import made


@pytest.fixture
def folder(tmp_path):
    """A set of a made crowd, one of texts and one of numbers."""
    table, truth = made(tasks=60, workers=15, classes=2, per_task=8)
    places = {name: tmp_path / name for name in ("made", "texts", "numbers", "empty")}
    for place in places.values():
        place.mkdir()
    table.to_csv(places["made"] / "labels.csv", index=False)
    truth.rename_axis("task").rename("label").reset_index().to_csv(places["made"] / "truth.csv", index=False)
    (places["texts"] / "labels.csv").write_text("task,worker,text\n1,2,hello\n")
    (places["texts"] / "truth.csv").write_text("task,text\n1,hello\n")
    rows = [f"{at},w,{at}" for at in range(100)]
    (places["numbers"] / "labels.csv").write_text("\n".join(["task,worker,label", *rows]))
    (places["numbers"] / "truth.csv").write_text(
        "\n".join(["task,label", *(f"{at},{at}" for at in range(100))])
    )
    return tmp_path


def test_only_sets_of_classes_are_replayed(folder):
    assert load(folder / "made").classes == 2
    for name, reason in (("texts", "columns"), ("numbers", "numbers"), ("empty", "missing")):
        with pytest.raises(Unusable, match=reason):
            load(folder / name)


def test_gold_is_paid_in_full_and_scored_nowhere(folder):
    one = Replay(load(folder / "made"), seed=3)
    assert (~one.open).sum() == 6 and (one.known[~one.open] == one.answers.truth[~one.open]).all()
    assert one.full.labels == 54 * 8
    two = one.part(np.full(60, 2))
    assert len(two.worker) == 54 * 2 + 6 * 8
    assert one.outcome(np.full(60, 2)).labels == 54 * 2


def test_asking_stops_early_and_the_same_seed_asks_the_same(folder):
    answers = load(folder / "made")
    found, again = (Replay(answers, seed=1).adaptive(Rule()) for _ in range(2))
    assert found == again
    assert 54 * 2 <= found.labels < 54 * 8
    everything = Replay(answers, seed=1).adaptive(Rule(least=8))
    assert everything.labels == Replay(answers, seed=1).full.labels


def test_the_cheapest_fixed_number_lies_between_numbers():
    fixed = [[Outcome(100, 0.6), Outcome(200, 0.8), Outcome(300, 0.8)]]
    assert adaptive.cheapest([1, 2, 3], fixed, 0.7) == pytest.approx((1.5, 150))
    assert adaptive.cheapest([1, 2, 3], fixed, 0.5) == (1, 100)
    assert adaptive.cheapest([1, 2, 3], fixed, 0.9) == (3, 300)


def test_it_prints_each_set_and_all_of_them(folder, capsys, monkeypatch):
    monkeypatch.setattr(
        "sys.argv", ["adaptive", "--json", "--orders", "2", "--processes", "1", "--data", str(folder)]
    )
    assert adaptive.main() == 0
    said = capsys.readouterr()
    of_set, of_all = (json.loads(line) for line in said.out.splitlines())
    assert of_set["set"] == "made" and 0 < of_set["saving_vs_full"] < 1
    assert of_all["adaptive.saving_vs_full"] == of_set["saving_vs_full"]
    assert of_all["adaptive.worst_set_points"] == of_all["adaptive.loss_points"]
    assert "texts is skipped" in said.err


def test_no_data_is_said(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["adaptive", "--data", str(tmp_path / "none")])
    assert adaptive.main() == 1
    monkeypatch.setattr(adaptive, "DATA", tmp_path / "none")
    assert list(adaptive.figures(adaptive.NAMES, Scale(small=True))) == []
    assert capsys.readouterr().err.count("skipped: no set of classes") == 2


def test_it_is_a_group_of_the_benchmarks(folder, monkeypatch):
    monkeypatch.setattr(adaptive, "DATA", folder)
    found = {one.name: one for one in adaptive.figures(adaptive.NAMES[:2], Scale(small=True))}
    assert list(found) == ["adaptive.saving_vs_full", "adaptive.loss_points"]
    assert found["adaptive.saving_vs_full"].ratio == pytest.approx(
        found["adaptive.saving_vs_full"].value / 0.4
    )
    assert "adaptive" in GROUPS and all(import_module(f"benchmarks.{group}").NAMES for group in GROUPS)
