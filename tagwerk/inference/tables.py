"""Answers as tables: pandas, Polars, Arrow, or a mapping of arrays; read into codes, given back as what came in.

`read(data, ("task", "worker", "label"))` reads columns of any such table. Results come back in the same kind:

| in | labels, skills, priors | probabilities | confusion of workers |
|---|---|---|---|
| pandas | Series | DataFrame, a row per task, a column per label | DataFrame with rows (worker, label) |
| Polars, Arrow | table of two columns | table: task, label, probability | table: worker, label, truth, probability |
| mapping | dict | dict of dicts | dict of dicts of dicts |

A mapping is any with the names of columns as keys and sequences as values. None of these libraries is imported here
unless such a table came in.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.coding import code_integers, code_objects, in_order, order_of
from tagwerk.inference.part import Codes

Floats = NDArray[np.float64]
KINDS = "a pandas, Polars or Arrow table, or a mapping of names to arrays"


@dataclass(frozen=True, slots=True)
class Values:
    """Distinct values in sorted order, as the library that they came from holds them; codes are places in it."""

    native: Any

    @property
    def values(self) -> list[Any]:
        """As Python objects."""
        return as_list(self.native)

    def __len__(self) -> int:
        return len(self.native)


@dataclass(frozen=True, slots=True)
class Coded(Values):
    """A column: its distinct values, and for each row the place of its value among them, int32."""

    codes: Codes


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: coded columns and columns of numbers by name, and the kind of table to give results back in."""

    kind: "Kind"
    coded: dict[str, Coded]
    numbers: dict[str, Floats]
    rows: int

    def __getitem__(self, name: str) -> Coded:
        return self.coded[name]

    def __contains__(self, name: str) -> bool:
        return name in self.coded or name in self.numbers


class Kind(Protocol):
    """A library's tables: how a column is read and how results are said."""

    def names(self, data: Any) -> Iterable[Any]:
        """The names of a table's columns."""

    def column(self, data: Any, name: str) -> Any:
        """One column."""

    def join(self, columns: Sequence[Any]) -> Any:
        """Columns one below the other."""

    def code(self, column: Any) -> tuple[Codes, Any]:
        """Codes and distinct values in sorted order; a missing value has the code -1."""

    def floats(self, column: Any) -> Floats:
        """A column of numbers, NaN where one is missing."""

    def series(self, index: Any, values: Any, *, name: str, index_name: str) -> Any:
        """One value for each entry of an index."""

    def frame(self, index: Any, columns: Any, values: Floats, *, names: tuple[str, str], value: str) -> Any:
        """A value for each pair, shape (index, columns)."""

    def cube(
        self, outer: Any, inner: Any, columns: Any, values: Floats, *, names: tuple[str, str, str], value: str
    ) -> Any:
        """A value for each triple, shape (outer, inner, columns)."""

    def records(self, columns: dict[str, Any]) -> Any:
        """A table of these columns; the first one says what a row is about."""


