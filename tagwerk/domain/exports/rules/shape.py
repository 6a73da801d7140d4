"""What a format must know of a project: its questions, what a task shows, and what the requester chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """What can be chosen for an export; those that a format does not need are ignored by it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    raw_answers: bool = Field(
        False, description="Add every single answer, with its worker's pseudonym and its weight"
    )
    min_confidence: float = Field(
        0.0, ge=0, le=1, description="Training files leave out results less certain than this"
    )
    question: str | None = Field(
        None, description="Which question a training file is made from; without it, the first that fits"
    )
    prompt: str | None = Field(
        None, description="The column that holds the prompt; without it, what is shown before the answers"
    )
    completion: str | None = Field(None, description="KTO: the column that holds the model's answer")
    desirable: list[str] = Field(
        default_factory=list, description="KTO: the results that mean “good”; all others mean “bad”"
    )
    from_pairs: bool = Field(
        False, description="KTO: make “good” and “bad” from a comparison, although both may be good or bad"
    )
    bom: bool = Field(False, description="CSV: begin with the mark by which Excel knows UTF-8")
    margin: bool = Field(False, description="Preferences: add how much better the chosen answer is")


@dataclass(frozen=True)
class Shown:
    """A block of the task before the answers that may be a prompt: `chat`, `text` or `markdown`, and its template."""

    kind: str
    template: str


@dataclass(frozen=True)
class Shape:
    """The project as formats see it."""

    questions: tuple[str, ...]
    comparisons: Mapping[
        str, tuple[str, str]
    ]  # question → the two sides that it compares, the first one negative
    sides: Mapping[str, str]  # side → its template
    before: tuple[Shown, ...]
    options: Options

    def value(self, record: Mapping[str, Any], question: str) -> Any:
        """The result of one question in a record that a training file may use; None where there is none."""
        result, confidence = record["result"], record["confidence"]
        if record["gold"] or result is None or result.get(question) is None:
            return None  # gold is made to check people: it would teach a model the same few rows
        sure = confidence.get(question)
        return None if sure is not None and sure < self.options.min_confidence else result[question]
