"""Chance-corrected agreement of a whole table of labels: Krippendorff's alpha, Fleiss' and Cohen's kappa, Gwet's AC1.

All are 1 - observed / expected disagreement and differ in what they expect of chance. The interval is that of the
bootstrap over units (tasks), which are what a study samples: Zapf et al. 2016 (BMC Med. Res. Methodol. 16:93).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.agreement import resampling, tables
from tagwerk.inference.agreement.resampling import Floats, Ints
from tagwerk.inference.tables import Table, read

Distance = str | Callable[[Any, Any], float]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient, its interval, and what it was computed from.

    `value` is None where it is not defined: no unit has two answers, or only one class was ever named. `low` and
    `high` are None where no bootstrap was asked for, or where it is not defined in most samples. `observed` and
    `expected` are shares of disagreement (alpha: mean squared distances of two answers).
    """

    value: float | None
    low: float | None
    high: float | None
    observed: float
    expected: float
    units: int
    answers: int


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers sorted by unit: unit u has code[start[u]:start[u+1]]; every unit has at least `least` of them."""

    start: Ints
    code: Ints
    classes: int

    @property
    def sizes(self) -> Ints:
        return np.diff(self.start)

    @classmethod
    def of(cls, unit: NDArray[Any], code: NDArray[Any], classes: int, least: int) -> "Answers":
        """Sort the answers; units with fewer than `least` are left out."""
        size = np.bincount(unit) if len(unit) else np.zeros(0, np.int64)
        kept = size[unit] >= least if len(unit) else np.zeros(0, bool)
        order = np.lexsort((code[kept], unit[kept]))  # by class too: sums do not depend on the order of rows
        start = np.concatenate([[0], np.cumsum(size[size >= max(least, 1)])])
        return cls(start.astype(np.int64), code[kept][order].astype(np.int64), classes)


def krippendorff(
    labels: Any,
    distance: Distance = "nominal",
    *,
    n_bootstrap: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
) -> Coefficient:
    """Krippendorff's alpha: 1 - observed / expected squared distance of two answers; any number per task, gaps too.

    alpha = 1 - (n - 1) sum_u [sum of d² over ordered pairs of answers to u] / (n_u - 1) / sum_ck n_c n_k d²_ck, over
    the n answers to tasks with at least two. Source: Krippendorff, "Computing Krippendorff's alpha-reliability" (2011).

    Args:
        labels: a table with columns task, worker, label.
        distance: "nominal"; "ordinal" (labels in their sorted order); "interval" or "ratio" (numbers); or a function
            of two labels, whose square is the disagreement and which is 0 for equal ones.
        n_bootstrap: samples for the interval; 0 means none. 1,000 give its ends to about a tenth of its width.
        confidence: of the interval.
        seed: the same one gives the same interval.

    Raises:
        ValueError: see `tables.read`; an unknown distance; labels that are no numbers where numbers are needed.

    >>> answers = {"task": [1, 1, 2, 2, 3, 3], "worker": list("ababab"), "label": [1, 1, 2, 2, 3, 4]}
    >>> round(krippendorff(answers, "interval").value, 3)
    0.878
    """
    table = read(labels, ("task", "label"))
    level, points, apart = level_of(distance, table["label"].values)
    answers = Answers.of(table["task"].codes, table["label"].codes, len(table["label"]), 2)
    observed, expected = alpha_of(answers, level, points, apart, n_bootstrap + 1, seed)
    return coefficient(observed, expected, confidence, answers)


def fleiss(labels: Any, *, n_bootstrap: int = 0, confidence: float = 0.95, seed: int = 0) -> Coefficient:
    """Fleiss' kappa: chance is that two answers are drawn from the mean shares p of the classes.

    kappa = (P - sum p²) / (1 - sum p²), P the mean share of agreeing pairs over tasks. For unequal numbers of answers
    the shares are means over tasks (Gwet 2014, Handbook of Inter-Rater Reliability, section 2.3). Source: Fleiss 1971
    (Psychol. Bull. 76:378). Arguments and errors as for `krippendorff`.

    >>> answers = {"task": [1, 1, 2, 2, 3, 3], "worker": list("ababab"), "label": list("yynnyn")}
    >>> round(fleiss(answers).value, 3)
    0.333
    """
    answers = _by_task(labels)
    shares, agreed = shares_of(answers, n_bootstrap + 1, seed)
    return coefficient(1.0 - agreed, 1.0 - (shares**2).sum(axis=1), confidence, answers)


def gwet(labels: Any, *, n_bootstrap: int = 0, confidence: float = 0.95, seed: int = 0) -> Coefficient:
    """Gwet's AC1: chance agreement happens only on tasks that are hard, so a rare class does not lower it.

    AC1 = (P - e) / (1 - e), e = sum p (1 - p) / (K - 1), P and p as for `fleiss`, K the number of classes that were
    named. Source: Gwet 2008 (Brit. J. Math. Stat. Psychol. 61:29). Arguments and errors as for `krippendorff`.

    >>> answers = {"task": [1, 1, 2, 2, 3, 3], "worker": list("ababab"), "label": list("yyyyyn")}
    >>> round(gwet(answers).value, 3)
    0.538
    """
    answers = _by_task(labels)
    shares, agreed = shares_of(answers, n_bootstrap + 1, seed)
    chance = (shares * (1.0 - shares)).sum(axis=1) / max(answers.classes - 1, 1)
    undefined = answers.classes < 2  # with one class there is no telling what chance would do
    return coefficient(1.0 - agreed, np.where(undefined, 0.0, 1.0 - chance), confidence, answers)


def cohen(
    labels: Any,
    workers: tuple[Any, Any] | None = None,
    weights: str | Callable[[Any, Any], float] | None = None,
    *,
    n_bootstrap: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
) -> Coefficient:
    """Cohen's kappa of two workers over the tasks that both did: chance is that each draws from their own labels.

    kappa = 1 - sum v o / sum v e, o the table of the two workers' labels as shares, e the product of its margins, v
    the disagreement of two labels. Sources: Cohen 1960 (Educ. Psychol. Meas. 20:37), 1968 (Psychol. Bull. 70:213).

    Args:
        labels: a table with columns task, worker, label.
        workers: the two; needed where the table has more than two. Of several answers to a task the last counts.
        weights: None (any difference counts as 1), "linear" or "quadratic" (places in the sorted list of labels), or
            a function of two labels that says how bad it is to confuse them.
        n_bootstrap, confidence, seed: as for `krippendorff`.

    Raises:
        ValueError: see `tables.read`; not exactly two workers; an unknown weighting.

    >>> answers = {"task": [1, 2, 3, 4] * 2, "worker": list("aaaabbbb"), "label": list("yynnynnn")}
    >>> cohen(answers).value
    0.5
    """
    table = read(labels, ("task", "worker", "label"))
    pair = _two(table["worker"].values, workers)
    first, second = (_latest(table, worker) for worker in pair)
    both = (first >= 0) & (second >= 0)
    classes = len(table["label"])
    met = np.bincount(first[both] * classes + second[both], minlength=classes**2).astype(np.float64)
    size = float(met.sum())
    samples = met[None, :]
    if n_bootstrap and size:
        drawn = np.random.default_rng(seed).multinomial(int(size), met / size, n_bootstrap)
        samples = np.vstack([samples, drawn])
    cells = samples.reshape(-1, classes, classes) / max(size, 1.0)
    bad = _badness(weights, table["label"].values)
    chance = np.einsum("sij,skl,il->s", cells, cells, bad, optimize=True)
    return _coefficient((cells * bad).sum(axis=(1, 2)), chance, confidence, int(size), 2 * int(size))


def _two(there: Sequence[Any], workers: tuple[Any, Any] | None) -> tuple[int, int]:
    named = there if workers is None else workers
    if len(named) != 2 or any(worker not in there for worker in named):
        raise ValueError("Cohen's kappa compares two workers: name two of the table in workers=(…, …)")
    return there.index(named[0]), there.index(named[1])


def _latest(table: Table, worker: int) -> Ints:
    """The worker's label of each task, -1 where there is none."""
    mine = table["worker"].codes == worker
    found = np.full(len(table["task"]), -1, np.int64)
    found[table["task"].codes[mine]] = table["label"].codes[mine]
    return found


