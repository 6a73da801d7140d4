"""What workers say over HTTP: programs through the API, people through the form of a task's page."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.scene import ANSWERS, Hand, Order

_ASSIGNMENT = re.compile(rb'"held":\{"assignment":"(asg_\w+)"')
_LOCATION = re.compile(rb"\r\nlocation: /work/task/(asg_\w+)/")
_CSRF = "a" * 32
_TOKEN = {"csrfmiddlewaretoken": _CSRF}


def _request(method: str, path: str, headers: str, body: str = "") -> bytes:
    return f"{method} {path} HTTP/1.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n{body}".encode()


@dataclass
class ApiWorker:
    """Takes a task, then hands in and takes the next, for ever."""

    port: int
    order: Order
    hand: Hand
    design: str
    assignment: str = ""

    def __post_init__(self) -> None:
        self.path = f"/api/v1/work/projects/{self.order.public_id}"
        self.headers = f"Host: localhost:{self.port}\r\nAuthorization: Bearer {self.hand.key}\r\nContent-Type: application/json\r\n"
        self.body = f'{{"answers":{{"mood":"{ANSWERS["mood"]}"}},"design":"{self.design}","active_ms":1000}}'

    def request(self) -> bytes:
        """A submit, or at first a claim."""
        if not self.assignment:
            return _request("POST", f"{self.path}/next", self.headers)
        return _request(
            "POST", f"{self.path}/assignments/{self.assignment}/submit-and-next", self.headers, self.body
        )

    def answered(self, head: bytes, body: bytes) -> None:
        """Remember the next assignment."""
        found = _ASSIGNMENT.search(body)
        assert head.startswith(b"HTTP/1.1 200") and found, head + body
        assert self.assignment != found[1].decode(), body
        self.assignment = found[1].decode()


@dataclass
class EmptyApi:
    """Asks who it is: sign-in with a key, and nothing else."""

    port: int
    hand: Hand

    def request(self) -> bytes:
        """Who am I?"""
        headers = f"Host: localhost:{self.port}\r\nAuthorization: Bearer {self.hand.key}\r\n"
        return _request("GET", "/api/v1/me", headers)

    def answered(self, head: bytes, body: bytes) -> None:
        """It has to be an answer."""
        assert head.startswith(b"HTTP/1.1 200"), head + body


@dataclass
class FormWorker:
    """Posts the form of a task's page and follows to the next task, without fetching its page."""

    port: int
    order: Order
    hand: Hand
    design: str
    assignment: str = ""

    def __post_init__(self) -> None:
        self.headers = _form_headers(self.port, self.hand)
        self.first = urlencode(_TOKEN)
        self.body = urlencode(
            _TOKEN
            | {f"answer.{name}": f'"{value}"' for name, value in ANSWERS.items()}
            | {
                "_project": self.order.public_id,
                "_design": self.design,
                "_instructions": "1",
                "_active_ms": "1000",
            }
        )

    def request(self) -> bytes:
        """A submit, or at first a claim."""
        if not self.assignment:
            return _request("POST", f"/work/{self.order.public_id}/next", self.headers, self.first)
        return _request("POST", f"/work/task/{self.assignment}/", self.headers, self.body)

    def answered(self, head: bytes, body: bytes) -> None:
        """Remember the next assignment."""
        found = _LOCATION.search(head)
        assert head.startswith(b"HTTP/1.1 303") and found, head + body
        assert self.assignment != found[1].decode(), head
        self.assignment = found[1].decode()


@dataclass
class EmptyForm:
    """Posts a form for a task that there is not: session, sign-in, forgery check and one line that says so."""

    port: int
    hand: Hand

    def request(self) -> bytes:
        """Nothing is looked for in the database: the id is none."""
        headers = _form_headers(self.port, self.hand) + "Accept: application/json\r\n"
        return _request("POST", "/work/task/asg_none/", headers, urlencode(_TOKEN))

    def answered(self, head: bytes, body: bytes) -> None:
        """It has to be refused, and for this reason."""
        assert head.startswith(b"HTTP/1.1 404") and b"unknown_id" in head, head + body


def _form_headers(port: int, hand: Hand) -> str:
    return (
        f"Host: localhost:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Cookie: tagwerk-{port}={hand.session}; tagwerk-csrf-{port}={_CSRF}\r\n"
    )
