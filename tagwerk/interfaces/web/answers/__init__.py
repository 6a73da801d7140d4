"""From a design's questions to the elements that ask them, and from a posted form back to answers.

A kind has a folder here: `<kind>.js` defines the element `<tw-<kind>>`, `element.py` says how its options become the
element's configuration. Nothing else knows the kinds.
"""

import json
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from django.utils.translation import gettext as _

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules import when

PREFIX = "answer."  # of the form fields, so that no question can be called like a field of our own


class AskedQuestion(Protocol):
    """What is needed of a design's question."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def options(self) -> Any: ...
    @property
    def required(self) -> bool: ...
    @property
    def when_json(self) -> Any: ...
    @property
    def label(self) -> str: ...
    @property
    def help(self) -> str: ...


class AskedDesign(Protocol):
    """What is needed of a design."""

    @property
    def questions(self) -> Any: ...
    @property
    def language(self) -> str: ...
    def sides_shown(self, order: str) -> tuple[str, ...]: ...


class ElementModule(Protocol):
    """The face of each kind's `element.py`."""

    def configuration(self, options: Any, *, sides: Sequence[str], language: str) -> dict[str, Any]:
        """What the element needs beside label and help; `messages` are in the reader's language.

        `sides` are the names of what is compared, as they stand on the page, left first.
        """
        ...


@dataclass(frozen=True)
class QuestionElement:
    """One question as the page renders it (component "question")."""

    tag: str
    kind: str
    question: str
    name: str
    required: bool
    hidden: bool
    when: Any
    config: dict[str, Any]


@cache
def elements() -> dict[str, ElementModule]:
    """Kind → its element.py, found by listing this folder."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.ispkg]
    return {name: cast(ElementModule, import_module(f"{__name__}.{name}.element")) for name in names}


def questions_context(
    design: AskedDesign, order: str = "ab", values: Mapping[str, Any] | None = None
) -> list[QuestionElement]:
    """The elements of a design's questions.

    `order` is that of the assignment ("ab" or "ba"); `values` are answers already there (a draft, an answer to edit).
    """
    given = dict(values or {})
    sides = design.sides_shown(order)
    return [_element(question, design.language, sides, given) for question in design.questions]


def _element(
    question: AskedQuestion, language: str, sides: Sequence[str], given: dict[str, Any]
) -> QuestionElement:
    config = elements()[question.kind].configuration(question.options, sides=sides, language=language)
    messages = {
        "required": _("Please answer this question."),
        "optional": _("optional"),
        "help": _("What does this mean?"),
    }
    config = {"label": question.label or question.name, "help": question.help, "lang": language, **config}
    config["messages"] = messages | config.get("messages", {})
    if given.get(question.name) is not None:
        config["value"] = given[question.name]
    return QuestionElement(
        tag=f"tw-{question.kind}",
        kind=question.kind,
        question=question.name,
        name=PREFIX + question.name,
        required=question.required,
        hidden=question.when_json is not None and not when.evaluate(question.when_json, given),
        when=question.when_json,
        config=config,
    )


def read_answers(posted: Mapping[str, str]) -> dict[str, Any]:
    """The answers in a posted form, question → value, as the elements sent them; what they mean the design checks."""
    answers = {}
    for field, text in posted.items():
        if field.startswith(PREFIX) and text:
            answers[field.removeprefix(PREFIX)] = _read(field, text)
    return answers


def _read(field: str, text: str) -> Any:
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(
            value, ensure_ascii=False
        ).encode()  # half of a surrogate pair can be neither stored nor shown
        return value
    except (ValueError, RecursionError):
        question = field.removeprefix(PREFIX)
        raise Invalid(
            "answer_unreadable", "The answer cannot be read; load the page again.", path=question
        ) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def read_active_ms(posted: Mapping[str, str]) -> int:
    """The active time that the page measured, in milliseconds; 0 where it says nothing sensible."""
    text = posted.get("_active_ms", "")
    return min(int(text), 86_400_000) if text.isascii() and text.isdigit() and len(text) < 10 else 0