def _badness(weights: str | Callable[[Any, Any], float] | None, values: Sequence[Any]) -> Floats:
    if callable(weights):
        return tables.distances(values, weights)
    place = np.arange(len(values))
    apart = np.abs(place[:, None] - place[None, :]).astype(np.float64)
    known = {None: (apart > 0).astype(np.float64), "linear": apart, "quadratic": apart**2}
    if weights not in known:
        raise ValueError("weights is None, linear, quadratic or a function of two labels")
    return np.asarray(known[weights], np.float64)


def _by_task(labels: Any) -> Answers:
    table = read(labels, ("task", "label"))
    return Answers.of(table["task"].codes, table["label"].codes, len(table["label"]), 1)


def alpha_of(
    answers: Answers, level: str, points: Floats, apart: Floats, samples: int, seed: int
) -> tuple[Floats, Floats]:
    """Observed and expected disagreement of Krippendorff's alpha in every sample, each shape (samples,)."""
    part = _unlike(answers, level, points, apart)
    ones = np.ones(len(answers.start) - 1)
    named, observed = resampling.named_and_summed(
        answers.start, answers.code, ones, part, answers.classes, samples, seed
    )
    total = named.sum(axis=1)
    if level == "ordinal":
        observed, line = resampling.spread_by_rank(answers.start, answers.code, named, seed)
    else:
        line = np.broadcast_to(points, named.shape)
    if level in ("interval", "ordinal"):
        middle = (named * line).sum(axis=1, keepdims=True) / np.maximum(total, 1.0)[:, None]
        expected = 2.0 * total * (named * (line - middle) ** 2).sum(axis=1)
    elif level == "nominal":
        expected = total**2 - (named**2).sum(axis=1)
    else:
        expected = ((named @ apart**2) * named).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return observed / total, expected / (total * (total - 1.0))


