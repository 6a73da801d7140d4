"""Whether an answer is what the OpenAPI document says it is."""

import re
from functools import cache
from typing import Any

import jsonschema_rs

from tagwerk.interfaces.api.document import document


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each address as a pattern, those without placeholders first."""
    found = sorted(document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in found]


@cache
def _validator(path: str | None, method: str, status: str) -> Any:
    made = document()
    methods = made["paths"].get(path, {})
    # Where there is no such operation, the refusal still has the form of every refusal.
    responses = methods.get(method, made["paths"]["/api/v1/me"]["get"])["responses"]
    described = responses.get(status) or (None if status.startswith("2") else responses["default"])
    assert described is not None, f"{method} {path} answers {status}, of which the document says nothing"
    content = described.get("content", {}).get("application/json")
    if content is None:
        return None
    return jsonschema_rs.Draft202012Validator({**content["schema"], "components": made["components"]})


def check_conforms(method: str, path: str, status: int, value: Any) -> None:
    """Fail where an answer differs from its description."""
    address = path.partition("?")[0]
    template = next((known for pattern, known in _patterns() if pattern.fullmatch(address)), None)
    validator = _validator(template, method.lower(), str(status))
    if validator is not None:
        wrong = [f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in validator.iter_errors(value)]
        assert not wrong, f"{method} {path} → {status}: {wrong}"
