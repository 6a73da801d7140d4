"""What this room needs from outside: somebody who sends a request to an address that a stranger chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Header names are in lower case; the body is cut off at the limit."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_cut: bool = False


class CallFailed(Exception):
    """No reply came back. `reason` is one of: address_refused, unknown_host, connection, tls, timeout, protocol."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Http(Protocol):
    """Calls addresses that strangers chose: never a private one, no redirects, with limits of time and size."""

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
        ...
