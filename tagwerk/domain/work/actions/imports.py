"""Files of rows: brought in in the background or at once, with a report, and their bad rows as a file."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from tagwerk.base.errors import Conflict, Refusal
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.importing import (
    BadRows,
    ImportReport,
    Progress,
    import_tasks,
    receiving,
)
from tagwerk.domain.work.events import ImportRequested
from tagwerk.domain.work.models import Import
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.bad_rows import kept_line, kept_reason
from tagwerk.domain.work.rules.readers import READERS, kind_of_name, rows_of, unknown_kind
from tagwerk.domain.work.rules.rows import BadRow
from tagwerk.domain.work.rules.states import ImportState

KEPT = timedelta(days=7)
LOCK = 0x696D706F  # "impo": the first key of the advisory lock, the import is the second
ENDED = (ImportState.DONE, ImportState.REFUSED, ImportState.FAILED)


@transaction.atomic
def start_import(
    *,
    actor: Actor,
    project_id: int,
    content: IO[bytes],
    source_name: str,
    skip_bad: bool = False,
    replace: bool = False,
) -> int:
    """Take a file of rows, to be brought in in the background; what is no file of rows at all is refused at once.
    The import's number."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    receiving(project.id)
    kind = kind_of_name(source_name)
    if kind not in READERS:
        raise unknown_kind(kind)
    stored_as = default_storage.save(f"imports/{project.id}/{uuid4()}.{kind}", File(content))
    try:
        with default_storage.open(stored_as) as file:
            next(rows_of(file, kind), None)
    except Refusal:
        default_storage.delete(stored_as)
        raise
    row = _new(project.id, kind, source_name, skip_bad, replace, actor.person_id, stored_as)
    record(
        ImportRequested(
            actor_id=actor.person_id,
            organisation_id=project.organisation_id,
            project_id=project.id,
            import_id=row.id,
        )
    )
    return row.id


def run_import(*, import_id: int) -> None:
    """Bring the file in; killed half-way, all of it is brought in again. Done already, it does nothing."""
    row = Import.objects.filter(id=import_id).exclude(state__in=ENDED).first()
    if row is None:
        return
    Import.objects.filter(id=row.id).exclude(state__in=ENDED).update(state=ImportState.RUNNING, rows_read=0)
    with default_storage.open(row.stored_as) as file, _noting(row.id) as progress:
        _bring_in(row, file, progress)
    if not Import.objects.filter(id=row.id, state=ImportState.REFUSED).exists():
        default_storage.delete(row.stored_as)  # a refused file may still be imported without its bad rows


@transaction.atomic
def import_without_bad_rows(*, actor: Actor, project_id: int, import_id: int) -> int:
    """Bring the file of a refused import in after all, without the rows that cannot be used; the new import's number."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_MANAGE)
    receiving(project.id)
    row = Import.objects.select_for_update().filter(id=import_id, project_id=project.id).first()
    if row is None or row.state != ImportState.REFUSED or not row.stored_as:
        raise Conflict("import_not_refused", "This file is not kept any more; send it again.")
    again = _new(project.id, row.kind, row.source_name, True, row.replace, actor.person_id, row.stored_as)
    Import.objects.filter(id=row.id).update(stored_as="")
    record(
        ImportRequested(
            actor_id=actor.person_id,
            organisation_id=project.organisation_id,
            project_id=project.id,
            import_id=again.id,
        )
    )
    return again.id


def import_file(
    *,
    project_id: int,
    content: IO[bytes],
    kind: str,
    source_name: str,
    actor_id: int | None = None,
    skip_bad: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
) -> tuple[int, ImportReport]:
    """Bring a file in at once; the import's number and its report. Bad rows that are not skipped: nothing is imported.
    A file that cannot be used is refused."""
    receiving(project_id)
    row = _new(project_id, kind, source_name, skip_bad, replace, actor_id, "")
    report = _bring_in(row, content, progress)
    if isinstance(report, Refusal):
        raise report
    return row.id, report


def forget_old_imports(*, now: datetime) -> int:
    """Throw away the reports, bad rows and files of imports whose time is over; how many."""
    old = list(Import.objects.filter(created_at__lte=now - KEPT).order_by("id")[:500])
    for row in old:
        for name in filter(None, (row.stored_as, row.bad_stored_as)):
            default_storage.delete(name)
    Import.objects.filter(id__in=[row.id for row in old]).delete()
    return len(old)


def _new(
    project_id: int,
    kind: str,
    source_name: str,
    skip_bad: bool,
    replace: bool,
    actor_id: int | None,
    stored_as: str,
) -> Import:
    return Import.objects.create(
        project_id=project_id,
        kind=kind,
        source_name=source_name[:200],
        skip_bad=skip_bad,
        replace=replace,
        created_by_id=actor_id,
        stored_as=stored_as,
    )


def _bring_in(row: Import, content: IO[bytes], progress: Progress | None) -> ImportReport | Refusal:
    """Import and report in one transaction: who comes second, after a killed process, finds all of it or nothing."""
    with TemporaryFile() as bad:

        def keep(one: BadRow) -> None:
            bad.write(kept_line(one))

        try:
            with transaction.atomic():
                sql.row("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, row.id & 0x7FFFFFFF])
                if Import.objects.filter(id=row.id, state__in=ENDED).exists():
                    return ImportReport()
                report = import_tasks(
                    project_id=row.project_id,
                    rows=rows_of(content, row.kind),
                    actor_id=row.created_by_id,
                    on_bad="skip" if row.skip_bad else "refuse",
                    source_name=row.source_name,
                    progress=progress,
                    on_bad_row=keep,
                    replace=row.replace,
                )
                _end(row, ImportState.DONE, report, bad)
        except BadRows as refused:
            report = ImportReport(bad_rows=refused.report.bad_rows, bad=refused.report.bad)
            _end(row, ImportState.REFUSED, report, bad)
        except Refusal as refusal:
            # What a person can put right is said to them; anything else is our fault and the job is tried again.
            Import.objects.filter(id=row.id).update(state=ImportState.FAILED, reason=kept_reason(refusal))
            return refusal
    return report


def _end(row: Import, state: ImportState, report: ImportReport, bad: IO[bytes]) -> None:
    stored_as = ""
    if report.bad_rows:
        bad.seek(0)
        stored_as = default_storage.save(f"imports/{row.project_id}/{uuid4()}.bad", File(bad))
    counts = ("imported", "gold", "unchanged", "replaced", "bad_rows")
    Import.objects.filter(id=row.id).update(
        state=state, bad_stored_as=stored_as, **{name: getattr(report, name) for name in counts}
    )


@contextmanager
def _noting(import_id: int) -> Iterator[Progress]:
    """Note how far an import is, for others to see: on another connection, since its own transaction takes long."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        last: list[Future[int]] = []

        def note(rows: int) -> None:
            if not last or last[-1].done():
                last[:] = [pool.submit(Import.objects.filter(id=import_id).update, rows_read=rows)]

        try:
            yield note
        finally:
            pool.submit(connection.close)