def read(
    data: Any,
    columns: Sequence[str | tuple[str, ...]],
    *,
    numbers: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> Table:
    """Read named columns into codes, and others as numbers; a tuple of names is coded over one set of values.

    Names in `optional` may be missing from the table. Raises ValueError, saying what to do, for a table that is none,
    a missing column, columns of different lengths, a missing value, no rows at all, or a number that is not finite.

    >>> table = read({"task": ["b", "a"], "left": ["x", "y"], "right": ["y", "z"]}, ["task", ("left", "right")])
    >>> table["task"].codes.tolist(), table["task"].values
    ([1, 0], ['a', 'b'])
    >>> table["left"].codes.tolist(), table["right"].codes.tolist(), table["right"].values
    ([0, 1], [1, 2], ['x', 'y', 'z'])
    """
    kind = kind_of(data)
    there = set(kind.names(data))
    groups = [(name,) if isinstance(name, str) else name for name in columns]
    wanted = [name for group in groups for name in group] + list(numbers)
    found = {name: kind.column(data, name) for name in _present(wanted, there, optional)}
    rows = _length(found)
    coded: dict[str, Coded] = {}
    for group in groups:
        names = [name for name in group if name in found]
        if names:
            coded |= _coded(kind, {name: found[name] for name in names}, rows)
    figures = {name: _figures(name, kind.floats(found[name])) for name in numbers if name in found}
    return Table(kind, coded, figures, rows)


def kind_of(data: Any) -> Kind:
    """The library that a table belongs to; ValueError where it is no table."""
    from tagwerk.inference import table_kinds as kinds

    for module, table, kind in (
        ("pandas", "DataFrame", kinds.Pandas),
        ("polars", "DataFrame", kinds.Polars),
        ("pyarrow", "Table", kinds.Arrow),
    ):
        library = sys.modules.get(module)  # data of a library that nobody imported cannot come in
        if library is not None and isinstance(data, getattr(library, table)):
            found: Kind = kind()
            return found
    if isinstance(data, Mapping):
        return kinds.Columns()
    raise ValueError(f"labels are {KINDS}, not {type(data).__name__}")


def gold_codes(gold: Any, tasks: Coded, labels: Sequence[Any]) -> tuple[Codes, list[Any]]:
    """For each task the code of its known label, -1 where none is known, and all labels, the new ones inserted.

    `gold` is a pandas Series indexed by task, a mapping from task to label, or a table with columns task and label.
    Tasks that nobody answered are ignored: there is nothing to learn from them. The second result is the sorted list
    of the labels that were given and of those that only gold names.
    """
    known = known_labels(gold)
    place = {task: at for at, task in enumerate(tasks.values)} if known else {}
    asked = {place[task]: label for task, label in known.items() if task in place}
    every = list(labels)
    new = set(asked.values()) - set(every)
    if new:
        every = [*every, *new]
        every = [every[i] for i in order_of(every)]
    code = {label: at for at, label in enumerate(every)}
    codes = np.full(len(tasks), -1, np.int32)
    for at, label in asked.items():
        codes[at] = code[label]
    return codes, every


def known_labels(gold: Any) -> dict[Any, Any]:
    """Gold as a dict from task to label; ValueError where a label is missing or a task has two different ones."""
    if gold is None:
        return {}
    if hasattr(gold, "index") and hasattr(gold, "to_dict") and not hasattr(gold, "columns"):
        pairs = list(zip(as_list(gold.index), as_list(gold), strict=True))
    elif isinstance(gold, Mapping) and not {"task", "label"} <= set(gold):
        pairs = list(gold.items())
    else:
        kind = kind_of(gold)
        there = set(kind.names(gold))
        pairs = list(
            zip(
                *(as_list(kind.column(gold, name)) for name in _present(["task", "label"], there, ())),
                strict=True,
            )
        )
    known = dict(pairs)
    if any(is_missing(label) for label in known.values()):
        raise ValueError("gold has a task without a label: leave tasks out whose label is not known")
    if any(known[task] != label for task, label in pairs):
        raise ValueError("gold has two different labels for one task: keep one of them")
    return known


def as_list(values: Any) -> list[Any]:
    """Any library's values as Python objects."""
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(values, name):
            return list(getattr(values, name)())
    return list(values)


def is_missing(value: Any) -> bool:
    """None, NaN or a library's mark for a missing value: all of which do not equal themselves, or say so."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA is neither true nor false
        return True


def _present(wanted: Iterable[str], there: set[Any], optional: Sequence[str]) -> list[str]:
    missing = [name for name in wanted if name not in there and name not in optional]
    if missing:
        has = ", ".join(sorted(map(str, there))) or "none"
        raise ValueError(f"there is no column {' or '.join(missing)}: rename yours (columns are: {has})")
    return [name for name in wanted if name in there]


def _length(columns: dict[str, Any]) -> int:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"columns have different lengths ({said}): give one entry per answer in each")
    rows = next(iter(lengths.values()), 0)
    if rows == 0:
        raise ValueError("there are no rows: give at least one answer")
    return rows


def _coded(kind: Kind, columns: dict[str, Any], rows: int) -> dict[str, Coded]:
    names = list(columns)
    joined = kind.join(list(columns.values())) if len(names) > 1 else columns[names[0]]
    try:
        codes, values = kind.code(joined)
    except TypeError as error:
        raise ValueError(
            f"column {' or '.join(names)} holds values that cannot be compared or hashed: give texts or numbers"
        ) from error
    if codes.min() < 0:
        at = int(np.argmax(codes < 0))
        raise ValueError(
            f"column {names[at // rows]} has no value in row {at % rows}: drop such rows before fitting"
        )
    return {name: Coded(values, codes[i * rows : (i + 1) * rows]) for i, name in enumerate(names)}


def _figures(name: str, column: Floats) -> Floats:
    if not np.isfinite(column).all():
        at = int(np.argmin(np.isfinite(column)))
        raise ValueError(f"column {name} is no finite number in row {at}: drop such rows before fitting")
    return column


def code_array(column: Any) -> tuple[Codes, NDArray[Any]]:
    """Codes of a sequence or NumPy array, and its distinct values in sorted order; -1 for a missing value."""
    array = column if isinstance(column, np.ndarray) else None
    if array is not None and array.ndim != 1:
        raise ValueError(f"columns have one entry per answer, not the shape {array.shape}")
    if array is not None and array.dtype.kind in "iub":
        codes, first = code_integers(array)
        return codes, array[first]
    if array is not None and array.dtype.kind in "fmM":
        distinct, inverse = np.unique(array, return_inverse=True)
        missing = np.isnan(distinct) if array.dtype.kind == "f" else np.isnat(distinct)
        codes = inverse.astype(np.int32)
        codes[missing[inverse]] = -1
        return codes, distinct[~missing]
    values = as_list(column)
    if set(map(type, values)) == {int} and max(map(abs, values)) < 2**62:
        codes, first = code_integers(np.asarray(values, np.int64))
        return codes, np.asarray(values, np.int64)[first]
    return _code_values(values)


def _code_values(values: list[Any]) -> tuple[Codes, NDArray[Any]]:
    gaps = [row for row, value in enumerate(values) if is_missing(value)]
    if gaps:  # a missing value is refused in any case; only its row is asked for
        return np.asarray([-is_missing(value) for value in values], np.int32), np.empty(0, object)
    codes, first = code_objects(values)
    distinct = np.empty(first.size, object)
    distinct[:] = [values[row] for row in first.tolist()]
    return codes, distinct


def sorted_codes(codes: Codes, values: Any, listed: list[Any]) -> tuple[Codes, Any]:
    """Codes of a library's own hashing, put into the sorted order of the values."""
    if len(listed) and (codes >= 0).all():
        order = order_of(listed)
        codes, order = in_order(codes, np.arange(len(listed)), order)
        return codes, values.take(order)
    return codes, values


def pairs(outer: Sequence[Any], inner: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """All pairs as two columns, the first running slowest."""
    return [a for one in outer for a in repeat(one, len(inner))], list(inner) * len(outer)
