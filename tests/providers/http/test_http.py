import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tagwerk.domain.notices.provider import CallFailed
from tagwerk.providers.http import GuardedHttp, resolve
from tests.providers.http.receivers import Receiver, receiving

OPEN = GuardedHttp(private_allowed=True)
CLOSED = GuardedHttp(private_allowed=False)


def failing(http: GuardedHttp, url: str, **limits: float) -> str:
    with pytest.raises(CallFailed) as failed:
        http.request("POST", url, body=b"x", **limits)  # type: ignore[arg-type]
    return failed.value.reason


def test_a_request_arrives_and_its_reply_comes_back() -> None:
    with receiving(Receiver(201, {"Retry-After": "7"}, b"thanks")) as receiver:
        reply = OPEN.request("POST", receiver.url + "/hooks?a=1", body=b"hello", headers={"x-test": "1"})
    assert (reply.status, reply.body, reply.headers["retry-after"], reply.is_cut) == (
        201,
        b"thanks",
        "7",
        False,
    )
    (got,) = receiver.requests
    assert (got.path, got.body, got.headers["x-test"]) == ("/hooks?a=1", b"hello", "1")
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    with receiving() as receiver:
        assert failing(CLOSED, f"http://{host}:{receiver.port}/") == "address_refused"
    assert receiver.calls == 0


@pytest.mark.parametrize("http", [CLOSED, OPEN])
def test_the_machines_own_keys_in_a_cloud_are_never_asked_for(http: GuardedHttp) -> None:
    assert failing(http, "http://169.254.169.254/latest/meta-data/") == "address_refused"


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    mixed = GuardedHttp(private_allowed=False, resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    assert failing(mixed, "http://hooks.example/") == "address_refused"


def test_a_name_is_looked_up_once_and_that_very_address_is_called() -> None:
    """A name server that says "public" when asked first and "private" when asked again gains nothing."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    rebinding = GuardedHttp(private_allowed=True, resolve=lambda host, port: answers.pop(0))
    with receiving() as receiver:
        assert rebinding.request("POST", f"http://hooks.example:{receiver.port}/").status == 200
    assert receiver.requests[0].headers["host"] == f"hooks.example:{receiver.port}"
    assert len(answers) == 1


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with receiving() as receiver:
        two = GuardedHttp(private_allowed=True, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
        assert two.request("POST", f"http://hooks.example:{receiver.port}/").status == 200


def test_redirects_are_not_followed() -> None:
    with receiving() as inner, receiving(Receiver(302, {"Location": inner.url})) as outer:
        assert OPEN.request("POST", outer.url).status == 302
    assert inner.calls == 0


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        OPEN.request("POST", receiver.url)
    assert (proxy.calls, receiver.calls) == (0, 1)


def test_a_large_reply_is_cut_off() -> None:
    with receiving(Receiver(reply=b"x" * 5_000_000)) as receiver:
        reply = OPEN.request("POST", receiver.url, largest_bytes=1_000)
    assert (len(reply.body), reply.is_cut) == (1_000, True)


def drip(piece: bytes, stop: threading.Event) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.02):
            handler.wfile.write(piece)

    return answer


@pytest.mark.parametrize("piece", [b"x-more: 1\r\n", b"\r\nbody"])
def test_a_reply_that_never_ends_is_given_up(piece: bytes) -> None:
    """Each read is quick, all together are not: the limit is for the whole call."""
    stop = threading.Event()
    with receiving(Receiver(drip(piece, stop))) as receiver:
        assert failing(OPEN, receiver.url, seconds=0.5, largest_bytes=10**9) in {"timeout", "protocol"}
        stop.set()


def test_silence_is_given_up() -> None:
    receiver = Receiver(gate=threading.Event())
    with receiving(receiver):
        assert failing(OPEN, receiver.url, seconds=0.3) == "timeout"
        receiver.gate.set()  # type: ignore[union-attr]


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert failing(OPEN, f"http://127.0.0.1:{port}/") == "connection"


def test_no_such_name() -> None:
    assert (
        failing(GuardedHttp(private_allowed=True, resolve=lambda host, port: []), "http://a.example/")
        == "unknown_host"
    )
    assert failing(OPEN, f"http://{'a' * 64}.example/") == "unknown_host"


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "nonsense"])
def test_only_http(url: str) -> None:
    assert failing(OPEN, url) == "protocol"


def test_a_header_cannot_carry_another_request() -> None:
    with receiving() as receiver, pytest.raises(CallFailed):
        OPEN.request("POST", receiver.url, headers={"x-a": "1\r\nx-b: 2"})
    assert receiver.calls == 0


def test_what_speaks_no_http() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"220 mail.example.org ESMTP\r\n")

    with receiving(Receiver(answer)) as receiver:
        assert failing(OPEN, receiver.url) == "protocol"


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's context around one self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
            ),
            False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    client = ssl.create_default_context(cafile=str(pem))
    return server, client


def test_the_certificate_is_checked_against_the_name_not_the_number(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "hooks.example")

    def to_loopback(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    trusting = GuardedHttp(private_allowed=True, resolve=to_loopback, ssl_context=client)
    with receiving(tls=server) as receiver:
        assert trusting.request("POST", f"https://hooks.example:{receiver.port}/").status == 200
        assert failing(trusting, f"https://other.example:{receiver.port}/") == "tls"
        strangers = GuardedHttp(private_allowed=True, resolve=to_loopback)
        assert failing(strangers, f"https://hooks.example:{receiver.port}/") == "tls"
    assert receiver.calls == 1


def test_the_setting_decides_where_nothing_else_does(settings: object) -> None:
    with receiving() as receiver:
        settings.ALLOW_PRIVATE_ADDRESSES = False  # type: ignore[attr-defined]
        assert failing(GuardedHttp(), receiver.url) == "address_refused"
        settings.ALLOW_PRIVATE_ADDRESSES = True  # type: ignore[attr-defined]
        assert GuardedHttp().request("POST", receiver.url).status == 200


def test_the_systems_resolver_says_each_address_once() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]
