"""Bad rows as lines of a file: kept with their reason as it was made, given back in the reader's language."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.domain.work.rules.rows import BadRow


def kept_line(bad: BadRow) -> bytes:
    """A bad row as it is kept."""
    return _line({"number": bad.number, "reason": kept_reason(bad.reason), "row": bad.row})


def kept_reason(reason: Refusal) -> dict[str, Any]:
    """A refusal as JSON keeps it."""
    params = {name: _kept(value) for name, value in reason.params.items()}
    return {"code": reason.code, "message": reason.message, "path": reason.path, "params": params}


def _kept(value: Any) -> Any:
    if isinstance(value, Refusal):
        return kept_reason(value)
    return value if isinstance(value, int | str) else str(value)


def reason_of(kept: Mapping[str, Any]) -> Refusal:
    """The refusal that was kept."""
    params = {
        name: reason_of(value) if isinstance(value, dict) else value for name, value in kept["params"].items()
    }
    return Invalid(kept["code"], kept["message"], path=kept["path"], **params)


def bad_row_of(line: bytes) -> BadRow:
    """The bad row of a kept line."""
    kept = json.loads(line)
    return BadRow(kept["number"], reason_of(kept["reason"]), kept["row"])


def given_back(bad: BadRow, translate: Callable[[str], str] = str) -> bytes:
    """A bad row as its owner gets it back: the row as it came, with its number and the reason."""
    return _line({**bad.row, "_row": bad.number, "_reason": bad.reason.at_its_place(translate)})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
