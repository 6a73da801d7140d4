"""A row becomes a task: reserved columns apart, the rest exactly as it came. Made for a million rows."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.domain.work.rules.units import ONE, Length, Meter, amount_of

LARGEST_ROW = 1_000_000  # characters
LONGEST_ID = 200
LONGEST_EXPLANATION = 4_000
CHUNK = 5_000  # rows in memory …
LARGEST_CHUNK = 8_000_000  # … or so many characters of them
HIGHEST_PRIORITY = 100
GIVEN_BACK = ("_row", "_reason", "_line")  # columns that we add to bad rows; a mended row may still have them
RESERVED = (
    "_id",
    "_gold",
    "_gold_explanation",
    "_prediction",
    "_priority",
    "_deadline",
    "_amount",
    "_truth",
    *GIVEN_BACK,
)

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
    explanation: str = ""  # of gold: why its answers are right
    amount_micros: int | None = None  # what a deliverable says itself that it is worth
    units: int | Length = ONE  # what it is paid for


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands where a row should: the text of the file, and why it is none."""

    reason: Refusal
    line: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot become a task: its number, why, and itself as it came (what is no row: as `_line`).

    Rows are counted from 1 in every kind of file; the header and empty lines do not count.
    """

    number: int
    reason: Refusal
    row: Mapping[str, Any]


class GoodRow(NamedTuple):
    """A row ready to be stored; `came` is the row as it came, where its id may still turn out to be taken."""

    number: int
    row: Row
    came: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that are stored together: the good ones, the bad ones, and how many were read up to here."""

    good: list[GoodRow]
    bad: list[BadRow]
    read: int


class RowReader:
    """Turns rows into tasks of one design. The checks come compiled: nothing is built per row."""

    def __init__(
        self,
        *,
        check_row: Check,
        check_gold: Check,
        check_prediction: Check,
        meter: Meter | None = None,
        amounts: bool = True,
    ) -> None:
        self.check_row, self.check_gold, self.check_prediction = check_row, check_gold, check_prediction
        self.meter, self.amounts = meter if meter and meter.measures else None, amounts

    def chunks(self, rows: Iterable[Mapping[str, Any] | Unread]) -> Iterator[Chunk]:
        """The rows some thousand at a time, the bad ones apart."""
        good, bad, size, number = list[GoodRow](), list[BadRow](), 0, 0
        for number, row in enumerate(rows, 1):
            try:
                read = self.read(row)
                came = row if read.external_id is not None and isinstance(row, Mapping) else None
                good.append(GoodRow(number, read, came))
                size += len(read.data)
            except Refusal as refusal:
                bad.append(_bad(number, refusal, row))
                size += len(repr(bad[-1].row))
            if len(good) + len(bad) >= CHUNK or size > LARGEST_CHUNK:
                yield Chunk(good, bad, number)
                good, bad, size = [], [], 0
        if good or bad:
            yield Chunk(good, bad, number)

    def read(self, row: Mapping[str, Any] | Unread) -> Row:
        """The row's parts; Invalid says what is wrong with it."""
        if isinstance(row, Unread):
            raise row.reason
        if type(row) is not dict and not isinstance(row, Mapping):
            raise Invalid("row_unreadable", "A row is a map from column to value.")
        if not row.keys().isdisjoint(RESERVED):
            return self._with_reserved(row)
        self.check_row(row)
        return Row(None, None, text_of(row), None, None, 0, None, units=self._units(row, None))

    def _with_reserved(self, row: Mapping[str, Any]) -> Row:
        data = {name: value for name, value in row.items() if name not in RESERVED}
        self.check_row(data)
        text = text_of(data)
        gold = self._answers(row, "_gold", self.check_gold)
        prediction = self._answers(row, "_prediction", self.check_prediction)
        priority, deadline = _priority(row.get("_priority")), _deadline(row.get("_deadline"))
        external_id = _external_id(row.get("_id"))
        explanation = explanation_of(row.get("_gold_explanation"), is_gold=gold is not None)
        amount = self._amount(row)
        parts = (
            gold,
            prediction,
            priority,
            deadline,
            *([explanation] if explanation else []),
            *([amount] if amount else []),
        )
        digest = _digest(text, *parts) if external_id is not None else None
        return Row(
            external_id, digest, text, gold, prediction, priority, deadline, explanation, amount, self._units(data, amount)
        )  # fmt: skip

    def _units(self, data: Mapping[str, Any], amount: int | None) -> int | Length:
        return ONE if self.meter is None else self.meter.of(data, amount)

    def _amount(self, row: Mapping[str, Any]) -> int | None:
        amount = amount_of(row.get("_amount"))
        if amount is not None and not self.amounts:
            raise Invalid(
                "row_amount_unasked",
                "Only in projects that pay per deliverable or milestone can a row name its own amount.",
                path="_amount",
            )
        return amount

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


def _bad(number: int, reason: Refusal, row: Any) -> BadRow:
    # Without its trace, which would keep alive all that was at hand.
    reason = reason.with_traceback(None)
    reason.__cause__ = reason.__context__ = None
    if isinstance(row, Unread):
        return BadRow(number, reason, {"_line": row.line})
    return BadRow(number, reason, row if isinstance(row, Mapping) else {"_line": str(row)})


def text_of(data: Any) -> str:
    """JSON as it is stored; refuses what PostgreSQL cannot hold, and what is too large for a page."""
    try:
        text = _encode(data)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        raise Invalid(
            "row_unreadable",
            "The row holds what JSON cannot: a number that is none, half of a character, or lists without end.",
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


def explanation_of(value: Any, *, is_gold: bool) -> str:
    """Why the answers of gold are right, without space around it; refused where there is no gold."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_EXPLANATION or "\0" in value:
        raise Invalid(
            "explanation_unfit", "An explanation is a text of up to {most} characters.",
            path="_gold_explanation", most=LONGEST_EXPLANATION,
        )  # fmt: skip
    if not is_gold and value.strip():
        raise Invalid(
            "explanation_without_gold", "Only gold is explained: give the row its right answers in “_gold”.",
            path="_gold_explanation",
        )  # fmt: skip
    return value.strip()


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
