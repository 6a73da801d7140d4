"""Records as a table. Its columns must be known before its first row, and tasks may differ in their data.

So the records are first put down in a temporary file while their columns are noted; only the table itself takes memory.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

FIELDS = (
    "_id", "data", "result", "confidence", "agreement", "method", "model", "answers", "gold", "reason", "raw_answers",
)  # fmt: skip
NESTED = ("data", "result", "confidence", "agreement", "method", "model")
ROWS_AT_ONCE = 10_000


def flat(facts: dict[str, Any]) -> dict[str, Any]:
    """A record with one column per value: result.sentiment, confidence.sentiment, data.text …"""
    row: dict[str, Any] = {}
    for name, value in facts.items():
        if name in NESTED:
            row.update({f"{name}.{inner}": part for inner, part in (value or {}).items()})
        else:
            row[name] = value
    return row


def in_order(columns: Iterable[str]) -> list[str]:
    """Columns in the order of a record's fields, whichever record had them first."""
    places = {name: place for place, name in enumerate(FIELDS)}
    return sorted(columns, key=lambda column: places.get(column.split(".", 1)[0], len(FIELDS)))


def table(records: Iterable[dict[str, Any]]) -> Any:
    """The records as a pyarrow.Table: truth values, numbers, texts and lists of texts as such, the rest as JSON text.

    A column has all rows' values: one that mixes types is JSON text too.
    """
    from pyarrow import lib as arrow

    types = {
        "nothing": arrow.null(),
        "bool": arrow.bool_(),
        "int": arrow.int64(),
        "float": arrow.float64(),
        "text": arrow.string(),
        "texts": arrow.list_(arrow.string()),
        "json": arrow.string(),
    }
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        kinds = _put_down(records, file)
        columns = in_order(kinds)
        schema = arrow.schema([arrow.field(name, types[kinds[name]]) for name in columns])
        batches = [
            arrow.RecordBatch.from_arrays(
                [arrow.array([_fit(row.get(name), kinds[name]) for row in rows], types[kinds[name]])
                 for name in columns],
                schema=schema,
            )
            for rows in _read_again(file)
        ]  # fmt: skip
    return arrow.Table.from_batches(batches, schema)


def _put_down(records: Iterable[dict[str, Any]], file: IO[str]) -> dict[str, str]:
    """Column → what its values have in common."""
    kinds: dict[str, str] = {}
    for facts in records:
        for name, value in flat(facts).items():
            kinds[name] = _common(kinds.get(name, "nothing"), _kind(value))
        file.write(json.dumps(facts) + "\n")
    return kinds


def _read_again(file: IO[str]) -> Iterator[list[dict[str, Any]]]:
    file.seek(0)
    while rows := [flat(json.loads(line)) for line in islice(file, ROWS_AT_ONCE)]:
        yield rows


def _kind(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "texts"
    if type(value) is int and not -(2**63) <= value < 2**63:
        return "json"
    kinds = {type(None): "nothing", bool: "bool", int: "int", float: "float", str: "text"}
    return kinds.get(type(value), "json")


def _common(one: str, other: str) -> str:
    """The narrowest kind that holds values of both."""
    found = {one, other} - {"nothing"}
    if len(found) < 2:
        return found.pop() if found else "nothing"
    return "float" if found == {"int", "float"} else "json"


def _fit(value: Any, kind: str) -> Any:
    if value is None or kind not in ("json", "float"):
        return value
    return json.dumps(value, ensure_ascii=False) if kind == "json" else float(value)
