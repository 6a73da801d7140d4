"""A whole instance in processes of its own, as people run it: to be loaded, killed and looked at from outside."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests import cluster

COMMAND = (sys.executable, "-m", "tagwerk.config.main")
PATIENCE_SECONDS = 300  # a limit for what hangs, not a measure of anything

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"
)


def free_ports() -> int:
    """A port that is free now, as is the one after it (a start that comes too late takes the next)."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Look again and again until it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.1)


class Instance:
    """A data folder and the commands that run on it."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_ports()
        self.log = data.parent / "log"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TAGWERK_", "DATABASE_"))
        }
        self.environ = {
            **kept,
            "TAGWERK_DATA": str(data),
            "TAGWERK_PORT": str(self.port),
            "TAGWERK_WEB_PROCESSES": "1",
            "TAGWERK_STATIC_ROOT": str(cluster.ROOT / "build" / "test-data" / "static-of-instances"),
            "PYTHONPATH": str(cluster.ROOT),
            **settings,
        }
        self.address = ""

    def run(self, *words: str, given: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
        """Carry out one command to its end."""
        return subprocess.run(
            [*COMMAND, *words],
            env={**self.environ, **settings},
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    def start(self, word: str = "serve", **settings: str) -> "subprocess.Popen[bytes]":
        """Start a command that goes on, and wait until it says that it is ready."""
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*COMMAND, word],
                env={**self.environ, **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

        def ready() -> bool:
            said = self.log.read_bytes()[before:].decode(errors="replace")
            assert process.poll() is None, f"{word} ended with {process.returncode}:\n{said}"
            for line in said.splitlines():
                if "(Ctrl-C stops" in line:
                    self.address = line.partition(": ")[2].partition(" ")[0]
                    return True
            return False

        wait_until(ready, f"{word} is ready; it said: {self.log.read_text(errors='replace')[-2000:]}")
        return process

    def processes(self) -> dict[int, str]:
        """All processes of this instance, those of the database too: number → command line."""
        return _processes_with(str(self.data))

    def pids(self, word: str) -> list[int]:
        """The processes whose command line contains this word, the oldest first."""
        return sorted(pid for pid, line in self.processes().items() if word in line)

    def postmaster(self) -> int:
        """The database server's first process."""
        return int((self.data / "postgres" / "cluster" / "postmaster.pid").read_text().split("\n", 1)[0])

    def status(self, path: str = "/healthz") -> int:
        """The status with which the pages answer; 0 if nobody does."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_until_gone(self) -> None:
        """Until no process of this instance is left."""
        wait_until(lambda: not self.processes(), f"all have ended; left: {self.processes()}")

    def end_all(self) -> None:
        """Leave nothing behind, whatever a test has done."""
        for _ in range(50):
            left = self.processes()
            if not left:
                return
            for pid in left:
                kill(pid)
            time.sleep(0.1)


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """A signal to one process, if it still lives."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _processes_with(data: str) -> dict[int, str]:
    """Those that name the folder or were given it, and their children (the database's own bear other names)."""
    lines: dict[int, str] = {}
    parents: dict[int, int] = {}
    found: set[int] = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        pid = int(folder.name)
        with suppress(OSError):
            lines[pid] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if data in lines[pid] or f"TAGWERK_DATA={data}".encode() in (
                folder / "environ"
            ).read_bytes().split(b"\0"):
                found.add(pid)
    children = {pid for pid, parent in parents.items() if parent in found}
    return {pid: lines[pid] for pid in found | children if lines[pid]}  # without a line: dead already


@contextmanager
def instance(*, furnished: bool = True, **settings: str) -> Iterator[Instance]:
    """An instance in a folder of its own; `furnished` spares it the first start's migrations."""
    place = cluster.shelf() / f"instance-{secrets.token_hex(6)}"
    place.mkdir(mode=0o755)
    made = Instance(place / "data", **settings)
    made.data.mkdir(mode=0o755)
    if furnished:
        cluster.furnish(made.data / "postgres")
    try:
        yield made
    finally:
        made.end_all()
        shutil.rmtree(place, ignore_errors=True)
