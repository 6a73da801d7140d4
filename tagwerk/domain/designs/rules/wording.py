"""The validator's errors in words: what is wrong, and what would be right."""

from typing import Any, get_args

from pydantic import BaseModel

from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.near import did_you_mean
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_nodes import Document, Place, Problem, dotted

_WANTED = {
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "float_type": "a number is needed",
    "float_parsing": "a number is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "list_type": "a list is needed, such as [a, b]",
    "tuple_type": "a list is needed, such as [a, b]",
    "dict_type": "a map is needed, such as {name: value}",
    "model_type": "a map is needed, such as {name: value}",
    "model_attributes_type": "a map is needed, such as {name: value}",
}


def worded(error: Any, document: Document) -> Problem:
    """One of pydantic's errors as a problem of the file."""
    place, models = _walk(error["loc"], document.value)
    kind, context = error["type"], error.get("ctx") or {}
    message = _message(kind, context, error, place, models)
    if kind == "union_tag_invalid":
        place = (*place, "kind")
    return Problem(message, document.line_of(place), dotted(place))


def _message(
    kind: str, context: dict[str, Any], error: Any, place: Place, models: list[type[BaseModel]]
) -> str:
    name = place[-1] if place else ""
    if kind == "extra_forbidden":
        return f"“{name}” is not known here" + did_you_mean(str(name), _fields(models))
    if kind == "missing":
        return f"“{name}” is missing" + _example(str(name))
    if kind == "union_tag_not_found":
        return f"“kind” is missing; it is one of {', '.join(KINDS)}"
    if kind == "union_tag_invalid":
        tag = str(context.get("tag", ""))
        return f"there is no kind “{tag}”" + did_you_mean(tag, KINDS)
    if kind == "literal_error":
        return f"“{error['input']}” is not possible; it is one of {context['expected'].replace(chr(39), '')}"
    if kind == "string_type":
        return f"a text is needed, here is {error['input']!r}; put it in quotation marks"[:300]
    return _of_size(kind, context, error)


def _of_size(kind: str, context: dict[str, Any], error: Any) -> str:
    if kind in _WANTED:
        return f"{_WANTED[kind]}, here is {error['input']!r}"[:300]
    for word, text in (("greater_than_equal", "at least"), ("greater_than", "more than"),
                       ("less_than_equal", "at most"), ("less_than", "less than")):  # fmt: skip
        if kind == word:
            return f"{error['input']} is not possible; it must be {text} {next(iter(context.values()))}"
    if kind.startswith("string_pattern"):
        return f"“{error['input']}” is not possible; small letters, digits and - only"
    text = str(error["msg"]).removeprefix("Value error, ")
    return text if kind == "wrong" else text[:1].lower() + text[1:]


def _example(name: str) -> str:
    examples = {
        "title": "; write for example title: Which answer is better?",
        "language": "; write for example language: de-DE",
        "show": '; write for example show: [{text: "{{ text }}"}]',
        "ask": "; write for example ask: {good: {kind: choice, options: [yes, no]}}",
        "options": "; write for example options: [yes, no]",
        "of": "; write for example of: [a, b]",
    }
    return examples.get(name, "")


def _walk(loc: Place, value: Any) -> tuple[Place, list[type[BaseModel]]]:
    """The place in the file (pydantic adds the kind of a question to it), and the models that stand there."""
    place: list[str | int] = []
    models: list[type[BaseModel]] = [ProjectFile]
    for number, part in enumerate(loc):
        last = number == len(loc) - 1
        if part in KINDS and not (isinstance(value, dict) and part in value):
            models = [KINDS[str(part)].Options]
            continue
        if part == "[key]":
            continue
        place.append(part)
        value = _inner(value, part)
        models = models if last else _models_at(models, part)
    return tuple(place), models


def _inner(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list):
        if isinstance(part, int):
            return value[part] if part < len(value) else None
        return next((item[part] for item in value if isinstance(item, dict) and part in item), None)
    return None


def _models_at(models: list[type[BaseModel]], part: str | int) -> list[type[BaseModel]]:
    for model in models:
        for name, info in model.model_fields.items():
            if part in (name, info.alias):
                return list(_models_in(info.annotation))
    return models


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _fields(models: list[type[BaseModel]]) -> list[str]:
    return [info.alias or name for model in models for name, info in model.model_fields.items()]
