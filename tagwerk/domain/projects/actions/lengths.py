"""How long uploaded recordings are. A file never changes under its name, so each is read once."""

from collections.abc import Collection
from decimal import Decimal
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from tinytag import TinyTag, TinyTagException

from tagwerk.domain.projects.models import MediaFile


def media_seconds(*, project_id: int, names: Collection[str]) -> dict[str, Decimal]:
    """Name → length in seconds, of those files of a project whose length can be read."""
    rows = MediaFile.objects.filter(project_id=project_id, name__in=sorted(names))
    found = {}
    for row in rows:
        if row.duration_ms is None:
            row.duration_ms = _duration_ms(row)
            row.save(update_fields=["duration_ms"])
        if row.duration_ms:
            found[row.name] = Decimal(row.duration_ms) / 1000
    return found


def _duration_ms(row: MediaFile) -> int:
    """0: nobody can tell."""
    with default_storage.open(row.stored_as) as file:
        try:
            seconds = TinyTag.get(filename=row.name, file_obj=cast(BinaryIO, file.file), tags=False).duration
        except (TinyTagException, ValueError, OverflowError, LookupError, EOFError):
            return 0
    return max(0, round(seconds * 1000)) if seconds and seconds < 10**9 else 0
