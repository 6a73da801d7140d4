"""Files of rows, read as streams: CSV, JSONL, JSON, Parquet. What cannot be read is handed on as that, not an end."""

import base64
import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any

from tagwerk.base.errors import Invalid
from tagwerk.domain.work.rules.encodings import encoding_of
from tagwerk.domain.work.rules.rows import LARGEST_ROW, Unread

Rows = Iterator[dict[str, Any] | Unread]
_BLOCK = 65_536
_LONGEST_LINE = 4 * LARGEST_ROW
_WORKBOOKS = frozenset({"xlsx", "xls", "xlsm", "xlsb", "ods", "numbers"})


def rows_of(stream: IO[bytes], kind: str) -> Rows:
    """The rows of a file of this kind: "csv", "jsonl", "json" or "parquet"."""
    if kind not in READERS:
        raise unknown_kind(kind)
    return READERS[kind](stream)


def unknown_kind(kind: str) -> Invalid:
    """We read no such files; workbooks have a way to become one that we read."""
    if kind in _WORKBOOKS:
        return Invalid(
            "file_kind_unknown",
            "“{kind}” is a workbook; save its sheet as “CSV UTF-8” and take that file.",
            kind=kind,
        )
    return Invalid(
        "file_kind_unknown",
        "“{kind}” files cannot be read; use one of: {kinds}.",
        kind=kind[:20],
        kinds=", ".join(READERS),
    )


def kind_of_name(name: str) -> str:
    """What the name of a file says it is."""
    end = name.rpartition(".")[2].lower()
    return {"ndjson": "jsonl", "pq": "parquet", "tsv": "csv", "txt": "csv"}.get(end, end)


def read_jsonl(stream: IO[bytes]) -> Rows:
    """One JSON object per line; empty lines are left out."""
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
        if line.strip() not in (b"", b"\xef\xbb\xbf"):
            yield _row(line)


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _row(line: bytes) -> dict[str, Any] | Unread:
    try:
        row = json.loads(line.decode())  # told its encoding, it need not guess it
    except json.JSONDecodeError as error:
        reason = Invalid(
            "row_unreadable", "This line is not JSON, from its character {place} on.", place=error.pos + 1
        )
    except UnicodeDecodeError:
        reason = Invalid("row_unreadable", "This line is not UTF-8 text.")
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets without end
        reason = Invalid("row_unreadable", "This line is not JSON that can be read.")
    else:
        if isinstance(row, dict):
            return row
        reason = _no_object()
    return Unread(reason, line.decode(errors="replace").strip())


def _no_object() -> Invalid:
    return Invalid("row_unreadable", "A row is a JSON object: {example}.", example='{"column": "value", …}')


def read_csv(stream: IO[bytes]) -> Rows:
    """Comma, semicolon or tab between values, names in the first line; every value is a text."""
    csv.field_size_limit(_LONGEST_LINE)
    lines = _Lines(io.TextIOWrapper(stream, encoding=encoding_of(stream), newline=""))
    try:
        records = csv.reader(lines, delimiter=_delimiter(lines.first), strict=True)
        names = _names(records)
        while True:
            lines.taken.clear()
            try:
                values = next(records)
            except StopIteration:
                return
            except csv.Error:
                yield Unread(
                    Invalid("row_unreadable", "This line is not CSV; look at its quotation marks."),
                    lines.text,
                )
                continue
            if values:
                yield _csv_row(names, values, lines)
    except UnicodeDecodeError:
        raise _no_text() from None


