"""The form in which members give right answers: one as a worker would, others beside it, how near is right, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.designs.rules.design import DesignView, Question
from tagwerk.domain.designs.rules.gold import ANY_OF, MOST_RIGHT, WITHIN, expected_of, shown_answers
from tagwerk.domain.work.queries import GoldView
from tagwerk.interfaces.web.answers import QuestionElement, questions_context, read_answers
from tagwerk.interfaces.web.pages.requester.words import answer_text

ALSO, NEAR, WHY = "also.", "within.", "explanation"
# How near to the right answer is right: what may be written, by kind. A kind without a line is left to itself.
NEARNESS: Mapping[str, str] = {
    "rating": gettext_noop("So far up or down the scale, such as 1. Without it, as the project says."),
    "comparison": gettext_noop(
        "“side” for the same side, or so many steps. Without it, as the project says."
    ),
    "text": gettext_noop(
        "The share of characters that may differ, such as 0.1. Without it, as the project says."
    ),
}
OF_MANY = gettext_noop(
    "The share of options in common that is enough, such as 0.5. Without it, as the project says."
)


@dataclass(frozen=True)
class GoldField:
    """A question of the form: the element for one right answer, and what stands beside it."""

    element: QuestionElement
    name: str
    label: str
    also: str
    within: str
    nearness: str  # what may be written there; "" where nothing is near

    @property
    def says_more(self) -> bool:
        return bool(self.also or self.within)


def gold_fields(
    design: DesignView, gold: Mapping[str, Any] | None, given: QueryDict | None = None
) -> list[GoldField]:
    """The questions with the right answers that there are, or with what was posted."""
    first = shown_answers(gold or {})
    several = len(design.questions) > 1
    elements = questions_context(design, "ab", read_answers(given) if given else first)
    return [
        _field(question, replace(element, required=not several), gold or {}, given)
        for question, element in zip(design.questions, elements, strict=True)
    ]


def _field(
    question: Question, element: QuestionElement, gold: Mapping[str, Any], given: QueryDict | None
) -> GoldField:
    expected = expected_of(gold[question.name]) if question.name in gold else None
    also = "\n".join(_written(one) for one in expected.accepted[1:]) if expected else ""
    within = "" if expected is None or expected.within is None else _written(expected.within)
    if given is not None:
        also, within = given.get(ALSO + question.name, ""), given.get(NEAR + question.name, "")
    many = getattr(question.options, "many", False)
    nearness = OF_MANY if many else NEARNESS.get(question.kind, "")
    return GoldField(element, question.name, question.label, also, within, _(nearness) if nearness else "")


def read_gold(design: DesignView, given: QueryDict) -> dict[str, Any]:
    """The right answers in a posted form; still to be checked."""
    answers = read_answers(given)
    return {
        question.name: _given(question, answers[question.name], given)
        for question in design.questions
        if answers.get(question.name) not in (None, "", [])
    }


def _given(question: Question, answer: Any, given: QueryDict) -> Any:
    lines = [line.strip() for line in given.get(ALSO + question.name, "").splitlines() if line.strip()]
    within = given.get(NEAR + question.name, "").strip()
    if not lines and not within:
        return answer
    others = [question.face.from_text(question.options, line) for line in lines[:MOST_RIGHT]]
    return {ANY_OF: [answer, *others], **({WITHIN: _scalar(within)} if within else {})}


def right_text(design: DesignView, gold: Mapping[str, Any]) -> str:
    """All right answers of a gold task in words, question by question."""
    return " · ".join(
        _(" or ").join(
            answer_text(design, question, one) for one in expected_of(gold[question.name]).accepted
        )
        for question in design.questions
        if question.name in gold
    )


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _scalar(text: str) -> Any:
    try:
        found = json.loads(text.replace(",", "."))
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, int | float) else text


@dataclass(frozen=True)
class GoldForm:
    """The whole form as the templates need it."""

    fields: list[GoldField]
    explanation: str


def gold_form(
    design: DesignView,
    known: GoldView | None,
    answers: Mapping[str, Any] | None,
    given: QueryDict | None = None,
) -> GoldForm:
    """The form of a task: of its gold, else of `answers` that could become right ones."""
    why = known.explanation if known else ""
    return GoldForm(
        gold_fields(design, known.answers if known else answers, given),
        given.get(WHY, "") if given is not None else why,
    )  # fmt: skip
