"""The engine room as the command line sees it: a database, the processes that serve, backup and restore."""

import contextlib
import logging
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tagwerk.base import backups
from tagwerk.config.environment import SAID, SettingWrong, read_environment, said_settings
from tagwerk.config.folders import ensure_folders
from tagwerk.config.processes import Family, reserve_port, spawn
from tagwerk.config.secrets import ensure_secrets, keep_set_up_code

log = logging.getLogger(__name__)
READY_SECONDS = 120.0


class Machinery:
    """What the command line may ask of the house's engine room."""

    def __init__(self) -> None:
        self.environment: dict[str, Any] = read_environment()
        os.environ.setdefault(SAID, ",".join(sorted(said_settings())))

    # --- the database ---

    @contextlib.contextmanager
    def database(self, *, join: bool = False) -> Iterator[None]:
        """A database to talk to, up to date, with Django ready; the embedded one is started where none is set.

        `join=True` starts none: it uses the one of DATABASE_URL, or an embedded one that runs already.
        """
        ensure_secrets(self.environment)
        with self._server(join=join):
            self._django()
            self._bring_up_to_date()
            yield

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """The database as it is, with Django ready: nothing is made, nothing is brought up to date."""
        embedded = self.environment["TAGWERK_DATA"] / "postgres" / "cluster"
        if not self.environment["DATABASE_URL"] and not embedded.exists():
            raise SettingWrong("There is no database yet: “tagwerk serve” makes one, or set DATABASE_URL.")
        with self._server():
            self._django()
            yield

    @contextlib.contextmanager
    def _server(self, *, join: bool = False) -> Iterator[str]:
        """A PostgreSQL that answers, as it is; yields the owner's URL."""
        os.environ["TAGWERK_DATA"] = str(self.environment["TAGWERK_DATA"])
        url = self.environment["DATABASE_URL"]
        with contextlib.nullcontext() if url else self._embedded(join=join):
            _check_server(os.environ["DATABASE_URL"])
            yield _owner_url()

    @contextlib.contextmanager
    def _embedded(self, *, join: bool) -> Iterator[None]:
        from tagwerk.providers.database import DatabaseUnusable, EmbeddedDatabase

        database = EmbeddedDatabase(self.environment["TAGWERK_DATA"] / "postgres")
        if join and database.server_pid is None:
            raise SettingWrong(
                "There is no database to work on: set DATABASE_URL to one that all machines reach, "
                f"or run “tagwerk serve” on this machine, which starts one in {self.environment['TAGWERK_DATA']}."
            )
        try:
            database.start()
        except DatabaseUnusable as error:
            raise SettingWrong(str(error)) from None
        try:
            os.environ["DATABASE_URL"] = database.app_url
            os.environ["DATABASE_OWNER_URL"] = database.owner_url
            with _tended(database):
                yield
        finally:
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
                os.environ.pop(name, None)
            database.stop()

    def _django(self) -> None:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
        django.setup()

    def _bring_up_to_date(self) -> None:
        """Migrate where something is missing, then make sure that database and secrets belong together."""
        from tagwerk.config.marks import check_marks
        from tagwerk.config.migrate import is_up_to_date

        role = _role_of(os.environ["DATABASE_URL"])
        if not is_up_to_date(role):
            self._migrate(role)
        check_marks()

    def _migrate(self, role: str) -> None:
        """As the owner, in a process of its own: roles differ by process."""
        environ = {**os.environ, "DATABASE_URL": _owner_url(), "TAGWERK_APP_ROLE": role}
        if spawn(["_migrate"], environ).wait() != 0:
            raise SystemExit(2)  # the child has said why

    # --- what serves ---

    @contextlib.contextmanager
    def serving(self, *, jobs: bool = True, web: bool = True) -> Iterator[str]:
        """Web, media and job processes; yields the address of the pages. All end with the block."""
        family = Family()
        try:
            if web:
                self._start_web(family)
            if jobs:
                family.start("jobs", ["_jobs"], {**os.environ, "TAGWERK_SERVES": "jobs"})
            family.watch()
            if web:
                self._await_pages(family)
            family.settled = True
            yield os.environ.get("TAGWERK_URL") or self.environment["TAGWERK_URL"]
        finally:
            _ignore_signals()
            family.stop()

    def _start_web(self, family: Family) -> None:
        from tagwerk.config.static import ensure_static

        self._choose_ports()
        ensure_static()
        family.start("web", ["_web"], {**os.environ, "TAGWERK_SERVES": "app"})
        family.start("media", ["_media"], {**os.environ, "TAGWERK_SERVES": "media"})

    def _choose_ports(self) -> None:
        """Those wanted, or the next free ones; in production a proxy knows the ports, so they do not move."""
        host = self.environment["TAGWERK_HOST"]
        tries = 1 if self.environment["TAGWERK_MODE"] == "production" else 200
        wanted = self.environment["TAGWERK_PORT"]
        self._port = reserve_port(host, wanted, tries=tries)
        self._media_port = reserve_port(
            host, self.environment["TAGWERK_MEDIA_PORT"] + self._port.number - wanted, tries=tries
        )
        os.environ["TAGWERK_PORT"] = str(self._port.number)
        os.environ["TAGWERK_MEDIA_PORT"] = str(self._media_port.number)
        os.environ.setdefault("TAGWERK_URL", f"http://localhost:{self._port.number}")
        os.environ.setdefault("TAGWERK_MEDIA_URL", f"http://127.0.0.1:{self._media_port.number}")

    def _await_pages(self, family: Family) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(  # noqa: S104 (who listens everywhere listens here)
            self.environment["TAGWERK_HOST"], self.environment["TAGWERK_HOST"]
        )
        address = f"http://{f'[{host}]' if ':' in host else host}:{self._port.number}/healthz"
        deadline = time.monotonic() + READY_SECONDS
        while not _is_answered(address):
            if family.hopeless:
                raise SystemExit(f"The {family.hopeless} process does not start; its own words are above.")
            if time.monotonic() > deadline:
                raise SystemExit(f"The pages did not answer within {READY_SECONDS:.0f} seconds; see above.")
            time.sleep(0.1)

    def first_run(self) -> str:
        """The one-time code while nobody operates the instance, kept in the data folder too; else empty."""
        from django.conf import settings

        from tagwerk.domain.accounts.queries import has_operator

        code = "" if has_operator() else settings.SET_UP_CODE
        keep_set_up_code(self.environment["TAGWERK_DATA"], code)
        return str(code)

    def wait(self) -> None:
        """Until Ctrl-C or a polite signal."""
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()

    # --- backup ---

    def backup(self, target: Path) -> None:
        """Write database, files and secrets into one archive."""
        from tagwerk.config.backup import write_backup

        with self._noted(backups.BACKUP, target), self._server() as owner_url:
            write_backup(self.environment, owner_url, target)

    def drill(self, source: Path) -> str:
        """Restore an archive into a database that is thrown away afterwards, and check the book; says what was found."""
        from tagwerk.config.drill import try_restore

        ensure_folders(self.environment["TAGWERK_DATA"])
        with self._noted(backups.DRILL, source):
            return try_restore(self.environment["TAGWERK_DATA"], source)

    @contextlib.contextmanager
    def _noted(self, what: str, file: Path) -> Iterator[None]:
        """Operators see how it ended, whichever way."""
        folder = self.environment["TAGWERK_DATA"]
        try:
            yield
        except (Exception, SystemExit) as error:
            with contextlib.suppress(OSError):
                backups.note(folder, what, file=file, error=f"{error}"[:500] or type(error).__name__)
            raise
        backups.note(folder, what, file=file)

    def restore(self, source: Path) -> None:
        """Bring an archive back into an empty instance."""
        from tagwerk.config.backup import read_backup

        ensure_folders(self.environment["TAGWERK_DATA"])
        with self._server() as owner_url:
            read_backup(self.environment, owner_url, source)


@contextlib.contextmanager
def _tended(database: Any) -> Iterator[None]:
    """The server starts itself again when it dies; this looks after the process that does so."""
    over = threading.Event()

    def tend() -> None:
        while not over.wait(1.0):
            try:
                database.tend()
            except Exception as error:
                log.warning("The database cannot be started again yet: %s", error)

    thread = threading.Thread(target=tend, name="database", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _owner_url() -> str:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def _role_of(url: str) -> str:
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.info.user


def _check_server(url: str) -> None:
    """One sentence about a database that cannot be used, instead of a page of Python."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise SettingWrong(f"The database of DATABASE_URL cannot be used: {reason}") from None
    if version < 150_000:
        raise SettingWrong(f"PostgreSQL {version // 10_000} is too old: tagwerk needs 15 or newer.")


def _is_answered(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own address)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _ignore_signals() -> None:
    """While the children end in order nobody may interrupt it; it takes seconds at most."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
