"""May this be handed in?"""

from typing import Any

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.answers import (
    answers_from_text,
    check_answers,
    check_prediction,
)
from tagwerk.domain.designs.rules.gold import check_gold
from tests.domain.designs.samples import design_with, whole_design


def refusal(design: Any, answers: Any) -> Invalid:
    with pytest.raises(Invalid) as refused:
        check_answers(design, answers)
    return refused.value


def test_answers_come_back_in_normal_form_and_order() -> None:
    given = {"why": " because of it \r\n", "unsafe": ["none", "a"], "better": 2.0}
    found = check_answers(whole_design(), given)
    assert found == {"better": 2, "unsafe": ["a", "none"], "why": "because of it"}
    assert list(found) == ["better", "unsafe", "why"]
    assert given == {"why": " because of it \r\n", "unsafe": ["none", "a"], "better": 2.0}


def test_a_required_question_is_required_only_while_it_is_asked() -> None:
    assert check_answers(whole_design(), {"better": 0}) == {"better": 0}
    missing = refusal(whole_design(), {"better": 1})
    assert (missing.code, missing.path) == ("answer_missing", "why")


def test_what_was_answered_to_a_hidden_question_is_dropped() -> None:
    assert check_answers(whole_design(), {"better": 0, "why": "x"}) == {"better": 0}


def test_a_chain_of_conditions_sees_only_what_counts() -> None:
    ask = {
        "a": {"kind": "choice", "options": ["yes", "no"]},
        "b": {"kind": "choice", "options": ["yes", "no"], "when": "a == 'yes'"},
        "c": {"kind": "text", "when": "b == 'yes'"},
    }
    assert check_answers(design_with(ask=ask), {"a": "no", "b": "yes", "c": "x"}) == {"a": "no"}


def test_an_unknown_question_is_refused_with_the_nearest() -> None:
    unknown = refusal(whole_design(), {"bettr": 1})
    assert (unknown.code, unknown.path) == ("answer_unknown_question", "bettr")
    assert "did you mean “better”?" in str(unknown)


def test_a_wrong_answer_names_its_question() -> None:
    wrong = refusal(whole_design(), {"better": 9})
    assert (wrong.code, wrong.path) == ("answer_wrong", "better")


def test_all_answers_together_have_a_limit() -> None:
    ask = {f"t{number}": {"kind": "text"} for number in range(8)}
    assert check_answers(design_with(ask=ask), {name: "x" * 20_000 for name in ask})
    huge = refusal(design_with(ask=ask), {name: "ü" * 20_000 for name in ask})
    assert huge.code == "answer_too_large"


def test_gold_and_predictions_may_be_about_some_questions() -> None:
    assert check_gold(whole_design(), {"better": -1}) == {"better": -1}
    assert check_prediction(whole_design(), {"unsafe": ["a"]}) == {"unsafe": ["a"]}
    for gold, path in (
        ({}, "_gold"),
        ({"better": 9}, "_gold.better"),
        ({"x": 1}, "_gold.x"),
        ([1], "_gold"),
        ("a", "_gold"),
    ):
        with pytest.raises(Invalid) as refused:
            check_gold(whole_design(), gold)  # type: ignore[arg-type]
        assert refused.value.path == path


def test_fields_of_a_form_are_read_by_their_kinds() -> None:
    fields = {"better": "-2", "unsafe": '["a","none"]', "why": "one two three", "csrf": "x"}
    found = answers_from_text(whole_design(), fields)
    assert found == {"better": -2, "unsafe": ["a", "none"], "why": "one two three"}
    assert answers_from_text(whole_design(), {"better": ""}) == {}


def test_what_decides_by_default() -> None:
    ask = {
        "mood": {"kind": "choice", "options": ["a", "b"]},
        "stars": {"kind": "rating", "scale": 5},
        "fine": {"kind": "rating", "min": 0, "max": 100},
        "extra": {"kind": "choice", "options": ["a"], "required": False},
        "later": {"kind": "rating", "scale": 3, "when": "stars > 2"},
        "why": {"kind": "text"},
    }
    assert design_with(ask=ask).decides == ("mood", "stars")
    assert design_with(ask=ask, decides=["later"]).decides == ("later",)
