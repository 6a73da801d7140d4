"""Right answers: one or several for a question, and how near to them is right.

For each question, gold holds a right answer, or {"any_of": [right answers], "within": how near is right}. Without
`within`, the project's `quality.tolerance` for the question holds, else what the kind thinks sensible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.domain.designs.rules.answers import require_answers, require_known, require_small
from tagwerk.domain.designs.rules.design import DesignView, Question
from tagwerk.domain.designs.rules.question import Kind, Value, refuse

ANY_OF: Final = "any_of"
WITHIN: Final = "within"
MOST_RIGHT: Final = 50  # right answers to one question


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right for one question: `within` None means as the project or the kind says."""

    accepted: tuple[Value, ...]
    within: Value = None


def expected_of(given: Value) -> Expected:
    """What gold holds for a question, taken apart."""
    if isinstance(given, Mapping) and ANY_OF in given:
        return Expected(tuple(given[ANY_OF]), given.get(WITHIN))
    return Expected((given,))


def shown_answers(gold: Mapping[str, Any]) -> dict[str, Any]:
    """Question → its first right answer: what stands where one answer is shown or delivered."""
    return {question: expected_of(given).accepted[0] for question, given in gold.items()}


def is_right(kind: Kind, options: Any, given: Value, expected: Expected, tolerance: Value = None) -> bool:
    """Whether an answer is near enough to one of the right ones; no answer is right only if none is due."""
    if given is None:
        return None in expected.accepted
    within = tolerance if expected.within is None else expected.within
    if within is None:
        within = kind.tolerance(options, None, path="")
    return any(one is not None and kind.is_near(options, given, one, within) for one in expected.accepted)


def chance(kind: Kind, options: Any, expected: Expected, tolerance: Value = None) -> float:
    """The share of all possible answers that would count as right; 0 where answers cannot be counted."""
    labels = kind.labels(options) or []
    values = [kind.from_label(options, label) for label in labels]
    right = sum(is_right(kind, options, value, expected, tolerance) for value in values)
    return right / len(values) if values else 0.0


def fits(kind: Kind, options: Any, expected: Expected, *, path: str) -> bool:
    """Whether gold still fits its question, which may have changed since."""
    try:
        for one in expected.accepted:
            kind.validate(options, one, path=path)
        if expected.within is not None:
            kind.tolerance(options, expected.within, path=path)
    except Refusal:
        return False
    return True


def check_gold(design: DesignView, gold: Mapping[str, Any]) -> dict[str, Any]:
    """The right answers of a gold task in normal form, for some of the questions, at least one."""
    require_answers(gold, path="_gold")
    require_known(design, gold, "_gold")
    found = {
        question.name: right
        for question in design.questions
        if (right := _normal(question, gold.get(question.name), f"_gold.{question.name}")) is not None
    }
    if not found:
        raise Invalid("answer_missing", "No question is answered; name at least one.", path="_gold")
    require_small(found)
    return found


def _normal(question: Question, given: Value, path: str) -> Value:
    if not isinstance(given, Mapping) or not given.keys() & {ANY_OF, WITHIN}:
        return question.face.validate(question.options, given, path=path)
    if not isinstance(given.get(ANY_OF), list | tuple) or given.keys() - {ANY_OF, WITHIN}:
        raise refuse(
            path, "Write right answers as {example}, “within” only if you like.",
            example='{"any_of": […], "within": …}',
        )  # fmt: skip
    accepted = _accepted(question, given[ANY_OF], path)
    if given.get(WITHIN) is None:
        return accepted[0] if len(accepted) == 1 else {ANY_OF: accepted}
    within = question.face.tolerance(question.options, given[WITHIN], path=f"{path}.{WITHIN}")
    return {ANY_OF: accepted, WITHIN: within}


def _accepted(question: Question, values: Any, path: str) -> list[Value]:
    if not 0 < len(values) <= MOST_RIGHT:
        raise refuse(path, "A question has 1 to {most} right answers.", most=MOST_RIGHT)
    accepted: list[Value] = []
    for number, value in enumerate(values):
        right = question.face.validate(question.options, value, path=f"{path}.{ANY_OF}.{number}")
        if right is None:
            raise refuse(f"{path}.{ANY_OF}.{number}", "A right answer is empty.")
        if right not in accepted:
            accepted.append(right)
    return accepted
