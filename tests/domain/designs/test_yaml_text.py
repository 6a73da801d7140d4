"""Project files from text: YAML 1.2 and JSON, every problem with line, path and what would be right."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_nodes import Unreadable, read_document
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, project_file_of, read_project_file
from tests.domain.designs.samples import WHOLE, file_with

SMALL = """\
title: Mood
language: en
show:
  - text: "{{ text }}"
ask:
  mood: {kind: choice, options: [good, bad]}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ProjectFileError) as refused:
        read_project_file(text, "mood.yaml")
    assert refused.value.code == "project_file_wrong"
    assert isinstance(refused.value, Invalid)
    return str(refused.value).splitlines()


def test_the_whole_example_is_read() -> None:
    file = read_project_file(WHOLE)
    assert list(file.ask) == ["better", "unsafe", "why"]
    assert file.pay.reward_micros == 300_000
    assert file.budget_micros == 500_000_000
    assert (file.approve_after_seconds, file.hold_seconds, file.gold_share_bp) == (259_200, 1200, 500)
    assert file.audience.countries == ["DE", "AT", "NO"]
    assert file.from_ is not None and file.from_.each == "result"
    assert file.source_when == ["!=", {"name": "better"}, {"value": 0}]
    assert file.paid


def test_what_is_left_out_has_defaults() -> None:
    file = read_project_file(SMALL)
    assert (file.answers.min, file.answers.max, file.answers.confidence) == (2, 5, 0.95)
    assert not file.paid and file.pay.reward_micros == 0 and file.budget_micros is None
    assert (file.hold.tasks, file.hold.minutes, file.approve_after, file.sensitivity) == (2, 20, "3 days", 0)
    assert file.from_ is None and file.source_when is None and file.pilot is None and not file.api_work


def test_a_stored_file_is_the_same_file_even_where_keys_lose_their_order() -> None:
    file = read_project_file(WHOLE)
    stored = json.loads(json.dumps(file.model_dump(mode="json"), sort_keys=True))
    assert ProjectFile.model_validate(stored) == file
    assert list(ProjectFile.model_validate(stored).ask) == ["better", "unsafe", "why"]
    assert project_file_of(stored) == file


def test_json_is_read_too_with_tabs_and_pairs_of_halves() -> None:
    text = json.dumps(
        {**json.loads(json.dumps(file_with().model_dump(mode="json"))), "title": "😀"}, indent="\t"
    )
    assert "\\ud83d" in text
    assert read_project_file(text, "project.json").title == "😀"
    assert read_project_file("\ufeff" + SMALL).title == "Mood"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("12:30", "12:30"), ("2026-01-02", "2026-01-02"),
        ("1_000", "1_000"), ("0o17", "0o17"), ("0x1f", "0x1f"), ("012", 12), ("-3", -3), ("+3", 3), ("2.50", 2.5), ("1e3", 1000.0),
        (".5", 0.5), ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("'3'", "3"),
        ('"true"', "true"), ("!!str 3", "3"), (".inf", ".inf"), (".nan", ".nan"),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text: str, value: Any) -> None:
    found = read_document(f"a: {text}\n").value["a"]
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "“a” is there twice"),
        ("a: &x [1]\nb: *x\n", 1, "references"),
        ("a: !!python/object:os.system x\n", 1, "tags"),
        ("a: 1\n b: 2\n", 2, "not YAML"),
        ("a: [1, 2\n", 2, "not YAML"),
        ("a: 1\n---\nb: 2\n", None, "not YAML"),
        ("[a]: 1\n? [x]\n: 2\n", 1, "a name is a text"),
        ("a: " + "[" * 40 + "]" * 40, 1, "nested too deep"),
        ("[" * 100_000, 1, "nested too deep"),  # found while reading: to its end it would take half a minute
        ("- " * 3_000, 1, "nested too deep"),
        ("# " * 200_000, None, "larger"),
        ('{"a": 1,\n "a": 2}', 2, "“a” is there twice"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, line: int | None, says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_document(text)
    assert says in str(refused.value.problem.message)
    assert line is None or refused.value.problem.line == line


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ProjectFileError):
        read_project_file(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 200) | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(
        ["title", "show", "ask", "quality", "pay", "audience", "hold", "from", "decides", "approve_after"]
    ),
)
def test_any_value_anywhere_is_read_or_refused(value: Any, name: str) -> None:
    base = file_with().model_dump(mode="json")
    try:
        project_file_of({**base, name: value})
    except ProjectFileError as refused:
        assert all(str(problem.message) for problem in refused.problems)  # noqa: PT017 (either outcome is right)


