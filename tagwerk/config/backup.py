"""Backup and restore: the database, the files, the secrets, in one archive.

The database is dumped first, in one snapshot; files are only ever added, so those that the dump names are there.
"""

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.config.secrets import NAMES, read_secrets, secrets_file

DUMP, FILES, SECRETS = "database.dump", "files", "secrets.json"


def _program(name: str) -> str:
    """pg_dump and pg_restore: those of the embedded wheel, else the system's."""
    from tagwerk.providers.database.programs import installed

    own = installed() / "bin" / name
    return str(own) if own.exists() else name


def _libpq(url: str) -> dict[str, str]:
    """The environment that PostgreSQL's programs read; no password on a command line."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    wanted = {
        "PGHOST": host,
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {**os.environ, **{name: value for name, value in wanted.items() if value}}


def _run(arguments: list[str], url: str) -> None:
    done = subprocess.run(arguments, env=_libpq(url), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Invalid(
            "backup_failed",
            "{program} failed: {error}",
            program=Path(arguments[0]).name,
            error=done.stderr.strip()[-500:],
        )


def write_backup(environment: dict[str, Any], owner_url: str, target: Path) -> None:
    """Write the archive; an existing file is never overwritten."""
    if target.exists():
        raise Conflict("backup_exists", "{file} exists already; name another one.", file=str(target))
    data: Path = environment["TAGWERK_DATA"]
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        dump = Path(folder) / DUMP
        _run([_program("pg_dump"), "--format=custom", "--no-owner", f"--file={dump}"], owner_url)
        draft = Path(folder) / "archive.tar"
        with tarfile.open(draft, "w") as archive:
            archive.add(dump, DUMP)
            if (data / FILES).exists():
                archive.add(data / FILES, FILES)
            secrets = json.dumps(
                {"made_for": environment["TAGWERK_MODE"], **read_secrets(environment)}
            ).encode()
            entry = tarfile.TarInfo(SECRETS)
            entry.size, entry.mode = len(secrets), 0o600
            archive.addfile(entry, io.BytesIO(secrets))
        draft.chmod(0o600)
        draft.rename(target)


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("select to_regclass('public.django_migrations')").fetchone() == (None,)


def read_backup(environment: dict[str, Any], owner_url: str, source: Path) -> None:
    """Bring the archive back; an instance with anything in it is left alone."""
    if not source.exists():
        raise Invalid("backup_missing", "There is no file {file}.", file=str(source))
    if not _is_empty(owner_url):
        raise Conflict(
            "instance_not_empty",
            "This instance has data already; restore into an empty TAGWERK_DATA or database.",
        )
    data: Path = environment["TAGWERK_DATA"]
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(source) as archive:
            if DUMP not in archive.getnames():
                raise Invalid("backup_unreadable", "{file} is not a backup of tagwerk.", file=str(source))
            archive.extractall(folder, filter="data")
        _run(
            [
                _program("pg_restore"),
                "--no-owner",
                "--exit-on-error",
                "--single-transaction",
                "--dbname",
                _libpq(owner_url)["PGDATABASE"],
                str(Path(folder) / DUMP),
            ],
            owner_url,
        )
        if (Path(folder) / FILES).exists():
            shutil.copytree(Path(folder) / FILES, data / FILES, dirs_exist_ok=True)
        if not all(environment[name] for name in NAMES):
            path = secrets_file(data)
            path.touch(mode=0o600)
            path.write_text((Path(folder) / SECRETS).read_text())
            path.chmod(0o600)
