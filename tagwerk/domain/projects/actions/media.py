"""Uploaded files: checked, cleaned, stored under their content's hash."""

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries, rules
from tagwerk.domain.projects.models import MediaFile
from tagwerk.domain.projects.queries import MediaView

LARGEST_PICTURE_BYTES = 60_000_000  # a picture is decoded in memory
MOST_IN_ARCHIVE = 20_000
LONGEST_CONTENTS_BYTES = 6_000_000  # of an archive's list of its files
UNPACKED_LIMITS = 4  # an archive may unpack to so many times the largest upload
PIECE = 1 << 20
_DAMAGED = (
    zipfile.BadZipFile,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)


@dataclass(frozen=True)
class ArchiveReport:
    """What became of the files of an archive: names that came in, and names with the reason why not."""

    stored: list[str]
    refused: list[tuple[str, Refusal]]


def upload_media(*, actor: Actor, project_id: int, name: str, content: IO[bytes]) -> MediaView:
    """Take in one file; the same again changes nothing, another one under the same name is refused."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    return _store(actor, project_id, name, content)


def upload_archive(*, actor: Actor, project_id: int, content: IO[bytes]) -> ArchiveReport:
    """Take in every file of a ZIP archive; files that cannot be shown are named with the reason."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    stored: list[str] = []
    refused: list[tuple[str, Refusal]] = []
    unpacked = _Unpacked(settings.UPLOAD_LIMIT_BYTES * UNPACKED_LIMITS)
    with _opened(content) as archive:
        for entry in _entries(archive):
            try:
                with _member(archive, entry, unpacked) as piece:
                    stored.append(_store(actor, project_id, entry.filename, piece).name)
            except Refusal as refusal:
                refused.append((entry.filename, refusal))
    return ArchiveReport(stored, refused)


def _opened(content: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(cast(IO[bytes], _ShortContents(content)))
    except _DAMAGED:
        raise Invalid("archive_unreadable", "This is not a ZIP archive.") from None


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_IN_ARCHIVE:
        raise _too_many()
    return entries


def _too_many() -> Invalid:
    return Invalid("archive_too_many", "An archive may hold at most {most} files.", most=MOST_IN_ARCHIVE)


class _ShortContents:
    """An archive whose list of files cannot fill the memory: zipfile reads it in one piece, however long it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self.seek, self.tell, self._read = file.seek, file.tell, file.read

    def seekable(self) -> bool:
        """An upload lies in a file."""
        return True

    def read(self, size: int = -1) -> bytes:
        """So many bytes, if that is not too many at once."""
        if size > LONGEST_CONTENTS_BYTES:
            raise _too_many()
        return self._read(size)


@dataclass
class _Unpacked:
    """How much the files of one archive may still unpack to."""

    left: int


class _Member:
    """A file of an archive, counted while it is read: what the archive says of its size is not believed."""

    def __init__(self, piece: IO[bytes], unpacked: _Unpacked) -> None:
        self._piece, self._unpacked = piece, unpacked

    def read(self, size: int) -> bytes:
        """The next bytes; refused where they cannot be unpacked, or are too many with all before them."""
        try:
            read = self._piece.read(size)
        except _DAMAGED:
            raise _damaged() from None
        self._unpacked.left -= len(read)
        if self._unpacked.left < 0:
            most = settings.UPLOAD_LIMIT_BYTES * UNPACKED_LIMITS // 1_000_000
            raise Invalid("archive_too_large", "The archive unpacks to more than {limit} MB.", limit=most)
        return read


@contextmanager
def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, unpacked: _Unpacked) -> Iterator[IO[bytes]]:
    try:
        piece = archive.open(entry)
    except _DAMAGED:
        raise _damaged() from None
    with piece:
        yield cast(IO[bytes], _Member(piece, unpacked))


def _damaged() -> Invalid:
    return Invalid("archive_member", "This file of the archive is damaged or encrypted.")


def _store(actor: Actor, project_id: int, name: str, content: IO[bytes]) -> MediaView:
    with SpooledTemporaryFile(max_size=8 * PIECE) as copy:
        size, head = _copy_limited(content, copy)
        rules.require_within(size_bytes=size, limit_bytes=settings.UPLOAD_LIMIT_BYTES)
        media_type = rules.media_type_of(head)
        kept: File[bytes] = File(copy)
        if media_type.startswith("image/"):
            rules.require_within(size_bytes=size, limit_bytes=LARGEST_PICTURE_BYTES)
            copy.seek(0)
            kept = ContentFile(rules.picture_again(copy.read()))
        return _keep(actor, project_id, rules.safe_name(name), media_type, kept)


def _copy_limited(source: IO[bytes], target: IO[bytes]) -> tuple[int, bytes]:
    """Copy at most one byte more than is allowed, whatever the upload or the archive claims its size to be."""
    size, head = 0, b""
    while size <= settings.UPLOAD_LIMIT_BYTES and (piece := source.read(PIECE)):
        head = head or piece
        target.write(piece)
        size += len(piece)
    return size, head


def _hash(file: "File[bytes]") -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _keep(actor: Actor, project_id: int, name: str, media_type: str, file: "File[bytes]") -> MediaView:
    sha256 = _hash(file)
    there = _there(project_id, name, sha256)
    if there is not None:
        return there
    stored_as = default_storage.save(f"media/{project_id}/{sha256}{Path(name).suffix[:8]}", file)
    try:
        with transaction.atomic():
            row = MediaFile.objects.create(
                project_id=project_id,
                name=name,
                media_type=media_type,
                size_bytes=file.size,
                sha256=sha256,
                stored_as=stored_as,
                created_by_id=actor.person_id,
            )
    except BaseException as error:
        default_storage.delete(stored_as)  # nobody would ever know of it
        # Somebody else may have stored a file of that name at the same moment.
        there = _there(project_id, name, sha256) if isinstance(error, IntegrityError) else None
        if there is None:
            raise
        return there
    return queries.media(row.id)


def _there(project_id: int, name: str, sha256: str) -> MediaView | None:
    """The file that is stored under this name already; refused where it is another one."""
    there = MediaFile.objects.filter(project_id=project_id, name=name).first()
    if there is None:
        return None
    if there.sha256 != sha256:
        raise Conflict("media_exists", "There is another file named “{name}” already.", name=name)
    return queries.media(there.id)
