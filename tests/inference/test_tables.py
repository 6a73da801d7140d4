"""Tables of four kinds are read alike, whatever the order of rows, and refused with what to do."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.inference import coding, tables
from tagwerk.inference.crowd import sort_labels

ROWS = {"task": ["b", "a", "b"], "worker": [3, 1, 2], "label": ["no", "yes", "yes"]}


KINDS = {"mapping": dict, "pandas": pd.DataFrame, "arrow": pa.table, "polars": pl.DataFrame}
kinds = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


@kinds
def test_columns_become_codes_in_the_order_of_their_values(make):
    table = tables.read(make(ROWS), ["task", "worker", "label"])
    assert {name: table[name].codes.tolist() for name in ROWS} == {
        "task": [1, 0, 1],
        "worker": [2, 0, 1],
        "label": [0, 1, 1],
    }
    assert [table[name].values for name in ROWS] == [["a", "b"], [1, 2, 3], ["no", "yes"]]
    assert table.rows == 3 and table["task"].codes.dtype == np.int32


@kinds
def test_columns_that_belong_together_share_their_values(make):
    table = tables.read(make({"left": ["x", "y"], "right": ["y", "z"]}), [("left", "right")])
    assert table["left"].codes.tolist() == [0, 1]
    assert table["right"].codes.tolist() == [1, 2]
    assert table["left"].values == ["x", "y", "z"]


@kinds
def test_numbers_and_columns_that_may_be_missing(make):
    table = tables.read(
        make({"task": [1, 1], "value": [2, 3]}), ["task", "worker"], numbers=["value"], optional=["worker"]
    )
    assert table.numbers["value"].tolist() == [2.0, 3.0]
    assert "worker" not in table and "value" in table and "task" in table


@kinds
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"task": ["a"], "worker": [1]}, "no column label"),
        ({"task": ["a", None], "worker": [1, 2], "label": [1, 1]}, "task has no value in row 1"),
        ({"task": ["a", "b"], "worker": [1, 2], "label": [1.0, float("nan")]}, "label has no value in row 1"),
        ({"task": [], "worker": [], "label": []}, "no rows"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(make, columns, said):
    with pytest.raises(ValueError, match=said):
        tables.read(make(columns), ["task", "worker", "label"])


def test_what_is_no_table_is_refused():
    with pytest.raises(ValueError, match="not list"):
        tables.read([("a", 1, 2)], ["task"])
    with pytest.raises(ValueError, match="task 2, worker 1"):
        tables.read({"task": [1, 2], "worker": [1]}, ["task", "worker"])
    with pytest.raises(ValueError, match="cannot be compared or hashed"):
        tables.read({"task": [["a"], ["b"]]}, ["task"])
    with pytest.raises(ValueError, match="one entry per answer"):
        tables.read({"task": np.zeros((2, 2))}, ["task"])
    with pytest.raises(ValueError, match="value is no finite number in row 1"):
        tables.read({"task": [1, 2], "value": [0.5, None]}, ["task"], numbers=["value"])
    with pytest.raises(ValueError, match="holds something else"):
        tables.read({"task": [1, 2], "value": ["x", "y"]}, ["task"], numbers=["value"])


VALUES = st.one_of(
    st.lists(st.integers(-(2**70), 2**70), min_size=1),
    st.lists(st.integers(-5, 5), min_size=1),
    st.lists(st.text(max_size=40), min_size=1),
    st.lists(st.booleans(), min_size=1),
    st.lists(st.tuples(st.integers(0, 3), st.text(max_size=1)), min_size=1),
)


@given(VALUES)
def test_any_values_are_coded_in_sorted_order(values):
    codes, distinct = tables.code_array(values)
    assert [distinct[code] for code in codes] == values
    assert list(distinct) == sorted(set(values))


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1))
def test_numbers_that_lie_far_apart_are_hashed(values):
    array = np.array(values, np.int64)
    codes, first = coding.code_integers(array)
    assert array[first].tolist() == sorted(set(values))
    assert (array[first][codes] == array).all()


def test_many_texts_are_coded_as_few_are(monkeypatch):
    texts = [f"t{i % 77}" for i in range(500)]
    expected = coding.code_objects(texts)
    monkeypatch.setattr(coding, "FEW", 10)
    found = coding.code_objects(texts)
    assert (found[0] == expected[0]).all() and (found[1] == expected[1]).all()


def test_values_of_types_that_do_not_compare_have_an_order_too():
    first = tables.code_array(["a", 1, "b", 2])
    again = tables.code_array([2, "b", 1, "a"])
    assert list(first[1]) == list(again[1]) == [1, 2, "a", "b"]


def test_categories_keep_only_what_is_named():
    frame = pd.DataFrame({"label": pd.Categorical(["b", "a"], categories=["c", "b", "a"])})
    assert tables.read(frame, ["label"])["label"].values == ["a", "b"]
    encoded = pa.table({"label": pa.array(["b", "a"]).dictionary_encode()})
    assert tables.read(encoded, ["label"])["label"].values == ["a", "b"]


GOLD = {"a": "maybe", "z": "yes"}


@pytest.mark.parametrize(
    "gold",
    [
        GOLD,
        pd.Series(GOLD),
        pd.DataFrame({"task": list(GOLD), "label": list(GOLD.values())}),
        pa.table({"task": list(GOLD), "label": list(GOLD.values())}),
        {"task": list(GOLD), "label": list(GOLD.values())},
    ],
    ids=["mapping", "series", "frame", "arrow", "columns"],
)
def test_gold_may_name_new_labels_and_tasks_that_nobody_answered(gold):
    table = tables.read(ROWS, ["task", "label"])
    codes, labels = tables.gold_codes(gold, table["task"], table["label"].values)
    assert labels == ["maybe", "no", "yes"]
    assert codes.tolist() == [0, -1]


def test_gold_that_says_nothing_or_two_things_is_refused():
    with pytest.raises(ValueError, match="without a label"):
        tables.known_labels({"a": None})
    with pytest.raises(ValueError, match="two different labels"):
        tables.known_labels(pd.Series(["x", "y"], index=["a", "a"]))
    assert tables.known_labels(None) == {}


PROBABILITIES = np.array([[0.25, 0.75], [1.0, 0.0]])


def test_results_of_pandas_are_indexed_as_its_users_expect():
    kind = tables.kind_of(pd.DataFrame())
    labels = kind.series(["a", "b"], ["x", "y"], name="agg_label", index_name="task")
    assert labels.name == "agg_label" and labels.index.name == "task" and labels["b"] == "y"
    frame = kind.frame(["a", "b"], ["x", "y"], PROBABILITIES, names=("task", "label"), value="probability")
    assert frame.loc["a", "y"] == 0.75
    cube = kind.cube(
        [1], ["x", "y"], ["x", "y"], PROBABILITIES[None], names=("worker", "label", "truth"), value="p"
    )
    assert cube.loc[(1, "x"), "y"] == 0.75 and cube.index.names == ["worker", "label"]


@pytest.mark.parametrize("make", [pa.table, pl.DataFrame], ids=["arrow", "polars"])
def test_results_of_tables_without_an_index_are_long(make):
    kind = tables.kind_of(make({"task": [1]}))
    frame = kind.frame(["a", "b"], ["x", "y"], PROBABILITIES, names=("task", "label"), value="probability")
    columns = {name: list(frame[name].to_numpy()) for name in ("task", "label", "probability")}
    assert columns == {"task": [*"aabb"], "label": [*"xyxy"], "probability": [0.25, 0.75, 1.0, 0.0]}
    cube = kind.cube(
        [1], ["x", "y"], ["x", "y"], PROBABILITIES[None], names=("worker", "label", "truth"), value="p"
    )
    assert list(cube["truth"].to_numpy()) == [*"xyxy"] and list(cube["label"].to_numpy()) == [*"xxyy"]


def test_results_of_mappings_are_dicts():
    kind = tables.kind_of({})
    assert kind.series(["a"], np.array([1.0]), name="skill", index_name="worker") == {"a": 1.0}
    cube = kind.cube(
        [1], ["x", "y"], ["x", "y"], PROBABILITIES[None], names=("worker", "label", "truth"), value="p"
    )
    assert cube == {1: {"x": {"x": 0.25, "y": 0.75}, "y": {"x": 1.0, "y": 0.0}}}


def test_no_library_of_tables_is_needed():
    blocked = "import sys; sys.modules.update(dict.fromkeys(['pandas', 'polars', 'pyarrow', 'django']))"
    code = f"{blocked}; from tagwerk.inference import tables; print(tables.read({ROWS!r}, ['task'])['task'].values)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['a', 'b']"


@pytest.mark.parametrize("workers", [5, 300])
def test_labels_are_sorted_by_task_and_worker_and_the_last_word_counts(workers):
    chance = np.random.default_rng(workers)
    task, worker = chance.integers(0, 4, 2000), chance.integers(0, workers, 2000)
    label = chance.integers(0, 3, 2000).astype(np.uint8)
    last = {(t, w): said for t, w, said in zip(task.tolist(), worker.tolist(), label.tolist(), strict=True)}
    starts, who, what = sort_labels(task.astype(np.int32), worker.astype(np.int32), label, 4)
    found = [(t, who[at], what[at]) for t in range(4) for at in range(starts[t], starts[t + 1])]
    assert found == [(*pair, last[pair]) for pair in sorted(last)]
