"""What doctor finds around the instance: real servers that take it, refuse it, or are not there."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from tagwerk.interfaces.cli import outside
from tests.instance import free_ports


class _Post(socketserver.StreamRequestHandler):
    """A mail server that greets, and refuses whoever gives a password."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            reply = {b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"AUTH": b"535 no\r\n"}.get(
                word, b"221 bye\r\n"
            )
            self.wfile.write(reply)


class _PostOffice(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close = True, False  # whoever was refused may stay on the line


class _Provider(BaseHTTPRequestHandler):
    said = b'{"authorization_endpoint": "https://id.example/go"}'

    def do_GET(self) -> None:
        right = self.path == "/.well-known/openid-configuration"
        self.send_response(200 if right else 404)
        self.end_headers()
        self.wfile.write(self.said if right else b"")

    def log_message(self, *words: Any) -> None:
        """Nothing."""


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]  # type: ignore[index]
    finally:
        server.shutdown()
        server.server_close()


def by_smtp(settings: Any, port: int, *, user: str = "") -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS = user, user, False


def test_a_mail_server_that_takes_us_refuses_us_or_is_away(settings):
    with served(_PostOffice(("127.0.0.1", 0), _Post)) as port:
        by_smtp(settings, port)
        assert outside._post() == [(True, f"The mail server 127.0.0.1:{port} takes us.")]
        by_smtp(settings, port, user="us")
        [(good, words)] = outside._post()
        assert not good and "535" in words
    by_smtp(settings, port)
    [(good, words)] = outside._post()
    assert not good and words.startswith(f"The mail server 127.0.0.1:{port} does not take us: ")


def test_a_sign_in_provider_that_describes_itself_does_not_or_is_away():
    with served(HTTPServer(("127.0.0.1", 0), _Provider)) as port:
        issuer = f"http://127.0.0.1:{port}"
        assert outside._provider(issuer + "/") == [(True, f"The sign-in provider {issuer}/ answers.")]
        assert not outside._provider(issuer + "/elsewhere")[0][0]
    assert not outside._provider(issuer)[0][0]
    assert outside._provider("") == []


def test_nobody_at_our_address_is_no_fault_but_somebody_else_is():
    with served(HTTPServer(("127.0.0.1", 0), _Provider)) as port:
        good, words = outside._answers("The pages", f"http://127.0.0.1:{port}/healthz")
        assert not good and words.endswith("but with status 404.")
    good, words = outside._answers("The pages", f"http://127.0.0.1:{free_ports()}/healthz")
    assert good and "tagwerk serve" in words


def test_production_without_proxies_is_warned_of():
    assert not outside._proxies({"TAGWERK_MODE": "production", "TAGWERK_TRUSTED_PROXIES": 0})[0][0]
    assert outside._proxies({"TAGWERK_MODE": "production", "TAGWERK_TRUSTED_PROXIES": 1}) == []
    assert outside._proxies({"TAGWERK_MODE": "development", "TAGWERK_TRUSTED_PROXIES": 0}) == []
