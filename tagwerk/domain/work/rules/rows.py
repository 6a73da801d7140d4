"""A row becomes a task: reserved columns apart, the rest exactly as it came. Made for a million rows."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from tagwerk.base.errors import Invalid, Refusal

LARGEST_ROW = 1_000_000  # characters
LONGEST_ID = 200
CHUNK = 5_000  # rows in memory …
LARGEST_CHUNK = 8_000_000  # … or so many characters of them
HIGHEST_PRIORITY = 100
RESERVED = ("_id", "_gold", "_prediction", "_priority", "_deadline", "_truth")

# Made once: json.dumps would make one for each row.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode

Check = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready to be stored; texts are JSON."""

    external_id: str | None
    digest: str | None  # 32 hexadecimal digits, of all that was given, where there is an id
    data: str
    gold: str | None
    prediction: str | None
    priority: int
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot become a task: its number, counted from 1, why, and itself where it could be read."""

    number: int
    reason: str
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that are stored together: the good ones with their number, the bad ones, and how many were read up to here."""

    good: list[tuple[int, Row]]
    bad: list[BadRow]
    read: int


class RowReader:
    """Turns rows into tasks of one design. The checks come compiled: nothing is built per row."""

    def __init__(self, *, check_row: Check, check_gold: Check, check_prediction: Check) -> None:
        self.check_row, self.check_gold, self.check_prediction = check_row, check_gold, check_prediction

    def chunks(self, rows: Iterable[Mapping[str, Any] | BadRow]) -> Iterator[Chunk]:
        """The rows some thousand at a time, the bad ones apart."""
        good, bad, size, number = list[tuple[int, Row]](), list[BadRow](), 0, 0
        for number, row in enumerate(rows, 1):
            if isinstance(row, BadRow):
                bad.append(row)
                continue
            try:
                read = self.read(row)
                good.append((number, read))
                size += len(read.data)
            except Refusal as refusal:
                bad.append(BadRow(number, str(refusal), row if isinstance(row, Mapping) else None))
            if len(good) + len(bad) >= CHUNK or size > LARGEST_CHUNK:
                yield Chunk(good, bad, number)
                good, bad, size = [], [], 0
        if good or bad:
            yield Chunk(good, bad, number)

    def read(self, row: Mapping[str, Any]) -> Row:
        """The row's parts; Invalid says what is wrong with it."""
        if type(row) is not dict and not isinstance(row, Mapping):
            raise Invalid("row_unreadable", "A row is a map from column to value.")
        if not row.keys().isdisjoint(RESERVED):
            return self._with_reserved(row)
        self.check_row(row)
        return Row(None, None, text_of(row), None, None, 0, None)

    def _with_reserved(self, row: Mapping[str, Any]) -> Row:
        data = {name: value for name, value in row.items() if name not in RESERVED}
        self.check_row(data)
        text = text_of(data)
        gold = self._answers(row, "_gold", self.check_gold)
        prediction = self._answers(row, "_prediction", self.check_prediction)
        priority, deadline = _priority(row.get("_priority")), _deadline(row.get("_deadline"))
        external_id = _external_id(row.get("_id"))
        digest = _digest(text, gold, prediction, priority, deadline) if external_id is not None else None
        return Row(external_id, digest, text, gold, prediction, priority, deadline)

    def _answers(self, row: Mapping[str, Any], column: str, check: Check) -> str | None:
        value = row.get(column)
        if isinstance(value, str):
            value = _json(value, column)
        if value is None or value == {}:
            return None
        try:
            return text_of(check(value))
        except Refusal as refusal:
            refusal.path = refusal.path or column
            raise


def text_of(data: Any) -> str:
    """JSON as it is stored; refuses what PostgreSQL cannot hold, and what is too large for a page."""
    try:
        text = _encode(data)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid(
            "row_unreadable", "This cannot be written as JSON text: {why}.", why=str(error)[:100]
        ) from None
    if len(text) > LARGEST_ROW:
        raise Invalid("row_too_large", "The row is larger than {most} characters.", most=LARGEST_ROW)
    if "\\u0000" in text and _has_nul(data):
        raise Invalid("row_has_nul", "The row contains the character NUL, which no text can have.")
    return text


def _has_nul(data: Any) -> bool:
    if isinstance(data, str):
        return "\0" in data
    if isinstance(data, Mapping):
        return any(_has_nul(name) or _has_nul(value) for name, value in data.items())
    return isinstance(data, list | tuple) and any(map(_has_nul, data))


def _json(text: str, column: str) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("row_unreadable", "“{text}” is not JSON.", path=column, text=text[:60]) from None


def _external_id(value: Any) -> str | None:
    if value is None or value == "":
        return None
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not 0 < len(text) <= LONGEST_ID or not text.isprintable():
        raise Invalid(
            "row_id_unfit", "An id is a text of up to {most} characters.", path="_id", most=LONGEST_ID
        )
    return text


def _priority(value: Any) -> int:
    if value is None or value == "":
        return 0
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or not int(text) <= HIGHEST_PRIORITY:
        raise Invalid(
            "row_priority_unfit",
            "A priority is a whole number from 0 to {most}.",
            path="_priority",
            most=HIGHEST_PRIORITY,
        )
    return int(text)


def _deadline(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.timestamp()
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or not 1970 < found.year < 2242:
        raise Invalid(
            "row_deadline_unfit", "A deadline is a time like 2027-03-01T12:00:00+01:00.", path="_deadline"
        )
    return found


def _digest(text: str, *more: object) -> str:
    if any(more):
        text = "\x1f".join((text, *map(str, more)))
    return blake2b(text.encode(), digest_size=16).hexdigest()
