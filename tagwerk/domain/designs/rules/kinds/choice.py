"""One of several options, or any number of them; the value is the option, or a list of options.

With `other`, an answer of the worker's own words is {"other": "…"}.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any, Final, Literal

from pydantic import Field, field_serializer, field_validator

from tagwerk.base.errors import Sentence
from tagwerk.domain.designs.rules.question import (
    Column,
    Merged,
    Merging,
    QuestionOptions,
    Value,
    is_number,
    refuse,
    wrong,
)

JUDGED_OPTIONS: Final = 8  # of many: 2^8 sets are the most that are told apart when judging
OTHER: Final = "other"
LONGEST_OTHER: Final = 500
ROUNDING: Final = 1e-9


class Options(QuestionOptions):
    """Pick one option, or with `many` any number of them."""

    kind: Literal["choice"] = Field(description="`choice`")
    options: dict[str, str] = Field(
        min_length=1,
        max_length=500,
        description="A list of values, or a map from value to label: `{pos: positive, neg: negative}`",
    )
    many: bool = Field(False, description="Whether several options may be picked; the value is then a list")
    other: bool = Field(False, description='Whether an answer in own words is possible: `{"other": "…"}`')

    @field_validator("options", mode="before")
    @classmethod
    def _from_list(cls, options: Any) -> Any:
        items = options.items() if isinstance(options, dict) else _pairs(options)
        found: dict[str, str] = {}
        for value, label in items:
            name = _text(value)
            if name in found:
                raise wrong("“{name}” is there twice; each option has its own value", name=name)
            found[name] = _text(label)
        return found

    @field_serializer("options")
    def _to_list(self, options: dict[str, str]) -> list[str | dict[str, str]]:
        # A list, because a JSON object in PostgreSQL forgets the order of its keys.
        return [value if value == label else {value: label} for value, label in options.items()]

    def misfits(self) -> Iterator[tuple[str, Sentence]]:
        """Options that people or programs could not tell apart."""
        if self.other and OTHER in self.options:
            message = "with “other: true”, “{value}” is the value of an answer in own words; call this option differently"
            yield "options", Sentence(message, value=OTHER)
        for value in self.options:
            if value != value.strip():
                yield "options", Sentence("“{value}” begins or ends with a space; leave it out", value=value)
        seen: dict[str, str] = {}
        for value, label in self.options.items():
            first = seen.setdefault(" ".join(label.split()).casefold(), value)
            if first != value:
                message = "“{first}” and “{second}” look the same to who picks; give each its own label"
                yield "options", Sentence(message, first=first, second=value)

    @cached_property
    def place(self) -> dict[str, int]:
        """Option → its place, "other" last."""
        values = [*self.options, OTHER] if self.other else list(self.options)
        return {value: number for number, value in enumerate(values)}

    @cached_property
    def sets(self) -> list[str] | None:
        """The labels of all sets of options that can be picked."""
        if len(self.place) > JUDGED_OPTIONS:
            return None
        sizes = range(1 if self.required else 0, len(self.place) + 1)
        return [
            json.dumps(picked, ensure_ascii=False) for n in sizes for picked in combinations(self.place, n)
        ]


def _pairs(options: Any) -> list[tuple[Any, Any]]:
    if not isinstance(options, list):
        raise wrong("a list of options is needed, such as {example}", example="[positive, neutral, negative]")
    found = []
    for item in options:
        if isinstance(item, dict) and len(item) != 1:
            raise wrong(
                "an option is a text, or one value with its label, such as {example}",
                example="{pos: positive}",
            )
        found.append(next(iter(item.items())) if isinstance(item, dict) else (item, item))
    return found


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > 500:
        raise wrong(
            "“{value}” is not a text of 1 to 500 characters; put options such as “true” in quotation marks",
            value=str(value)[:80],
        )
    return value


def validate(options: Options, value: Value, *, path: str) -> Value:
    """One option, or for `many` the picked ones in the order of the options."""
    if value is None or value in ("", []):
        return None
    if not options.many:
        return _one(options, value, path)
    if not isinstance(value, list | tuple):
        raise refuse(path, "Several options can be picked here; send a list, such as {example}.",
                     example=json.dumps([next(iter(options.options))], ensure_ascii=False))  # fmt: skip
    if len(value) > len(options.place):
        raise refuse(path, "More options are picked than there are.")
    picked = {_label(item): item for item in (_one(options, item, path) for item in value)}
    return [picked[label] for label in sorted(picked, key=options.place.__getitem__)]


def _one(options: Options, value: Value, path: str) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and value in options.options:
        return value
    if options.other and isinstance(value, dict) and value.keys() == {OTHER}:
        return {OTHER: _own_words(value[OTHER], path)}
    shown = ", ".join(list(options.place)[:20])
    raise refuse(
        path, "“{value}” is not one of the options: {options}.", value=str(value)[:60], options=shown
    )


def _own_words(text: Value, path: str) -> str:
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_OTHER or "\0" in text:
        raise refuse(path, "Say in 1 to {longest} characters what else it is.", longest=LONGEST_OTHER)
    return text.strip()


def _label(value: Value) -> str:
    return OTHER if isinstance(value, dict) else str(value)


def from_text(options: Options, text: str) -> Value:
    """An option itself; a JSON list for `many`; {"other": …} as JSON."""
    if text in options.options and not options.many:
        return text
    if text[:1] in "[{" and text:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return [text] if options.many and text else text


def distance(options: Options, a: Value, b: Value) -> float:
    """0 or 1; for `many` the share of picked options that only one of the two picked (Jaccard)."""
    if not options.many:
        return 0.0 if a == b else 1.0
    left, right = {_label(item) for item in a or []}, {_label(item) for item in b or []}
    return len(left ^ right) / len(left | right) if left | right else 0.0


def tolerance(options: Options, value: Value, *, path: str) -> Value:
    """For `many` the share of options that must be picked by both (Jaccard), 1 for the very same; nothing for one option."""
    if value is None:
        return 1.0 if options.many else None
    if not options.many:
        raise refuse(
            path, "An option has no near miss; name every option that is right, as {example}.",
            example='{"any_of": [a, b]}',
        )  # fmt: skip
    if is_number(value) and 0 < value <= 1:
        return float(value)
    raise refuse(
        path, "“{value}” is not a share of options in common; write a number above 0, up to 1.",
        value=str(value)[:60],
    )  # fmt: skip


def is_near(options: Options, given: Value, right: Value, tolerance: Value) -> bool:
    """The same option; for `many` enough in common."""
    apart = distance(options, given, right)
    return bool(apart <= 1 - tolerance + ROUNDING) if options.many else apart == 0


def labels(options: Options) -> list[str] | None:
    """The options; for `many` all sets of up to 8 options."""
    return options.sets if options.many else list(options.place)


def members(options: Options) -> list[str] | None:
    """The options of which several can be picked."""
    return list(options.place) if options.many else None


def to_label(options: Options, value: Value) -> str:
    """The option; for `many` the picked ones as a JSON list."""
    if options.many:
        return json.dumps([_label(item) for item in value or []], ensure_ascii=False)
    return _label(value)


def from_label(options: Options, label: str) -> Value:
    """The value behind a label; the own words of an "other" are not in it."""
    return json.loads(label) if options.many else label


def merge(options: Options, values: Sequence[Value]) -> Merged:
    """The most frequent option; for `many` each option that more than half picked."""
    votes = dict.fromkeys(options.place, 0)
    for value in values:
        for item in value or [] if options.many else [value]:
            votes[_label(item)] += 1
    if options.many:
        picked = [label for label, vote in votes.items() if vote > len(values) / 2]
        return Merged(picked, Merging.MAJORITY)
    return Merged(max(votes, key=votes.__getitem__), Merging.MAJORITY)


def columns(options: Options) -> list[Column]:
    """The value, and the own words beside it."""
    own = [Column(".other", "text")] if options.other else []
    return [Column("", "texts" if options.many else "text"), *own]


def cells(options: Options, value: Value) -> list[Any]:
    """The label or labels; the own words."""
    items = value if isinstance(value, list) else [value]
    own = [next((item[OTHER] for item in items if isinstance(item, dict)), None)] if options.other else []
    if value is None:
        return [None, *own]
    return [[_label(item) for item in items] if options.many else _label(value), *own]


def literal_problem(options: Options, name: str, sign: str, literal: Any) -> Sentence | None:
    """A text that is no option can never be the answer."""
    if options.many and sign in ("==", "!="):
        return Sentence(
            "several options can be picked; write “{condition}”", condition=f'"{literal}" in {name}'
        )
    if literal not in options.place:
        shown = ", ".join(list(options.place)[:20])
        return Sentence("“{literal}” is not one of its options: {options}", literal=literal, options=shown)
    return None
