"""Large files that come in pieces: a broken connection goes on where it stopped, also on another day or machine.

A piece is an object of the storage, named by where it begins and how long it is, so any process can tell what is there.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from tempfile import SpooledTemporaryFile
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries, rules
from tagwerk.domain.projects.actions.media import ArchiveReport, upload_archive, upload_media

ROOT = "pieces"
KEPT = timedelta(days=3)
LARGEST_PIECE_BYTES = 8_000_000
IN_MEMORY_BYTES = 8_000_000
_PIECE = re.compile(r"(\d{1,15})-(\d{1,10})")


@dataclass(frozen=True)
class Arriving:
    """A file that somebody is sending: the same name, size and time of change mean the same file."""

    name: str
    size_bytes: int
    changed: str


def piece_received(
    *,
    actor: Actor,
    project_id: int,
    file: Arriving,
    offset: int | None = None,
    piece: IO[bytes] | None = None,
) -> int:
    """Keep one more piece of a file, which begins where the last one ended; without a piece, only say where that is.
    How many bytes of the file are here now."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    rules.require_within(size_bytes=file.size_bytes, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
    folder = _folder(actor, project_id, file)
    there = _received(folder)
    if piece is None:
        return there
    content = piece.read(LARGEST_PIECE_BYTES + 1)
    if not content or len(content) > LARGEST_PIECE_BYTES or (offset or 0) + len(content) > file.size_bytes:
        raise Invalid("piece_unfit", "This piece does not fit into the file; send the file again.")
    if offset != there:
        raise Conflict("piece_elsewhere", "The file is here up to byte {there}; go on there.", there=there)
    with SpooledTemporaryFile(max_size=LARGEST_PIECE_BYTES + 1) as copy:
        copy.write(content)
        copy.seek(0)
        default_storage.save(f"{folder}/{offset}-{len(content)}", File(copy))
    return _received(folder)


@contextmanager
def whole_file(*, actor: Actor, project_id: int, file: Arriving) -> Iterator[IO[bytes]]:
    """A file all of whose pieces are here, to be read; then they are thrown away, unless something of ours failed."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    folder = _folder(actor, project_id, file)
    if _received(folder) != file.size_bytes:
        raise Conflict("pieces_missing", "The file is not all here yet.")
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as whole:
        for name, _offset, _size in _pieces(folder):
            with default_storage.open(f"{folder}/{name}") as piece:
                whole.write(piece.read())
        whole.seek(0)
        try:
            yield whole
        except Refusal:  # what was refused would be refused again
            _throw_away(folder)
            raise
    _throw_away(folder)


def take_pieces(*, actor: Actor, project_id: int, file: Arriving) -> ArchiveReport:
    """Take in a file all of whose pieces are here, as one media file or as an archive of several."""
    with whole_file(actor=actor, project_id=project_id, file=file) as whole:
        if file.name.lower().endswith(".zip"):
            return upload_archive(actor=actor, project_id=project_id, content=whole)
        stored = upload_media(actor=actor, project_id=project_id, name=file.name, content=whole)
        return ArchiveReport([stored.name], [])


def forget_old_pieces(*, now: datetime) -> int:
    """Throw the pieces of files away that nobody went on sending; of how many files."""
    count = 0
    for project_id in _folders(ROOT):
        for key in _folders(f"{ROOT}/{project_id}"):
            folder = f"{ROOT}/{project_id}/{key}"
            names = _names(folder)
            if all(default_storage.get_modified_time(f"{folder}/{name}") <= now - KEPT for name in names):
                _throw_away(folder)
                count += bool(names)
    return count


def _folder(actor: Actor, project_id: int, file: Arriving) -> str:
    said = f"{actor.person_id}\x1f{file.name}\x1f{file.size_bytes}\x1f{file.changed}"
    return f"{ROOT}/{project_id}/{blake2b(said.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def _received(folder: str) -> int:
    return sum(size for _name, _offset, size in _pieces(folder))


def _pieces(folder: str) -> Iterator[tuple[str, int, int]]:
    """The pieces from the beginning on, as far as none is missing."""
    found = [(name, match) for name in _names(folder) if (match := _PIECE.fullmatch(name))]
    there = {int(match[1]): (name, int(match[2])) for name, match in found}
    at = 0
    while at in there:
        name, size = there[at]
        yield name, at, size
        at += size


def _names(folder: str) -> list[str]:
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []


def _folders(folder: str) -> list[str]:
    try:
        return default_storage.listdir(folder)[0]
    except FileNotFoundError:
        return []


def _throw_away(folder: str) -> None:
    for name in _names(folder):
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)