class _Lines:
    """The lines of a file, the first of which is known at once; `taken` are those that the current record is made of."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._read = text.readline
        self.taken: list[str] = []
        try:
            self.first = self._following = self._read(_LONGEST_LINE)
        except UnicodeDecodeError:
            raise _no_text() from None

    def __iter__(self) -> Iterator[str]:
        while line := self._following:
            self.taken.append(line)
            yield line
            self._following = self._read(_LONGEST_LINE)

    @property
    def text(self) -> str:
        """The current record as it stands in the file."""
        return "".join(self.taken).strip("\r\n")


def _no_text() -> Invalid:
    return Invalid("file_not_utf8", "The file is not text that can be read; save it as “CSV UTF-8”.")


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def _names(records: Iterator[list[str]]) -> list[str]:
    try:
        found = next(records, [])
    except csv.Error:
        found = []
    if not found or len(set(found)) < len(found) or "" in found:
        raise Invalid("file_without_header", "The first line of a CSV file names its columns, each once.")
    return found


def _csv_row(names: list[str], values: list[str], lines: _Lines) -> dict[str, Any] | Unread:
    if len(values) != len(names):
        reason = Invalid(
            "row_unreadable",
            "Values on this line: {values}; names on the first line: {names}.",
            values=len(values),
            names=len(names),
        )
        return Unread(reason, lines.text)
    row: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        column, dot, question = name.partition(".")
        if dot and column in ("_gold", "_prediction", "_truth"):  # `_gold.sentiment`, one column per question
            if value:
                row.setdefault(column, {})[question] = _scalar(value)
        else:
            row[name] = value
    return row


def _scalar(value: str) -> Any:
    """A number or list as such, everything else as text: a column says nothing of its type."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return value if isinstance(found, str | dict) or found is None else found


def read_json(stream: IO[bytes]) -> Rows:
    """A list of objects, read piece by piece."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig")
    try:
        yield from _Pieces(text).objects()
    except UnicodeDecodeError:
        raise Invalid("file_not_utf8", "The file is not UTF-8 text.") from None


class _Pieces:
    """The objects of a JSON list with no more of it in memory than one of them."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text, self.buffer, self.ended = text, "", False
        self.decoder = json.JSONDecoder()

    def objects(self) -> Rows:
        if self._sign() != "[":
            raise Invalid(
                "file_not_a_list",
                "A JSON file is a list of rows: {example}. For one row per line use .jsonl.",
                example="[{…}, {…}]",
            )
        self.buffer = self.buffer[1:]
        number = 0
        while self._sign() != "]":
            number += 1
            row = self._value(number)
            if isinstance(row, dict):
                yield row
            else:
                yield Unread(_no_object(), json.dumps(row, ensure_ascii=False))
            if self._sign() == ",":
                self.buffer = self.buffer[1:]
            elif self._sign() != "]":
                raise self._broken(number)

    def _sign(self) -> str:
        self.buffer = self.buffer.lstrip()
        while not self.buffer and not self.ended:
            self._more()
            self.buffer = self.buffer.lstrip()
        return self.buffer[:1]

    def _value(self, number: int) -> Any:
        while True:
            try:
                row, end = self.decoder.raw_decode(self.buffer)
            except RecursionError:
                raise self._broken(number) from None
            except ValueError:
                if self.ended or len(self.buffer) > 4 * LARGEST_ROW:
                    raise self._broken(number) from None
                self._more()
                continue
            if end == len(self.buffer) and not self.ended:  # a number could go on in the next block
                self._more()
                continue
            self.buffer = self.buffer[end:]
            return row

    def _more(self) -> None:
        block = self.text.read(max(_BLOCK, len(self.buffer)))
        self.ended = not block
        self.buffer += block

    def _broken(self, number: int) -> Invalid:
        return Invalid("file_broken", "The file is not JSON from row {number} on.", number=number)


def read_parquet(stream: IO[bytes]) -> Rows:
    """A Parquet file, some hundred rows at a time."""
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(stream)
        for batch in file.iter_batches(batch_size=500):
            for row in batch.to_pylist():
                yield {name: _plain(value) for name, value in row.items()}
    except pyarrow.ArrowInvalid as error:
        raise Invalid("file_broken_parquet", "The file is not Parquet: {why}", why=str(error)[:100]) from None


def _plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, decimals as text, bytes in base 64."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    for kinds, written in _WRITTEN:
        if isinstance(value, kinds):
            return written(value)
    return value


_WRITTEN: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((datetime, date, time), lambda value: value.isoformat()),
    ((Decimal, timedelta), str),
    ((bytes,), lambda value: base64.b64encode(value).decode()),
)
READERS: dict[str, Callable[[IO[bytes]], Rows]] = {
    "csv": read_csv,
    "jsonl": read_jsonl,
    "json": read_json,
    "parquet": read_parquet,
}
