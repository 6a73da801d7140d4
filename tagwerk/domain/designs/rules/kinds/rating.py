"""A number on a scale: 1 to n, or from min to max in steps."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

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

JUDGED_POINTS: Final = 21  # on a finer scale two careful people seldom pick the very same number
MOST_POINTS: Final = 10_001
MOST_BUTTONS: Final = 21
EXACT_POINTS: Final = 11  # on a scale of so many points, another point is another answer
ROUNDING: Final = 1e-9


class Options(QuestionOptions):
    """Rate on a scale: `scale: 5` for 1 to 5, or `min`, `max`, `step`."""

    kind: Literal["rating"] = Field(description="`rating`")
    scale: int | None = Field(None, ge=2, le=100, description="The number of points, from 1 up")
    min: float | None = Field(None, description="The lowest value (with `max`, instead of `scale`)")
    max: float | None = Field(None, description="The highest value")
    step: float | None = Field(None, gt=0, description="The distance between two values; without it, 1")
    as_: Literal["likert", "number", "slider"] | None = Field(
        None, alias="as", description="How it looks; without it, `likert` up to 11 points, else `slider`"
    )
    labels: dict[str, str] = Field(
        default_factory=dict, description="Texts at values: `{1: not at all, 5: very}`"
    )

    @field_validator("labels", mode="before")
    @classmethod
    def _keys_are_text(cls, labels: Any) -> Any:
        return {str(key): text for key, text in labels.items()} if isinstance(labels, dict) else labels

    @model_validator(mode="after")
    def _one_scale(self) -> Self:
        ends = [self.min, self.max]
        if self.scale is not None and any(end is not None for end in [*ends, self.step]):
            raise wrong("say either “scale” or “min” and “max”, not both")
        if self.scale is None and None in ends:
            raise wrong(
                "“scale” is missing (or “min” and “max”); write for example {example}", example="scale: 5"
            )
        low, high, step = self._ends
        if low >= high:
            raise wrong("“min” ({low}) must be less than “max” ({high})", low=low, high=high)
        if (high - low) % step or (high - low) / step >= MOST_POINTS:
            raise wrong(
                "“step” ({step}) must divide the way from {low} to {high} into at most {most} equal steps",
                step=step,
                low=low,
                high=high,
                most=MOST_POINTS - 1,
            )
        for key in self.labels:
            if _number(key) not in self.points:
                raise wrong(
                    "“labels” names {key}, which is not on the scale from {low} to {high}",
                    key=key,
                    low=low,
                    high=high,
                )
        return self

    def misfits(self) -> Iterator[tuple[str, Sentence]]:
        """More buttons than anybody can look over; two texts at one value."""
        if self.as_ == "likert" and len(self.points) > MOST_BUTTONS:
            message = (
                "a “likert” scale has at most {most} points, here are {points}; take “slider” or “number”"
            )
            yield "as", Sentence(message, most=MOST_BUTTONS, points=len(self.points))
        if len({_number(key) for key in self.labels}) < len(self.labels):
            yield "labels", Sentence("two of the “labels” are for the same value")

    @cached_property
    def _ends(self) -> tuple[Decimal, Decimal, Decimal]:
        if self.scale is not None:
            return Decimal(1), Decimal(self.scale), Decimal(1)
        return (
            Decimal(repr(self.min)),
            Decimal(repr(self.max)),
            Decimal(repr(1.0 if self.step is None else self.step)),
        )

    @cached_property
    def points(self) -> dict[float, int | float]:
        """Each value on the scale → itself, whole numbers as integers."""
        low, high, step = self._ends
        values = [low + step * number for number in range(int((high - low) / step) + 1)]
        return {float(v): int(v) if v == v.to_integral_value() else float(v) for v in values}

    @property
    def shown_as(self) -> str:
        """likert, number or slider."""
        return self.as_ or ("likert" if len(self.points) <= 11 else "slider")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def validate(options: Options, value: Value, *, path: str) -> Value:
    """A value on the scale."""
    if value is None or value == "":
        return None
    if is_number(value) and value in options.points:
        return options.points[value]
    low, high, step = options._ends
    raise refuse(path, "“{value}” is not a number from {low} to {high} in steps of {step}.",
                 value=str(value)[:60], low=f"{low:f}", high=f"{high:f}", step=f"{step:f}")  # fmt: skip


def from_text(options: Options, text: str) -> Value:
    """The number that a text holds; else the text, which is then refused."""
    number = _number(text)
    return text if number is None else number


def distance(options: Options, a: Value, b: Value) -> float:
    """The way between the two as a share of the whole scale."""
    low, high, _ = options._ends
    return abs(float(a) - float(b)) / float(high - low)


def tolerance(options: Options, value: Value, *, path: str) -> Value:
    """How far up or down the scale is still right: nothing on up to 11 points, a twentieth of a finer scale."""
    low, high, _ = options._ends
    if value is None:
        return 0 if len(options.points) <= EXACT_POINTS else float(high - low) / 20
    if is_number(value) and 0 <= value < high - low:
        return value
    raise refuse(
        path, "“{value}” is not a way on the scale; write a number from 0 to less than {most}.",
        value=str(value)[:60], most=f"{high - low:f}",
    )  # fmt: skip


def is_near(options: Options, given: Value, right: Value, tolerance: Value) -> bool:
    """At most so far up or down."""
    return bool(abs(float(given) - float(right)) <= tolerance + ROUNDING)


def labels(options: Options) -> list[str] | None:
    """The values as text, up to 21 of them; finer scales are averaged, not judged."""
    return [str(value) for value in options.points.values()] if len(options.points) <= JUDGED_POINTS else None


def members(options: Options) -> list[str] | None:
    """An answer is one value."""
    return None


def to_label(options: Options, value: Value) -> str:
    """The value as text."""
    return str(options.points[value])


def from_label(options: Options, label: str) -> Value:
    """The value behind a label."""
    return options.points[float(label)]


def merge(options: Options, values: Sequence[Value]) -> Merged:
    """The lower median."""
    return Merged(options.points[sorted(values)[(len(values) - 1) // 2]], Merging.MEDIAN)


def columns(options: Options) -> list[Column]:
    """The value."""
    whole = all(isinstance(value, int) for value in options.points.values())
    return [Column("", "integer" if whole else "number")]


def cells(options: Options, value: Value) -> list[Any]:
    """The value."""
    return [value]


def literal_problem(options: Options, name: str, sign: str, literal: Any) -> Sentence | None:
    """Only numbers can be met; equal only what is on the scale."""
    if not is_number(literal):
        return Sentence("its answers are numbers, “{literal}” is none", literal=literal)
    if sign in ("==", "!=", "in", "not in") and literal not in options.points:
        return Sentence("{literal} is not on its scale", literal=literal)
    return None
