"""Crowds for tests: made ones, and those with known truth that lie beside the project."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CROWD_DATA", ROOT.parent / "shared/data/crowd"))


def public(name):
    """Labels and truth of a public data set; the test is skipped where they are not there."""
    folder = DATA / name
    if not folder.exists():
        pytest.skip(f"no data set {name} in {DATA} (the environment variable CROWD_DATA says where they are)")
    return pd.read_csv(folder / "labels.csv"), pd.read_csv(folder / "truth.csv").set_index("task")["label"]


def accuracy(labels, truth):
    """The share of right labels among the tasks whose truth is known."""
    known = truth[truth.index.isin(labels.index)]
    return float((labels.reindex(known.index) == known).mean())


def made(tasks=60, workers=12, classes=3, per_task=5, seed=0):
    """A table of labels by workers of different skill, in no order, and the truth."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, classes, tasks)
    skill = chance.uniform(0.4, 0.95, workers)
    rows = [
        (
            f"t{task}",
            f"w{worker}",
            int(truth[task] if chance.random() < skill[worker] else chance.integers(0, classes)),
        )
        for task in range(tasks)
        for worker in chance.choice(workers, per_task, replace=False)
    ]
    chance.shuffle(rows)
    table = pd.DataFrame(rows, columns=["task", "worker", "label"])
    return table, pd.Series({f"t{task}": int(label) for task, label in enumerate(truth)})


@st.composite
def small(draw):
    """Any small table: few tasks, workers and classes, some of them alone, some all of one mind."""
    tasks, workers, classes = draw(st.integers(1, 5)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, tasks - 1), st.integers(0, workers - 1)),
            min_size=1,
            max_size=20,
            unique=True,
        )
    )
    said = draw(st.lists(st.integers(0, classes - 1), min_size=len(pairs), max_size=len(pairs)))
    return pd.DataFrame(
        [(f"t{task}", f"w{worker}", "xyz"[label]) for (task, worker), label in zip(pairs, said, strict=True)],
        columns=["task", "worker", "label"],
    )
