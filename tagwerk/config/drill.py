"""The restore drill: a backup that was never restored is a hope. This restores one beside the instance, looks at
the book in it, and throws all of it away."""

import shutil
import tarfile
from pathlib import Path

import psycopg

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.config.backup import DUMP, restore_dump

PLACE = "drill"  # in the data folder: there is room for it, and the database's own user gets through to it


def try_restore(data: Path, source: Path) -> str:
    """What was found in the archive; refuses one that cannot be restored or whose book is wrong."""
    from tagwerk.providers.database import DatabaseUnusable, EmbeddedDatabase

    if not source.is_file():
        raise Invalid("backup_missing", "There is no file {file}.", file=str(source))
    place = data / PLACE
    shutil.rmtree(place, ignore_errors=True)  # what a killed drill left
    place.mkdir(mode=0o711)
    database = EmbeddedDatabase(place / "postgres", durable=False, remove=True)
    try:
        _take_dump(source, place / DUMP)
        try:
            database.start()
        except DatabaseUnusable as error:
            raise Conflict(
                "drill_impossible", "No database can be started for the drill: {error}", error=str(error)
            ) from None
        restore_dump(database.owner_url, place / DUMP)
        return _look(database.owner_url)
    finally:
        database.stop()
        shutil.rmtree(place, ignore_errors=True)


def _take_dump(source: Path, target: Path) -> None:
    try:
        with tarfile.open(source) as archive, target.open("wb") as file:
            dump = archive.extractfile(DUMP)
            assert dump is not None, "a dump is a file"
            shutil.copyfileobj(dump, file)
    except (tarfile.TarError, KeyError) as error:
        raise Invalid(
            "backup_unreadable",
            "{file} is not a backup of tagwerk ({error}).",
            file=str(source),
            error=str(error),
        ) from None


def _look(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(_FOUND).fetchone()
    assert row is not None, "a question of ours has an answer"
    people, projects, transfers, wrong = row
    if wrong:
        raise Conflict(
            "drill_book_wrong",
            "The book in the backup is wrong: {count} accounts or seals do not fit.",
            count=wrong,
        )
    return f"{people} people, {projects} projects, {transfers} transfers, and the book is right"


_FOUND = """
SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM project), (SELECT count(*) FROM ledger_transfer),
    (SELECT count(*) FROM ledger_drift) + (SELECT count(*) FROM ledger_broken_seals())
    + (SELECT count(*) FROM (SELECT currency FROM ledger_account GROUP BY currency
        HAVING sum(debits_posted_micros) <> sum(credits_posted_micros)) unbalanced)
"""
