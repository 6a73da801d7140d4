"""The keeper: a small process of its own that runs one PostgreSQL server for as long as somebody uses it.

Standard library only; started as a script by embedded.py with one JSON argument. Everybody who uses the database
holds a shared lock on `in_use`. The kernel takes such a lock back when its holder ends, however it ends, so the
keeper needs no signal and no goodbye from anyone: once it gets the lock for itself alone, nobody is left and it
stops the server. A server that dies is started again.
"""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

ANOTHER_KEEPER = 3
SERVER_KEEPS_DYING = 4
ALLOWED_DEATHS = (
    20  # in a row, each within a minute of its start; old children need a moment to let go of the memory
)
STOP_SECONDS = 60
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def lock(path: Path, kind: int) -> int:
    """Open and lock a file; the lock lives as long as the descriptor."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, kind)
    return descriptor


def alive(pid: int) -> bool:
    """Whether a process with this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def runs_on(pid: int, cluster: Path) -> bool:
    """Whether this process is a PostgreSQL server on this cluster (numbers are used again, in containers soon)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        if Path("/proc/self").exists():
            return False
        listing = subprocess.run(["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603 (our own command)
        return os.fsencode(cluster) in listing.stdout
    return os.fsencode(cluster) in words


def orphan(cluster: Path) -> int | None:
    """A server on this cluster that lost its keeper. A lock file that names a stranger is removed."""
    file = cluster / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if not alive(pid):
        return None
    if runs_on(pid, cluster):
        return pid
    file.unlink(missing_ok=True)
    return None


def end_orphan(cluster: Path) -> None:
    """Stop a server without a keeper, so that no two ever write to one cluster."""
    pid = orphan(cluster)
    if pid is None:
        return
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not runs_on(
                pid, cluster
            ):  # a dead process that nobody has waited for still exists, but runs nothing
                return
            time.sleep(0.05)


def end_with_keeper() -> None:
    """In the server before it starts: the kernel stops it when its keeper is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


class Keeper:
    """Starts the server, starts it again when it dies, and stops it when nobody is left."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.cluster = Path(plan["cluster"])
        self.server: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()

    def run(self) -> int:
        """Keep the server until nobody uses it; returns the exit status."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        threading.Thread(target=self._wait_for_the_last, daemon=True).start()
        deaths = 0
        while not self.stopping.is_set():
            started = time.monotonic()
            self._run_server()
            deaths = 0 if time.monotonic() - started > STOP_SECONDS else deaths + 1
            if deaths > ALLOWED_DEATHS:
                return SERVER_KEEPS_DYING
            self.stopping.wait(0.25)
        self._tidy()
        return 0

    def _run_server(self) -> None:
        end_orphan(self.cluster)
        with open(self.plan["log"], "ab") as log:
            self.server = subprocess.Popen(  # noqa: S603 (our own command)
                self.plan["command"],
                cwd=self.plan["cluster"],
                env=self.plan["environment"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_keeper if sys.platform == "linux" else None,
                **self.plan["identity"],
            )
        if self.stopping.is_set():
            self._stop_server()
        self.server.wait()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()
        self._stop_server()

    def _stop_server(self) -> None:
        if self.server is None or self.server.poll() is not None:
            return
        self.server.send_signal(signal.SIGQUIT if self.plan["remove"] else signal.SIGINT)
        # SIGQUIT leaves the rest to recovery at the next start: better than to hang for ever.
        escalation = threading.Timer(STOP_SECONDS, self.server.send_signal, [signal.SIGQUIT])
        escalation.daemon = True
        escalation.start()

    def _wait_for_the_last(self) -> None:
        lock(Path(self.plan["in_use"]), fcntl.LOCK_EX)
        os.kill(os.getpid(), signal.SIGTERM)  # the main thread does the stopping

    def _tidy(self) -> None:
        shutil.rmtree(self.plan["socket"], ignore_errors=True)
        if self.plan["remove"]:
            shutil.rmtree(self.plan["remove"], ignore_errors=True)


def main() -> int:
    """Keep one server, unless another keeper already does."""
    plan = json.loads(sys.argv[1])
    try:
        lock(Path(plan["keeper"]), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return ANOTHER_KEEPER
    return Keeper(plan).run()


if __name__ == "__main__":
    sys.exit(main())
