"""Files that a command is given: looked at before anything else happens, so that a mistake costs nothing."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from tagwerk.base.errors import Invalid
from tagwerk.domain.work.rules.readers import READERS, kind_of_name, unknown_kind

FORMATS = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet"}


def existing_file(path: Path) -> Path:
    """A file that can be read."""
    if not path.exists():
        raise Invalid("file_unreadable", "There is no file {file}.", file=str(path))
    if not path.is_file():
        raise Invalid("file_unreadable", "{file} is a folder, not a file.", file=str(path))
    try:
        path.open("rb").close()
    except OSError as error:
        raise Invalid(
            "file_unreadable", "{file} cannot be read: {error}.", file=str(path), error=error.strerror or ""
        ) from None
    return path


def text_file(path: Path) -> str:
    """The text of a file."""
    try:
        return existing_file(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            "file_unreadable", "{file} cannot be read: {error}.", file=str(path), error="it is not UTF-8 text"
        ) from None


def rows_file(path: Path) -> Path:
    """A file of rows, as far as its name tells."""
    if kind_of_name(existing_file(path).name) not in READERS:
        raise unknown_kind(kind_of_name(path.name))
    return path


def target_file(path: Path) -> Path:
    """A place where a file can be written."""
    if path.is_dir():
        raise Invalid("file_unwritable", "{file} is a folder; name a file.", file=str(path))
    if not path.parent.is_dir():
        raise Invalid("file_unwritable", "There is no folder {folder}.", folder=str(path.parent))
    return path


def format_of(target: Path, wanted: str = "") -> str:
    """The format that is asked for, or that the file's ending means."""
    found = wanted or FORMATS.get(target_file(target).suffix.lower())
    if found is None:
        raise Invalid("format_unknown", "The file must end with one of: {known}.", known=", ".join(FORMATS))
    return found


def bad_rows_beside(path: Path) -> Path:
    """Where the bad rows go that belong to this file."""
    return path.with_name(f"{path.stem}.bad.jsonl")


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """A file of these pieces."""
    with path.open("wb") as file:
        file.writelines(pieces)


def how_many(text: str) -> int:
    """A number of people or tasks: at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number from 1 on")
    return int(text)