WRONG = [
    ("lang: de", "lang: “lang” is not known here; did you mean “language”?"),
    ("qualty: {}", "did you mean “quality”?"),
    ("quality: {answers: {minimum: 2}}", "quality.answers.minimum: “minimum” is not known here; did you mean “min”?"),
    ("quality: {answers: {min: 5, max: 3}}", "quality.answers.min: “min” (5) must not be more than “max” (3)"),
    ("quality: {answers: {confidence: 1}}", "must be less than 1"),
    ("quality: {gold_share: 3}", "quality.gold_share: 3 is not possible; it must be at most 0.5"),
    ("quality: {answers: {min: x}}", "a whole number is needed, here is 'x'"),
    ("quality: []", "a map is needed"),
    ("pay: {per: answer}", "“amount” is missing"),
    ("pay: {per: none, amount: '1'}", "there is no “amount”"),
    ("pay: {amount: '0,30'}", "pay.amount: “0,30” is not an amount"),
    ("pay: {amount: '-1'}", "must be more than 0"),
    ("pay: {amount: '0.30', currency: EURO}", "write for example “EUR”"),
    ("pay: {per: week, amount: '1'}", "“week” is not possible; it is one of answer, hour, audio_minute, word, deliverable, milestone, none"),
    ("budget: lots", "“lots” is not an amount"),
    ("approve_after: 3 dais", "“3 dais” is not a duration; write for example “3 days”"),
    ("approve_after: 3", "a text is needed, here is 3"),
    ("approve_after: 60 weeks", "longer than a year"),
    ("audience: {languages: {german: C1}}", "audience.languages.german: “german” is not a language tag (BCP 47)"),
    ("audience: {languages: {de: C9}}", "“C9” is not possible; it is one of A1, A2, B1, B2, C1, C2, native"),
    ("audience: {countries: [Germany]}", "audience.countries[0]: “Germany” is not a country code (ISO 3166); write for example “DE”"),
    ("audience: {qualifications: {x: 101}}", "must be at most 100"),
    ("audience: {qualifications: {'a b': 1}}", "small letters, digits and - only"),
    ("audience: {invited: [ben]}", "“ben” is not an e-mail address"),
    ("hold: {tasks: 0}", "must be at least 1"),
    ("sensitivity: 5", "must be at most 4"),
    ("api_work: perhaps", "true or false is needed"),
    ("from: {project: x, when: 'a ='}", "from.when: At character 3: “=” is not known here; write “==”."),
    ("from: {project: x, each: task}", "it is one of result, answer"),
    ("decides: [moood]", "decides[0]: there is no question “moood”; did you mean “mood”?"),
    ("decides: [mood, mood]", "“mood” is there twice"),
    ("title: 7", "title: a text is needed, here is 7; put it in quotation marks"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "says"), WRONG, ids=[line for line, _ in WRONG])
def test_a_problem_says_where_it_is_and_what_would_be_right(line: str, says: str) -> None:
    text = SMALL if not line.startswith("title") else SMALL.replace("title: Mood\n", "")
    (found,) = problems(text + line + "\n")
    assert says in found
    assert found.startswith(f"mood.yaml:{len(text.splitlines()) + 1}: ")


