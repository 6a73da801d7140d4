"""JSON Lines: one record per line, as it is."""

from collections.abc import Iterable
from typing import BinaryIO

from pydantic_core import to_json

from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.exports.rules.shape import Shape

SUFFIX = "jsonl"
CONTENT_TYPE = "application/x-ndjson"
AT_ONCE = 500  # lines that go to the file together


def check(shape: Shape) -> None:
    """Every project can be written so."""


def write(records: Iterable[Record], out: BinaryIO, shape: Shape) -> int:
    """Write all records; how many lines there are."""
    rows, lines = 0, list[bytes]()
    for rows, record in enumerate(records, 1):  # noqa: B007 (the last one is the answer)
        lines.append(to_json(record))
        if len(lines) == AT_ONCE:
            _write_lines(lines, out)
    _write_lines(lines, out)
    return rows


def _write_lines(lines: list[bytes], out: BinaryIO) -> None:
    if lines:
        out.write(b"\n".join(lines) + b"\n")
        lines.clear()
