"""Ways of getting the same tasks done, side by side: what each costs, how right it is, what a right result costs. Pure.

    a right result costs = cost / (tasks x share of right results)
    with a model's labels = tasks x what one costs + share that people look at x tasks x what their answers cost

A result that is wrong costs as much as one that is right, so the cheapest answer is not the cheapest right one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tagwerk.domain.work.rules.estimating import WHOLE, Assumptions, Case, Source, forecast


class Way(StrEnum):
    """How the tasks are done."""

    PLAN = "plan"  # as the project is planned: until it is certain
    ONE = "one"
    THREE = "three"
    FIVE = "five"
    EXPERT = "expert"  # one answer of somebody who knows better and is paid more
    MODEL = "model"  # a model alone
    MODEL_AND_PEOPLE = "model_and_people"  # a model, and people where it is not sure


@dataclass(frozen=True, slots=True)
class Variant:
    """`answers`: by people; `rests_on`: the assumptions beyond those of the plan, by name; `is_measured`: gold has shown how
    right so many answers are, the errors that people have in common included."""

    way: Way
    net_micros: int
    answers: int
    accuracy: float
    days: float | None
    rests_on: tuple[str, ...]
    tasks: int
    is_measured: bool = False

    @property
    def per_right_micros(self) -> int | None:
        """What a right result costs; None where none would be right."""
        right = self.tasks * self.accuracy
        return None if right <= 0 else round(self.net_micros / right)


def variants(given: Assumptions, votes: Mapping[int, float] | None = None) -> list[Variant]:
    """All ways, `votes` being what gold has shown of majorities of so many; none where answers cannot be voted on, because nobody can say then how many results are right."""
    if given.classes < 2 or not given.tasks:
        return []
    found = [_people(given, Way.PLAN, forecast(given).mid, ())]
    for way, answers in ((Way.ONE, 1), (Way.THREE, 3), (Way.FIVE, 5)):
        fixed = forecast(given.said({"least": answers, "most": answers}, Source.GIVEN)).mid
        one = _people(given, way, fixed, ())
        share = (votes or {}).get(answers)
        found.append(one if share is None else replace(one, accuracy=share, is_measured=True))
    if given.expert_reward_micros:
        told = {
            "least": 1, "most": 1, "reward_micros": given.expert_reward_micros, "accuracy_bp": given.expert_accuracy_bp,
            "worker_bp": WHOLE, "worker_spread_bp": 0,
        }  # fmt: skip
        found.append(
            _people(given, Way.EXPERT, forecast(given.said(told, Source.GIVEN)).mid, ("expert_reward_micros", "expert_accuracy_bp"))
        )  # fmt: skip
    return [*found, _model(given), _model_and_people(given, found[0])]


def _people(given: Assumptions, way: Way, case: Case, rests_on: tuple[str, ...]) -> Variant:
    assert case.accuracy is not None
    return Variant(way, case.net_micros, case.answers, case.accuracy, case.days, rests_on, given.tasks)


def _model(given: Assumptions) -> Variant:
    accuracy = given.model_accuracy_bp / WHOLE
    return Variant(
        Way.MODEL, given.tasks * given.model_micros, 0, accuracy, None, ("model_micros", "model_accuracy_bp"), given.tasks
    )  # fmt: skip


def _model_and_people(given: Assumptions, plan: Variant) -> Variant:
    """The plan holds for the share that people look at; the model is right on the others as often as was said."""
    looked_at = -(-given.tasks * given.asked_bp // WHOLE)
    case = forecast(given.said({"tasks": looked_at}, Source.GIVEN)).mid
    share = looked_at / given.tasks
    return Variant(
        Way.MODEL_AND_PEOPLE, given.tasks * given.model_micros + case.net_micros, case.answers,
        (1 - share) * given.kept_accuracy_bp / WHOLE + share * plan.accuracy, case.days,
        ("model_micros", "asked_bp", "kept_accuracy_bp"), given.tasks,
    )  # fmt: skip
