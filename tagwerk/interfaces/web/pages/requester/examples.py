"""Good beginnings: one project file per answer kind, with some rows, in the reader's language."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext_noop

HERE = Path(__file__).resolve().parent / "examples"
KINDS = {
    "choice": (gettext_noop("Choice"), gettext_noop("Sort texts, pictures or sounds into classes.")),
    "comparison": (
        gettext_noop("Comparison"),
        gettext_noop("Which of two answers of a model is better, and why?"),
    ),
    "rating": (gettext_noop("Rating"), gettext_noop("Points on a scale, such as how helpful an answer is.")),
    "text": (gettext_noop("Text"), gettext_noop("People write: answers, rewritings, transcripts, reasons.")),
}


@dataclass(frozen=True)
class Example:
    """A beginning for one answer kind; `title` and `lead` are still to be translated."""

    kind: str
    title: str
    lead: str
    file: str
    rows: tuple[dict[str, Any], ...]


def examples() -> list[Example]:
    """All of them, in the order in which they are offered."""
    return [example(kind) for kind in KINDS]


def example(kind: str) -> Example:
    """The one for this answer kind, in the reader's language."""
    language = "de" if (get_language() or "").startswith("de") else "en"
    return _read(kind, language)


@cache
def _read(kind: str, language: str) -> Example:
    title, lead = KINDS[kind]
    file = (HERE / f"{kind}.{language}.yaml").read_text("utf-8")
    lines = (HERE / f"{kind}.{language}.jsonl").read_text("utf-8").splitlines()
    return Example(kind, title, lead, file, tuple(json.loads(line) for line in lines))
