"""How often is the truth found? Each method for classes on each public set with known truth, and crowd-kit beside it.

`python -m benchmarks.accuracy` writes docs/reference/truth-inference-accuracy.md from the sets in ../shared/data/crowd
(or where CROWD_DATA says), and `--json` prints one line per set instead.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import tagwerk.inference as ours
from benchmarks.figures import note
from benchmarks.peer import Peer

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CROWD_DATA", ROOT.parent / "shared" / "data" / "crowd"))
PAGE = ROOT / "docs" / "reference" / "truth-inference-accuracy.md"
METHODS: dict[str, Any] = {
    "Auto": lambda: ours.Auto(),
    "MajorityVote": lambda: ours.MajorityVote(),
    "DawidSkene": lambda: ours.DawidSkene(),
    "DawidSkene, shrinkage 5": lambda: ours.DawidSkene(shrinkage=5.0),
    "OneCoin": lambda: ours.OneCoin(),
    "GLAD": lambda: ours.GLAD(),
    "MACE": lambda: ours.MACE(),
    "IBCC": lambda: ours.IBCC(),
    "EBCC": lambda: ours.EBCC(),
}
THEIRS = {
    "MajorityVote": "MajorityVote",
    "DawidSkene": "DawidSkene",
    "OneCoin": "OneCoinDawidSkene",
    "GLAD": "GLAD",
    "MACE": "MACE",
}
WITH_GOLD = {"Auto, 10 % gold": lambda: ours.Auto(), "GoldSkill, 10 % gold": lambda: ours.GoldSkill()}
DRAWS = 3
ONCE = {"MACE": {"n_restarts": 1}}  # its ten restarts are the same one ten times, and only cost time
LONGEST = 150  # seconds that crowd-kit may take for one set


def rows() -> Iterator[dict[str, Any]]:
    """One for each set: its size, and the accuracy by method, those of crowd-kit with its name before."""
    with tempfile.TemporaryDirectory() as folder, Peer() as peer:
        for path in sorted(DATA.iterdir()):
            if not (path / "truth.csv").exists():
                continue
            labels, truth = pd.read_csv(path / "labels.csv"), pd.read_csv(path / "truth.csv")
            if set(labels.columns) != {"task", "worker", "label"} or truth["label"].nunique() > 20:
                continue  # texts, comparisons, numbers
            note(path.name)
            yield _row(path.name, labels, truth.set_index("task")["label"], peer, Path(folder))


def _row(name: str, labels: pd.DataFrame, truth: pd.Series, peer: Peer, folder: Path) -> dict[str, Any]:
    known = truth[truth.index.isin(labels["task"])]
    row: dict[str, Any] = {
        "set": name,
        "labels": len(labels),
        "tasks": labels["task"].nunique(),
        "workers": labels["worker"].nunique(),
        "classes": labels["label"].nunique(),
    }
    for method, make in METHODS.items():
        row[method] = _accuracy(make().fit_predict(labels), known)
    for method, make in WITH_GOLD.items():
        draws = [known.sample(frac=0.1, random_state=draw) for draw in range(DRAWS)]
        row[method] = float(
            np.mean([_accuracy(make().fit_predict(labels, gold), known.drop(gold.index)) for gold in draws])
        )
    table, found = folder / f"{name}.parquet", folder / "found.parquet"
    labels.to_parquet(table)
    for method, theirs in THEIRS.items() if Peer.there() else ():
        wish = {"table": str(table), "method": theirs, "options": ONCE.get(method, {}), "labels": str(found)}
        answer = peer.ask(wish, LONGEST)
        row[f"crowd-kit {method}"] = (
            _accuracy(pd.read_parquet(found)["label"], known) if answer else float("nan")
        )
    return row


def _accuracy(labels: Any, truth: pd.Series) -> float:
    return float((labels.reindex(truth.index) == truth).mean())


def page(found: list[dict[str, Any]]) -> str:
    """The reference page."""
    table = pd.DataFrame(found).set_index("set")
    lines = [HEAD, "", _line(["method", *table.index, "mean"]), _line(["---"] + ["---:"] * (len(table) + 1))]
    facts = ("labels", "tasks", "workers", "classes")
    lines += [_line([f"*{fact}*", *(f"{value:,}" for value in table[fact]), ""]) for fact in facts]
    best = table[[*METHODS, *(f"crowd-kit {name}" for name in THEIRS if f"crowd-kit {name}" in table)]].max(
        axis=1
    )
    for method in (*METHODS, *WITH_GOLD):
        lines.append(_line([f"**{method}**", *_cells(table[method], best)]))
        if f"crowd-kit {method}" in table:
            lines.append(
                _line([f"crowd-kit's {THEIRS[method]}", *_cells(table[f"crowd-kit {method}"], best)])
            )
    return "\n".join(lines) + "\n"


HEAD = """# Truth inference: accuracy on public sets

The share of tasks whose label is the true one, of those whose truth is known, for each method of `tagwerk.inference` with the options
that it has by itself (but where a line says otherwise), and in the line below it what crowd-kit 1.4.2 finds, also with its own options. The
best without gold in each column is in italics. Methods with gold know a tenth of the truth, drawn three times, and are measured on the rest.
A dash: crowd-kit did not end in time, on a machine of two cores that others used too. What to choose and why: [how to find the truth](../how-to/truth-inference.md).

`python -m benchmarks.accuracy` writes this page. The sets are described, with their sources, in the paper of each; sizes are as measured."""


def _cells(values: pd.Series, best: pd.Series) -> list[str]:
    said = []
    for name, value in values.items():
        text = "–" if np.isnan(value) else f"{value:.4f}".removeprefix("0")
        said.append(f"*{text}*" if value >= best[name] - 1e-12 else text)
    mean = values.mean() if not values.isna().any() else float("nan")
    return [*said, "–" if np.isnan(mean) else f"{mean:.4f}".removeprefix("0")]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the page, or print what it would say."""
    if not DATA.exists():
        sys.exit(f"there are no sets in {DATA}: CROWD_DATA says where they are")
    if not Peer.there():
        note("crowd-kit is missing: `python -m benchmarks.peer` installs it")
    found = []
    for row in rows():
        found.append(row)
        if "--json" in sys.argv:
            print(json.dumps(row), flush=True)
    if "--json" not in sys.argv:
        PAGE.write_text(page(found))
        note(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
