"""Exports that were asked for, and the gate to their files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils.text import slugify

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.exports.models import Export
from tagwerk.domain.exports.rules.formats import FORMATS
from tagwerk.domain.exports.rules.states import ExportState
from tagwerk.domain.projects import queries as projects

READ_BYTES = 256 * 1024


@dataclass(frozen=True)
class ExportView:
    """An export as members see it."""

    id: int
    project_id: int
    format: str
    options: dict[str, Any]
    accept: bool
    state: ExportState
    tasks_total: int
    tasks_written: int
    rows: int | None
    size_bytes: int | None
    sha256: str
    error: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class ExportFile:
    """A file ready to be sent."""

    name: str
    content_type: str
    size_bytes: int
    stored_as: str

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        with default_storage.open(self.stored_as) as file:
            while piece := file.read(READ_BYTES):
                yield piece


def exports_of(
    actor: Actor, project_id: int, *, before: int | None = None, limit: int = 50
) -> list[ExportView]:
    """The project's newest exports; `before` is the last one's id."""
    project = projects.project_for(actor, project_id, Permission.RESULT_EXPORT)
    found = Export.objects.filter(project_id=project.id).order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return [_view(row) for row in found[:limit]]


def export_for(actor: Actor, export_id: int | str) -> ExportView:
    """The gate: an export of a project whose results the actor may export."""
    return _view(_row_for(actor, export_id))


def export_file_for(actor: Actor, export_id: int | str) -> ExportFile:
    """The gate to the file; refuses one that is not ready or no longer kept."""
    row = _row_for(actor, export_id)
    if row.state != ExportState.READY:
        raise Conflict(
            "export_not_ready",
            "There is no file: the export is {state}. Start a new one, or wait until it is ready.",
            state=row.state,
        )
    form = FORMATS[row.format]
    title = slugify(row.project.title)[:60] or "results"
    assert row.size_bytes is not None, "the table keeps it"
    name = title if row.format == form.SUFFIX else f"{title}-{row.format}"
    return ExportFile(f"{name}.{form.SUFFIX}", form.CONTENT_TYPE, row.size_bytes, row.stored_as)


def _row_for(actor: Actor, export_id: int | str) -> Export:
    number = row_number("exp", export_id) if isinstance(export_id, str) else export_id
    row = Export.objects.select_related("project").filter(id=number).first()
    if row is None:
        raise _missing()
    try:
        projects.project_for(actor, row.project_id, Permission.RESULT_EXPORT)
    except NotFound:
        raise _missing() from None
    return row


def _view(row: Export) -> ExportView:
    values = {name: getattr(row, name) for name in ExportView.__dataclass_fields__}
    return ExportView(**{**values, "state": ExportState(row.state)})


def _missing() -> NotFound:
    return NotFound("export_not_found", "There is no such export.")
