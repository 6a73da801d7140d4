"""What all answer kinds share: the base of their options, refusals, columns of an export."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from tagwerk.base.errors import Invalid, Sentence
from tagwerk.domain.designs.rules import when

Value: TypeAlias = Any
"""An answer to one question, as JSON holds it."""


def wrong(message: str, /, **params: Any) -> PydanticCustomError:
    """An error in a project file, in our own words."""
    return wrong_as(Sentence(message, **params))


def wrong_as(sentence: Sentence) -> PydanticCustomError:
    """An error in a project file, in words that are there already."""
    return PydanticCustomError("wrong", "{said}", {"said": sentence})


class Part(BaseModel):
    """A piece of the project file: what is not known is refused, what is read is never changed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, serialize_by_alias=True, validate_by_name=True, validate_by_alias=True
    )


class QuestionOptions(Part):
    """The options that every question has, whatever its kind."""

    kind: str = Field(description="What kind of answer is asked for")
    label: str = Field(
        "", max_length=2000, description="The question as the worker reads it; without it, its name"
    )
    help: str = Field("", max_length=10_000, description="A longer explanation, shown on demand")
    required: bool = Field(True, description="Whether the task can be submitted without an answer")
    when: str | None = Field(
        None,
        description='A condition on earlier answers, such as `"better != 0"`; the question is hidden until it holds',
    )

    @field_validator("when")
    @classmethod
    def _when_parses(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                when.parse(text)
            except Invalid as refusal:
                raise wrong_as(refusal.sentence) from None
        return text

    def misfits(self) -> Iterator[tuple[str, Sentence]]:
        """(option, what is wrong): what can be read but would never work. Asked of new files, not of stored designs."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a flat export: `suffix` follows the question's name ("" or ".other")."""

    suffix: str
    type: str  # text | integer | number | texts


class Merging(StrEnum):
    """How several answers became one."""

    MAJORITY = "majority"  # the most frequent one
    MEDIAN = "median"  # the one in the middle
    MEDOID = "medoid"  # the one nearest to all others
    ROVER = "rover"  # word by word


class Merged(NamedTuple):
    """What several answers add up to, and how."""

    value: Value
    how: Merging


class Kind(Protocol):
    """The face of each module in `kinds/`."""

    Options: type[QuestionOptions]

    def validate(self, options: Any, value: Value, *, path: str) -> Value:
        """The answer in its normal form (None: nothing was answered); Invalid says what is wrong with it."""
        ...

    def from_text(self, options: Any, text: str) -> Value:
        """The answer that a form field or a table cell holds as text; still to be validated."""
        ...

    def distance(self, options: Any, a: Value, b: Value) -> float:
        """How far two answers are apart: 0 the same, 1 as far as can be."""
        ...

    def tolerance(self, options: Any, value: Value, *, path: str) -> Value:
        """How near to the right answer of gold is right, in normal form; for None what is sensible for the kind."""
        ...

    def is_near(self, options: Any, given: Value, right: Value, tolerance: Value) -> bool:
        """Whether an answer is as near to a right one as a tolerance wants."""
        ...

    def labels(self, options: Any) -> list[str] | None:
        """All possible answers as labels, in order; None where answers cannot be counted, so are not judged."""
        ...

    def members(self, options: Any) -> list[str] | None:
        """The labels of which an answer may hold several, each then judged by itself; None where it is one label."""
        ...

    def to_label(self, options: Any, value: Value) -> str:
        """The label of an answer."""
        ...

    def from_label(self, options: Any, label: str) -> Value:
        """The answer behind a label."""
        ...

    def merge(self, options: Any, values: Sequence[Value]) -> Merged:
        """What several answers (at least one) add up to without judging who is right."""
        ...

    def columns(self, options: Any) -> list[Column]:
        """The columns of a flat export."""
        ...

    def cells(self, options: Any, value: Value) -> list[Any]:
        """What stands in those columns for an answer (None: no answer)."""
        ...

    def literal_problem(self, options: Any, name: str, sign: str, literal: Any) -> Sentence | None:
        """What is wrong with comparing the question's answer with this value in a `when`; None: nothing."""
        ...


def refuse(path: str, message: str, **params: Any) -> Invalid:
    """An answer that is not one."""
    return Invalid("answer_wrong", message, path=path, **params)


def is_number(value: object) -> bool:
    """Numbers of JSON; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
