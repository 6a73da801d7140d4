"""One throwaway PostgreSQL per test run, with a migrated template that every worker clones."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tagwerk.providers.database import EmbeddedDatabase, embedded, keeper, programs, roles

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "tagwerk"
KEPT_CACHES = 3
# One name for all workers of a run, another for each run.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@dataclass(frozen=True)
class Server:
    """A running server: the URLs of its superuser, and of the two roles in a database."""

    superuser: str
    owner: str
    app: str
    template: str


def state_of_the_tables() -> str:
    """A mark of everything that decides what the migrated template looks like."""
    there = programs.installed().stat()
    mark = hashlib.sha256(f"{there.st_ino} {there.st_mtime_ns}".encode())  # not when it was last looked at
    sources = sorted([*ROOT.glob("tagwerk/**/migrations/*"), *ROOT.glob("requirements/base.txt")])
    for path in (*sources, Path(roles.__file__), Path(embedded.__file__), Path(__file__)):
        if path.is_file():
            mark.update(path.name.encode() + path.read_bytes())
    return mark.hexdigest()[:16]


def shelf() -> Path:
    """Our own folder for clusters; the database's user (another one, if we are root) must get through."""
    folder = Path(tempfile.gettempdir()) / f"tagwerk-tests-{os.geteuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    assert folder.lstat().st_uid == os.geteuid(), f"{folder} belongs to somebody else"
    return folder


def hold_run() -> int:
    """Called by the process that leads the run: keeps the server for late workers when early ones have ended."""
    run_folder().mkdir(mode=0o755, exist_ok=True)
    return keeper.lock(run_folder() / "in_use", fcntl.LOCK_SH)


def release_run(held: int) -> None:
    """End of the run: the server's keeper removes the folder, or we do where none was ever started."""
    folder = run_folder()
    if not (folder / "cluster").exists():
        shutil.rmtree(folder, ignore_errors=True)
    os.close(held)


def run_folder() -> Path:
    """Where the cluster of this run is."""
    return shelf() / f"run-{RUN}"


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """The server of this run, started by whoever comes first; ends with the last worker."""
    outside = os.environ.get("TAGWERK_TEST_DATABASE_URL")
    if outside:
        yield _outside_server(outside)
        return
    folder = run_folder()
    with _locked(shelf() / "lock"):
        if not (folder / "cluster").exists():
            _copy_cache(folder)
        database = EmbeddedDatabase(folder, durable=False, remove=True)
        database.start()
    try:
        yield Server(
            database.url_for(embedded.SUPERUSER, "postgres"), database.owner_url, database.app_url, TEMPLATE
        )
    finally:
        database.stop()


def furnish(folder: Path) -> None:
    """A migrated cluster for an instance of its own, which runs it as durable as any."""
    with _locked(shelf() / "lock"):
        _copy_cache(folder)


def _copy_cache(folder: Path) -> None:
    shutil.copytree(_cache(), folder, dirs_exist_ok=True)
    _hand_over(folder)


def _hand_over(folder: Path) -> None:
    """What root copies must belong to the database's user again."""
    if os.geteuid() != 0:
        return
    owner = (_cache() / "cluster").stat()
    for path in (folder / "cluster", *(folder / "cluster").rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _cache() -> Path:
    """A stopped, migrated cluster, made once for each state of the migrations."""
    made = shelf() / f"cache-{state_of_the_tables()}"
    if made.exists():
        os.utime(made)
        return made
    draft = shelf() / f"draft-{RUN}"
    try:
        with EmbeddedDatabase(draft, durable=False) as database:
            migrate(database.owner_url)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(made)
    for left_over in ("in_use", "keeper", "starting", "socket", "log"):
        (made / left_over).unlink(missing_ok=True)
    _clear_away()
    return made


def _clear_away() -> None:
    """Old caches, and what killed runs left."""
    caches = sorted(shelf().glob("cache-*"), key=lambda path: path.stat().st_mtime)
    abandoned = [path for kind in ("run", "draft", "instance") for path in shelf().glob(f"{kind}-*")]
    old = [path for path in abandoned if path.stat().st_mtime < time.time() - 86_400]
    for folder in (*caches[:-KEPT_CACHES], *old):
        shutil.rmtree(folder, ignore_errors=True)


def migrate(owner_url: str) -> None:
    """Bring the tables up to date as the owner, in a process of its own: a test may be one that has no database."""
    environ = {
        **os.environ,
        "DATABASE_URL": owner_url,
        "DJANGO_SETTINGS_MODULE": "tagwerk.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "-m", "tests.cluster"], cwd=ROOT, env=environ, check=True)


@contextlib.contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Django's connection on another database or as another role."""
    from django.db import connection

    before = dict(connection.settings_dict)
    connection.close()
    point(url)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def point(url: str) -> None:
    """Let Django's default connection go to this URL."""
    from django.db import connection

    parts = conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    connection.settings_dict.update({key: str(parts.get(name) or "") for key, name in names.items()})


def with_database(url: str, name: str) -> str:
    """The same URL for another database of the server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def clone(server: Server, name: str) -> None:
    """A fresh database from the template, in place of one with that name."""
    with psycopg.connect(server.superuser, autocommit=True) as connection:
        _drop(connection, name)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY {}")
        parts = (sql.Identifier(name), sql.Identifier(server.template), sql.Identifier(roles.OWNER))
        connection.execute(statement.format(*parts, sql.Literal("FILE_COPY")))


def drop(server: Server, name: str) -> None:
    """Away with a clone, whoever is still connected."""
    with psycopg.connect(server.superuser, autocommit=True) as connection:
        _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _outside_server(superuser: str) -> Server:
    """A template on a server given by TAGWERK_TEST_DATABASE_URL, whose user must be a superuser."""
    template = f"tagwerk_template_{state_of_the_tables()}"
    password = hashlib.sha256(superuser.encode()).hexdigest()
    url = urlsplit(superuser)
    address = url.netloc.rpartition("@")[2]
    urls = [url._replace(netloc=f"{name}:{password}@{address}").geturl() for name in (roles.OWNER, roles.APP)]
    with _locked(shelf() / "lock"), psycopg.connect(superuser, autocommit=True) as connection:
        roles.ensure_roles(connection, owner_password=password, app_password=password)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (template,)).fetchone():
            _make_template(connection, superuser, urls[0], template)
    return Server(superuser, *urls, template)


def _make_template(connection: psycopg.Connection, superuser: str, owner: str, template: str) -> None:
    """Under another name first: a migration that fails must not leave half a template."""
    draft = f"{template}_draft"
    _drop(connection, draft)
    roles.ensure_database(connection, draft)
    with psycopg.connect(with_database(superuser, draft), autocommit=True) as inside:
        roles.grant_rights(inside)
    migrate(with_database(owner, draft))
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(statement.format(sql.Identifier(draft), sql.Identifier(template)))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = keeper.lock(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _migrate_here() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    if sys.argv[1:] != ["furnish"]:
        _migrate_here()
    elif not os.environ.get("TAGWERK_TEST_DATABASE_URL"):
        with _locked(shelf() / "lock"):
            _cache()
