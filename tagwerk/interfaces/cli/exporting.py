"""An export carried out at once, in this process."""

import shutil
from pathlib import Path

from django.core.files.storage import default_storage

from tagwerk.base.errors import Conflict
from tagwerk.base.ids import row_number
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import queries
from tagwerk.interfaces.cli.files import format_of


def export_now(
    actor: Actor, project: str, target: Path, *, form: str, accept: bool, raw_answers: bool
) -> int:
    """Write a project's results into a file; returns the number of records."""
    export_id = exports.start_export(
        actor=actor,
        project_id=row_number("prj", project),
        format=format_of(target, form),
        options={"raw_answers": True} if raw_answers else {},
        accept=accept,
    )
    exports.run_export(export_id=export_id)
    done = queries.export_for(actor, export_id)
    if done.error:
        raise Conflict("export_failed", "The export failed: {error}", error=done.error)
    with (
        default_storage.open(queries.export_file_for(actor, export_id).stored_as) as source,
        target.open("wb") as copy,
    ):
        shutil.copyfileobj(source, copy)
    return done.rows or 0
