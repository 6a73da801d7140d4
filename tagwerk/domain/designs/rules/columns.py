"""What the columns of a file hold, and what a task could show of them. Pure: rows in, guesses out."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

from tagwerk.domain.designs.rules.parts import KNOWN_LANGUAGES

LOOKED_AT: Final = 200  # rows: enough to guess by
MOST_SHOWN: Final = 3
LONG_TEXT: Final = 25  # characters on average, from where on a column is worth reading
MOSTLY: Final = 0.8  # of the rows have a value: the others are bad rows, which is worth knowing
ALIKE: Final = 0.5  # names that share half of their letters may mean the same
_ADDRESS: Final = re.compile(r"(?:https?://|media:)[^\s<>\"'\\]+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[-+]?\d{1,15}(?:[.,]\d+)?")
_TAG: Final = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?|\d{1,2}\.\d{1,2}\.\d{4}")
_PLACE: Final = re.compile(r"[^\W\d][\w-]*")
_PAIRS: Final = (("a", "b"), ("1", "2"), ("left", "right"), ("old", "new"), ("first", "second"))
ENDINGS: Final = {
    "image": ("png", "jpg", "jpeg", "webp", "gif", "svg"),
    "audio": ("mp3", "wav", "ogg", "flac", "m4a"),
    "video": ("mp4", "webm", "mov"),
}


class ColumnKind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    LINK = "link"
    LANGUAGE = "language"
    TIME = "time"
    CHAT = "chat"
    JSON = "json"
    EMPTY = "empty"


MEDIA: Final = (ColumnKind.IMAGE, ColumnKind.AUDIO, ColumnKind.VIDEO)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: `filled` of `rows` rows have a value; `example` is the first of them, `length` the average."""

    name: str
    kind: ColumnKind
    filled: int
    rows: int
    distinct: int
    length: float
    example: str

    @property
    def is_reserved(self) -> bool:
        """Whether the name has a meaning of its own (`_id`, `_gold.mood` …)."""
        return self.name.startswith("_")

    @property
    def place(self) -> str:
        """What stands between the braces of a text that shows it."""
        return _written(self.name)

    @property
    def template(self) -> str:
        """The text that shows it."""
        return f"{{{{ {self.place} }}}}"


def columns_of_rows(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """All columns that any of the rows has, in the order in which they come up."""
    names = dict.fromkeys(str(name) for row in rows for name in row)
    return [_column(name, [row.get(name) for row in rows]) for name in names]


def _column(name: str, values: Sequence[Any]) -> Column:
    there = [value for value in values if value not in (None, "")]
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in there]
    return Column(
        name=name, kind=_kind(there, texts), filled=len(there), rows=len(values), distinct=len(set(texts)),
        length=sum(map(len, texts)) / len(texts) if texts else 0.0, example=texts[0] if texts else "",
    )  # fmt: skip


def _kind(values: Sequence[Any], texts: Sequence[str]) -> ColumnKind:
    if not texts:
        return ColumnKind.EMPTY
    for kind, holds in _TESTS:
        if all(holds(value, text.strip()) for value, text in zip(values, texts, strict=True)):
            return kind
    return (
        _address_kind(texts) if all(_ADDRESS.fullmatch(text.strip()) for text in texts) else ColumnKind.TEXT
    )


def _address_kind(texts: Sequence[str]) -> ColumnKind:
    for kind, endings in ENDINGS.items():
        if all(_ending(text) in endings for text in texts):
            return ColumnKind(kind)
    return ColumnKind.LINK


def _ending(address: str) -> str:
    path = address.strip().partition("?")[0].partition("#")[0]
    return path.rpartition(".")[2].lower()


def _is_number(value: Any, text: str) -> bool:
    return (isinstance(value, int | float) and not isinstance(value, bool)) or bool(_NUMBER.fullmatch(text))


def _is_language(_value: Any, text: str) -> bool:
    return bool(_TAG.fullmatch(text)) and text[: 3 if text[2:3].isalpha() else 2] in KNOWN_LANGUAGES


def _is_chat(value: Any, text: str) -> bool:
    found = value if isinstance(value, list) else _json_in(text)
    return (
        isinstance(found, list)
        and bool(found)
        and all(isinstance(one, dict) and {"role", "content"} <= one.keys() for one in found)
    )


def _is_json(value: Any, text: str) -> bool:
    return isinstance(value, list | dict | bool) or isinstance(_json_in(text), list | dict)


def _json_in(text: str) -> Any:
    if text[:1] not in "[{":
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_TESTS = (
    (ColumnKind.NUMBER, _is_number),
    (ColumnKind.TIME, lambda _value, text: bool(_MOMENT.fullmatch(text))),
    (ColumnKind.LANGUAGE, _is_language),
    (ColumnKind.CHAT, _is_chat),
    (ColumnKind.JSON, _is_json),
)


# --- what to show ----------------------------------------------------------------------------------------------------


