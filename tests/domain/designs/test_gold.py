"""Right answers: one or several, and how near to them is right."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.gold import chance, check_gold, expected_of, is_right, shown_answers
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tests.domain.designs.samples import whole_design

MOOD = ("choice", {"options": ["good", "fine", "bad"]})
MANY = ("choice", {"options": ["a", "b", "c", "d"], "many": True})
STARS = ("rating", {"scale": 5})
SLIDER = ("rating", {"min": 0, "max": 100})
BETTER = ("comparison", {"of": ["a", "b"], "scale": 5})
SIMPLY = ("comparison", {"of": ["a", "b"], "scale": 3})
TEXT = ("text", {})


def right(question: Any, answer: Any, gold: Any, tolerance: Any = None) -> bool:
    kind, options = KINDS[question[0]], KINDS[question[0]].Options(kind=question[0], **question[1])
    return is_right(kind, options, answer, expected_of(gold), tolerance)


@pytest.mark.parametrize(
    ("question", "gold", "yes", "no"),
    [
        (MOOD, "good", ["good"], ["fine", None]),
        (MOOD, {"any_of": ["good", "fine"]}, ["good", "fine"], ["bad"]),
        (MANY, ["a", "b"], [["a", "b"]], [["a"], None]),
        (MANY, {"any_of": [["a", "b"], ["c"]], "within": 0.5}, [["a", "b"], ["a"], ["c"], ["c", "d"]], [["d"]]),
        (STARS, 4, [4], [3, 5]),
        (STARS, {"any_of": [4], "within": 1}, [3, 4, 5], [2]),
        (SLIDER, 50, [45, 50, 55], [44, 56]),
        (SLIDER, {"any_of": [50], "within": 0}, [50], [51]),
        (BETTER, -2, [-1, -2], [0, 1]),
        (BETTER, 0, [0], [1, -1]),
        (BETTER, {"any_of": [0], "within": 1}, [-1, 0, 1], [2]),
        (SIMPLY, 1, [1], [0, -1]),
        (TEXT, "Berlin", ["berlin", " Berlin. ", "BERLIN"], ["Berlim", "Bonn"]),
        (TEXT, {"any_of": ["München", "Munich"], "within": 0.2}, ["Munchen", "munich"], ["Mailand"]),
    ],
)  # fmt: skip
def test_what_is_near_enough(question: Any, gold: Any, yes: list[Any], no: list[Any]) -> None:
    assert [right(question, one, gold) for one in yes] == [True] * len(yes)
    assert [right(question, one, gold) for one in no] == [False] * len(no)


def test_gold_goes_before_the_project_and_the_project_before_the_kind() -> None:
    assert not right(STARS, 3, 4) and right(STARS, 3, 4, 1)
    assert not right(STARS, 2, {"any_of": [4], "within": 1}, 4)


@given(st.sampled_from([1, 2, 3, 4, 5]), st.sampled_from([1, 2, 3, 4, 5]), st.integers(0, 3))
def test_more_tolerance_never_makes_wrong(answer: int, gold: int, within: int) -> None:
    one, more = ({"any_of": [gold], "within": w} for w in (within, within + 1))
    assert right(STARS, answer, one) <= right(STARS, answer, more)
    assert right(STARS, answer, one) == right(STARS, gold, {"any_of": [answer], "within": within})


@given(st.text(max_size=40), st.floats(0, 0.99))
def test_every_right_answer_is_right_itself(text: str, within: float) -> None:
    assert right(TEXT, text, {"any_of": ["other", text], "within": within})


@given(
    st.sets(st.sampled_from("abcd"), min_size=1),
    st.sets(st.sampled_from("abcd"), min_size=1),
    st.floats(0.01, 1),
)
def test_sets_are_as_near_one_way_as_the_other(one: set[str], other: set[str], within: float) -> None:
    left, there = sorted(one), sorted(other)
    assert right(MANY, left, {"any_of": [there], "within": within}) == right(
        MANY, there, {"any_of": [left], "within": within}
    )
    if not one & other:
        assert not right(MANY, left, {"any_of": [there], "within": within})


def test_chance_is_the_share_of_answers_that_would_be_right() -> None:
    kind, options = (
        KINDS["comparison"],
        KINDS["comparison"].Options(kind="comparison", of=["a", "b"], scale=5),
    )
    assert chance(kind, options, expected_of(-2)) == pytest.approx(2 / 5)
    assert chance(kind, options, expected_of({"any_of": [-2, 0], "within": 0})) == pytest.approx(2 / 5)
    assert chance(KINDS["text"], KINDS["text"].Options(kind="text"), expected_of("x")) == 0.0


def test_gold_in_normal_form() -> None:
    design = whole_design()
    assert check_gold(design, {"better": {"any_of": [-1, -1]}}) == {"better": -1}
    several = {"better": {"any_of": [-1, 0], "within": 0}}
    assert check_gold(design, several) == several and shown_answers(several) == {"better": -1}


@pytest.mark.parametrize(
    ("gold", "path"),
    [
        ({"better": {"any_of": []}}, "_gold.better"),
        ({"better": {"any_of": -1}}, "_gold.better"),
        ({"better": {"within": 1}}, "_gold.better"),
        ({"better": {"any_of": [-1], "near": 1}}, "_gold.better"),
        ({"better": {"any_of": [-1, 9]}}, "_gold.better.any_of.1"),
        ({"better": {"any_of": [None]}}, "_gold.better.any_of.0"),
        ({"better": {"any_of": [-1], "within": "near"}}, "_gold.better.within"),
        ({"better": {"any_of": [-1], "within": 4}}, "_gold.better.within"),
        ({"nothing": 1}, "_gold.nothing"),
    ],
)
def test_what_is_no_gold_is_refused_where_it_stands(gold: Any, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_gold(whole_design(), gold)
    assert refused.value.path == path and str(refused.value)


@pytest.mark.parametrize(
    ("kind", "options", "wrong"),
    [
        ("choice", {"options": ["a", "b"]}, [0, 0.5]), ("choice", {"options": ["a"], "many": True}, [0, 1.1, True]),
        ("rating", {"scale": 5}, [-1, 4, "1"]), ("comparison", {"of": ["a", "b"]}, [2, 0.5, "left"]),
        ("text", {}, [1, -0.1, "a"]),
    ],
)  # fmt: skip
def test_tolerances_that_are_none_are_refused(kind: str, options: Any, wrong: list[Any]) -> None:
    made = KINDS[kind].Options(kind=kind, **options)
    for value in wrong:
        with pytest.raises(Invalid):
            KINDS[kind].tolerance(made, value, path="q")


FILE = """
title: t
language: en
show: [{text: "{{ text }}"}]
ask: {stars: {kind: rating, scale: 5}}
quality: {gold_share: 0.1, %s}
"""


def test_a_project_says_how_near_is_right() -> None:
    file = read_project_file(FILE % "tolerance: {stars: 1}")
    assert file.quality.tolerance == {"stars": 1}
    for wrong in ("tolerance: {stars: 9}", "tolerance: {moons: 1}", "gold_start: {share: 0.05}"):
        with pytest.raises(Invalid):
            read_project_file(FILE % wrong)


def test_who_is_new_gets_more_gold() -> None:
    file = read_project_file(FILE % "answers: 2")
    assert (file.gold_share_bp, file.gold_start_bp, file.gold_start_tasks) == (1000, 4000, 20)
    file = read_project_file(FILE % "gold_start: {share: 0.1, tasks: 5}")
    assert (file.gold_start_bp, file.gold_start_tasks) == (1000, 5)
    file = read_project_file((FILE % "answers: 2").replace("0.1,", "0,"))
    assert file.gold_start_bp == 0
