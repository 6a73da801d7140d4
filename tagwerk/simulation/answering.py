"""What a simulated person answers to a question of any kind, from the design's description alone."""

from collections.abc import Callable
from random import Random
from typing import Any

from tagwerk.client import Design, Held, Question
from tagwerk.simulation.habits import Habit
from tagwerk.simulation.texts import almost, some_text

Value = Any


class Answerer:
    """Answers the questions of a task as somebody of this habit and accuracy would."""

    def __init__(self, habit: Habit, accuracy: float, chance: Random) -> None:
        self.habit = habit
        self.accuracy = accuracy
        self.chance = chance

    def answers(self, design: Design, held: Held, truth: dict[str, Value], seed: str) -> dict[str, Value]:
        """Answers to all questions; those whose condition does not hold are dropped by the platform.

        Where `truth` says nothing about a question, careful people agree with one another on an answer that
        follows from `seed` (the fingerprint of the task's data), as they would on a real question.
        """
        found = {}
        for question in design.ask:
            if (
                not question.required
                and question.name not in truth
                and self.chance.random() > self.habit.optional
            ):
                continue
            right = truth[question.name] if question.name in truth else _agreed(question, design, seed)
            value = self._answer(question, right, held, design)
            if value is not None:
                found[question.name] = value
        return found

    def _answer(self, question: Question, right: Value, held: Held, design: Design) -> Value:
        language = design.language
        if self.chance.random() < self.accuracy:
            return (
                right
                if right is not None
                else (_any(question, language, self.chance) if question.required else None)
            )
        if self.chance.random() < self.habit.lazy:
            return _lazy(question, held, design, self.chance)
        if self.chance.random() < self.habit.guesses:
            return _any(question, language, self.chance)
        return _wrong(question, right, language, self.chance)


def possible_values(question: Question) -> list[Value]:
    """The values of a question that has finitely many, in their order."""
    options = question.options
    if question.kind == "choice":
        return [next(iter(item)) if isinstance(item, dict) else item for item in options["options"]]
    if question.kind == "comparison":
        half = options.get("scale", 3) // 2
        return [value for value in range(-half, half + 1) if value or options.get("tie", True)]
    if question.kind == "rating":
        return _points(options)
    return []


def _points(options: dict[str, Any]) -> list[Value]:
    if options.get("scale"):
        return list(range(1, options["scale"] + 1))
    low, high, step = options["min"], options["max"], options.get("step") or 1
    values = [round(low + step * place, 9) for place in range(round((high - low) / step) + 1)]
    return [int(value) if value == int(value) else value for value in values]


def _agreed(question: Question, design: Design, seed: str) -> Value:
    """The same for everybody who sees the same task; an optional question nobody has to answer."""
    return _any(question, design.language, Random(f"{seed}:{question.name}"))  # noqa: S311 (a simulation)


def _any(question: Question, language: str, chance: Random) -> Value:
    if question.kind == "text":
        return some_text(question.options, language, chance)
    values = possible_values(question)
    if not values:
        raise ValueError(f"simulated people cannot answer questions of the kind “{question.kind}” yet")
    one = chance.choice(values)
    return [one] if question.options.get("many") else one


def _lazy(question: Question, held: Held, design: Design, chance: Random) -> Value:
    """The answer that costs least: the first option, the side on the left, the middle of a scale."""
    values = possible_values(question)
    if question.kind == "comparison":
        return min(values) if _first_stands_left(question, held, design) else max(values)
    if question.kind == "rating":
        return values[len(values) // 2]
    if question.kind == "choice":
        return [values[0]] if question.options.get("many") else values[0]
    return _any(question, design.language, chance)


def _first_stands_left(question: Question, held: Held, design: Design) -> bool:
    """Whether the first of `of`, for which negative values stand, is on the left for this assignment."""
    first, second = question.options["of"]
    compared = (block["compare"] for block in design.show if "compare" in block)
    block = next(block for block in compared if first in block and second in block)
    left, right = block["order"]
    turned = held.order == "ba" and block.get("shuffle", True)
    return bool(first == (right if turned else left))


def _wrong(question: Question, right: Value, language: str, chance: Random) -> Value:
    if right is None:
        return _any(question, language, chance)
    return _WRONG.get(question.kind, _any_other)(question, right, language, chance)


def _any_other(question: Question, right: Value, language: str, chance: Random) -> Value:
    others = [value for value in possible_values(question) if value != right]
    return chance.choice(others) if others else right


def _wrong_choice(question: Question, right: Value, language: str, chance: Random) -> Value:
    """Another option; of several, one is forgotten or one too many is picked."""
    if not question.options.get("many"):
        return _any_other(question, right, language, chance)
    picked = [value for value in right if isinstance(value, str)]
    one = chance.choice(possible_values(question))
    changed = [value for value in picked if value != one] if one in picked else [*picked, one]
    return changed or ([] if not question.required else [one])


def _near(question: Question, right: Value, language: str, chance: Random) -> Value:
    """People who err on a scale err by a step or two, rarely by the whole of it."""
    values = possible_values(question)
    others = [value for value in values if value != right]
    if not others or not isinstance(right, int | float):
        return right
    step = (values[-1] - values[0]) / max(1, len(values) - 1)
    weights = [0.3 ** (abs(value - right) / step) for value in others]
    return chance.choices(others, weights)[0]


def _wrong_text(question: Question, right: Value, language: str, chance: Random) -> Value:
    return almost(right, question.options, chance) if isinstance(right, str) else right


_WRONG: dict[str, Callable[[Question, Value, str, Random], Value]] = {
    "choice": _wrong_choice,
    "rating": _near,
    "comparison": _near,
    "text": _wrong_text,
}
