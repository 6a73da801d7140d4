"""How many labels are saved by asking no more than is worth it? `python -m benchmarks.adaptive [--json] [--orders 20]`.

Replays every set of classes in a folder (labels.csv and truth.csv, as in ../shared/data/crowd) in random orders, 10 % of
the truths being gold. Two baselines stand beside each set: every answer that was recorded (full), and the cheapest fixed
number of answers per task that is as accurate as the adaptive way, found among all numbers and between them. Both sides
get their results from the same aggregator with the same gold.

Savings are of labels to tasks that are asked about; beside them stand those with gold counted, all of whose labels are
always paid on both sides. A set whose results are better with fewer labels has a negative loss; beside the mean stands
the one where that counts as no loss. Intervals (95 %) are over the orders.
"""

import argparse
import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, Scale, note
from benchmarks.replay import Answers, Outcome, Replay, Unusable, load
from tagwerk.inference.stopping import Rule

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CROWD_DATA", ROOT.parent / "shared" / "data" / "crowd"))
LEAST_GAIN = Rule().least_gain
POINTS = 100.0
MEAN_POINTS, WORST_POINTS = 0.5, 2.5  # what may be lost
CALIBRATED = 5  # orders in which calibration is measured, since it takes refits
ALMOST = 1e-12
ORDERS = 20
WANTED = {  # of the figures over all sets: at least, or at most
    "adaptive.saving_vs_full": 0.4,
    "adaptive.loss_points": MEAN_POINTS,
    "adaptive.worst_set_points": WORST_POINTS,
    "adaptive.median_saving_at_equal_accuracy": 0.33,
}
NAMES = tuple(WANTED)


@dataclass(frozen=True)
class Order:
    """What one order of a set came to, `adaptive` by threshold; `gold` is how many labels gold tasks have."""

    full: Outcome
    fixed: list[Outcome]
    adaptive: list[Outcome]
    gold: int
    calibration_error: float


@dataclass(frozen=True)
class Row:
    """A set's figures: means over orders, and half the width of their 95 % intervals."""

    set: str
    orders: int
    labels_per_task: float
    accuracy_full: float
    accuracy_adaptive: float
    saving_vs_full: float
    saving_vs_full_interval: float
    saving_gold_counted: float
    loss_points: float
    loss_points_interval: float
    fixed_number: float
    saving_at_equal_accuracy: float
    saving_at_equal_accuracy_gold_counted: float
    calibration_error_on_gold: float


def replayed(answers: Answers, seed: int, gains: list[float]) -> Order:
    """One order."""
    one = Replay(answers, seed)
    gold = int(one.most[~one.open].sum())
    error = one.overconfidence() if seed < CALIBRATED else float("nan")
    return Order(one.full, one.fixed(), [one.adaptive(Rule(least_gain=gain)) for gain in gains], gold, error)


def summary(answers: Answers, orders: list[Order], which: int = 0) -> Row:
    """What the orders of a set come to, with one of the thresholds."""
    full, right_full = _columns([o.full for o in orders])
    adaptive, right = _columns([o.adaptive[which] for o in orders])
    gold = np.array([o.gold for o in orders])
    saving, loss = 1.0 - adaptive / full, POINTS * (right_full - right)
    number, labels = cheapest(answers.numbers, [o.fixed for o in orders], float(right.mean()))
    return Row(
        set=answers.name,
        orders=len(orders),
        labels_per_task=len(answers.task) / answers.tasks,
        accuracy_full=float(right_full.mean()),
        accuracy_adaptive=float(right.mean()),
        saving_vs_full=float(saving.mean()),
        saving_vs_full_interval=_interval(saving),
        saving_gold_counted=float((1.0 - (adaptive + gold) / (full + gold)).mean()),
        loss_points=float(loss.mean()),
        loss_points_interval=_interval(loss),
        fixed_number=number,
        saving_at_equal_accuracy=float(1.0 - adaptive.mean() / labels),
        saving_at_equal_accuracy_gold_counted=float(1.0 - (adaptive + gold).mean() / (labels + gold.mean())),
        calibration_error_on_gold=float(np.nanmean([o.calibration_error for o in orders])),
    )


def cheapest(numbers: list[int], fixed: list[list[Outcome]], accuracy: float) -> tuple[float, float]:
    """The smallest fixed number of answers that is as accurate, and how many labels it takes; all, if none is.

    Accuracy and labels are means over orders; between two numbers, some tasks would get one and some the other.
    """
    labels, right = np.array([_columns(some) for some in fixed]).mean(axis=0)
    enough = np.flatnonzero(right >= accuracy - ALMOST)
    if not len(enough):
        return float(numbers[-1]), float(labels[-1])
    at = int(enough[0])
    if at == 0:
        return float(numbers[0]), float(labels[0])
    part = float((accuracy - right[at - 1]) / (right[at] - right[at - 1]))
    number, asked = (float(each[at - 1] + part * (each[at] - each[at - 1])) for each in (numbers, labels))
    return number, asked


def without_each(rows: dict[float, list[Row]]) -> dict[str, float]:
    """For each set the threshold that the other sets would choose: the largest that keeps to the bounds on them."""
    names = [row.set for row in next(iter(rows.values()))]
    chosen = {}
    for name in names:
        losses = {gain: [row.loss_points for row in some if row.set != name] for gain, some in rows.items()}
        good = [
            gain
            for gain, loss in losses.items()
            if np.mean(loss) <= MEAN_POINTS and max(loss) <= WORST_POINTS
        ]
        chosen[name] = max(good, default=min(rows))
    return chosen


