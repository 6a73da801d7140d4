"""A tree of processes that stands and falls together."""

import contextlib
import ctypes
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tagwerk.config.environment import SettingWrong

log = logging.getLogger(__name__)
PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 10.0
HEALTHY_SECONDS = 20.0  # who lived so long was well; its next start does not wait
HOPELESS = 3  # deaths in a row before anything ever worked


def die_with_parent(parent: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """End this process when its parent (by its number) ends, however the parent ended (also SIGKILL)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, by)

    # The parent may have died before that line, and other systems have no such signal: look as well.
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), by)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


@dataclass(frozen=True)
class Port:
    """A port that is ours until the end of this process; children listen on it."""

    number: int
    held: socket.socket | None


def reserve_port(host: str, wanted: int, *, tries: int = 200) -> Port:
    """The wanted port, or the next one that nobody has; two starts at once never get the same."""
    for number in range(wanted, min(wanted + tries, 65_536)):
        probe = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # an old connection may still linger there
        try:
            probe.bind((host, number))
        except OSError as error:
            probe.close()
            if error.errno == errno.EADDRINUSE:
                continue
            raise SettingWrong(_why_not(host, number, error)) from None
        if sys.platform != "linux":
            probe.close()
            return Port(number, None)
        # Bound, never listening: keeps others away, while our own children may listen beside it.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return Port(number, probe)
    last = min(wanted + tries, 65_536) - 1
    taken = f"No port from {wanted} to {last} is free." if tries > 1 else f"Port {wanted} is taken."
    raise SettingWrong(f"{taken} Set TAGWERK_PORT and TAGWERK_MEDIA_PORT to other ones.")


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This user may not listen on port {port}: set TAGWERK_PORT and TAGWERK_MEDIA_PORT above 1023."
    return f"TAGWERK_HOST is “{host}”, which is no address of this machine ({error.strerror})."


@dataclass
class _Child:
    arguments: list[str]
    environ: dict[str, str]
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    deaths: int = 0  # in a row, each soon after its start


class Family:
    """Child processes by name: started, started again when they end, stopped together."""

    def __init__(self) -> None:
        self.settled = False  # something of it has worked: from now on no death is hopeless
        self.hopeless = ""  # the child that dies again and again before anything worked
        self._children: dict[str, _Child] = {}
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._watch_all, name="family", daemon=True)

    def start(self, name: str, arguments: list[str], environ: Mapping[str, str]) -> None:
        """Start `python -m tagwerk.config.main <arguments>` under this name, and again whenever it ends."""
        process = spawn(arguments, environ)
        self._children[name] = _Child(arguments, dict(environ), process)

    def watch(self) -> None:
        """From now on, start again what ends by itself."""
        self._watch.start()

    def _watch_all(self) -> None:
        due: dict[str, float] = {}  # the dead, and when to start them again
        while not self._stopping.wait(0.2):
            for name, child in self._children.items():
                if name not in due and _has_ended(child.process):
                    due[name] = time.monotonic() + self._mourn(name, child)
                elif name in due and time.monotonic() >= due[name]:
                    del due[name]
                    child.process, child.started = spawn(child.arguments, child.environ), time.monotonic()

    def _mourn(self, name: str, child: _Child) -> float:
        """Note a death and end what the dead one left; returns the seconds to wait before the next start."""
        _end_group(child.process)
        lived = time.monotonic() - child.started
        child.deaths = 1 if lived > HEALTHY_SECONDS else child.deaths + 1
        if child.deaths >= HOPELESS and not self.settled:
            self.hopeless = name
        pause = min(0.2 * 2.0 ** (child.deaths - 1), LONGEST_PAUSE_SECONDS)
        log.warning("%s ended with %s; starting it again in %.1f s", name, child.process.returncode, pause)
        return pause

    def stop(self) -> None:
        """End all children: politely, then firmly; none is left."""
        self._stopping.set()
        if self._watch.is_alive():
            self._watch.join()
        living = [child.process for child in self._children.values() if child.process.returncode is None]
        for process in living:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while not all(_has_ended(process) for process in living) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in living:
            _end_group(process)


def spawn(arguments: list[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start an inner command of ours, which ends when this process ends."""
    command = [sys.executable, "-m", "tagwerk.config.main", *arguments, str(os.getpid())]
    # A group of its own: Ctrl-C reaches the parent alone, which ends its children in order.
    return subprocess.Popen(command, env=dict(environ), stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended; where the system can, its number stays taken until it is waited for."""
    if sys.platform != "linux":
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started, before its number can mean somebody else."""
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
