"""Unpaired preference data for TRL's KTO and BCO trainers: prompt, completion, label (one JSON object a line).

Source: huggingface/trl docs/source/dataset_formats.md. The label must say that *this* completion is good. So it
comes from a question about one completion; from a comparison only if the requester says so, because of two
answers both may be good or both bad.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from pydantic_core import to_json

from tagwerk.base.errors import Invalid
from tagwerk.domain.exports.rules.prompts import column_reader, prompt_reader, template_reader, with_prompt
from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.exports.rules.shape import Shape
from tagwerk.domain.exports.rules.trl_preference import comparison_of

SUFFIX = "jsonl"
CONTENT_TYPE = "application/x-ndjson"


def check(shape: Shape) -> None:
    """Refuse where nothing says which completions are good."""
    if shape.options.from_pairs:
        comparison_of(shape)
        return
    options = shape.options
    if options.question not in shape.questions or not options.completion or not options.desirable:
        raise Invalid(
            "export_without_label",
            "Say which results mean “good”: question (one of {questions}), desirable (its good values) and completion "
            "(the column with the model's answer); or from_pairs, to take them from a comparison.",
            path="options",
            questions=", ".join(shape.questions),
        )


def write(records: Iterable[Record], out: BinaryIO, shape: Shape) -> int:
    """Write a line for each completion with a label; how many there are."""
    rows = 0
    for line in _from_pairs(records, shape) if shape.options.from_pairs else _from_labels(records, shape):
        out.write(to_json(line) + b"\n")
        rows += 1
    return rows


def _from_labels(records: Iterable[Record], shape: Shape) -> Iterator[dict[str, Any]]:
    options = shape.options
    assert options.question and options.completion, "checked before"
    completion, prompt, good = column_reader(options.completion), prompt_reader(shape), set(options.desirable)
    for record in records:
        value, text = shape.value(record, options.question), completion(record["data"])
        if value is not None and text is not None:
            row = with_prompt(prompt(record["data"]), completion=text)
            yield {**row, "label": str(value) in good}


def _from_pairs(records: Iterable[Record], shape: Shape) -> Iterator[dict[str, Any]]:
    question = comparison_of(shape)
    sides = [template_reader(shape.sides[side]) for side in shape.comparisons[question]]
    prompt = prompt_reader(shape)
    for record in records:
        value = shape.value(record, question)
        if not value:
            continue
        for read, good in zip(sides, (value < 0, value > 0), strict=True):
            if (text := read(record["data"])) is not None:
                yield {**with_prompt(prompt(record["data"]), completion=text), "label": good}
