"""Exports: asked for, written, thrown away again."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import IO, Any, cast
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now as clock
from django.utils.translation import gettext_noop
from pydantic import ValidationError

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.exports.events import ExportReady, ExportRequested
from tagwerk.domain.exports.models import Export
from tagwerk.domain.exports.queries.records import Page, records_of, shape_of
from tagwerk.domain.exports.queries.tasks import count_tasks
from tagwerk.domain.exports.rules.formats import format_named
from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.exports.rules.shape import Options
from tagwerk.domain.exports.rules.states import ExportState
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work

KEPT = timedelta(days=30)
DONE = (ExportState.READY, ExportState.EXPIRED)
PATIENT_TRIES = 3
OUR_FAULT = gettext_noop(
    "The file could not be made, and that is our fault. Those who run this site see why; start a new export later."
)


@transaction.atomic
def start_export(
    *, actor: Actor, project_id: int, format: str, options: dict[str, Any] | None = None, accept: bool = False
) -> int:
    """Ask for a file of all tasks; `accept` approves (and so pays) first what is still in review. The export's number."""
    project = projects.project_for(actor, project_id, Permission.RESULT_EXPORT)
    if accept:
        projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    chosen = _options(options or {})
    format_named(format).check(shape_of(project, chosen))
    export = Export.objects.create(
        project_id=project.id, format=format, options=chosen.model_dump(exclude_defaults=True), accept=accept,
        created_by_id=actor.person_id,
    )  # fmt: skip
    record(
        ExportRequested(
            actor_id=actor.person_id,
            organisation_id=project.organisation_id,
            project_id=project.id,
            export_id=export.id,
        )
    )
    return export.id


def run_export(*, export_id: int) -> None:
    """Write the file, page by page; killed half-way, the whole is written again. Done already, it does nothing.

    What a person can put right is said to them at once. Anything else is our fault, and the job is tried again; after
    a few times nobody is kept waiting, though a later try that succeeds still makes the file ready.
    """
    export = Export.objects.exclude(state__in=DONE).filter(id=export_id).first()
    if export is None:
        return
    export.tries += 1
    export.save(update_fields=["tries"])
    if export.tries <= PATIENT_TRIES:
        Export.objects.filter(id=export.id).update(state=ExportState.RUNNING)
    else:  # whoever was killed with it could not say so
        _fail(export, OUR_FAULT)
    try:
        if export.accept:
            work.accept_all(project_id=export.project_id, actor_id=export.created_by_id)
        _write(export)
    except Refusal as refusal:
        _fail(export, str(refusal))
    except Exception:
        if export.tries == PATIENT_TRIES:
            _fail(export, OUR_FAULT)
        raise


def remove_expired_exports(*, now: datetime) -> int:
    """Throw away files whose time is over; how many."""
    rows = list(Export.objects.filter(state=ExportState.READY, expires_at__lte=now)[:500])
    for row in rows:
        default_storage.delete(row.stored_as)
        Export.objects.filter(id=row.id).update(state=ExportState.EXPIRED)
    return len(rows)


def _options(options: dict[str, Any]) -> Options:
    try:
        return Options.model_validate(options)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise Invalid(
            "export_options_wrong",
            "The options of the export are not right: {reason}.",
            path=".".join(["options", *map(str, first["loc"])]),
            reason=first["msg"],
        ) from None


def _write(export: Export) -> None:
    options = Options.model_validate(export.options)
    project = projects.project(export.project_id)
    Export.objects.filter(id=export.id).update(tasks_total=count_tasks(export.project_id), tasks_written=0)
    form = format_named(export.format)
    with tempfile.TemporaryFile() as file:
        pages = records_of(export.project_id, raw_answers=options.raw_answers)
        rows = form.write(_counted(export, pages), cast("Any", file), shape_of(project, options))
        stored_as, size, digest = _store(file, f"exports/{export.project_id}/{uuid4()}.{form.SUFFIX}")
    _finish(
        export,
        project.organisation_id,
        project.title,
        rows=rows,
        stored_as=stored_as,
        size_bytes=size,
        sha256=digest,
    )


def _fail(export: Export, why: str) -> None:
    Export.objects.exclude(state__in=DONE).filter(id=export.id).update(
        state=ExportState.FAILED, error=why[:300], finished_at=clock()
    )


def _counted(export: Export, pages: Iterable[Page]) -> Iterator[Record]:
    """The records of all pages, noting after each how far we are."""
    written = 0
    for page in pages:
        yield from page.records
        written += page.tasks
        Export.objects.filter(id=export.id).update(tasks_written=written)


def _store(file: IO[bytes], name: str) -> tuple[str, int, str]:
    """Hash the file and put it into storage; (where it is, size, SHA-256)."""
    size = file.tell()
    file.seek(0)
    digest = hashlib.file_digest(cast("Any", file), "sha256").hexdigest()
    file.seek(0)
    return default_storage.save(name, File(file)), size, digest


@transaction.atomic
def _finish(export: Export, organisation_id: int, title: str, **facts: Any) -> None:
    now = clock()
    waiting = Export.objects.exclude(state__in=DONE).filter(id=export.id)
    if not waiting.update(state=ExportState.READY, error="", finished_at=now, expires_at=now + KEPT, **facts):
        default_storage.delete(facts["stored_as"])  # somebody else wrote the same file meanwhile
        return
    record(
        ExportReady(
            actor_id=export.created_by_id, organisation_id=organisation_id, project_id=export.project_id,
            export_id=export.id,
        )
    )  # fmt: skip
    if export.created_by_id is not None:
        notices.tell(
            person_id=export.created_by_id, kind="export_ready", params={"project": title},
            link=f"/projects/{public_id('prj', export.project_id)}/", key=f"export/{export.id}",
        )  # fmt: skip
