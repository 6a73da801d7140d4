"""YAML 1.2 (core schema) and JSON as plain values that know their lines.

`no`, `NO`, `12:30` and `2024-01-01` stay texts, duplicate keys are refused, tags and references (anchors) are
refused: nothing in a file can become more than it is.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from tagwerk.base.errors import Sentence

LARGEST: Final = 250_000  # characters: two seconds of reading at worst
DEEPEST: Final = 30
_TOO_DEEP: Final = Sentence("it is nested too deep")
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
# What plain scalars may look like to the parser (dates, <<, =); all of them are read by the core schema below.
_CORE_TAGS: Final = frozenset(
    {"str", "int", "float", "bool", "null", "seq", "map", "timestamp", "merge", "value"}
)
_NULL: Final = re.compile(r"~|null|Null|NULL|")
_BOOL: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT: Final = re.compile(r"[-+]?[0-9]{1,30}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")

Place = tuple[str | int, ...]


@dataclass
class Problem:
    """One thing that is wrong in a file."""

    message: Sentence
    line: int | None = None  # counted from 1
    path: str = ""  # "ask.better.scale"


class Unreadable(Exception):
    """The text is no YAML; the problem says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem.message))
        self.problem = problem


@dataclass
class Document:
    """A value, and on which line each place of it begins."""

    value: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of what is nearest around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None


def read_document(text: str) -> Document:
    """Read YAML or JSON; Unreadable says what is wrong on which line."""
    if len(text) > LARGEST:
        raise Unreadable(Problem(Sentence("the file is larger than {most} characters", most=LARGEST)))
    lines: dict[Place, int] = {}
    try:
        value = _value(_compose(text), (), lines)
    except Unreadable:
        value = _json(text)
    return Document(value, lines)


def _compose(text: str) -> Node | None:
    reader = YAML(pure=True)
    reader.max_depth = DEEPEST + 1  # while reading: the time for open brackets grows with their square
    try:
        return reader.compose(text)  # type: ignore[no-any-return]
    except MaxDepthExceededError as error:
        raise Unreadable(Problem(_TOO_DEEP, error.problem_mark.line + 1)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context or "it cannot be read")
        raise Unreadable(_no_yaml(problem, mark.line + 1 if mark else None)) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(_no_yaml(str(error).splitlines()[0][:200])) from None


def _no_yaml(reason: str, line: int | None = None) -> Problem:
    return Problem(Sentence("this is not YAML: {reason}", reason=reason), line)


def _json(text: str) -> Any:
    """JSON that is no YAML (tabs at the beginning of lines); else the same complaint again."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return dict(pairs)

    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, object_pairs_hook=unique)
        except (ValueError, RecursionError):
            pass
    return _value(_compose(text), (), {})


def _value(node: Node | None, place: Place, lines: dict[Place, int]) -> Any:
    if node is None:
        return None
    lines.setdefault(place, node.start_mark.line + 1)
    reason = _refused(node, place)
    if reason:
        raise Unreadable(Problem(reason, node.start_mark.line + 1, dotted(place)))
    if isinstance(node, MappingNode):
        return _mapping(node, place, lines)
    if isinstance(node, SequenceNode):
        return [_value(item, (*place, number), lines) for number, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node)


def _refused(node: Node, place: Place) -> Sentence | None:
    if node.anchor is not None:
        return Sentence("references (& and *) are not read here")
    if len(place) > DEEPEST:
        return _TOO_DEEP
    tag = str(node.tag).removeprefix("tag:yaml.org,2002:")
    if tag in _CORE_TAGS:
        return None
    return Sentence("tags such as {tag} are not read here", tag=f"!{tag.removeprefix('!')}")


def _mapping(node: MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise Unreadable(Problem(Sentence("a name is a text, not a list or a map"), line, dotted(place)))
        key = _joined(key_node.value)
        if key in found:
            twice = Sentence("“{name}” is there twice", name=key)
            raise Unreadable(Problem(twice, line, dotted((*place, key))))
        lines[(*place, key)] = line
        found[key] = _value(value_node, (*place, key), lines)
    return found


def _scalar(node: ScalarNode) -> Any:
    text = _joined(node.value)
    if node.style is not None or node.tag == _TEXT_TAG:
        return text
    return _core(text)


def _core(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _joined(text: str) -> str:
    """JSON writes a character beyond the first plane as two halves; YAML leaves them apart."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def dotted(place: Place) -> str:
    """A place as people write it: ask.better.options[0]."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")
