"""Calls addresses that strangers chose (webhooks, media by URL), and reaches only the public internet.

The name is resolved once, every address it has is judged, and the connection goes to one of those very addresses:
a name server that answers differently the second time gains nothing. Redirects are not followed, proxies from the
environment are not used, and time and size have limits that a dripping server cannot stretch.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpcore

from tagwerk.domain.notices.provider import CallFailed, Reply
from tagwerk.providers.http.addresses import may_call

Resolve = Callable[[str, int], list[str]]
CONNECT_SECONDS = 5.0


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class GuardedHttp:
    """The provider "http"; satisfies `tagwerk.domain.notices.provider.Http`."""

    def __init__(
        self,
        *,
        private_allowed: bool | None = None,
        resolve: Resolve = resolve,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._private_allowed = private_allowed
        self._resolve = resolve
        self._ssl_context = ssl_context or ssl.create_default_context()

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        seconds: float = 15.0,
        largest_bytes: int = 65_536,
    ) -> Reply:
        """Send one request; raises CallFailed where no reply comes back within the limits."""
        guard = _Guard(self._resolve, self._allows_private(), time.monotonic() + seconds)
        try:
            with httpcore.ConnectionPool(
                ssl_context=self._ssl_context, network_backend=guard, max_connections=1, http2=False
            ) as pool:
                return _exchange(pool, method, url, body, headers or {}, largest_bytes)
        except tuple(_REASONS) as error:
            reason = next(reason for kind, reason in _REASONS.items() if isinstance(error, kind))
            raise CallFailed("tls" if _is_tls(error) else reason, str(error)[:200]) from error

    def _allows_private(self) -> bool:
        if self._private_allowed is not None:
            return self._private_allowed
        from django.conf import settings

        return bool(settings.ALLOW_PRIVATE_ADDRESSES)


def _exchange(
    pool: httpcore.ConnectionPool,
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    largest_bytes: int,
) -> Reply:
    # Without this a reply could be a small file that unpacks to a large one.
    sent = {"accept-encoding": "identity", "connection": "close"} | dict(headers)
    with pool.stream(method, url, headers=list(sent.items()), content=body) as response:
        received = bytearray()
        for piece in response.iter_stream():
            received += piece
            if len(received) > largest_bytes:
                break
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Reply(response.status, names, bytes(received[:largest_bytes]), len(received) > largest_bytes)


class _Refused(Exception):
    """The host has an address that must not be called."""


class _Unknown(Exception):
    """The host has no address."""


_REASONS: Mapping[type[Exception], str] = {
    _Refused: "address_refused",
    _Unknown: "unknown_host",
    httpcore.TimeoutException: "timeout",
    httpcore.NetworkError: "connection",
    httpcore.ProtocolError: "protocol",
    httpcore.UnsupportedProtocol: "protocol",
    ValueError: "protocol",  # a URL or a header that cannot be written down
}


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


class _Guard(httpcore.NetworkBackend):
    """Opens connections only to judged addresses, and knows when the time for the whole call is over."""

    def __init__(self, resolve: Resolve, private_allowed: bool, deadline: float) -> None:
        self._plain = httpcore.SyncBackend()
        self._resolve = resolve
        self._private_allowed = private_allowed
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first judged address that answers."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._judged(host, port):
            try:
                within = min(CONNECT_SECONDS, _left(self._deadline, httpcore.ConnectTimeout))
                stream = self._plain.connect_tcp(address, port, within, local_address, socket_options)
                return _Timed(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _judged(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise _Unknown(f"{host} has no address") from error
        if not addresses:
            raise _Unknown(f"{host} has no address")
        for address in addresses:
            if not may_call(ipaddress.ip_address(address.partition("%")[0]), self._private_allowed):
                raise _Refused(f"{host} leads to an address that is not on the public internet")
        return addresses


class _Timed(httpcore.NetworkStream):
    """A connection on which every step has to fit into what is left of the call's time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, _left(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._stream.write(buffer, _left(self._deadline, httpcore.WriteTimeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt; the certificate must be that of the name in the address, whatever number it led to."""
        within = _left(self._deadline, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, within), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks about the socket."""
        return self._stream.get_extra_info(info)


def _left(deadline: float, too_late: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise too_late("the time for the whole call is over")
    return left
