"""Words of the worker's own, and the patterns they may have to match."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.kinds import text
from tagwerk.domain.designs.rules.pattern import longest_text, problem_with
from tagwerk.domain.designs.rules.question import Merging

ANY = text.Options(kind="text")
WORDS = text.Options(kind="text", min_words=2, max_words=4)
CHARS = text.Options(kind="text", min_chars=3, max_chars=5)
CODE = text.Options(kind="text", pattern=r"[A-Z]{2}-\d{3,5}")


@pytest.mark.parametrize(
    ("options", "value", "normal"),
    [
        (ANY, " a\r\nb\rc ", "a\nb\nc"), (ANY, "", None), (ANY, "  \n", None), (ANY, None, None), (WORDS, "one  two", "one  two"),
        (CHARS, "größe", "größe"), (CODE, "AB-123", "AB-123"), (ANY, "😀", "😀"),
    ],
)  # fmt: skip
def test_an_answer_in_normal_form(options: text.Options, value: Any, normal: Any) -> None:
    assert text.validate(options, value, path="q") == normal


@pytest.mark.parametrize(
    ("options", "value", "says"),
    [
        (WORDS, "one", "has 1 words; at least 2"), (WORDS, "a b c d e", "at most 4"), (CHARS, "ab", "has 2 characters; at least 3"),
        (CHARS, "abcdef", "at most 5"), (CODE, "ab-123", "the form that is asked for"), (CODE, "AB-123 x", "form"),
        (ANY, 3, "A text is needed"), (ANY, ["x"], "A text is needed"), (ANY, "a\0b", "NUL"), (ANY, "a\ud800", "half of a pair"),
        (ANY, "x" * 50_001, "at most 50000"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(options: text.Options, value: Any, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        text.validate(options, value, path="q")
    assert refused.value.path == "q" and says in str(refused.value)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d+", r"[A-Z]{2}-\d{3,5}", r"\S+@\S+\.\S+", r"(?:a|b)*", r"(cat|dog)", r"https?://\S+", r"(\d{1,3}\.){3}\d{1,3}",
        r"^\w+$", r"(ab)?c", r"[^,]*,[^,]*", r"(\d{4}-\d{2}-\d{2})?",
    ],
)  # fmt: skip
def test_patterns_whose_cost_has_a_bound(pattern: str) -> None:
    assert problem_with(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)*", r"(a+)+b", r"(a|ab)*", r"(a*)*", r"(\d+,)*", r"((a?){2})+", r"(a+){2}", r"a*b*c*d*", r"a?" * 20 + "a" * 20, r"(a)\1", r"(?=a)b",
        r"(?!a)b", r"(?<=a)b", r"(?i)a", r"(?P<n>a)", r"a++", r"(?>a+)", r"\Aa\Z", r"\ba", r"(", r"[", r"*", "a" * 301,
        r"(a|b|cd){5}", r"(?:a{0,9}){9}" * 3, r"(a|aa){9}", r"a{0,99999999999}",
    ],
)  # fmt: skip
def test_patterns_that_could_take_for_ever(pattern: str) -> None:
    problem = problem_with(pattern)
    assert problem


def test_texts_are_short_where_the_cost_grows() -> None:
    assert longest_text(r"\d+") == 50_000
    assert text.Options(kind="text", pattern=r"\S+@\S+\.\S+").most_chars == 400
    with pytest.raises(ValueError, match="more than the 400 characters"):
        text.Options(kind="text", pattern=r"\S+@\S+\.\S+", min_chars=500)
    with pytest.raises(Invalid):
        text.validate(text.Options(kind="text", pattern=r".*x.*y.*z"), "x" * 400 + "y", path="q")
    with pytest.raises(Invalid):
        text.validate(text.Options(kind="text", pattern=r".*x.*x.*y"), "x" * 400, path="q")


def levenshtein(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_distance_is_levenshteins(left: str, right: str) -> None:
    assert text.distance(ANY, left, right) == levenshtein(left, right) / max(len(left), len(right), 1)


def test_distance_of_long_texts_is_by_words() -> None:
    left = "word " * 1000
    assert text.distance(ANY, left, left + "more") == pytest.approx(1 / 1001)
    assert text.distance(ANY, "kitten", "sitting") == pytest.approx(3 / 7)


def test_texts_that_say_nearly_the_same_are_merged_word_by_word() -> None:
    wrong = ["The Bad cat sat on the mat.", "The red hat sat on the mat", "the red cat sat on a mat."]
    assert text.merge(ANY, wrong) == ("The red cat sat on the mat.", Merging.ROVER)
    assert text.merge(ANY, [*wrong, "no idea"]).value == "The red cat sat on the mat."
    lines = ["one two\n\nthree fur five", "one too\n\nthree four five", "one two\n\ntree four five"]
    assert text.merge(ANY, lines) == ("one two\n\nthree four five", Merging.ROVER)


@pytest.mark.parametrize(
    ("values", "merged"),
    [
        (["hello world"], "hello world"),
        (["hello  world", "hello wrld"], "hello  world"),  # two cannot outvote one another
        (["hello world", "hello wrld", "bye"], "hello world"),
        (["It is too long", "I like its tone more", "The second is wrong"], "It is too long"),
        (["你好世界再见", "你好世界再见了", "您好世界再见"], "你好世界再见"),  # no blanks between words
        (["สวัสดี ชาวโลก", "สวัสดี ชาวโล", "สวัสดี ชาวโลกก"], "สวัสดี ชาวโลก"),
    ],
)
def test_other_texts_are_merged_to_the_nearest_to_all(values: list[str], merged: str) -> None:
    assert text.merge(ANY, values) == (merged, Merging.MEDOID)


def test_what_is_merged_is_an_answer_too() -> None:
    wrong = ["A1 B2 C4", "A1 B7 C3", "A9 B2 C3"]
    assert text.merge(ANY, wrong) == ("A1 B2 C3", Merging.ROVER)
    listed = text.Options(kind="text", pattern="A1 B2 C4|A1 B7 C3|A9 B2 C3")
    assert text.merge(listed, wrong) == ("A1 B2 C4", Merging.MEDOID)


def test_very_long_texts_are_not_aligned() -> None:
    long = " ".join(f"w{number}" for number in range(text.MOST_WORDS // 3 + 1))
    assert text.merge(ANY, [long, long + " more", long]).how is Merging.MEDOID
    assert text.merge(ANY, ["same words"] * 3) == ("same words", Merging.ROVER)


def test_texts_are_not_judged() -> None:
    assert text.labels(ANY) is None
    assert text.from_label(ANY, text.to_label(ANY, "x")) == "x"
    assert text.from_text(ANY, "x") == "x"
    assert [column.type for column in text.columns(ANY)] == ["text"]
    assert text.cells(ANY, "x") == ["x"]
