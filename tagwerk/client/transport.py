"""HTTP: keys, retries, pages, progress bars."""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import httpx
from tqdm import tqdm

from tagwerk.client.errors import ApiError, Unreachable

AGAIN = {429, 500, 502, 503, 504}  # worth another try: too much at once, or something is restarting
LONGEST_WAIT_SECONDS = 20.0
CHUNK_BYTES = 1 << 18


class Transport:
    """One connection pool to one platform under one key; safe to use from several threads."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout_seconds: float = 60.0,
        retries: int = 5,
        language: str = "en",
        progress: bool = True,
        sleep: Callable[[float], None] = time.sleep,
        http: httpx.BaseTransport | None = None,
    ) -> None:
        self.retries = retries
        self.progress = progress
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1",
            headers={"Authorization": f"Bearer {key}", "Accept-Language": language},
            timeout=timeout_seconds,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
            transport=http,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """The value at an address."""
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, once: bool = True, **query: Any) -> Any:
        """Do something, once: sent again after a broken connection it is not done again.

        `once=False` is for what the platform knows to be the same by itself and is called often.
        """
        headers = {"Idempotency-Key": str(uuid.uuid4())} if once else {}
        return self.ask("POST", path, query=query, body={} if body is None else body, headers=headers)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a request until it is answered; the answer's value, or ApiError."""
        wanted = {name: value for name, value in (query or {}).items() if value is not None}
        return self._until_answered(
            lambda: self._http.request(method, path, params=wanted, json=body, headers=headers)
        )

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All entries of a list, page by page."""
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def upload(self, path: str, file: Path, content_type: str, **query: Any) -> Any:
        """Send a file's bytes with a progress bar; a broken connection begins it again."""
        wanted = {name: value for name, value in query.items() if value is not None}
        headers = {
            "Content-Type": content_type,
            "Content-Length": str(file.stat().st_size),
            "Idempotency-Key": str(uuid.uuid4()),
        }

        def send() -> httpx.Response:
            with file.open("rb") as source, self._bar(f"↑ {file.name}", file.stat().st_size) as bar:
                return self._http.request(
                    "POST", path, params=wanted, content=_pieces(source, bar), headers=headers, timeout=None
                )

        return self._until_answered(send)

    def download(self, path: str, file: Path) -> None:
        """Write what is at an address to a file, with a progress bar; the file appears whole or not at all."""
        draft = file.with_name(file.name + ".part")

        def fetch() -> httpx.Response:
            with self._http.stream("GET", path) as answer, draft.open("wb") as target:
                if answer.status_code >= 400:
                    answer.read()
                    return answer
                size = int(answer.headers.get("Content-Length", 0)) or None
                with self._bar(f"↓ {file.name}", size) as bar:
                    for piece in answer.iter_bytes(CHUNK_BYTES):
                        target.write(piece)
                        bar.update(len(piece))
            return httpx.Response(204)

        try:
            self._until_answered(fetch)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)

    def _bar(self, name: str, size: int | None) -> "tqdm[Any]":
        return tqdm(total=size, desc=name, unit="B", unit_scale=True, disable=not self.progress, leave=False)

    def _until_answered(self, send: Callable[[], httpx.Response]) -> Any:
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            try:
                answer = send()
            except httpx.TransportError as error:
                if last:
                    raise Unreachable(f"The platform does not answer ({error}).") from error
                self._sleep(_pause(attempt, None))
                continue
            if answer.status_code in AGAIN and not last:
                self._sleep(_pause(attempt, answer.headers.get("Retry-After")))
                continue
            return _value(answer)
        raise AssertionError("the last attempt returns or raises")


def _pause(attempt: int, wish: str | None) -> float:
    """Seconds to wait: what the platform wishes, else twice as long each time, spread so that nobody marches in step."""
    if wish and wish.isdigit():
        return min(float(wish), LONGEST_WAIT_SECONDS)
    return min(0.25 * 2.0**attempt, LONGEST_WAIT_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


def _value(answer: httpx.Response) -> Any:
    if answer.status_code == 204:
        return None
    try:
        value = answer.json()
    except ValueError:
        raise ApiError(
            "answer_unreadable",
            f"The platform answered with status {answer.status_code} and no JSON.",
            status=answer.status_code,
        ) from None
    if answer.status_code < 400:
        return value
    facts = value if isinstance(value, dict) else {}
    raise ApiError(
        facts.get("code", "unknown"), facts.get("message", str(value)), facts.get("path"), answer.status_code
    )


def _pieces(source: IO[bytes], bar: "tqdm[Any]") -> Iterator[bytes]:
    while piece := source.read(CHUNK_BYTES):
        yield piece
        bar.update(len(piece))
