"""The validator's errors in words: what is wrong, and what would be right."""

from typing import Any, get_args

from pydantic import BaseModel

from tagwerk.base.errors import Sentence
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.near import did_you_mean
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_nodes import Document, Place, Problem, dotted

_WANTED = {
    **dict.fromkeys(["int_type", "int_parsing", "int_from_float"], Sentence("a whole number is needed")),
    **dict.fromkeys(["float_type", "float_parsing"], Sentence("a number is needed")),
    **dict.fromkeys(["bool_type", "bool_parsing"], Sentence("true or false is needed")),
    **dict.fromkeys(
        ["list_type", "tuple_type"], Sentence("a list is needed, such as {example}", example="[a, b]")
    ),
    **dict.fromkeys(
        ["dict_type", "model_type", "model_attributes_type"],
        Sentence("a map is needed, such as {example}", example="{name: value}"),
    ),
}
_BOUNDS = {
    "greater_than_equal": Sentence("at least"),
    "greater_than": Sentence("more than"),
    "less_than_equal": Sentence("at most"),
    "less_than": Sentence("less than"),
}
_SIZES = {
    "string_too_short": ("min_length", Sentence("at least")),
    "string_too_long": ("max_length", Sentence("at most")),
    "too_short": ("min_length", Sentence("at least")),
    "too_long": ("max_length", Sentence("at most")),
}
_EXAMPLES = {
    "title": "title: Which answer is better?",
    "language": "language: de-DE",
    "show": 'show: [{text: "{{ text }}"}]',
    "ask": "ask: {good: {kind: choice, options: [yes, no]}}",
    "options": "options: [yes, no]",
    "of": "of: [a, b]",
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
) -> Sentence:
    name = str(place[-1]) if place else ""
    if kind == "wrong":
        said: Sentence = context["said"]
        return said
    if kind == "extra_forbidden":
        near = did_you_mean(name, _fields(models))
        return Sentence("“{name}” is not known here{near}", name=name, near=near)
    if kind == "missing":
        return _missing(name)
    if kind == "union_tag_not_found":
        return Sentence("“kind” is missing; it is one of {kinds}", kinds=", ".join(KINDS))
    if kind == "union_tag_invalid":
        tag = str(context.get("tag", ""))
        return Sentence("there is no kind “{kind}”{near}", kind=tag, near=did_you_mean(tag, KINDS))
    if kind == "literal_error":
        possible = context["expected"].replace("'", "").replace(" or ", ", ")
        return Sentence(
            "“{value}” is not possible; it is one of {possible}", value=error["input"], possible=possible
        )
    return _of_size(kind, context, error)


def _missing(name: str) -> Sentence:
    if name not in _EXAMPLES:
        return Sentence("“{name}” is missing", name=name)
    return Sentence("“{name}” is missing; write for example {example}", name=name, example=_EXAMPLES[name])


def _of_size(kind: str, context: dict[str, Any], error: Any) -> Sentence:
    given = error["input"]
    if kind == "string_type":
        return Sentence(
            "a text is needed, here is {value}; put it in quotation marks", value=repr(given)[:200]
        )
    if kind in _WANTED:
        return Sentence("{wanted}, here is {value}", wanted=_WANTED[kind], value=repr(given)[:200])
    if kind in _BOUNDS:
        limit = next(iter(context.values()))
        return Sentence(
            "{value} is not possible; it must be {bound} {limit}",
            value=given,
            bound=_BOUNDS[kind],
            limit=limit,
        )
    if kind in _SIZES:
        name, bound = _SIZES[kind]
        if kind.startswith("string"):
            return Sentence("the text must have {bound} {limit} characters", bound=bound, limit=context[name])
        return Sentence("the list must have {bound} {limit} entries", bound=bound, limit=context[name])
    if kind.startswith("string_pattern"):
        return Sentence("“{value}” is not possible; small letters, digits and - only", value=given)
    text = str(error["msg"])
    return Sentence(text[:1].lower() + text[1:])


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
