"""Preference data for TRL's DPO, CPO, ORPO and reward trainers: prompt, chosen, rejected (one JSON object a line).

Source: huggingface/trl docs/source/dataset_formats.md, explicit prompt; standard form for texts, conversational
form for conversations. Ties have no place in it and are left out, as is gold.
"""

from collections.abc import Iterable
from typing import BinaryIO

from pydantic_core import to_json

from tagwerk.base.errors import Invalid
from tagwerk.domain.exports.rules.prompts import prompt_reader, template_reader, with_prompt
from tagwerk.domain.exports.rules.records import Record
from tagwerk.domain.exports.rules.shape import Shape

SUFFIX = "jsonl"
CONTENT_TYPE = "application/x-ndjson"


def check(shape: Shape) -> None:
    """Refuse a project that compares nothing."""
    comparison_of(shape)


def comparison_of(shape: Shape) -> str:
    """The comparison to use: the chosen question, else the first comparison."""
    question = shape.options.question or next(iter(shape.comparisons), None)
    if question is None or question not in shape.comparisons:
        raise Invalid(
            "export_without_comparison",
            "This format needs a question of the kind “comparison”; this project has: {questions}.",
            path="options.question",
            questions=", ".join(shape.comparisons) or "–",
        )
    return question


def write(records: Iterable[Record], out: BinaryIO, shape: Shape) -> int:
    """Write a line for each task with a preference; how many there are."""
    question, rows = comparison_of(shape), 0
    first, second = (template_reader(shape.sides[side]) for side in shape.comparisons[question])
    prompt = prompt_reader(shape)
    for record in records:
        value = shape.value(record, question)
        if not value:
            continue
        sides = (first(record["data"]), second(record["data"]))
        if None in sides:
            continue
        chosen, rejected = sides if value < 0 else sides[::-1]
        line = with_prompt(prompt(record["data"]), chosen=chosen, rejected=rejected)
        if shape.options.margin:
            line["margin"] = float(abs(value))
        out.write(to_json(line) + b"\n")
        rows += 1
    return rows