def proposed_show(columns: Sequence[Column], *, compare: bool = False) -> list[dict[str, Any]]:
    """What a task could show of these columns, as the file writes it: conversations and media first, then what is read.

    With `compare`, two columns that look like a pair (or the last two texts) stand side by side.
    """
    worth = [column for column in columns if _is_worth(column)]
    sides = _pair(worth) if compare else None
    blocks = [_block(column) for column in worth if not sides or column not in sides]
    if sides:
        first, second = sides
        blocks = [*blocks[: MOST_SHOWN - 1], {"compare": _compare(first, second)}]
    if not blocks:
        blocks = [_block(column) for column in columns if not column.is_reserved and column.filled][:1]
    return blocks[:MOST_SHOWN]


def pairs_in(columns: Sequence[Column]) -> bool:
    """Whether two of the columns could be compared."""
    return _pair([column for column in columns if _is_worth(column)]) is not None


def _is_worth(column: Column) -> bool:
    """Whether somebody should look at it: no number, no id, no single word that says the same in every row."""
    if column.is_reserved or column.filled < MOSTLY * column.rows:
        return False
    if column.kind is ColumnKind.CHAT or column.kind in MEDIA:
        return True
    is_read = column.kind is ColumnKind.TEXT and not _is_id(column)
    return is_read and (column.length >= LONG_TEXT or column.distinct > column.rows // 2)


def _is_id(column: Column) -> bool:
    """By its name, or as each row has another short word with a digit, such as T-1000."""
    if " " in column.example:
        return False
    named = re.fullmatch(r"(?:.*[_\- ])?(?:id|uuid|key|nr|no)\.?", column.name, re.IGNORECASE)
    counts = 1 < column.filled == column.distinct and column.length < LONG_TEXT
    return bool(named) or (counts and bool(re.fullmatch(r"[\w./#-]*\d[\w./#-]*", column.example)))


def _block(column: Column) -> dict[str, Any]:
    kind = column.kind if column.kind in (*MEDIA, ColumnKind.CHAT) else ColumnKind.TEXT
    return {str(kind): column.template, "label": label_of(column.name)}


def _compare(first: Column, second: Column) -> dict[str, Any]:
    kind = first.kind if first.kind in MEDIA else "text"
    return {"a": first.template, "b": second.template, "shuffle": True, "as": str(kind)}


def _pair(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    by_name = {column.name.lower(): column for column in columns}
    for name, column in by_name.items():
        for one, other in _PAIRS:
            if name.endswith(one) and (second := by_name.get(name.removesuffix(one) + other)) is not None:
                return column, second
    texts = [column for column in columns if column.kind is ColumnKind.TEXT or column.kind in MEDIA]
    return (texts[-2], texts[-1]) if len(texts) > 1 and texts[-2].kind is texts[-1].kind else None


def label_of(name: str) -> str:
    """A column's name as a heading: "answer_text" → "Answer text"."""
    words = re.sub(r"[_\-]+", " ", name).strip()
    return words[:1].upper() + words[1:]


# --- a design that shows other columns than the file has -------------------------------------------------------------


def replacements(needed: Iterable[str], columns: Sequence[Column]) -> dict[str, str] | None:
    """Which column of a file stands in for each that a design shows and the file lacks: by name, then by what it
    holds. None where there are not enough of them."""
    there = {column.name for column in columns}
    missing = [name for name in needed if name not in there]
    kept = set(needed) & there
    free = [column for column in columns if _is_worth(column) and column.name not in kept]
    free.sort(key=lambda column: (column.kind is not ColumnKind.TEXT, -column.length))
    if not free and len(missing) == 1:
        free = [one for one in columns if not one.is_reserved and one.filled and one.name not in kept][:1]
    found: dict[str, str] = {}
    for name in sorted(missing, key=lambda one: -_nearest(one, free)):
        if not free:
            return None
        best = max(free, key=lambda column: _alike(name, column.name))
        chosen = best if _alike(name, best.name) >= ALIKE else free[0]
        free.remove(chosen)
        found[name] = chosen.name
    return found


def _nearest(name: str, columns: Collection[Column]) -> float:
    return max((_alike(name, column.name) for column in columns), default=0.0)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def with_columns(text: str, instead: Mapping[str, str]) -> str:
    """A Liquid text that shows other columns: `{{ text | upcase }}` → `{{ review | upcase }}`."""
    if not instead:
        return text
    names = "|".join(re.escape(name) for name in sorted(instead, key=len, reverse=True))
    root = re.compile(rf"(?<![\w.\"'\-])(?:{names})(?![\w\"'\-])")

    def inside(braces: re.Match[str]) -> str:
        return root.sub(lambda found: _written(instead[found[0]]), braces[0])

    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", inside, text, flags=re.DOTALL)


def _written(name: str) -> str:
    """In single quotes where it needs some, since the file has its double ones around the whole."""
    quote = '"' if "'" in name else "'"
    return name if _PLACE.fullmatch(name) else f"[{quote}{name}{quote}]"


def shown_with(show: Any, instead: Mapping[str, str]) -> Any:
    """What a file shows, with other columns in all its texts."""
    if isinstance(show, str):
        return with_columns(show, instead)
    if isinstance(show, list):
        return [shown_with(part, instead) for part in show]
    if isinstance(show, dict):
        return {name: part if name == "label" else shown_with(part, instead) for name, part in show.items()}
    return show
