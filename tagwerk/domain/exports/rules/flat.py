"""Records as rows of a table: `result.sentiment`, `data.text` and so on, for CSV and Parquet.

The columns of a table must be known before its first row, but tasks may differ in their data. So the records are
first put down in a temporary file while their columns are noted, and then read again; memory stays small.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, BinaryIO, Self, cast

from pydantic_core import from_json, to_json

from tagwerk.domain.exports.rules.records import FIELDS, RAW, Record

BY_QUESTION = ("result", "confidence", "agreement", "method", "model")
Flat = dict[str, Any]


class Type(StrEnum):
    """What the values of a column have in common."""

    NOTHING = "nothing"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    TEXTS = "texts"  # a list of texts
    JSON = "json"  # anything else, written as JSON


def type_of(value: Any) -> Type:
    """The type of one value."""
    if value is None:
        return Type.NOTHING
    if isinstance(value, bool):
        return Type.BOOL
    if isinstance(value, int):
        return Type.INT if -(2**63) <= value < 2**63 else Type.JSON
    if isinstance(value, float):
        return Type.FLOAT
    if isinstance(value, str):
        return Type.TEXT
    return Type.TEXTS if isinstance(value, list) and all(isinstance(v, str) for v in value) else Type.JSON


def common(one: Type, other: Type) -> Type:
    """The narrowest type that holds values of both."""
    if one is other or other is Type.NOTHING:
        return one
    if one is Type.NOTHING:
        return other
    return Type.FLOAT if {one, other} == {Type.INT, Type.FLOAT} else Type.JSON


def fit(value: Any, column: Type) -> Any:
    """A value as its column holds it."""
    if value is None or column is not Type.JSON:
        return float(value) if value is not None and column is Type.FLOAT else value
    return json.dumps(value, ensure_ascii=False)


def flatten(record: Record) -> Flat:
    """One record with dotted names."""
    row: Flat = {}
    for name, value in record.items():
        if name == "data" or name in BY_QUESTION:
            row.update({f"{name}.{key}": one for key, one in (value or {}).items()})
        else:
            row[name] = value
    return row


class Spool:
    """Flat records in a temporary file, and the columns that they need, in the order of the record's fields."""

    def __init__(self, records: Iterable[Record], questions: Sequence[str]) -> None:
        self._file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 (closed with the spool)
        self._types: dict[str, Type] = {
            f"{name}.{q}": Type.NOTHING for name in BY_QUESTION for q in questions
        }
        for record in records:
            row = flatten(record)
            for name, value in row.items():
                if name != RAW:
                    self._types[name] = common(self._types.get(name, Type.NOTHING), type_of(value))
            self._file.write(to_json(record) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def columns(self) -> dict[str, Type]:
        """Column → type; `_id`, the data, results, confidences, agreements, methods and versions, then the rest."""
        place = {name: number for number, name in enumerate(FIELDS)}
        names = sorted(self._types, key=lambda name: place[name.split(".", 1)[0]])
        return {name: self._types[name] for name in names}

    def __iter__(self) -> Iterator[Flat]:
        self._file.seek(0)
        for line in self._file:
            yield flatten(from_json(line))
