"""A folder that the database's user can reach, and what runs in it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tagwerk.providers.database import EmbeddedDatabase, programs

HOLDER = """
import sys, time
from pathlib import Path
from tagwerk.providers.database import EmbeddedDatabase, programs
database = EmbeddedDatabase(Path(sys.argv[1]))
print(database.start(), flush=True)
sys.stdin.read()
database.stop()
"""


@contextmanager
def reachable() -> Iterator[Path]:
    """pytest's own temporary folders are closed to the user who runs PostgreSQL for root."""
    place = Path(tempfile.mkdtemp(prefix="tagwerk-database-test-"))
    place.chmod(0o755)
    yield place / "database"
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a database."""
    with reachable() as place:
        yield place


@pytest.fixture(scope="module")
def one_database() -> Iterator[EmbeddedDatabase]:
    """A started database for all tests that leave it as it is."""
    with reachable() as place, EmbeddedDatabase(place) as started:
        yield started


@pytest.fixture
def database(folder: Path) -> Iterator[EmbeddedDatabase]:
    """A started database, durable as the real one."""
    with EmbeddedDatabase(folder) as started:
        yield started


@pytest.fixture
def another_process() -> Iterator[Callable[[Path], "subprocess.Popen[str]"]]:
    """Starts a process that starts (or joins) the database and holds it until its input ends."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def copied_wheel() -> Callable[[Path], Path]:
    """The wheel's programs in another folder, as in a virtual environment that lies there."""
    source = programs.installed()

    def copy(place: Path) -> Path:
        target = place / source.parent.name / source.name
        if not target.exists():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))
            libraries = source.parent.parent / f"{programs.PACKAGE}.libs"
            if libraries.exists():
                shutil.copytree(libraries, place / libraries.name)
        return target

    return copy
