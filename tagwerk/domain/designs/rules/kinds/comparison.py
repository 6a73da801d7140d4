"""Which of two is better, and by how much.

The value is a whole number; negative means that the first of `of` is better, whatever side it was shown on.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import Field, field_validator

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

SIDE: Final = "side"


class Options(QuestionOptions):
    """Compare the two sides of a `compare` block."""

    kind: Literal["comparison"] = Field(description="`comparison`")
    of: tuple[str, str] = Field(
        description="The two keys of the `compare` block; negative values prefer the first"
    )
    scale: Literal[3, 5, 7] = Field(
        3, description="The number of steps from one side to the other, with the tie"
    )
    tie: bool = Field(True, description="Whether “both the same” (0) can be picked")

    @field_validator("of")
    @classmethod
    def _two(cls, of: tuple[str, str]) -> tuple[str, str]:
        if of[0] == of[1]:
            raise wrong(
                "“{name}” cannot be compared with itself; name the two keys of the compare block", name=of[0]
            )
        return of

    @cached_property
    def values(self) -> tuple[int, ...]:
        """All possible values, from the first is much better to the second is much better."""
        half = self.scale // 2
        return tuple(value for value in range(-half, half + 1) if value or self.tie)


def validate(options: Options, value: Value, *, path: str) -> Value:
    """A signed step."""
    if value is None or value == "":
        return None
    if is_number(value) and value in options.values:
        return int(value)
    raise refuse(path, "“{value}” is not one of {values}; negative means that {first} is better.", value=str(value)[:60],
                 values=", ".join(map(str, options.values)), first=options.of[0])  # fmt: skip


def from_text(options: Options, text: str) -> Value:
    """The whole number that a text holds; else the text, which is then refused."""
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    return sign * int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 3 else text


def distance(options: Options, a: Value, b: Value) -> float:
    """The way between the two as a share of the whole scale."""
    return abs(int(a) - int(b)) / (options.scale - 1)


def tolerance(options: Options, value: Value, *, path: str) -> Value:
    """`side`: the same side, however much better; or so many steps. Without it the side, of three steps the step."""
    if value is None:
        return 0 if options.scale == 3 else SIDE
    if value == SIDE:
        return SIDE
    if is_number(value) and value in range(options.scale - 1):
        return int(value)
    raise refuse(
        path, "“{value}” is not a nearness of comparisons; write “side”, or a number of steps from 0 to {most}.",
        value=str(value)[:60], most=options.scale - 2,
    )  # fmt: skip


def is_near(options: Options, given: Value, right: Value, tolerance: Value) -> bool:
    """The same side (or both the same), or at most so many steps away."""
    if tolerance == SIDE:
        return bool((given > 0) - (given < 0) == (right > 0) - (right < 0))
    return bool(abs(int(given) - int(right)) <= tolerance)


def labels(options: Options) -> list[str] | None:
    """The values as text."""
    return [str(value) for value in options.values]


def members(options: Options) -> list[str] | None:
    """An answer is one value."""
    return None


def to_label(options: Options, value: Value) -> str:
    """The value as text."""
    return str(value)


def from_label(options: Options, label: str) -> Value:
    """The value behind a label."""
    return int(label)


def merge(options: Options, values: Sequence[Value]) -> Merged:
    """The median; where the middle lies between two values, the one nearer to a tie."""
    ordered = sorted(values)
    low, high = ordered[(len(values) - 1) // 2], ordered[len(values) // 2]
    return Merged(min(low, high, key=abs), Merging.MEDIAN)


def columns(options: Options) -> list[Column]:
    """The value."""
    return [Column("", "integer")]


def cells(options: Options, value: Value) -> list[Any]:
    """The value."""
    return [value]


def literal_problem(options: Options, name: str, sign: str, literal: Any) -> Sentence | None:
    """Only whole numbers can be met; equal only what can be picked."""
    if not is_number(literal):
        return Sentence(
            "its answers are numbers (negative: the first is better), “{literal}” is none", literal=literal
        )
    if sign in ("==", "!=", "in", "not in") and literal not in options.values:
        shown = ", ".join(map(str, options.values))
        return Sentence("{literal} is not one of {values}", literal=literal, values=shown)
    return None
