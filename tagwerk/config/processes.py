"""A tree of processes that stands and falls together."""

import contextlib
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

log = logging.getLogger(__name__)
PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 15


def die_with_parent() -> None:
    """End this process when its parent ends, however the parent ended (also SIGKILL)."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    # The signal above goes out when the parent's *thread* ends, and other systems have none: look as well.
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def free_port(host: str, wanted: int, *, taken: frozenset[int] = frozenset()) -> int:
    """The wanted port, or the next one on which nobody listens."""
    for port in range(wanted, min(wanted + 200, 65_536)):
        if port in taken:
            continue
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port from {wanted} on; set TAGWERK_PORT to another one.")


def await_port(host: str, port: int, *, seconds: float = 60.0) -> None:
    """Wait until somebody listens there."""
    there = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (listening everywhere is listening here)
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((there, port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise SystemExit("The pages did not come up within a minute; the log above says why.") from None
            time.sleep(0.1)
        else:
            return


class Family:
    """Child processes by name: started, started again when they end, stopped together."""

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, tuple[list[str], dict[str, str]]] = {}
        self._stopping = threading.Event()

    def start(self, name: str, arguments: list[str], environ: Mapping[str, str]) -> None:
        """Start `python -m tagwerk.config.main <arguments>` under this name."""
        self._commands[name] = ([sys.executable, "-m", "tagwerk.config.main", *arguments], dict(environ))
        self._spawn(name)

    def _spawn(self, name: str) -> None:
        command, environ = self._commands[name]
        # A group of its own: Ctrl-C reaches the parent alone, which ends its children in order.
        self.children[name] = subprocess.Popen(command, env=environ, start_new_session=True)  # noqa: S603

    def watch(self) -> None:
        """Until stop(): start again what ended by itself."""
        while not self._stopping.wait(0.5):
            for name, child in list(self.children.items()):
                if child.poll() is not None and not self._stopping.is_set():
                    log.warning("%s ended with %s; starting it again", name, child.returncode)
                    self._spawn(name)
                    self._stopping.wait(1)

    def stop(self) -> None:
        """End all children: politely, then firmly; none is left."""
        self._stopping.set()
        for child in self.children.values():
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