QUESTIONS = [
    ("{kind: chioce, options: [a]}", "ask.q.kind: there is no kind “chioce”; did you mean “choice”?"),
    ("{options: [a]}", "ask.q: “kind” is missing; it is one of choice, comparison, rating, text"),
    ("{kind: choice}", "ask.q.options: “options” is missing; write for example options: [yes, no]"),
    ("{kind: choice, option: [a], options: [a]}", "“option” is not known here; did you mean “options”?"),
    ("{kind: choice, options: [a, a]}", "“a” is there twice"),
    ("{kind: choice, options: [true, false]}", "in quotation marks"),
    ("{kind: choice, options: {}}", "ask.q.options: "),
    ("{kind: choice, options: x}", "a list of options is needed"),
    ("{kind: choice, options: [{a: A, b: B}]}", "one value with its label"),
    ("{kind: rating}", "“scale” is missing (or “min” and “max”)"),
    ("{kind: rating, scale: 5, max: 3}", "say either “scale” or “min” and “max”"),
    ("{kind: rating, min: 5, max: 1}", "“min” (5.0) must be less than “max” (1.0)"),
    ("{kind: rating, min: 0, max: 1, step: 0.3}", "“step” (0.3) must divide"),
    ("{kind: rating, min: 0, max: 1, step: 0.00001}", "at most 10000 equal steps"),
    ("{kind: rating, scale: 3, labels: {4: x}}", "“labels” names 4, which is not on the scale"),
    ("{kind: rating, scale: 3, as: stars}", "“stars” is not possible; it is one of likert, number, slider"),
    ("{kind: comparison, of: [a, b]}", "ask.q.of: there is no “compare” block in “show”"),
    ("{kind: comparison, of: [a, a]}", "“a” cannot be compared with itself"),
    ("{kind: comparison, of: [a, b], scale: 4}", "ask.q.scale: “4” is not possible; it is one of 3, 5, 7"),
    ("{kind: text, min_words: 5, max_words: 3}", "“min_words” (5) must not be more than “max_words” (3)"),
    ("{kind: choice, options: [a, other], other: true}", "ask.q.options: with “other: true”, “other” is the value"),
    ("{kind: choice, options: [Yes, 'yes']}", "“Yes” and “yes” look the same"),
    ("{kind: choice, options: {m: Moll,  M: ' moll'}}", "“m” and “M” look the same"),
    ("{kind: choice, options: [a, ' b']}", "“ b” begins or ends with a space"),
    ("{kind: choice, options: [a, ' ']}", "“ ” is not a text of 1 to 500 characters"),
    ("{kind: rating, min: 0, max: 5000, as: likert}", "ask.q.as: a “likert” scale has at most 21 points, here are 5001"),
    ("{kind: rating, scale: 3, labels: {1: x, '1.0': y}}", "two of the “labels” are for the same value"),
    ("{kind: text, min_words: 20, max_chars: 30}", "ask.q.min_words: 20 words do not fit into 30 characters"),
    ("{kind: text, min_chars: 9, pattern: '[a-z]{2,3}'}", "ask.q.pattern: a text that “pattern” allows has 2 to 3"),
    ("{kind: text, max_chars: 2, pattern: '\\d{4}'}", "has 4 to 4 characters; the other limits want 0 to 2"),
    ("{kind: text, pattern: '(a+)*'}", "ask.q.pattern: repeating what can itself match in several ways"),
    ("{kind: text, pattern: '('}", "is not a regular expression"),
    ("{kind: text, when: 'later == 1'}", "ask.q.when: “later” is asked later"),
    ("{kind: text, when: 'q == 1'}", "“q” cannot depend on itself"),
    ("{kind: text, when: 'first == \"yess\"'}", "“first”: “yess” is not one of its options: yes, no"),
    ("{kind: text, when: 'firs == \"yes\"'}", "there is no question “firs”; did you mean “first”?"),
    ("{kind: text, when: 'several == \"x\"'}", 'several options can be picked; write “"x" in several”'),
    ("{kind: text, when: 'stars == 9'}", "9 is not on its scale"),
    ("{kind: text, when: 'stars == \"9\"'}", "its answers are numbers"),
    ("{kind: text, when: 'first ='}", "ask.q.when: At character 7: “=” is not known here"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "says"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_a_problem_of_a_question_says_what_would_be_right(question: str, says: str) -> None:
    text = (
        "title: Mood\nlanguage: en\nshow:\n  - text: x\nask:\n"
        "  first: {kind: choice, options: [yes, no]}\n"
        "  several: {kind: choice, options: [x, y], many: true}\n"
        "  stars: {kind: rating, scale: 5}\n"
        f"  q: {question}\n"
        "  later: {kind: rating, scale: 5}\n"
    )
    (found,) = problems(text)
    assert found.startswith("mood.yaml:9: ") and says in found


BLOCKS = [
    ("{txt: hi}", "show[0].txt: “txt” is not known here; did you mean “text”?"),
    ("{text: hi, markdown: ho}", "exactly one of text, markdown, image, audio, video, chat, compare; here: text, markdown"),
    ("{label: x}", "exactly one of"),
    ("{image: {url: x, alte: y}}", "show[0].image.alte: “alte” is not known here; did you mean “alt”?"),
    ("{compare: {a: x}}", "two sides are compared, here: a"),
    ("{compare: {a: x, b: y, order: [a, c]}}", "“order” names the two sides: a, b"),
    ("{text: '{{ a'}", "show[0].text: Here “{{” is not closed by “}}”."),
    ("{text: '{{ a | foo }}'}", "There is no filter “foo” here."),
    ("{compare: {a: '{% include x %}', b: y}}", "show[0].compare.a: This is not right in Liquid: unexpected tag 'include'"),
    ("{audio: {url: '{% if %}'}}", "show[0].audio.url: "),
]  # fmt: skip


@pytest.mark.parametrize(("block", "says"), BLOCKS, ids=[block for block, _ in BLOCKS])
def test_a_problem_of_a_block_says_what_would_be_right(block: str, says: str) -> None:
    found = problems(SMALL.replace('{{ text }}"', 'x"').replace('text: "x"', block))
    assert any(line.startswith("mood.yaml:4: ") and says in line for line in found)


def test_names_of_questions_are_names() -> None:
    for name in ("is-spam", "1st", "_gold", "and", "a b"):
        (found,) = problems(SMALL + f"  '{name}': {{kind: text}}\n")
        assert f"“{name}” is" in found


def test_of_names_the_sides_of_the_comparison() -> None:
    text = (
        SMALL.replace('text: "{{ text }}"', "compare: {left: x, right: y}")
        + "  q: {kind: comparison, of: [a, b]}\n"
    )
    (found,) = problems(text)
    assert "a, b are not the sides of a “compare” block; it has left, right" in found


@pytest.mark.parametrize(
    "second", ["{b: x, c: y}", "{b: x, a: y}", "{a: x, b: y, shuffle: false}", "{a: x, b: y, order: [b, a]}"]
)
def test_sides_of_one_name_stand_on_one_side(second: str) -> None:
    for more, right in (
        (second, False),
        ("{a: x, b: y, as: text}", True),
        ("{c: x, d: y, shuffle: false}", True),
    ):
        blocks = "compare: {a: x, b: y}\n  - compare: " + more
        text = SMALL.replace('text: "{{ text }}"', blocks)
        if right:
            assert read_project_file(text)
        else:
            (found,) = problems(text)
            assert found.startswith("mood.yaml:5: show[1].compare: “compare” blocks that share a name")


def test_what_cannot_be_counted_cannot_decide() -> None:
    (found,) = problems(SMALL + "  why: {kind: text}\ndecides: [why]\n")
    assert "“why” cannot decide when a task is done" in found


def test_many_problems_come_together_but_not_all() -> None:
    found = problems("title: Mood\n" + "".join(f"wrong_{number}: 1\n" for number in range(30)))
    assert len(found) == 21
    assert found[-1].startswith("… and ")


def test_problems_are_there_as_a_list_too() -> None:
    with pytest.raises(ProjectFileError) as refused:
        read_project_file(SMALL + "pay: {per: answer}\nhold: {tasks: 0}\n")
    first, second = refused.value.problems
    assert (first.path, first.line) == ("pay", 7)
    assert (second.path, second.line) == ("hold.tasks", 8)
    assert refused.value.path == "pay"


@pytest.mark.parametrize("text", ["", "[]", "just text", "3"])
def test_something_else_than_a_map_is_no_project(text: str) -> None:
    (found,) = problems(text)
    assert "a project file is a map" in found


def test_one_number_is_both_ends_and_one_end_is_enough() -> None:
    for answers, ends in (
        (3, (3, 3)),
        ({"min": 7}, (7, 7)),
        ({"max": 1}, (1, 1)),
        ({"min": 3}, (3, 5)),
        ({}, (2, 5)),
    ):
        file = file_with(quality={"answers": answers})
        assert (file.answers.min, file.answers.max) == ends


def test_tags_countries_and_durations_take_their_usual_form() -> None:
    file = file_with(language="zh-hant-tw", audience={"languages": {"de-ch-1996": "B2"}, "countries": ["at"]})
    assert file.language == "zh-Hant-TW"
    assert file.audience.languages == {"de-CH-1996": "B2"}
    assert file.audience.countries == ["AT"]
    for text, seconds in (
        ("1 day 12 hours", 129_600),
        ("90 minutes", 5400),
        ("1 week and 1 second", 604_801),
        ("0 seconds", 0),
    ):
        assert file_with(approve_after=text).approve_after_seconds == seconds


def test_amounts_may_be_written_without_quotation_marks() -> None:
    assert read_project_file(SMALL + "pay: {amount: 0.30}\nbudget: 500\n").pay.reward_micros == 300_000
