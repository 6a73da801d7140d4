"""tagwerk project import | media: files into a project."""

import argparse
import sys
import zipfile
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.client.projects import files_below
from tagwerk.domain.work.rules.readers import kind_of_name
from tagwerk.interfaces.cli.files import bad_rows_beside, existing_file, rows_file, write_pieces


def import_rows(options: argparse.Namespace, actor: Any) -> int:
    """Bring the rows of a file in; the bad ones are written beside it."""
    from tagwerk.domain.accounts.rules import Permission
    from tagwerk.domain.projects import queries
    from tagwerk.domain.work import actions as work
    from tagwerk.domain.work import queries as work_queries

    path = rows_file(options.file)
    project = queries.project_for(actor, options.project, Permission.PROJECT_MANAGE)
    with path.open("rb") as file:
        number, report = work.import_file(
            project_id=project.id,
            content=file,
            kind=kind_of_name(path.name),
            source_name=path.name,
            actor_id=actor.person_id,
            skip_bad=options.skip_bad,
            replace=options.replace,
            progress=_say_rows if sys.stderr.isatty() else None,
        )
    if report.bad_rows:
        target = bad_rows_beside(path)
        found = work_queries.import_for(actor, project.id, number)
        write_pieces(target, work_queries.bad_rows_back(found, str))
        print(f"Bad rows: {report.bad_rows}; they are in {target} with their reasons.", file=sys.stderr)
        if not options.skip_bad:
            raise work.BadRows(report)
    print(
        f"Tasks imported: {report.imported}, there already: {report.unchanged}, replaced: {report.replaced}, "
        f"bad rows: {report.bad_rows}."
    )
    return 0


def _say_rows(rows: int) -> None:
    print(f"\r{rows} rows", end="", file=sys.stderr, flush=True)


def upload_media(options: argparse.Namespace, actor: Any) -> int:
    """Upload a file, the files of an archive, or those of a folder; 1 where some cannot be used."""
    from tagwerk.base.ids import row_number
    from tagwerk.domain.projects import actions as projects

    path, number = options.path, row_number("prj", options.project)
    if path.is_dir():
        stored, refused = _upload_folder(actor, number, path)
    elif zipfile.is_zipfile(existing_file(path)):
        with path.open("rb") as file:
            report = projects.upload_archive(actor=actor, project_id=number, content=file)
        stored, refused = len(report.stored), report.refused
    else:
        with path.open("rb") as file:
            projects.upload_media(actor=actor, project_id=number, name=path.name, content=file)
        stored, refused = 1, []
    for name, reason in refused:
        print(f"{name}: {reason}", file=sys.stderr)
    print(f"Files stored: {stored}, refused: {len(refused)}.")
    return 1 if refused else 0


def _upload_folder(actor: Any, project_id: int, folder: Path) -> tuple[int, list[tuple[str, Refusal]]]:
    from tagwerk.domain.projects import actions as projects

    stored, refused = 0, list[tuple[str, Refusal]]()
    for path in files_below(folder):
        name = path.relative_to(folder).as_posix()
        try:
            with path.open("rb") as file:
                projects.upload_media(actor=actor, project_id=project_id, name=name, content=file)
            stored += 1
        except (Conflict, Invalid) as refusal:
            refused.append((name, refusal))
    return stored, refused
