"""Imports: how far they are, what became of the rows, and the bad ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.core.files.storage import default_storage

from tagwerk.base.errors import NotFound, Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.models import Import
from tagwerk.domain.work.rules.bad_rows import bad_row_of, given_back, is_empty, reason_of
from tagwerk.domain.work.rules.rows import BadRow
from tagwerk.domain.work.rules.states import ImportState

PIECE_BYTES = 64 * 1024
EMPTY_LOOKED_AT = 2_000


@dataclass(frozen=True)
class ImportView:
    """An import as members see it; `reason`: why it failed."""

    id: int
    public_id: str
    project_id: int
    source_name: str
    state: ImportState
    rows_read: int
    imported: int
    gold: int
    unchanged: int
    replaced: int
    bad_rows: int
    reason: Refusal | None
    created_at: datetime
    stored_as: str
    bad_stored_as: str

    @property
    def can_leave_out_bad_rows(self) -> bool:
        """Whether its file is still there, to be imported without the rows that cannot be used."""
        return self.state is ImportState.REFUSED and bool(self.stored_as)

    @property
    def is_running(self) -> bool:
        """Whether its report is still to come."""
        return self.state in (ImportState.WAITING, ImportState.RUNNING)


def import_for(actor: Actor, project_id: int, import_id: int | str) -> ImportView:
    """The gate: an import into a project that the actor manages."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    try:
        number = row_number("imp", import_id) if isinstance(import_id, str) else import_id
        row = Import.objects.filter(id=number, project_id=project.id).first()
    except NotFound:
        row = None
    if row is None:
        raise NotFound(
            "import_not_found", "This report is no longer kept; import again to see what is wrong."
        )
    return _view(row)


def running_imports(project_id: int) -> list[ImportView]:
    """Those whose report is still to come, for who has passed the project's gate."""
    waiting = [ImportState.WAITING, ImportState.RUNNING]
    return [
        _view(row) for row in Import.objects.filter(project_id=project_id, state__in=waiting).order_by("id")
    ]


def newest_import(project_id: int) -> ImportView | None:
    """The last file that was sent to a project, for who has passed its gate."""
    row = Import.objects.filter(project_id=project_id).order_by("-id").first()
    return _view(row) if row else None


def first_bad_rows(found: ImportView, *, most: int) -> list[BadRow]:
    """The first of the rows that could not be used, for who has passed the import's gate."""
    return list(islice(_bad_rows(found), most))


def are_all_empty(found: ImportView) -> bool:
    """Whether all rows that could not be used are only empty; of a great many that is not looked at."""
    return 0 < found.bad_rows <= EMPTY_LOOKED_AT and all(map(is_empty, _bad_rows(found)))


def bad_rows_back(found: ImportView, translate: Callable[[str], str]) -> Iterator[bytes]:
    """All rows that could not be used, as lines of JSON: as they came, with `_row` and, in words, `_reason`."""
    piece = bytearray()
    for bad in _bad_rows(found):
        piece += given_back(bad, translate)
        if len(piece) > PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _bad_rows(found: ImportView) -> Iterator[BadRow]:
    if found.bad_stored_as:
        with default_storage.open(found.bad_stored_as) as file:
            for line in file:
                yield bad_row_of(line)


def _view(row: Import) -> ImportView:
    derived = {"public_id", "state", "reason"}
    values = {name: getattr(row, name) for name in ImportView.__dataclass_fields__ if name not in derived}
    return ImportView(
        public_id=public_id("imp", row.id),
        state=ImportState(row.state),
        reason=reason_of(row.reason) if row.reason else None,
        **values,
    )
