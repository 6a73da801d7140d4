"""How often is the truth found? Each method for classes on each public set with known truth, and crowd-kit beside it.

`python -m benchmarks.accuracy` writes docs/truth-inference-accuracy.md from the sets in ../shared/data/crowd
(or where CROWD_DATA says). What crowd-kit finds is kept in crowdkit_accuracy.json, as its version is pinned and it takes
long; `--crowdkit` finds it anew, for what is named after it (`trec`, `rte/GLAD`) or for all. What was not found by such a
run stands there under "copied", and is marked in the page.
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
PAGE = ROOT / "docs" / "truth-inference-accuracy.md"
KEPT = ROOT / "benchmarks" / "crowdkit_accuracy.json"
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
MOST_CLASSES = 20
ONCE = {"MACE": {"n_restarts": 1}}  # its ten restarts are the same one ten times, and only cost time
LONGEST = 120  # seconds that crowd-kit may take for one set
COPIED = "†"


def sets() -> Iterator[tuple[str, pd.DataFrame, pd.Series]]:
    """Name, labels and known truth of each set of classes; texts, comparisons and numbers are left out."""
    for path in sorted(DATA.iterdir()):
        if (path / "truth.csv").exists():
            labels, truth = pd.read_csv(path / "labels.csv"), pd.read_csv(path / "truth.csv")
            if (
                set(labels.columns) == {"task", "worker", "label"}
                and truth["label"].nunique() <= MOST_CLASSES
            ):
                known = truth.set_index("task")["label"]
                yield path.name, labels, known[known.index.isin(labels["task"])]


def row(name: str, labels: pd.DataFrame, known: pd.Series) -> dict[str, Any]:
    """The size of a set, and the accuracy by method, those of crowd-kit with its name before."""
    found: dict[str, Any] = {
        "set": name,
        "labels": len(labels),
        "tasks": labels["task"].nunique(),
        "workers": labels["worker"].nunique(),
        "classes": labels["label"].nunique(),
    }
    found |= {method: _accuracy(make().fit_predict(labels), known) for method, make in METHODS.items()}
    draws = [known.sample(frac=0.1, random_state=draw) for draw in range(DRAWS)]
    for method, make in WITH_GOLD.items():
        each = [_accuracy(make().fit_predict(labels, gold), known.drop(gold.index)) for gold in draws]
        found[method] = float(np.mean(each))
    theirs = _kept().get(name, {})
    found["copied"] = theirs.get("copied", [])
    return found | {f"crowd-kit {method}": theirs.get(method) or float("nan") for method in THEIRS}


def find_crowdkit(wanted: list[str]) -> None:
    """What crowd-kit finds on these sets, or on all, is kept, set by set."""
    if not Peer.there():
        sys.exit("crowd-kit is missing: `python -m benchmarks.peer` installs it")
    with tempfile.TemporaryDirectory() as folder, Peer() as peer:
        for name, labels, known in sets():
            methods = [one for one in THEIRS if not wanted or name in wanted or f"{name}/{one}" in wanted]
            if not methods:
                continue
            table, found = Path(folder, f"{name}.parquet"), Path(folder, "found.parquet")
            labels.to_parquet(table)
            for method in methods:
                theirs = THEIRS[method]
                note(f"{name}: crowd-kit's {theirs}")
                wish = {
                    "table": str(table),
                    "method": theirs,
                    "options": ONCE.get(method, {}),
                    "labels": str(found),
                }
                answer = peer.ask(wish, LONGEST)
                note(f"{answer['cpu']:.0f} s" if answer else f"did not end in {LONGEST} s")
                _keep(name, method, _accuracy(pd.read_parquet(found)["label"], known) if answer else None)


def _keep(name: str, method: str, right: float | None) -> None:
    """Keep what was found; where nothing was, what was copied stays."""
    kept = _kept()
    of_set = kept.setdefault(name, {})
    copied = of_set.pop("copied", [])
    if right is not None or method not in copied:
        of_set[method] = right and round(right, 6)
        copied = [one for one in copied if one != method]
    if copied:
        of_set["copied"] = copied
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


def _kept() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    return found


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
        marked = best if method in METHODS else best + 1
        lines.append(_line([f"**{method}**", *_cells(table[method], marked)]))
        if f"crowd-kit {method}" in table:
            cells = _cells(table[f"crowd-kit {method}"], best)
            marks = [COPIED if method in copied else "" for copied in table["copied"]] + [""]
            cells = [cell + mark for cell, mark in zip(cells, marks, strict=True)]
            lines.append(_line([f"crowd-kit's {THEIRS[method]}", *cells]))
    return "\n".join(lines) + "\n"


HEAD = """# Truth inference: accuracy on public sets

The share of tasks whose label is the true one, of those whose truth is known, for each method of `tagwerk.inference` with the options
that it has by itself (but where a line says otherwise), and in the line below it what crowd-kit 1.4.2 finds, also with its own options. The
best without gold in each column is in italics. Methods with gold know a tenth of the truth, drawn three times, and are measured on the rest.
A dash: crowd-kit did not end within two minutes. Its MACE began once: its ten beginnings are the same. †: not found by the run that made this
page, but copied from notes about an earlier run of the same version. What to choose and why: [how to find the truth](how-to/truth-inference.md).

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
    """Write the page, or ask crowd-kit anew."""
    if not DATA.exists():
        sys.exit(f"there are no sets in {DATA}: CROWD_DATA says where they are")
    if "--crowdkit" in sys.argv:
        find_crowdkit(sys.argv[sys.argv.index("--crowdkit") + 1 :])
        return
    found = []
    for name, labels, known in sets():
        note(name)
        found.append(row(name, labels, known))
    PAGE.write_text(page(found))
    note(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
