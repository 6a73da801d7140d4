"""The OpenAPI document and the reference made of it: what is served, committed and compared in a test."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.operation import Operation

from tagwerk.interfaces.api.asking import Key
from tagwerk.interfaces.api.shapes import dumps

router = Router(tags=["me"])
Json = dict[str, Any]

_PROBLEM = {
    "type": "object",
    "required": ["code", "message"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string", "description": "Stable; see the list of refusals"},
        "message": {
            "type": "string",
            "description": "What is wrong and what to do, in the language asked for",
        },
        "path": {"type": "string", "description": "Where in what was sent"},
    },
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again under the same key within seven days, the request is not carried out again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/openapi.json", auth=None, operation_id="openapi", summary="This document")
def openapi(request: HttpRequest) -> HttpResponse:
    """All operations, as OpenAPI 3.1."""
    answer = HttpResponse(_text(), content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@cache
def _text() -> str:
    return dumps(document())


@cache
def document() -> Json:
    """The OpenAPI document as a plain value, made once: who has it changes nothing in it."""
    from tagwerk.interfaces.api.operations import api

    made: Json = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    made["components"]["schemas"]["Problem"] = _PROBLEM
    made["externalDocs"] = {"description": "The same, to be read", "url": "/docs/api/"}
    made["components"]["securitySchemes"] = {"Key": Key.openapi_security_schema}
    scopes, repeatable = _scopes(), _repeatable()
    for methods in made["paths"].values():
        for method in [name for name in methods if name in _METHODS]:
            _complete(method, methods[method], scopes, repeatable)
    found: Json = _plain(made)
    return found


def _operations() -> Iterator[Operation]:
    from tagwerk.interfaces.api.operations import api

    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def _scopes() -> dict[str, tuple[str, ...]]:
    """Operation → the scopes of which a key needs one."""
    return {
        operation.operation_id or "": key.scopes
        for operation in _operations()
        for key in operation.auth_callbacks
        if isinstance(key, Key)
    }


def _repeatable() -> set[str]:
    """Operations that keep no reply under an idempotency key."""
    return {one.operation_id or "" for one in _operations() if hasattr(one.view_func, "in_many_transactions")}


def _complete(method: str, operation: Json, scopes: dict[str, tuple[str, ...]], repeatable: set[str]) -> None:
    """Say what holds for every operation: how it is refused, who may, that a POST can be repeated."""
    allowed = scopes.get(operation["operationId"])
    operation["responses"]["default"] = {
        "description": "It was refused",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if allowed is not None:
        operation["security"] = [{"Key": list(allowed)}]
    if method == "post" and operation["operationId"] not in repeatable:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY)


def _plain(value: Any) -> Any:
    """Only what JSON knows, keys as texts."""
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def reference() -> str:
    """The reference of all operations as Markdown, by noun."""
    made = document()
    nouns: dict[str, list[str]] = {}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            nouns.setdefault(operation["tags"][0], []).append(_entry(method, path, operation))
    parts = ["# The API", "", made["info"]["description"], "", _HEAD]
    for noun in sorted(nouns):
        parts += [f"## {noun}", "", *nouns[noun]]
    return "\n".join(parts).rstrip() + "\n"


_HEAD = """\
The document for machines is [openapi.json](openapi.json); a running platform serves it at `/api/v1/openapi.json`.
How to begin: [Use the API](../how-to/use-the-api.md). This page is made from the program (`tagwerk.interfaces.api.document`).
"""


def _entry(method: str, path: str, operation: Json) -> str:
    scopes = operation.get("security", [{"Key": []}])[0]["Key"]
    needs = (
        "no key"
        if "security" not in operation
        else "a key with one of: " + ", ".join(f"`{s}`" for s in scopes)
    )
    query = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {})
    lines = [
        f"### {operation['summary']}",
        "",
        f"`{method.upper()} {path}` · `{operation['operationId']}` · {needs}",
        "",
    ]
    lines.append(operation.get("description", ""))
    if query:
        lines += ["", "Parameters: " + ", ".join(f"`{name}`" for name in query)]
    if body:
        lines += ["", "Body: " + ", ".join(_body(kind, content) for kind, content in body.items())]
    return "\n".join([*lines, ""])


def _body(kind: str, content: Json) -> str:
    schema = content.get("schema", {})
    fields = schema.get("properties", {})
    if "$ref" in schema:
        fields = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]].get("properties", {})
    return f"`{kind}`" + (" with " + ", ".join(f"`{name}`" for name in fields) if fields else "")


def writers() -> dict[str, str]:
    """File below docs/reference → its content."""
    import json

    return {
        "openapi.json": json.dumps(document(), indent=1, ensure_ascii=False) + "\n",
        "api.md": reference(),
    }


__all__ = ["document", "reference", "router", "writers"]