def _unlike(answers: Answers, level: str, points: Floats, apart: Floats) -> Floats:
    if level == "nominal":
        return np.asarray(resampling.differing(answers.start, answers.code, answers.classes))
    if level in ("interval", "ordinal"):
        return np.asarray(resampling.spread(answers.start, answers.code, points))
    return np.asarray(resampling.unlike(answers.start, answers.code, apart**2))


def shares_of(answers: Answers, samples: int, seed: int) -> tuple[Floats, Floats]:
    """Mean share of each class over units, shape (samples, classes), and mean agreement of pairs, shape (samples,).

    A unit with one answer counts for the shares and not for the agreement (Gwet 2014, section 2.3).
    """
    size = answers.sizes
    paired = np.flatnonzero(size >= 2)
    unlike = resampling.differing(answers.start, answers.code, answers.classes)
    alike = np.where(size >= 2, 1.0 - unlike / np.maximum(size, 1), 0.0)
    named, agreed = resampling.named_and_summed(
        answers.start, answers.code, 1.0 / size, alike, answers.classes, samples, seed
    )
    if len(paired) == len(size):
        counted = np.full(samples, float(len(size)))
    else:
        _, counted = resampling.named_and_summed(
            answers.start,
            answers.code,
            1.0 / size,
            (size >= 2).astype(np.float64),
            answers.classes,
            samples,
            seed,
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        return named / named.sum(axis=1, keepdims=True), agreed / counted


def coefficient(observed: Floats, expected: Floats, confidence: float, answers: Answers) -> Coefficient:
    """The coefficient of the answers; see `_coefficient`."""
    return _coefficient(observed, expected, confidence, len(answers.sizes), len(answers.code))


def _coefficient(
    observed: Floats, expected: Floats, confidence: float, units: int, answers: int
) -> Coefficient:
    """1 - observed / expected of the data (the first sample), with the percentile interval of the other samples."""
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(expected > 0.0, 1.0 - observed / expected, np.nan)
    value = None if np.isnan(values[0]) else float(values[0])
    drawn = values[1:][~np.isnan(values[1:])]
    low = high = None
    if value is not None and len(drawn) * 2 > len(values) - 1:
        tail = (1.0 - confidence) / 2.0
        low, high = (float(edge) for edge in np.quantile(drawn, [tail, 1.0 - tail]))
    return Coefficient(value, low, high, float(observed[0]), float(expected[0]), units, answers)


def level_of(distance: Distance, values: Sequence[Any]) -> tuple[str, Floats, Floats]:
    """The level of measurement, the place of each class on its line, and the table of distances where one is needed.

    Raises:
        ValueError: an unknown level, or numbers are needed and there are none.
    """
    none, count = np.zeros((0, 0)), len(values)
    if callable(distance):
        return "table", np.zeros(count), tables.distances(values, distance)
    if distance in ("nominal", "ordinal"):
        return distance, np.arange(count, dtype=np.float64), none
    if distance not in ("interval", "ratio"):
        raise ValueError("distance is nominal, ordinal, interval, ratio or a function of two labels")
    try:
        points = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"distance={distance!r} needs labels that are numbers") from None
    return (distance, points, none) if distance == "interval" else ("table", points, tables.ratio(points))
