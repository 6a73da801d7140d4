"""Calls to the API as they come in through the door, without a network between."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import RequestFactory

from tagwerk.interfaces.api.door import answer
from tests.interfaces.api.conforming import check_conforms

_requests = RequestFactory()


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    value: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.value["code"])


def call(
    method: str,
    path: str,
    key: str | None = None,
    body: Any = None,
    *,
    raw: bytes | None = None,
    content_type: str = "application/json",
    **headers: str,
) -> Answered:
    """Send a request below /api/v1; `body` becomes JSON, `raw` is sent as it is. What comes back has its described form."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if key is not None:
        sent["Authorization"] = f"Bearer {key}"
    content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    request = _requests.generic(method, f"/api/v1{path}", content, content_type, headers=sent)
    response = answer(request)
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    is_json = response.headers.get("Content-Type", "").startswith("application/json") and content
    value = json.loads(content) if is_json else content
    if is_json:
        check_conforms(method, f"/api/v1{path}", response.status_code, value)
    return Answered(response.status_code, value, dict(response.headers))
