"""What became of an import, kept for some days: a summary, and every row that was not taken in.

Both lie in the file storage under a name that nobody can guess; a page reads them behind the gate of the project.
"""

import json
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.domain.work.actions import ImportReport
from tagwerk.domain.work.rules.rows import BadRow

KEPT = timedelta(days=7)
SHOWN = 100  # bad rows on the page; the file has all of them
PIECE = 256 * 1024


class BadRowFile:
    """Collects the rows that cannot be used, one JSON object per line: the row, its number and the reason."""

    def __init__(self) -> None:
        self.file = TemporaryFile()  # noqa: SIM115 (closed by `keep`, or with the request)
        self.rows = 0

    def add(self, bad: BadRow) -> None:
        """One more; this is `on_bad_row` of an import."""
        line = {**(bad.row or {}), "_row": bad.number, "_reason": bad.reason}
        self.file.write(json.dumps(line, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n")
        self.rows += 1

    def keep(self, name: str) -> None:
        """Put them into storage."""
        self.file.seek(0)
        default_storage.save(name, File(self.file))
        self.file.close()


def keep_report(project_id: int, report: ImportReport, bad: BadRowFile, *, source: str, refused: bool) -> str:
    """Keep a report; returns the token under which it is found."""
    _forget_old(project_id)
    token = secrets.token_hex(16)
    facts = {
        "source": source,
        "refused": refused,
        "imported": 0 if refused else report.imported,
        "gold": 0 if refused else report.gold,
        "unchanged": report.unchanged,
        "replaced": report.replaced,
        "bad_rows": report.bad_rows,
        "bad": [{"number": one.number, "reason": one.reason} for one in report.bad[:SHOWN]],
    }
    default_storage.save(_name(project_id, token, "json"), ContentFile(json.dumps(facts).encode()))
    if bad.rows:
        bad.keep(_name(project_id, token, "jsonl"))
    return token


def report_of(project_id: int, token: str) -> dict[str, Any]:
    """The summary; for who has passed the project's gate."""
    name = _name(project_id, token, "json")
    if not re.fullmatch("[0-9a-f]{32}", token) or not default_storage.exists(name):
        raise NotFound(
            "import_report_over", "This report is no longer kept; import again to see what is wrong."
        )
    with default_storage.open(name) as file:
        found: dict[str, Any] = json.load(file)
    return found


def bad_rows_of(project_id: int, token: str) -> Iterator[bytes]:
    """All rows that were not taken in, as JSONL, piece by piece."""
    report_of(project_id, token)
    with default_storage.open(_name(project_id, token, "jsonl")) as file:
        while piece := file.read(PIECE):
            yield piece


def _name(project_id: int, token: str, suffix: str) -> str:
    return f"imports/{project_id}/{token}.{suffix}"


def _forget_old(project_id: int) -> None:
    folder = f"imports/{project_id}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        path = f"{folder}/{name}"
        if default_storage.get_modified_time(path) < timezone.now() - KEPT:
            default_storage.delete(path)
