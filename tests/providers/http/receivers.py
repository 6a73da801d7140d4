"""A real HTTP server on loopback that does what a test tells it and remembers what it got."""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers with `answer` (a status, or a function that writes the answer itself)."""

    answer: int | Callable[[BaseHTTPRequestHandler], None] = 200
    headers: dict[str, str] = field(default_factory=dict)
    reply: bytes = b"ok"
    requests: list[Received] = field(default_factory=list)
    url: str = ""
    port: int = 0
    calls: int = 0  # begun
    together: int = 0
    most_together: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    gate: threading.Event | None = None  # where set, answers wait for it

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        names = {name.lower(): value for name, value in handler.headers.items()}
        with self.lock:
            self.calls += 1
            self.together += 1
            self.most_together = max(self.most_together, self.together)
            self.requests.append(Received(handler.path, names, body))
        try:
            if self.gate is not None:
                self.gate.wait(timeout=30)
            self._answer(handler)
        finally:
            with self.lock:
                self.together -= 1

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        if not isinstance(self.answer, int):
            self.answer(handler)
            return
        handler.send_response(self.answer)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(self.reply)))
        handler.end_headers()
        handler.wfile.write(self.reply)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # the default of 5 resets connections when many come at once


@contextlib.contextmanager
def receiving(receiver: Receiver | None = None, *, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """The receiver listens while the block runs."""
    receiver = receiver or Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with contextlib.suppress(ConnectionError):
                receiver.handle(self)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    receiver.url = f"{'https' if tls else 'http'}://127.0.0.1:{receiver.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
