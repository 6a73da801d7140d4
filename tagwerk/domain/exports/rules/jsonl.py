"""JSON Lines: one record per line, as it is."""

from collections.abc import Iterable
from typing import BinaryIO

from pydantic_core import to_json

from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.exports.rules.shape import Shape

SUFFIX = "jsonl"
CONTENT_TYPE = "application/x-ndjson"


def check(shape: Shape) -> None:
    """Every project can be written so."""


def write(records: Iterable[Record], out: BinaryIO, shape: Shape) -> int:
    """Write all records; how many lines there are."""
    rows = 0
    for record in records:
        out.write(to_json(record) + b"\n")
        rows += 1
    return rows
