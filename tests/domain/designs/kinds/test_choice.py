"""One of several options, or any number of them."""

from typing import Any

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.kinds import choice
from tagwerk.domain.designs.rules.question import Merging

ONE = choice.Options(kind="choice", options={"pos": "positive", "neg": "negative"})
OWN = choice.Options(kind="choice", options={"a": "a", "b": "b"}, other=True)
MANY = choice.Options(kind="choice", options={"a": "a", "b": "b", "c": "c"}, many=True)
MANY_OWN = choice.Options(kind="choice", options={"a": "a"}, many=True, other=True, required=False)


def test_options_as_list_map_or_both() -> None:
    for given in (["x", {"y": "Why"}, 3], {"x": "x", "y": "Why", 3: "3"}):
        options = choice.Options.model_validate({"kind": "choice", "options": given})
        assert options.options == {"x": "x", "y": "Why", "3": "3"}
        assert options.model_dump(mode="json")["options"] == ["x", {"y": "Why"}, "3"]


@pytest.mark.parametrize(
    ("options", "value", "normal"),
    [
        (ONE, "pos", "pos"), (ONE, None, None), (ONE, "", None), (OWN, {"other": " c "}, {"other": "c"}),
        (MANY, ["c", "a", "c"], ["a", "c"]), (MANY, ("b",), ["b"]), (MANY, [], None),
        (MANY_OWN, [{"other": "x"}, "a"], ["a", {"other": "x"}]),
        (choice.Options(kind="choice", options=["1", "2"]), 1, "1"),
    ],
)  # fmt: skip
def test_an_answer_in_normal_form(options: choice.Options, value: Any, normal: Any) -> None:
    assert choice.validate(options, value, path="q") == normal


@pytest.mark.parametrize(
    ("options", "value"),
    [
        (ONE, "positive"), (ONE, ["pos"]), (ONE, {"other": "x"}), (ONE, True), (ONE, 1.5), (ONE, {"pos": 1}),
        (OWN, {"other": ""}), (OWN, {"other": "x" * 501}), (OWN, {"other": 3}), (OWN, {"other": "x", "more": 1}), (OWN, "other"),
        (OWN, {"other": "a\0"}), (MANY, "a"), (MANY, ["a", "d"]), (MANY, [["a"]]), (MANY, {"a": True}), (MANY, ["a"] * 9),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(options: choice.Options, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        choice.validate(options, value, path="q")
    assert (refused.value.code, refused.value.path) == ("answer_wrong", "q")
    assert str(refused.value)


def test_fields_of_a_form() -> None:
    assert choice.from_text(ONE, "pos") == "pos"
    assert choice.from_text(OWN, '{"other": "x"}') == {"other": "x"}
    assert choice.from_text(MANY, '["a", "b"]') == ["a", "b"]
    assert choice.from_text(MANY, "a") == ["a"]
    assert choice.from_text(ONE, "[broken") == "[broken"
    assert choice.from_text(ONE, "[" * 100_000) == "[" * 100_000


def test_distance() -> None:
    assert choice.distance(ONE, "pos", "pos") == 0
    assert choice.distance(ONE, "pos", "neg") == 1
    assert choice.distance(MANY, ["a", "b"], ["b", "c"]) == pytest.approx(2 / 3)
    assert choice.distance(MANY, [], []) == 0
    assert choice.distance(OWN, {"other": "x"}, {"other": "y"}) == 1


def test_labels_of_one() -> None:
    assert choice.labels(ONE) == ["pos", "neg"]
    assert choice.labels(OWN) == ["a", "b", "other"]
    assert choice.to_label(OWN, {"other": "x"}) == "other"
    assert choice.from_label(OWN, "a") == "a"


def test_labels_of_many_are_sets() -> None:
    labels = choice.labels(MANY)
    assert labels is not None and len(labels) == 7 and labels[3] == '["a", "b"]'
    assert choice.to_label(MANY, ["a", "b"]) in labels
    assert choice.from_label(MANY, '["a", "b"]') == ["a", "b"]
    assert "[]" in (choice.labels(MANY_OWN) or [])
    assert choice.labels(choice.Options(kind="choice", options=list("abcdefghi"), many=True)) is None


def test_merging() -> None:
    assert choice.merge(ONE, ["pos", "neg", "neg"]) == ("neg", Merging.MAJORITY)
    assert choice.merge(MANY, [["a", "b"], ["b"], ["c", "b", "a"]]).value == ["a", "b"]
    assert choice.merge(OWN, [{"other": "x"}, {"other": "y"}, "a"]).value == "other"


def test_columns_and_cells() -> None:
    assert [(column.suffix, column.type) for column in choice.columns(MANY_OWN)] == [
        ("", "texts"),
        (".other", "text"),
    ]
    assert choice.cells(MANY_OWN, ["a", {"other": "x"}]) == [["a", "other"], "x"]
    assert choice.cells(MANY_OWN, None) == [None, None]
    assert choice.cells(ONE, "pos") == ["pos"]
    assert choice.cells(OWN, {"other": "x"}) == ["other", "x"]
