"""Reading a table of comparisons: who was shown what on which side, and what was preferred."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.pairwise.comparisons import LEFT, RIGHT, TIE, Codes
from tagwerk.inference.tables import Kind, is_missing, read

COLUMNS = ("left", "right", "label")


@dataclass(frozen=True, eq=False)
class Read:
    """Comparisons as codes: items 0 … items-1 on both sides, LEFT, RIGHT or TIE, and the worker (all 0 without one)."""

    kind: Kind
    items: list[Any]
    workers: list[Any]
    left: Codes
    right: Codes
    outcome: Codes
    worker: Codes


def comparisons(labels: Any, tie: Any, *, workers: bool) -> Read:
    """Read columns left, right, label and, if asked for, worker; a label is one of the two items, or the tie's.

    Raises:
        ValueError: see `tables.read`; an item compared with itself; a label that is neither item nor a tie.
    """
    table = read(labels, [COLUMNS, *(["worker"] if workers else [])])
    every = table["left"].values
    left, right, label = (table[name].codes for name in COLUMNS)
    _refuse(left == right, "compares an item with itself: leave it out")
    outcome = np.full(len(label), -1, np.int32)
    outcome[label == left], outcome[label == right] = LEFT, RIGHT
    if not is_missing(tie) and tie in every:
        outcome[(label == every.index(tie)) & (outcome < 0)] = TIE
    _refuse(outcome < 0, f"has a label that is neither of its items nor {tie!r}: see the option tie_label")
    shown = np.zeros(len(every), bool)
    shown[left], shown[right] = True, True
    place = (np.cumsum(shown) - 1).astype(np.int32)
    return Read(
        kind=table.kind,
        items=[value for value, there in zip(every, shown.tolist(), strict=True) if there],
        workers=table["worker"].values if workers else [None],
        left=place[left],
        right=place[right],
        outcome=outcome,
        worker=table["worker"].codes if workers else np.zeros(len(left), np.int32),
    )


def _refuse(wrong: NDArray[np.bool_], why: str) -> None:
    if wrong.any():
        raise ValueError(f"row {int(np.argmax(wrong))} {why}")
