"""Bad rows as lines of a file: kept with their reason as it was made, given back in the reader's language."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tagwerk.base.errors import Invalid, Refusal, Sentence
from tagwerk.domain.work.rules.rows import BadRow


def kept_line(bad: BadRow) -> bytes:
    """A bad row as it is kept."""
    return _line({"number": bad.number, "reason": kept_reason(bad.reason), "row": bad.row})


def kept_reason(reason: Refusal) -> dict[str, Any]:
    """A refusal as JSON keeps it."""
    return {"code": reason.code, "path": reason.path, **_kept_words(reason)}


def _kept_words(said: Refusal | Sentence) -> dict[str, Any]:
    return {"message": said.message, "params": {name: _kept(value) for name, value in said.params.items()}}


def _kept(value: Any) -> Any:
    if isinstance(value, Refusal):
        return kept_reason(value)
    if isinstance(value, Sentence):
        return _kept_words(value)
    return value if isinstance(value, int | str) else str(value)


def reason_of(kept: Mapping[str, Any]) -> Refusal:
    """The refusal that was kept."""
    return Invalid(kept["code"], kept["message"], path=kept["path"], **_params_of(kept))


def _params_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (reason_of(value) if "code" in value else Sentence(value["message"], **_params_of(value)))
        if isinstance(value, dict)
        else value
        for name, value in kept["params"].items()
    }


def bad_row_of(line: bytes) -> BadRow:
    """The bad row of a kept line."""
    kept = json.loads(line)
    return BadRow(kept["number"], reason_of(kept["reason"]), kept["row"])


def given_back(bad: BadRow, translate: Callable[[str], str] = str) -> bytes:
    """A bad row as its owner gets it back: the row as it came, with its number and the reason."""
    return _line({**bad.row, "_row": bad.number, "_reason": bad.reason.said(translate)})


def is_empty(bad: BadRow) -> bool:
    """Whether nothing is wrong with the row but that a column which the design shows is empty."""
    column = bad.reason.path or ""
    return column in bad.row and bad.row[column] is None


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
