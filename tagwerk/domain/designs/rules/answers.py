"""May this be handed in? One pass over the questions, without building anything: it runs at every submit."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.designs.rules.near import did_you_mean
from tagwerk.domain.designs.rules.when import evaluate

LARGEST_BYTES: Final = 256 * 1024
_SURELY_SMALL: Final = 20_000  # characters; up to here the bytes need not be counted


def check_answers(design: DesignView, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in their normal form, in the order of the questions; Invalid names the question.

    A hidden question (its `when` does not hold for the answers before it) is dropped rather than refused: the
    browser keeps what a worker wrote before changing an earlier answer, and nobody should lose work over it.
    """
    require_known(design, answers, None)
    found: dict[str, Any] = {}
    for question in design.questions:
        if question.when_json is not None and not evaluate(question.when_json, found):
            continue
        value = question.face.validate(question.options, answers.get(question.name), path=question.name)
        if value is not None:
            found[question.name] = value
        elif question.required:
            raise Invalid(
                "answer_missing", "“{label}” is not answered yet.", path=question.name, label=question.label
            )
    require_small(found)
    return found


def check_partial(design: DesignView, answers: Mapping[str, Any], *, path: str) -> dict[str, Any]:
    """Answers to some of the questions, in normal form; at least one."""
    require_answers(answers, path=path)
    require_known(design, answers, path)
    found: dict[str, Any] = {}
    for question in design.questions:
        place = f"{path}.{question.name}"
        value = question.face.validate(question.options, answers.get(question.name), path=place)
        if value is not None:
            found[question.name] = value
    if not found:
        raise Invalid("answer_missing", "No question is answered; name at least one.", path=path)
    require_small(found)
    return found


def check_prediction(design: DesignView, prediction: Mapping[str, Any]) -> dict[str, Any]:
    """A model's answers to a task in normal form."""
    return check_partial(design, prediction, path="_prediction")


def answers_from_text(design: DesignView, texts: Mapping[str, str]) -> dict[str, Any]:
    """The answers in the fields of a form, each read by its kind; still to be checked."""
    return {
        question.name: question.face.from_text(question.options, texts[question.name])
        for question in design.questions
        if texts.get(question.name)
    }


def require_answers(answers: Any, *, path: str) -> None:
    """Refuse what is no map from question to answer."""
    if not isinstance(answers, Mapping):
        raise Invalid("answer_wrong", "Answers are a map from question to answer.", path=path)


def require_known(design: DesignView, answers: Mapping[str, Any], path: str | None) -> None:
    """Refuse answers to a question that the design does not have."""
    if answers.keys() <= design.by_name.keys():
        return
    name = next(name for name in answers if name not in design.by_name)
    shown = str(name)[:60]
    near = did_you_mean(shown, design.by_name)
    raise Invalid("answer_unknown_question", "There is no question “{name}”{near}", name=shown, near=near,
                  path=f"{path}.{shown}" if path else shown)  # fmt: skip


def require_small(answers: Mapping[str, Any]) -> None:
    """Refuse answers that no page should carry."""
    texts = sum(len(value) for value in answers.values() if isinstance(value, str | list))
    if texts < _SURELY_SMALL // 4 and not any(isinstance(value, list | dict) for value in answers.values()):
        return
    if len(json.dumps(answers, ensure_ascii=False).encode()) > LARGEST_BYTES:
        raise Invalid(
            "answer_too_large", "The answers together are larger than {most} kB.", most=LARGEST_BYTES // 1024
        )
