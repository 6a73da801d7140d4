"""CSV (RFC 4180, UTF-8) with dotted column names; no cell can be run as a formula.

Spreadsheets run a cell that begins with one of a few signs (OWASP "CSV Injection"). Such texts get an apostrophe
in front, unless they are plain numbers. Lists and objects are written as JSON.
"""

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from tagwerk.domain.exports.rules.flat import Spool
from tagwerk.domain.exports.rules.records import RAW, Record
from tagwerk.domain.exports.rules.shape import Shape

SUFFIX = "csv"
CONTENT_TYPE = "text/csv"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")


def check(shape: Shape) -> None:
    """Every project can be written so."""


def write(records: Iterable[Record], out: BinaryIO, shape: Shape) -> int:
    """Write a header and all records; how many records there are."""
    rows = 0
    with Spool(records, shape.questions) as spool:
        columns = [*spool.columns, *([RAW] if shape.options.raw_answers else [])]
        text = io.TextIOWrapper(
            out, encoding="utf-8-sig" if shape.options.bom else "utf-8", newline="", write_through=False
        )
        table = csv.writer(text)
        table.writerow([guarded(name) for name in columns])
        for row in spool:
            table.writerow([cell(row.get(name)) for name in columns])
            rows += 1
        text.flush()
        text.detach()
    return rows


def cell(value: Any) -> str:
    """One value as the text of a cell; nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    return repr(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)


def guarded(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would run it."""
    return f"'{text}" if text.startswith(RUNS) and not _NUMBER.fullmatch(text) else text
