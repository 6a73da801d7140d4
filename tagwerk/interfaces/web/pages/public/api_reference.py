"""The OpenAPI document of this program, made ready to be read: operations by noun, with fields, answers and examples.

The document lies beside the other references; a test holds it to what the API serves.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tagwerk.interfaces.web.pages.public.api_samples import curl, python
from tagwerk.interfaces.web.pages.public.docs_library import FOLDER

Json = dict[str, Any]
METHODS: Final = ("get", "post", "put", "patch", "delete")
DEEPEST: Final = 4  # levels of an object's fields; deeper ones are rare and named by their type
BOUNDS: Final = (
    ("minimum", "≥ {}"), ("exclusiveMinimum", "> {}"), ("maximum", "≤ {}"), ("exclusiveMaximum", "< {}"),
    ("minLength", "≥ {} characters"), ("maxLength", "≤ {} characters"),
    ("minItems", "≥ {} entries"), ("maxItems", "≤ {} entries"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body: its name (with its place in what it belongs to), type, and meaning."""

    name: str
    place: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Content:
    """A body or an answer: status (of an answer), kind of content, what it is, its fields."""

    status: str
    kind: str
    about: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the API."""

    id: str
    noun: str
    method: str
    path: str
    summary: str
    about: str
    scopes: list[str] | None  # a key needs one of them; None: no key is needed
    parameters: list[Field]
    bodies: list[Content]
    answers: list[Content]
    curl: str
    python: str


@cache
def document() -> Json:
    """The OpenAPI document."""
    made: Json = json.loads((FOLDER / "reference" / "openapi.json").read_text("utf-8"))
    return made


@cache
def operations(site: str) -> dict[str, list[Operation]]:
    """Noun → its operations, in the order of the document; the examples ask the platform at `site`."""
    nouns: dict[str, list[Operation]] = {}
    for path, methods in document()["paths"].items():
        for method in METHODS:
            if method in methods:
                one = _operation(site, method, path, methods[method])
                nouns.setdefault(one.noun, []).append(one)
    return dict(sorted(nouns.items()))


def _operation(site: str, method: str, path: str, made: Json) -> Operation:
    keys = made.get("security")
    bodies = [
        Content("", kind, "", list(_fields(content.get("schema", {}))))
        for kind, content in made.get("requestBody", {}).get("content", {}).items()
    ]
    return Operation(
        id=made["operationId"],
        noun=made["tags"][0],
        method=method.upper(),
        path=path,
        summary=made["summary"],
        about=made.get("description", ""),
        scopes=keys[0]["Key"] if keys else None,
        parameters=[_parameter(one) for one in made.get("parameters", [])],
        bodies=bodies,
        answers=list(_answers(made["responses"])),
        curl=curl(site, method, path, made, resolved),
        python=python(site, method, path, made, resolved),
    )


def _parameter(one: Json) -> Field:
    schema = one.get("schema", {})
    return Field(
        one["name"], one["in"], type_text(schema), one.get("required", False), one.get("description", "")
    )


def _answers(responses: Json) -> Iterator[Content]:
    """What comes back when it worked; how it is refused is said once for all."""
    for status, answer in responses.items():
        if status != "default":
            contents = answer.get("content") or {"": {}}
            for kind, content in contents.items():
                yield Content(
                    status, kind, answer.get("description", ""), list(_fields(content.get("schema", {})))
                )


def resolved(schema: Json) -> Json:
    """A schema without the reference that stands for it."""
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _fields(schema: Json, place: str = "", above: tuple[int, ...] = ()) -> Iterator[Field]:
    """The fields of an object and of the objects in it, each with its place: `items[].id`."""
    for one, suffix in _objects(schema):
        if id(one) in above or len(above) >= DEEPEST:
            continue
        needed = one.get("required", [])
        for name, field in one["properties"].items():
            at = f"{place}{suffix}{'.' if place or suffix else ''}{name}"
            about = field.get("description") or resolved(field).get("description", "")
            yield Field(at, "", type_text(field), name in needed, str(about))
            yield from _fields(field, at, (*above, id(one)))


def _objects(schema: Json) -> Iterator[tuple[Json, str]]:
    """The objects that a schema is or holds, each with how to get at one: [] in a list."""
    schema = resolved(schema)
    if "properties" in schema:
        yield schema, ""
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _objects(one)
    if isinstance(schema.get("items"), dict):
        for one, suffix in _objects(schema["items"]):
            yield one, f"[]{suffix}"


def type_text(schema: Json) -> str:
    """What a value is, in a few words."""
    schema = resolved(schema)
    if "enum" in schema or "const" in schema:
        return " | ".join(
            json.dumps(one, ensure_ascii=False) for one in schema.get("enum", [schema.get("const")])
        )
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if several:
        return " or ".join(dict.fromkeys(type_text(one) for one in several))
    name = str(schema.get("format") or schema.get("type") or "anything")
    if name == "array":
        return f"list of {type_text(schema.get('items', {}))}"
    bounds = [text.format(schema[key]) for key, text in BOUNDS if key in schema]
    return ", ".join([name, *bounds])
