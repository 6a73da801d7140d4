"""Backup and restore: the database, the files, the secrets, in one archive.

The database is dumped first, in one snapshot; files are only ever added before the rows that name them, so all that
the dump names are there. A restore puts the database in last and in one transaction: it is there whole, or the
instance is still empty and the same command can be given again.
"""

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.config.secrets import NAMES, kept_secrets, secrets_file

DUMP, FILES, SECRETS = "database.dump", "files", "secrets.json"
EXTRAS = ("demo-sign-ins.json",)  # small private files beside them


def write_backup(environment: dict[str, Any], owner_url: str, target: Path) -> None:
    """Write the archive; an existing file is never overwritten."""
    if target.exists():
        raise Conflict("backup_exists", "{file} exists already; name another one.", file=str(target))
    if not os.access(target.resolve().parent, os.W_OK):
        raise Invalid(
            "backup_folder", "{folder} is no folder that can be written.", folder=str(target.resolve().parent)
        )
    if _is_empty(owner_url):
        raise Conflict("instance_empty", "There is nothing to back up: this instance was never started.")
    secrets = kept_secrets(environment)
    if not secrets.keys() >= NAMES:
        raise Conflict(
            "secrets_unknown",
            "A backup needs the instance's secrets: give the same TAGWERK_DATA or the same {names} as “tagwerk serve” has.",
            names=", ".join(sorted(NAMES)),
        )
    data: Path = environment["TAGWERK_DATA"]
    with _workplace(target.resolve().parent) as place:
        _run(["pg_dump", "--format=custom", f"--file={place / DUMP}"], owner_url)
        draft = place / "archive.tar"
        with tarfile.open(draft, "w") as archive:
            archive.add(place / DUMP, DUMP)
            _add_text(archive, SECRETS, json.dumps(secrets))
            for path in _files_below(data / FILES):
                _add(archive, path, f"{FILES}/{path.relative_to(data / FILES)}")
            for name in EXTRAS:
                _add(archive, data / name, name)
        draft.chmod(0o600)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(target)


def read_backup(environment: dict[str, Any], owner_url: str, source: Path) -> None:
    """Bring the archive back; an instance with anything in it is left alone."""
    if not source.is_file():
        raise Invalid("backup_missing", "There is no file {file}.", file=str(source))
    if not _is_empty(owner_url):
        raise Conflict(
            "instance_not_empty",
            "This instance has data already; restore into an empty TAGWERK_DATA or database.",
        )
    data: Path = environment["TAGWERK_DATA"]
    with _workplace(data) as place:
        _unpack(source, place)
        _check_secrets(environment, json.loads((place / SECRETS).read_text()))
        _check_kept(secrets_file(data), json.loads((place / SECRETS).read_text()))
        if (place / FILES).exists():
            shutil.copytree(place / FILES, data / FILES, copy_function=shutil.move, dirs_exist_ok=True)
        for name in EXTRAS:
            if (place / name).exists():
                _write_private(data / name, (place / name).read_text())
        _write_private(secrets_file(data), (place / SECRETS).read_text())
        restore_dump(owner_url, place / DUMP)


def restore_dump(owner_url: str, dump: Path) -> None:
    """Put a dump into an empty database, whole or not at all."""
    # Rights are left out: the next start gives them to the role of this instance.
    options = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    _run(["pg_restore", *options, str(dump)], owner_url)


@contextmanager
def _workplace(parent: Path) -> Iterator[Path]:
    """A private folder on the disk that has room for it all."""
    with tempfile.TemporaryDirectory(dir=parent, prefix=".tagwerk-") as folder:
        yield Path(folder)


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    with suppress(
        FileNotFoundError
    ):  # an export that expired a moment ago, or a file this instance does not have
        archive.add(path, name)


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text.encode()), 0o600
    archive.addfile(entry, io.BytesIO(text.encode()))


def _unpack(source: Path, place: Path) -> None:
    try:
        with tarfile.open(source) as archive:
            if not {DUMP, SECRETS} <= set(archive.getnames()):
                raise tarfile.ReadError("parts are missing")
            archive.extractall(place, filter="data")
    except tarfile.TarError as error:
        raise Invalid(
            "backup_unreadable",
            "{file} is not a backup of tagwerk ({error}).",
            file=str(source),
            error=str(error),
        ) from None


def _check_secrets(environment: dict[str, Any], archived: dict[str, str]) -> None:
    """Secrets from the environment win over the file: other ones could read nothing that is restored."""
    for name in sorted(NAMES):
        if environment[name] and environment[name] != archived[name]:
            raise Conflict(
                "secrets_differ",
                "The environment's {name} is not that of the backup: unset it, or set it to the old one.",
                name=name,
            )


def _check_kept(path: Path, archived: dict[str, str]) -> None:
    """The keys of another instance may be the only ones there are: they are never written over."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    if any(kept.get(name, archived[name]) != archived[name] for name in NAMES):
        raise Conflict(
            "secrets_there",
            "{file} holds the secrets of another instance: restore into a TAGWERK_DATA of its own, or move that file away.",
            file=str(path),
        )


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("select to_regclass('public.django_migrations')").fetchone() == (None,)


def _program(name: str) -> str:
    """pg_dump and pg_restore: those of the embedded wheel, else the system's."""
    from tagwerk.providers.database.problems import DatabaseUnusable
    from tagwerk.providers.database.programs import installed

    try:
        return str(installed() / "bin" / name)
    except DatabaseUnusable:
        return name


def _run(arguments: list[str], url: str) -> None:
    """Run a program of PostgreSQL's on this database; the password is not on its command line."""
    parts = conninfo_to_dict(url)
    environ = {
        **os.environ,
        "PGPASSWORD": str(parts.pop("password", None) or os.environ.get("PGPASSWORD", "")),
    }
    name, *options = arguments
    command = [_program(name), f"--dbname={make_conninfo('', **parts)}", *options]
    try:
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise Invalid(
            "program_missing", "{program} is not installed (Debian: postgresql-client).", program=name
        ) from None
    if done.returncode != 0:
        error = done.stderr.strip()[-500:]
        raise Invalid("backup_failed", "{program} failed: {error}", program=name, error=error)
