"""A kind is two places: its rules and its element. These tests hold the two together."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.interfaces.web import answers
from tagwerk.interfaces.web.templatetags.gallery import SampleDesign, sample_question

HOME = Path(answers.__file__).parent


def configured(options: dict[str, Any], order: str = "ab", **values: Any) -> answers.QuestionElement:
    design = SampleDesign([sample_question("q", options)])
    [element] = answers.questions_context(design, order, values)
    return element


def test_every_kind_of_the_rules_has_an_element_and_no_element_is_without_rules() -> None:
    assert set(answers.elements()) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_folder_of_a_kind_is_complete(kind: str) -> None:
    folder = HOME / kind
    for name in (f"{kind}.js", f"{kind}.css", "element.py", "sample.html"):
        assert (folder / name).is_file(), name
    script = (folder / f"{kind}.js").read_text()
    assert f'customElements.define("tw-{kind}"' in script
    assert "extends AnnotatorElement" in script
    assert f'"kind": "{kind}"' in (folder / "sample.html").read_text()


def test_an_element_is_named_after_kind_and_question() -> None:
    element = configured({"kind": "choice", "options": ["a", "b"], "label": "Which?", "required": False})
    assert (element.tag, element.name, element.question, element.required) == (
        "tw-choice",
        "answer.q",
        "q",
        False,
    )
    assert element.config["label"] == "Which?"


def test_messages_are_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        german = configured({"kind": "text"}).config["messages"]
    assert german.keys() == configured({"kind": "text"}).config["messages"].keys()


def test_a_question_whose_condition_does_not_hold_starts_hidden() -> None:
    better = sample_question("better", {"kind": "comparison", "of": ["a", "b"]})
    why = sample_question("why", {"kind": "text", "when": "better != 0"})
    design = SampleDesign([better, why])
    hidden = [element.hidden for element in answers.questions_context(design)]
    shown = [element.hidden for element in answers.questions_context(design, "ab", {"better": 1})]
    assert (hidden, shown) == ([False, True], [False, False])


def test_choice_options_keep_their_order_and_labels() -> None:
    config = configured({"kind": "choice", "options": [{"z": "last"}, {"a": "first"}], "many": True}).config
    assert config["options"] == [{"value": "z", "label": "last"}, {"value": "a", "label": "first"}]
    assert config["many"] is True


@pytest.mark.parametrize(("order", "first"), [("ab", -2), ("ba", 2)])
def test_comparison_values_are_signed_by_name_whatever_side_is_shown(order: str, first: int) -> None:
    steps = configured({"kind": "comparison", "of": ["a", "b"], "scale": 5}, order).config["steps"]
    assert [step["value"] for step in steps] == [first, first // 2, 0, -first // 2, -first]
    assert steps[0]["label"] == "A is much better"  # A is what stands first


def test_comparison_without_a_tie_has_no_middle() -> None:
    config = configured({"kind": "comparison", "of": ["a", "b"], "scale": 7, "tie": False}).config
    assert [step["value"] for step in config["steps"]] == [-3, -2, -1, 1, 2, 3]
    assert len({step["label"] for step in config["steps"]}) == 6


@pytest.mark.parametrize(("scale", "halves"), [(3, 1), (5, 2), (7, 3)])
def test_every_step_of_a_comparison_is_a_value_of_the_rules(scale: int, halves: int) -> None:
    options = {"kind": "comparison", "of": ["a", "b"], "scale": scale}
    values = [step["value"] for step in configured(options, "ba").config["steps"]]
    face = KINDS["comparison"]
    checked = face.Options.model_validate(options)
    assert [face.validate(checked, value, path="q") for value in values] == values
    assert max(values) == halves


def test_rating_points_are_the_values_of_the_rules() -> None:
    config = configured({"kind": "rating", "min": -1, "max": 1, "step": 0.5, "labels": {"-1": "bad"}}).config
    assert [point["value"] for point in config["points"]] == [-1, -0.5, 0, 0.5, 1]
    assert config["points"][0]["label"] == "bad"


def test_a_slider_knows_its_ends_and_its_step() -> None:
    config = configured(
        {"kind": "rating", "min": 0, "max": 1, "step": 0.1, "as": "slider", "labels": {"1": "much"}}
    ).config
    assert (config["min"], config["max"], config["step"]) == (0, 1, 0.1)
    assert config["labels"] == ["", "much"]


def test_a_draft_becomes_the_value() -> None:
    assert configured({"kind": "text"}, q="so far").config["value"] == "so far"
    assert "value" not in configured({"kind": "text"}).config


def test_posted_answers_are_read_as_json() -> None:
    posted = {
        "answer.a": '"pos"',
        "answer.b": '["x", {"other": "y"}]',
        "answer.c": "-2",
        "answer.d": "",
        "other": "1",
    }
    assert answers.read_answers(posted) == {"a": "pos", "b": ["x", {"other": "y"}], "c": -2}


@pytest.mark.parametrize("text", ["{", "NaN", "[" * 100_000, "Infinity", "'a'"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        answers.read_answers({"answer.a": text})
    assert refusal.value.code == "answer_unreadable"
    assert refusal.value.path == "a"


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("1200", 1200), ("", 0), ("-5", 0), ("1e3", 0), ("²", 0), ("999999999", 86_400_000)],
)
def test_the_active_time_is_a_sensible_number(text: str, milliseconds: int) -> None:
    assert answers.read_active_ms({"_active_ms": text}) == milliseconds


def test_configurations_are_json() -> None:
    for kind in KINDS:
        extra = {"choice": {"options": ["a"]}, "comparison": {"of": ["a", "b"]}, "rating": {"scale": 5}}.get(
            kind, {}
        )
        json.dumps(configured({"kind": kind, **extra}).config)
