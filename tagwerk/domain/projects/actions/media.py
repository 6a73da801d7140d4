"""Uploaded files: checked, cleaned, stored under their content's hash."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries, rules
from tagwerk.domain.projects.models import MediaFile
from tagwerk.domain.projects.queries import MediaView

LARGEST_PICTURE_BYTES = 60_000_000  # a picture is decoded in memory
MOST_IN_ARCHIVE = 20_000
PIECE = 1 << 20


@dataclass(frozen=True)
class ArchiveReport:
    """What became of the files of an archive: names that came in, and names with the reason why not."""

    stored: list[str]
    refused: list[tuple[str, str]]


def upload_media(*, actor: Actor, project_id: int, name: str, content: IO[bytes]) -> MediaView:
    """Take in one file; the same again changes nothing, another one under the same name is refused."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    return _store(actor, project_id, name, content)


def upload_archive(*, actor: Actor, project_id: int, content: IO[bytes]) -> ArchiveReport:
    """Take in every file of a ZIP archive; files that cannot be shown are named with the reason."""
    queries.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    stored, refused = [], []
    for name, piece in _members(content):
        try:
            stored.append(_store(actor, project_id, name, piece).name)
        except Refusal as refusal:
            refused.append((name, str(refusal)))
    return ArchiveReport(stored, refused)


def _members(content: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        archive = zipfile.ZipFile(content)
    except zipfile.BadZipFile:
        raise Invalid("archive_unreadable", "This is not a ZIP archive.") from None
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_IN_ARCHIVE:
        raise Invalid("archive_too_many", "An archive may hold at most {most} files.", most=MOST_IN_ARCHIVE)
    for entry in entries:
        with archive.open(entry) as piece:
            yield entry.filename, piece


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


@transaction.atomic
def _keep(actor: Actor, project_id: int, name: str, media_type: str, file: "File[bytes]") -> MediaView:
    sha256 = _hash(file)
    there = MediaFile.objects.filter(project_id=project_id, name=name).first()
    if there is not None:
        if there.sha256 != sha256:
            raise Conflict("media_exists", "There is another file named “{name}” already.", name=name)
        return queries.media(there.id)
    stored_as = default_storage.save(f"media/{project_id}/{sha256}{Path(name).suffix[:8]}", file)
    row = MediaFile.objects.create(
        project_id=project_id,
        name=name,
        media_type=media_type,
        size_bytes=file.size,
        sha256=sha256,
        stored_as=stored_as,
        created_by_id=actor.person_id,
    )
    return queries.media(row.id)
