"""Examples of calls: made from the schemas, so that they fit what the API takes."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

Json = dict[str, Any]
Resolve = Callable[[Json], Json]

JSON_KIND: Final = "application/json"
SAMPLES: Final = {"string": "…", "integer": 1, "number": 1.0, "boolean": True, "null": None}
DEEPEST: Final = 4


def curl(site: str, method: str, path: str, made: Json, resolve: Resolve) -> str:
    """The call with curl."""
    lines = [f'curl "{site}{_path(path, "$")}"']
    if method != "get":
        lines[0] = f'curl -X {method.upper()} "{site}{_path(path, "$")}"'
    if made.get("security"):
        lines.append('-H "Authorization: Bearer $KEY"')
    kind, schema = _body(made)
    if kind == JSON_KIND:
        lines += [
            f'-H "Content-Type: {kind}"',
            f"-d '{json.dumps(sample(schema, resolve), ensure_ascii=False)}'",
        ]
    elif kind.startswith("multipart/"):
        lines += [f"-F {name}=@{name}" for name in resolve(schema).get("properties", {"file": {}})]
    elif kind:
        lines += [f'-H "Content-Type: {kind}"', "--data-binary @FILE"]
    return " \\\n  ".join(lines)


def python(site: str, method: str, path: str, made: Json, resolve: Resolve) -> str:
    """The call with httpx."""
    wanted = _path(path, "")
    arguments = [f'{"f" if "{" in wanted else ""}"{wanted}"']
    kind, schema = _body(made)
    if kind == JSON_KIND:
        arguments.append(f"json={sample(schema, resolve)!r}")
    elif kind.startswith("multipart/"):
        names = resolve(schema).get("properties", {"file": {}})
        arguments.append("files={" + ", ".join(f'"{name}": open("{name}", "rb")' for name in names) + "}")
    elif kind:
        arguments += ['content=open("FILE", "rb")', f'headers={{"Content-Type": "{kind}"}}']
    joined = ", ".join(arguments)
    if len(joined) > 80:
        joined = "\n    " + ",\n    ".join(arguments) + ",\n"
    key = ', headers={"Authorization": f"Bearer {key}"}' if made.get("security") else ""
    return f'import httpx\n\napi = httpx.Client(base_url="{site}"{key})\nreply = api.{_call(method, kind)}{joined})\nreply.raise_for_status()'


def _call(method: str, kind: str) -> str:
    """httpx's methods for GET and DELETE take no body."""
    return f'request("{method.upper()}", ' if kind and method in ("get", "delete") else f"{method}("


def _path(path: str, mark: str) -> str:
    """The path with its ids as variables, of the shell ($PROJECT) or of Python ({project})."""
    if mark:
        return re.sub(r"\{(\w+)\}", lambda found: f"{mark}{found[1].upper()}", path)
    return path


def _body(made: Json) -> tuple[str, Json]:
    contents = made.get("requestBody", {}).get("content", {})
    for kind, content in contents.items():
        return kind, content.get("schema", {})
    return "", {}


def sample(schema: Json, resolve: Resolve, depth: int = 0) -> Any:
    """A value that a schema takes: only the fields that are needed, or the first one where none is."""
    schema = resolve(schema)
    for key in ("default", "const"):
        if schema.get(key) is not None:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if several:
        return sample(several[0], resolve, depth)
    if schema.get("type") == "array":
        return [sample(schema.get("items", {}), resolve, depth + 1)] if depth < DEEPEST else []
    if "properties" in schema:
        names = schema.get("required") or list(schema["properties"])[:1]
        fields = {name: sample(schema["properties"][name], resolve, depth + 1) for name in names}
        return fields if depth < DEEPEST else {}
    return {} if schema.get("type") == "object" else SAMPLES.get(str(schema.get("type")), "…")