def overall(rows: Iterable[Row]) -> dict[str, float]:
    """The figures over all sets, each set counting alike."""
    every = list(rows)
    saving, counted, loss, equal, equal_counted = (
        np.array([getattr(row, name) for row in every])
        for name in (
            "saving_vs_full",
            "saving_gold_counted",
            "loss_points",
            "saving_at_equal_accuracy",
            "saving_at_equal_accuracy_gold_counted",
        )
    )
    return {
        "adaptive.sets": float(len(every)),
        "adaptive.saving_vs_full": float(saving.mean()),
        "adaptive.saving_vs_full_gold_counted": float(counted.mean()),
        "adaptive.loss_points": float(loss.mean()),
        "adaptive.loss_points_gains_as_zero": float(np.maximum(loss, 0.0).mean()),
        "adaptive.worst_set_points": float(loss.max()),
        "adaptive.median_saving_at_equal_accuracy": float(np.median(equal)),
        "adaptive.mean_saving_at_equal_accuracy": float(equal.mean()),
        "adaptive.median_saving_at_equal_accuracy_gold_counted": float(np.median(equal_counted)),
    }


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """The wanted figures over all sets, against what was set as a goal."""
    sets = _found(DATA, [])
    if sets:
        rows = [summary(*one) for one in _replays(sets, scale.of(ORDERS, 2), [LEAST_GAIN], os.cpu_count())]
        for name, value in overall(rows).items():
            if name in names:
                unit = "points" if name.endswith("points") else "of labels"
                yield Figure(name, value, unit, f"wanted: {WANTED[name]:g}", value / WANTED[name])


def main() -> int:
    """Replay and print; 1 where there is nothing to replay."""
    options = _options()
    sets = _found(options.data, options.only)
    gains = options.least_gain
    rows: dict[float, list[Row]] = {gain: [] for gain in gains}
    for answers, orders in _replays(sets, options.orders, gains, options.processes):
        for at, gain in enumerate(gains):
            rows[gain].append(summary(answers, orders, at))
            _show(rows[gain][-1], gain, options)
    if sets:
        _end(rows, options)
    return 0 if sets else 1


def _replays(
    sets: Sequence[Answers], orders: int, gains: list[float], processes: int | None
) -> Iterator[tuple[Answers, list[Order]]]:
    """Each set with all of its orders."""
    with ProcessPoolExecutor(processes) as pool:
        for answers in sets:
            note(f"{answers.name}: {orders} orders")
            asked = [pool.submit(replayed, answers, seed, gains) for seed in range(orders)]
            yield answers, [one.result() for one in asked]


def _found(folder: Path, only: list[str]) -> list[Answers]:
    """The sets to replay; where there are none, it is said."""
    sets = _sets(folder, only)
    if not sets:
        note(f"skipped: no set of classes with truth in {folder} (--data, or CROWD_DATA, says where)")
    return sets


def _show(row: Row, gain: float, options: argparse.Namespace) -> None:
    if options.json:
        print(
            json.dumps(_short({"name": f"adaptive.set.{row.set}", "least_gain": gain} | asdict(row))),
            flush=True,
        )
    else:
        print(_line(row, f"{gain:g}"), flush=True)


def _end(rows: dict[float, list[Row]], options: argparse.Namespace) -> None:
    for gain, some in rows.items():
        figures = _short({"adaptive.least_gain": gain} | overall(some))
        print(
            json.dumps(figures)
            if options.json
            else "\n".join(f"{name} {value}" for name, value in figures.items())
        )
    if len(rows) > 1:
        print(json.dumps({"adaptive.least_gain_by_the_other_sets": without_each(rows)}))


def _sets(folder: Path, only: list[str]) -> list[Answers]:
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not path.is_dir() or (only and path.name not in only):
            continue
        try:
            found.append(load(path))
        except Unusable as reason:
            note(f"{path.name} is skipped: {reason}")
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adaptive", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="SET", help="only these sets; default: all")
    parser.add_argument("--orders", type=int, default=ORDERS, help="how many random orders of each set")
    parser.add_argument("--data", type=Path, default=DATA, help="a folder with a folder for each set")
    parser.add_argument("--least-gain", type=float, nargs="+", default=[LEAST_GAIN], help="thresholds")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="orders replayed at once")
    parser.add_argument(
        "--json", action="store_true", help="a JSON object for each set, and one for all of them"
    )
    return parser.parse_args()


def _interval(values: np.ndarray) -> float:
    return 0.0 if len(values) < 2 else float(1.96 * values.std(ddof=1) / np.sqrt(len(values)))


def _short(figures: dict[str, object]) -> dict[str, object]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}


def _columns(outcomes: list[Outcome]) -> np.ndarray:
    """Labels and accuracies, shape (2, outcomes)."""
    return np.array([[one.labels for one in outcomes], [one.accuracy for one in outcomes]], np.float64)


def _line(row: Row, gain: str) -> str:
    return (
        f"{row.set:14} gain {gain}: {row.labels_per_task:.2f} labels per task, right {row.accuracy_full:.4f} with all,"
        f" {row.accuracy_adaptive:.4f} adaptive ({row.loss_points:.2f} ± {row.loss_points_interval:.2f} points lost);"
        f" saved {row.saving_vs_full:.3f} ± {row.saving_vs_full_interval:.3f}, gold counted {row.saving_gold_counted:.3f};"
        f" as good as fixed {row.fixed_number:.1f}, against which saved {row.saving_at_equal_accuracy:.3f};"
        f" calibration error on gold {row.calibration_error_on_gold:.3f}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
