"""A draft from somebody's own rows: what they hold, what a task shows of them, and a first question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.columns import (
    LOOKED_AT,
    Column,
    columns_of_rows,
    label_of,
    pairs_in,
    proposed_show,
)
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import project_file_of, read_project_file
from tagwerk.domain.work.rules.readers import kind_of_name, rows_of
from tagwerk.interfaces.web.pages.requester.examples import example
from tagwerk.interfaces.web.pages.requester.file_text import kept_form, plain_file

QUESTIONS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "choice": ("answer", gettext_noop("What fits best?"), {}),
    "comparison": ("better", gettext_noop("Which one is better?"), {"of": ["a", "b"], "scale": 5}),
    "rating": ("rating", gettext_noop("How good is it?"), {"scale": 5}),
    "text": ("text", gettext_noop("Write your answer."), {"min_words": 1, "lines": 4}),
}
OPTIONS = (gettext_noop("yes"), gettext_noop("no"), gettext_noop("cannot tell"))


@dataclass(frozen=True)
class Peek:
    """The first rows of a file, and the columns that they have."""

    rows: list[dict[str, Any]]
    columns: list[Column]


def peek(upload: "UploadedFile[Any]") -> Peek:
    """The first rows of an uploaded file; refused where there is not one. The file is at its beginning again."""
    stream: IO[bytes] = upload.file  # type: ignore[assignment]
    stream.seek(0)
    found = list(islice(rows_of(_Kept(stream), kind_of_name(str(upload.name))), LOOKED_AT))  # type: ignore[arg-type]
    stream.seek(0)
    rows = [row for row in found if isinstance(row, dict)]
    if not rows:
        raise Invalid(
            "file_without_rows",
            "There is no row in this file that can be read. It needs names in its first line and one row per task below.",
        )
    return Peek(rows, columns_of_rows(rows))


class _Kept:
    """A file that stays open when the text around it is thrown away."""

    closed = False

    def __init__(self, stream: IO[bytes]) -> None:
        self.read, self.readline, self.seek, self.tell = (
            stream.read,
            stream.readline,
            stream.seek,
            stream.tell,
        )
        self.readable = self.seekable = lambda: True
        self.writable = lambda: False

    def flush(self) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """It is read again."""


def file_from_data(found: Peek, *, name: str, kind: str, language: str, currency: str) -> ProjectFile:
    """A project file for these rows that asks one question of this kind."""
    compare = kind == "comparison"
    if compare and not pairs_in(found.columns):
        raise Invalid(
            "nothing_to_compare",
            "To compare, a row needs two columns such as “answer_a” and “answer_b”; this file has: {columns}.",
            columns=", ".join(column.name for column in found.columns)[:300],
        )
    plan = plain_file(kept_form(read_project_file(example(kind).file)))
    title = label_of(PurePath(name).stem)[:200] or _("My project")
    if not any(column.name.startswith("_gold") for column in found.columns):
        plan["quality"].pop("gold_share", None)
    parts = {
        "title": title,
        "language": language,
        "show": proposed_show(found.columns, compare=compare),
        "ask": first_question(kind, language),
        "quality": plan["quality"],
        "pay": {**plan["pay"], "currency": currency},
        "audience": {"languages": {language.partition("-")[0]: "B2"}},
    }
    return project_file_of(parts)


def first_question(kind: str, language: str) -> dict[str, dict[str, Any]]:
    """A question of a kind in the language of the project, to be put into one's own words."""
    name, label, more = QUESTIONS[kind]
    spoken = language.partition("-")[0]
    with override(spoken if spoken in ("de", "en") else "en"):
        options = {"options": [_(one) for one in OPTIONS]} if kind == "choice" else {}
        return {name: {"kind": kind, "label": _(label), **options, **more}}


def missing_columns(needed: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """What a design shows and a file lacks."""
    there = {column.name for column in columns}
    return [name for name in needed if name not in there]
