"""One task as it leaves the house.

A record is a plain dict in this order: `_id`, `data`, `result` (question → value, or null), `confidence` and
`agreement` (question → number or null), `method` and `model` (question → how the result was found, and by which version
of the fitted models, 0: by none), `answers` (how many count), `gold` (whether the right answer was known), `reason` (null, or why there is no result, or none for some questions), and if asked for `raw_answers`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

Record = dict[str, Any]
FIELDS = ("_id", "data", "result", "confidence", "agreement", "method", "model", "answers", "gold", "reason")
RAW = "raw_answers"


class Finding(Protocol):
    """The result of one question: a value, or the reason why there is none."""

    @property
    def value(self) -> Any: ...
    @property
    def confidence(self) -> float | None: ...
    @property
    def agreement(self) -> float | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def model(self) -> int: ...


class Found(NamedTuple):
    """A finding of our own."""

    value: Any
    confidence: float | None = None
    agreement: float | None = None
    reason: str = ""
    method: str = ""
    model: int = 0


def record(
    *,
    row_id: str,
    data: Mapping[str, Any],
    found: Mapping[str, Finding],
    answers: int,
    gold: bool,
    withheld: str = "",
    raw: Sequence[Mapping[str, Any]] | None = None,
) -> Record:
    """Put a record together; `withheld` is why the task as a whole has no result to give out, if so."""
    values: dict[str, Any] = {}
    confidence: dict[str, float | None] = {}
    agreement: dict[str, float | None] = {}
    method: dict[str, str | None] = {}
    model: dict[str, int] = {}
    missing: dict[str, str] = {}
    for question, one in found.items():  # one pass: a million records come through here
        values[question], confidence[question], agreement[question] = one.value, one.confidence, one.agreement
        method[question], model[question] = one.method or None, one.model
        if one.value is None:
            missing[question] = one.reason
    nothing = bool(withheld) or len(missing) == len(found)
    one_record: Record = {
        "_id": row_id,
        "data": data,
        "result": None if nothing else values,
        "confidence": None if nothing else confidence,
        "agreement": None if nothing else agreement,
        "method": None if nothing else method,
        "model": None if nothing else model,
        "answers": answers,
        "gold": gold,
        "reason": withheld or (_reason(missing, whole=nothing) if missing else None),
    }
    if raw is not None:
        one_record[RAW] = list(raw)
    return one_record


def _reason(missing: Mapping[str, str], *, whole: bool) -> str:
    """One code where all questions lack a result for the same reason, else "question: code; question: code"."""
    codes = set(missing.values())
    if whole and len(codes) == 1:
        return codes.pop()
    return "; ".join(f"{question}: {code}" for question, code in missing.items())
