"""Crowds of any size for measurements: workers of different skill, tasks in no order."""

import numpy as np
import pandas as pd

PER_TASK, PER_WORKER, CLASSES = 5, 200, 4
TEXTS, WORDS = 7, 12


def labels(rows: int, seed: int = 0, *, texts: bool = False) -> pd.DataFrame:
    """Columns task, worker and label; ids are whole numbers, or texts such as "task-17"."""
    chance = np.random.default_rng(seed)
    tasks, workers = rows // PER_TASK, max(rows // PER_WORKER, 4 * PER_TASK)
    # consecutive workers from a random one on: nobody labels a task twice
    first = chance.integers(0, workers, tasks)
    step = chance.integers(1, workers // PER_TASK + 1, tasks)
    worker = ((first[:, None] + step[:, None] * np.arange(PER_TASK)) % workers).ravel()
    task = np.repeat(np.arange(tasks), PER_TASK)
    truth = chance.integers(0, CLASSES, tasks)[task]
    right = chance.random(len(task)) < chance.beta(4, 2, workers)[worker]
    label = np.where(right, truth, (truth + chance.integers(1, CLASSES, len(task))) % CLASSES)
    order = chance.permutation(len(task))
    table = pd.DataFrame({"task": task[order], "worker": worker[order], "label": label[order]})
    if texts:
        table["task"] = "task-" + table["task"].astype(str)
        table["worker"] = "worker-" + table["worker"].astype(str)
        table["label"] = np.array(["cat", "dog", "bird", "fish"])[table["label"]]
    return table


def comparisons(rows: int, seed: int = 0) -> pd.DataFrame:
    """Columns worker, left, right and label: 1,000 items, the better one wins more often."""
    chance = np.random.default_rng(seed)
    items, workers = min(1_000, rows // 10), max(rows // PER_WORKER, 10)
    left = chance.integers(0, items, rows)
    right = (left + chance.integers(1, items, rows)) % items
    score, worker = chance.normal(0, 1, items), chance.integers(0, workers, rows)
    careful = chance.random(rows) < chance.beta(4, 1, workers)[worker]
    wins = np.where(
        careful, chance.random(rows) < 1 / (1 + np.exp(score[right] - score[left])), chance.random(rows) < 0.5
    )
    return pd.DataFrame(
        {"worker": worker, "left": left, "right": right, "label": np.where(wins, left, right)}
    )


def texts(rows: int, seed: int = 0) -> pd.DataFrame:
    """Columns task, worker and text: seven transcripts of twelve words each, one word in ten wrong."""
    chance = np.random.default_rng(seed)
    words = np.array([f"word{number}" for number in range(1_000)])
    tasks = rows // TEXTS
    truth = np.repeat(chance.integers(0, len(words), (tasks, WORDS)), TEXTS, axis=0)
    wrong = chance.random(truth.shape) < 0.1
    said = np.where(wrong, chance.integers(0, len(words), truth.shape), truth)
    return pd.DataFrame(
        {
            "task": np.repeat(np.arange(tasks), TEXTS),
            "worker": np.tile(np.arange(TEXTS), tasks),
            "text": [" ".join(words[row]) for row in said],
        }
    )
