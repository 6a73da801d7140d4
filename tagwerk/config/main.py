"""The `tagwerk` command: starts the providers, then hands over to the command line.

Interfaces never import providers or settings' sources; what a command needs of them is the `Machinery` given here.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tagwerk.config.environment import SettingWrong, read_environment
from tagwerk.config.processes import Family, await_port, die_with_parent, free_port
from tagwerk.config.secrets import ensure_secrets

MIGRATION_LOCK = 7_100_000


class Machinery:
    """What the command line may ask of the house's engine room."""

    def __init__(self) -> None:
        self.environment: dict[str, Any] = read_environment()

    @contextlib.contextmanager
    def database(self) -> Iterator[None]:
        """A database to talk to, migrated, with Django ready; the embedded one is started where none is set."""
        ensure_secrets(self.environment)
        with self._server():
            self._migrate()
            self._django()
            yield

    @contextlib.contextmanager
    def _server(self) -> Iterator[str]:
        """A PostgreSQL that answers, as it is; yields the owner's URL."""
        os.environ["TAGWERK_DATA"] = str(self.environment["TAGWERK_DATA"])
        if self.environment["DATABASE_URL"]:
            yield os.environ.get("DATABASE_OWNER_URL") or self.environment["DATABASE_URL"]
            return
        from tagwerk.providers.database import DatabaseUnusable, EmbeddedDatabase

        try:
            database = EmbeddedDatabase(self.environment["TAGWERK_DATA"] / "postgres")
            database.start()
        except DatabaseUnusable as error:
            raise SettingWrong(str(error)) from None
        try:
            os.environ["DATABASE_URL"] = database.app_url
            os.environ["DATABASE_OWNER_URL"] = database.owner_url
            yield database.owner_url
        finally:
            database.stop()

    def backup(self, target: Path) -> None:
        """Write database, files and secrets into one archive."""
        from tagwerk.config.backup import write_backup

        with self._server() as owner_url:
            write_backup(self.environment, owner_url, target)

    def restore(self, source: Path) -> None:
        """Bring an archive back into an empty instance."""
        from tagwerk.config.backup import read_backup

        with self._server() as owner_url:
            read_backup(self.environment, owner_url, source)

    def _django(self) -> None:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
        django.setup()

    def _migrate(self) -> None:
        """Bring the tables up to date, as the owner, in a process of its own (roles differ by process)."""
        import subprocess

        owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
        environ = {**os.environ, "DATABASE_URL": owner}
        done = subprocess.run(
            [sys.executable, "-m", "tagwerk.config.main", "_migrate"], env=environ, check=False
        )
        if done.returncode != 0:
            raise SystemExit("The database could not be brought up to date; nothing was started (see above).")

    @contextlib.contextmanager
    def serving(self, *, jobs: bool = True, web: bool = True) -> Iterator[str]:
        """Web, media and job processes; yields the address of the pages. All end with the block."""
        self._choose_ports()
        family = Family()
        try:
            if web:
                family.start("web", ["web"], {**os.environ, "TAGWERK_SERVES": "app"})
                family.start("media", ["_media"], {**os.environ, "TAGWERK_SERVES": "media"})
            if jobs:
                family.start("jobs", ["jobs"], os.environ)
            threading.Thread(target=family.watch, name="family", daemon=True).start()
            if web:
                await_port(self.environment["TAGWERK_HOST"], int(os.environ["TAGWERK_PORT"]))
            yield os.environ["TAGWERK_URL"]
        finally:
            family.stop()

    def _choose_ports(self) -> None:
        host = self.environment["TAGWERK_HOST"]
        port = free_port(host, self.environment["TAGWERK_PORT"])
        wanted = int(os.environ.get("TAGWERK_MEDIA_PORT") or 0) or port + 1
        media = free_port(host, wanted, taken=frozenset({port}))
        os.environ["TAGWERK_PORT"], os.environ["TAGWERK_MEDIA_PORT"] = str(port), str(media)
        os.environ.setdefault("TAGWERK_URL", f"http://localhost:{port}")
        os.environ.setdefault("TAGWERK_MEDIA_URL", f"http://127.0.0.1:{media}")

    def web(self, *, media: bool = False) -> None:
        """Serve pages and API (or uploaded files) until ended."""
        from tagwerk.config.serve import serve_media, serve_pages

        (serve_media if media else serve_pages)(self.environment)

    def jobs(self) -> None:
        """Carry out background jobs until ended."""
        self._django()
        from tagwerk.config.worker import work_until_ended

        work_until_ended(threads=self.environment["TAGWERK_JOB_THREADS"])

    def wait(self) -> None:
        """Until Ctrl-C or a polite signal."""
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def _inner(command: str, machinery: Machinery) -> bool:
    """Commands that only the house itself gives to its child processes."""
    if command == "_migrate":
        machinery._django()
        from tagwerk.config.migrate import migrate_under_lock

        migrate_under_lock(MIGRATION_LOCK, static_root=machinery.environment["TAGWERK_DATA"] / "static")
    elif command == "_media":
        die_with_parent()
        machinery.web(media=True)
    else:
        return False
    return True


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the `tagwerk` command."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        machinery = Machinery()
        if arguments and _inner(arguments[0], machinery):
            return
        from tagwerk.interfaces.cli.command import run

        raise SystemExit(run(arguments, machinery))
    except SettingWrong as error:
        print(f"tagwerk: {error}", file=sys.stderr)  # noqa: T201 (this is the command)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
