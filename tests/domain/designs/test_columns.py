"""What columns hold, what could be shown of them, and which of them stand in for what a design shows."""

from typing import Any

import pytest

from tagwerk.domain.designs.rules.columns import (
    ColumnKind,
    columns_of_rows,
    pairs_in,
    proposed_show,
    replacements,
    shown_with,
    with_columns,
)

CHAT = [{"role": "user", "content": "Hello"}]


def rows(**columns: list[Any]) -> list[dict[str, Any]]:
    names = list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2,5"], ColumnKind.NUMBER),
        ([1, 2.5], ColumnKind.NUMBER),
        (["A text.", "7"], ColumnKind.TEXT),
        (["de", "en-GB"], ColumnKind.LANGUAGE),
        (["is", "xx"], ColumnKind.TEXT),
        (["2026-11-29", "2026-11-29T12:00"], ColumnKind.TIME),
        (["https://x.org/a.PNG?w=1", "media:b.jpg"], ColumnKind.IMAGE),
        (["https://x.org/a.mp3"], ColumnKind.AUDIO),
        (["https://x.org/a.mp4"], ColumnKind.VIDEO),
        (["https://x.org/a.png", "https://x.org/page"], ColumnKind.LINK),
        ([CHAT], ColumnKind.CHAT),
        (['[{"role": "user", "content": "x"}]'], ColumnKind.CHAT),
        (['{"a": 1}', "[2]"], ColumnKind.JSON),
        (["[not json", "[1]"], ColumnKind.TEXT),
        (["", None], ColumnKind.EMPTY),
    ],
)
def test_a_column_is_what_all_its_values_are(values: list[Any], kind: ColumnKind) -> None:
    assert columns_of_rows(rows(c=values))[0].kind is kind


@pytest.mark.parametrize(
    ("name", "values"),
    [("Ticket", ["T-1000", "T-1001"]), ("Beleg-Nr.", ["abc", "abd"]), ("customer id", ["a", "b"])],
)
def test_the_number_of_a_row_is_not_worth_reading(name: str, values: list[str]) -> None:
    found = columns_of_rows(rows(**{name: values, "text": ["The lid leaks.", "It is a kettle."]}))
    assert proposed_show(found) == [{"text": "{{ text }}", "label": "Text"}]


def test_what_is_read_is_proposed_and_what_only_sorts_is_not() -> None:
    found = columns_of_rows(
        rows(
            id=["a1", "a2"],
            comment=["The kettle boils water in no time.", "It leaks at the lid, every time."],
            stars=["4", "1"],
            shop=["north", "north"],
            picture=["https://x.org/1.png", "https://x.org/2.png"],
            _gold=[{"mood": "good"}, None],
        )
    )
    assert proposed_show(found) == [
        {"text": "{{ comment }}", "label": "Comment"},
        {"image": "{{ picture }}", "label": "Picture"},
    ]


def test_two_columns_that_look_like_a_pair_stand_side_by_side() -> None:
    found = columns_of_rows(
        rows(prompt=["How do I boil an egg?"], answer_1=["Ten minutes."], answer_2=["No idea."])
    )
    assert pairs_in(found)
    assert proposed_show(found, compare=True) == [
        {"text": "{{ prompt }}", "label": "Prompt"},
        {"compare": {"a": "{{ answer_1 }}", "b": "{{ answer_2 }}", "shuffle": True, "as": "text"}},
    ]
    assert not pairs_in(columns_of_rows(rows(only=["One text and nothing else."])))


def test_where_nothing_is_worth_reading_the_first_column_is_shown() -> None:
    assert proposed_show(columns_of_rows(rows(n=[1, 2], m=[3, 4]))) == [{"text": "{{ n }}", "label": "N"}]


def test_a_name_with_spaces_is_written_so_that_a_text_can_show_it() -> None:
    [column] = columns_of_rows([{"Text der Bewertung": "Sitzt wie angegossen."}])
    assert column.template == "{{ ['Text der Bewertung'] }}"


def test_columns_stand_in_by_name_then_by_what_they_hold() -> None:
    found = columns_of_rows(
        rows(question=["How do I boil an egg at all?"], answer=["In water, ten minutes."], n=["1"])
    )
    assert replacements(["prompt", "answer"], found) == {"prompt": "question"}
    assert replacements(["text"], found) in ({"text": "question"}, {"text": "answer"})
    assert replacements(["a", "b", "c"], found) is None
    assert replacements(["text"], columns_of_rows(rows(n=["1"]))) == {"text": "n"}
    assert replacements(["text"], []) is None


def test_only_columns_in_braces_change_their_name() -> None:
    instead = {"text": "my text", "a": "b"}
    assert with_columns("text: {{ text | upcase }} {{ texts }} {{ x.text }}", instead) == (
        "text: {{ ['my text'] | upcase }} {{ texts }} {{ x.text }}"
    )
    show = [{"compare": {"a": "{{ a }}", "shuffle": True}, "label": "{{ a }}"}]
    assert shown_with(show, instead) == [{"compare": {"a": "{{ b }}", "shuffle": True}, "label": "{{ a }}"}]
