"""A platform of its own for a measurement: the real processes on a durable database, in a folder that goes with it."""

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tagwerk.config.machinery import Machinery


@dataclass(frozen=True)
class Instance:
    """Where it is, and how to reach its database."""

    folder: Path
    address: str
    port: int

    @property
    def database_url(self) -> str:
        """As the platform's own processes connect."""
        return os.environ["DATABASE_URL"]

    @contextlib.contextmanager
    def as_superuser(self) -> Iterator[psycopg.Connection]:
        """A connection that may vacuum and write checkpoints."""
        from tagwerk.providers.database import EmbeddedDatabase

        url = EmbeddedDatabase(self.folder / "postgres").url_for("postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    def settle(self) -> None:
        """After large tables were filled: statistics, and no checkpoint that still has to be written."""
        with self.as_superuser() as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


@contextlib.contextmanager
def running(*, web: bool, jobs: bool, **settings: str) -> Iterator[Instance]:
    """Start it; end it and throw everything away with the block. Once per process: Django is set up but once."""
    with tempfile.TemporaryDirectory(prefix="tagwerk-bench-") as folder:
        Path(folder).chmod(0o755)  # the database runs as a user of its own
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", *filter(_is_ours, list(os.environ))):
            os.environ.pop(name, None)
        os.environ |= {
            "TAGWERK_DATA": folder,
            "TAGWERK_HOST": "127.0.0.1",
            "TAGWERK_PORT": str(_unused_port()),
            "TAGWERK_WEB_PROCESSES": "2",
            "TAGWERK_LOG_LEVEL": "WARNING",
            **settings,
        }
        machinery = Machinery()
        with machinery.database():
            if not (web or jobs):
                yield Instance(Path(folder), "", 0)
                return
            with machinery.serving(web=web, jobs=jobs) as address:
                yield Instance(Path(folder), address, int(os.environ["TAGWERK_PORT"]))


def _is_ours(name: str) -> bool:
    return name.startswith("TAGWERK_")


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
