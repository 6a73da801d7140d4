"""Stages: a result or an answer of one project as a task row of the next."""

from collections.abc import Mapping
from typing import Any

from tagwerk.domain.designs.rules.when import evaluate

Row = dict[str, Any]


def goes_on(condition: Any, values: Mapping[str, Any]) -> bool:
    """Whether a result or an answer is wanted by the next stage; without a condition, all are."""
    return condition is None or evaluate(condition, values)


def row_of_result(data: Mapping[str, Any], values: Mapping[str, Any], *, source: str) -> Row:
    """The next stage's task: the same data, and `result`. Who said so and how sure it is stays behind."""
    return {**data, "result": dict(values), "_id": source}


def row_of_task(data: Mapping[str, Any], *, source: str) -> Row:
    """The task for experts: the same data, and nothing of what others answered."""
    return {**data, "_id": source}


def row_of_answer(data: Mapping[str, Any], values: Mapping[str, Any], *, source: str) -> Row:
    """The next stage's task: the same data, and one worker's `answer`, without the worker."""
    return {**data, "answer": dict(values), "_id": source}
