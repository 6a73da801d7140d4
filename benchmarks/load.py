"""Concurrent workers over HTTP: one thread that waits for all connections, so light that the server is what is measured.

Each worker sends, waits for the answer, and sends the next (a closed loop): with n workers, the mean time of a request
is n divided by requests per second.
"""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_LENGTH = re.compile(rb"content-length: (\d+)")  # our server writes the names of headers in small letters
LONGEST_WAIT_SECONDS = 30.0


class Worker(Protocol):
    """What a worker says next, and what it makes of the answer."""

    def request(self) -> bytes:
        """The next request, head and body."""
        ...

    def answered(self, head: bytes, body: bytes) -> None:
        """Take the answer in; raises AssertionError where it is not what was asked for."""
        ...


@dataclass(frozen=True)
class Measured:
    """How long each request of a stretch of time took."""

    seconds: float
    clients: int
    latencies: list[float]
    used: float | None = None  # processor seconds of all that took part

    @property
    def per_second(self) -> float:
        """Requests per second, of all clients together."""
        return len(self.latencies) / self.seconds

    @property
    def mean(self) -> float:
        """The mean time of a request with so many clients, in seconds."""
        return self.clients / self.per_second


class _Line:
    """A worker's connection, kept open."""

    def __init__(self, port: int, worker: Worker) -> None:
        self.worker = worker
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""
        self.sent_at = 0.0

    def send(self) -> None:
        """Ask."""
        text = self.worker.request()
        self.got = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(text)

    def read(self) -> bool:
        """Read what has come; True with the whole answer."""
        piece = self.socket.recv(262_144)
        assert piece, f"the server hung up: {self.got[:300]!r}"
        self.got = self.got + piece if self.got else piece
        end = self.got.find(b"\r\n\r\n")
        if end < 0:
            return False
        head, body = self.got[: end + 2], self.got[end + 4 :]
        found = _LENGTH.search(head)
        assert found, f"an answer of unknown length: {head!r}"
        if len(body) < int(found[1]):
            return False
        self.worker.answered(head, body)
        return True


def load(port: int, workers: Sequence[Worker], seconds: float) -> Measured:
    """Let the workers ask for so many seconds; what is under way at the end is waited for, and not counted."""
    lines = [_Line(port, worker) for worker in workers]
    latencies: list[float] = []
    with selectors.DefaultSelector() as waiting:
        for line in lines:
            waiting.register(line.socket, selectors.EVENT_READ, line)
        begin = time.perf_counter()
        for line in lines:
            line.send()
        end, under_way = begin + seconds, len(lines)
        while under_way:
            ready = waiting.select(LONGEST_WAIT_SECONDS)
            assert ready, "no answer for half a minute"
            for key, _ in ready:
                line = key.data
                if not line.read():
                    continue
                now = time.perf_counter()
                if now < end:
                    latencies.append(now - line.sent_at)
                    line.send()
                else:
                    under_way -= 1
    for line in lines:
        line.socket.close()
    return Measured(seconds, len(lines), latencies)
