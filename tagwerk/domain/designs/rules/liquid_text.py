"""Liquid over a task's data: compiled once, without files, clock or endless loops.

Values are data: what a template puts out is a text that its block escapes or renders; nothing in a row can become
markup or code by being inserted.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Final

from liquid import BoundTemplate, Environment, RenderContext
from liquid.ast import ConditionalBlockNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.exceptions import LiquidError

from tagwerk.base.errors import Invalid

LONGEST_TEMPLATE: Final = 20_000
_NEEDS_FILES: Final = ("include", "render")
# One needs a clock; the other takes for ever on hostile text, and nothing here is HTML.
_LEFT_OUT: Final = ("date", "strip_html")
_GROWING: Final = ("replace", "replace_last", "join", "times", "append", "prepend")
LONGEST_VALUE: Final = 1_000_000
LARGEST_NUMBER: Final = 10**30
_DECIDING_TAGS: Final = frozenset({"if", "unless", "case"})
_DECIDING_NODES: Final = (ConditionalBlockNode, MultiExpressionBlockNode)
_OF_LISTS: Final = frozenset({"size", "first", "last"})  # Liquid answers these itself

Segments = tuple[str | int, ...]


class _Bounded(Environment):
    """Liquid with limits: a template is written once, but filled from rows that anybody may have written."""

    loop_iteration_limit = 10_000
    local_namespace_limit = 2_000_000
    output_stream_limit = 1_000_000


class _Object(dict[str, Any]):
    """A JSON object, shown as JSON where a template puts it out whole."""

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False)


@cache
def _environment() -> Environment:
    environment = _Bounded(strict_filters=True)
    for tag in _NEEDS_FILES:
        del environment.tags[tag]
    for name in _LEFT_OUT:
        del environment.filters[name]
    for name in _GROWING:
        environment.filters[name] = _bounded(name, environment.filters[name])
    return environment


def _bounded(name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is asked how large its result will be before it makes it."""

    @wraps(plain)
    def bounded(value: Any, *arguments: Any, **more: Any) -> Any:
        too_large = LiquidError(f"the result of “{name}” is too large", token=None)
        if _size(name, value, arguments) > LONGEST_VALUE:
            raise too_large
        result = plain(value, *arguments, **more)
        if isinstance(result, int) and abs(result) > LARGEST_NUMBER:
            raise too_large
        return result

    return bounded


def _size(name: str, value: Any, arguments: tuple[Any, ...]) -> int:
    """An upper bound of the length of a text made by a filter."""
    texts = [len(argument) for argument in arguments if isinstance(argument, str)]
    if name == "join" and isinstance(value, list):
        parts = sum(len(item) for item in value if isinstance(item, str))
        return parts + len(value) * max(texts, default=1)
    if name == "replace" and isinstance(value, str) and len(texts) > 1:
        return len(value) + (value.count(str(arguments[0])) + 1) * texts[1]
    return (len(value) if isinstance(value, str) else 20) + sum(texts)


@dataclass(frozen=True, eq=False)
class LiquidText:
    """A compiled template."""

    template: BoundTemplate
    needs: tuple[Segments, ...]  # the places in a row that must be there
    whole: Segments | None  # the one place, where the template is nothing but {{ place }}

    def text(self, data: Mapping[str, Any]) -> str:
        """The text for a row; Invalid where the template cannot be filled from it."""
        try:
            return str(self.template.render({key: _shown(value) for key, value in data.items()}))
        except (LiquidError, RecursionError, ValueError, TypeError, ArithmeticError) as error:
            raise Invalid(
                "row_unfit", "The template cannot be filled: {reason}", reason=_reason(error)
            ) from None

    def value(self, data: Mapping[str, Any]) -> Any:
        """The value itself where the template is nothing but one place, else the text."""
        return place_of(data, self.whole) if self.whole else self.text(data)


def compile_liquid(source: str) -> LiquidText:
    """Compile a template; Invalid says what is wrong with it."""
    if len(source) > LONGEST_TEMPLATE:
        raise Invalid(
            "template_wrong", "A template has at most {longest} characters.", longest=LONGEST_TEMPLATE
        )
    for opening, closing in (("{{", "}}"), ("{%", "%}")):
        # Looked for first, because the parser takes for ever over many of them.
        if any(closing not in piece for piece in source.split(opening)[1:]):
            message = "Here “{opening}” is not closed by “{closing}”."
            raise Invalid("template_wrong", message, opening=opening, closing=closing)
    try:
        template = _environment().from_string(source)
        found = template.analyze(include_partials=False)
    except (LiquidError, RecursionError) as error:
        raise Invalid(
            "template_wrong", "This is not right in Liquid: {reason}", reason=_reason(error)
        ) from None
    for name in found.filters:
        if name not in _environment().filters:
            raise Invalid("template_wrong", "There is no filter “{name}” here.", name=name)
    spare = set(_optional(template))
    needs = {
        _fixed(variable.segments)
        for name, variables in found.globals.items()
        if name not in spare
        for variable in variables
    }
    return LiquidText(template, tuple(sorted(needs, key=str)), _whole(template))


def columns_of(source: LiquidText) -> set[str]:
    """The columns that a row must have."""
    return {str(place[0]) for place in source.needs}


MISSING: Final = object()


def place_of(data: Any, place: Segments) -> Any:
    """What stands at a place in a row, or MISSING."""
    for segment in place:
        if _has(data, segment):
            data = data[segment]
        elif segment in _OF_LISTS:
            return data
        else:
            return MISSING
    return data


def _has(data: Any, segment: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(segment, int) and -len(data) <= segment < len(data)
    return isinstance(data, Mapping) and segment in data


def place_name(place: Segments) -> str:
    """A place as a template writes it: item.title, messages[0]."""
    head, *rest = place
    return str(head) + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in rest)


def _fixed(segments: list[Any]) -> Segments:
    """The part of a path before anything that depends on the row, such as item[key]."""
    found: list[str | int] = []
    for segment in segments:
        if not isinstance(segment, str | int) or segment in _OF_LISTS:
            break
        found.append(segment)
    return tuple(found)


def _optional(template: BoundTemplate) -> Iterator[str]:
    """Names that a template asks for before it uses them: in a condition, or with a default."""
    nodes, context = list(template.nodes), RenderContext(template)
    while nodes:
        node = nodes.pop()
        nodes += node.children(context, include_partials=False)
        deciding = node.token.value in _DECIDING_TAGS or isinstance(node, _DECIDING_NODES)
        for expression in node.expressions():
            yield from _names(expression, deciding)


def _names(expression: Any, deciding: bool) -> Iterator[str]:
    if isinstance(expression, FilteredExpression):
        deciding = deciding or any(item.name == "default" for item in expression.filters or [])
    if isinstance(expression, Path) and deciding:
        yield str(expression.head())
    for child in expression.children():
        yield from _names(child, deciding)


def _whole(template: BoundTemplate) -> Segments | None:
    nodes = [node for node in template.nodes if str(node).strip()]
    if len(nodes) != 1 or not isinstance(nodes[0], OutputNode):
        return None
    expression = nodes[0].expression
    if (
        not isinstance(expression, FilteredExpression)
        or expression.filters
        or not isinstance(expression.left, Path)
    ):
        return None
    place = _fixed(expression.left.path)
    return place if len(place) == len(expression.left.path) else None


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return _Object({key: _shown(item) for key, item in value.items()})
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _reason(error: Exception) -> str:
    return (
        str(getattr(error, "message", "") or error).splitlines()[0][:200]
        if str(error)
        else type(error).__name__
    )
