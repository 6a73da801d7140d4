"""Lists that people bring in as CSV: lines by the names of their columns, with the number that an editor shows."""

import csv
import io
from collections.abc import Collection, Iterator

from tagwerk.base.errors import Invalid


def columns_of(text: str) -> set[str]:
    """The names in the first line, in small letters."""
    return {name for name in _reader(text).fieldnames or () if name}


def lines_of(text: str, columns: Collection[str], *, most: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that says something: its number, and what stands in these columns ("" where nothing does)."""
    reader, found = _reader(text), 0
    try:
        for row in reader:
            line = {name: (row.get(name) or "").strip() for name in columns}
            if not any(line.values()):
                continue
            found += 1
            if found > most:
                raise Invalid("rows_too_many", "A list has at most {most} rows.", most=most)
            yield reader.line_num, line
    except csv.Error:
        raise _unreadable() from None


def _reader(text: str) -> "csv.DictReader[str]":
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), skipinitialspace=True)
    try:
        reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or []]
    except csv.Error:
        raise _unreadable() from None
    return reader


def _unreadable() -> Invalid:
    return Invalid("list_unreadable", "This cannot be read as a CSV; a quotation mark may not end.")
