"""The formats, found by name; each writes records to a stream."""

from collections.abc import Iterable
from typing import BinaryIO, Final, Protocol, cast

from tagwerk.base.errors import Invalid
from tagwerk.domain.exports.rules import csv, jsonl, kto, parquet, trl_preference
from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.exports.rules.shape import Shape


class Format(Protocol):
    """The face of each format's module."""

    SUFFIX: str
    CONTENT_TYPE: str

    def check(self, shape: Shape) -> None:
        """Refuse a project or options from which the format cannot be made."""
        ...

    def write(self, records: Iterable[Record], out: BinaryIO, shape: Shape) -> int:
        """Write the records; how many rows there are."""
        ...


FORMATS: Final[dict[str, Format]] = {
    "jsonl": cast(Format, jsonl),
    "csv": cast(Format, csv),
    "parquet": cast(Format, parquet),
    "trl_preference": cast(Format, trl_preference),
    "kto": cast(Format, kto),
}


def format_named(name: str) -> Format:
    """The format; Invalid names those there are."""
    if name not in FORMATS:
        raise Invalid(
            "format_unknown",
            "There is no format “{name}”; choose one of: {formats}.",
            path="format",
            name=name[:40],
            formats=", ".join(FORMATS),
        )
    return FORMATS[name]
