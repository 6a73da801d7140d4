"""An answer in the form in which it is kept, and what to say where it is not taken. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from uuid import UUID

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.domain.designs.rules.answers import check_answers
from tagwerk.domain.designs.rules.design import DesignView

LONGEST_ACTIVE_MS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Body:
    """An answer in the form in which it is kept; `mark` tells two answers apart."""

    text: str
    mark: UUID
    active_ms: int


def body_of(design: DesignView, answers: Mapping[str, Any], active_ms: int) -> Body:
    """Check answers against their design and put them into the form in which they are kept."""
    text = json.dumps(check_answers(design, answers), ensure_ascii=False, separators=(",", ":"))
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raw = b"\\u0000"
    if b"\\u0000" in raw:
        raise Invalid("answer_unreadable", "The answer contains characters that no text can have.")
    mark = UUID(bytes=blake2b(raw, digest_size=16).digest())
    return Body(text, mark, max(0, min(active_ms, LONGEST_ACTIVE_MS)))


def refuse_outcome(outcome: str) -> None:
    """Say in words why something was not taken; nothing where it was."""
    if outcome == "unknown":
        raise NotFound("assignment_not_found", "You have no such task.")
    if outcome == "gone":
        raise Conflict("assignment_gone", "This task is not in your hands any more; go on with another one.")
    if outcome == "judged":
        raise Conflict("answer_judged", "This answer is being judged and cannot be changed any more.")
    if outcome == "conflict":
        raise Conflict(
            "answer_differs", "Another answer was handed in for this task; to replace it, change that answer."
        )
