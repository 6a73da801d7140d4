"""The tool that finds texts: in code, in refusals, in templates, and what it says of a translation."""

from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message

from tools import messages


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with nothing in it."""
    monkeypatch.setattr(messages, "HOUSE", tmp_path)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return tmp_path


def ids() -> set[Any]:
    return {message.id for message in messages._found() if message.id}


def test_texts_of_refusals_are_the_second_argument(house: Path) -> None:
    (house / "a.py").write_text(
        'raise Invalid("code", "The {thing} is wrong.", thing=1)\n'
        'raise NotFound(\n    "other", "There is "\n    "nothing.")\n'
        "raise Conflict(code, message)\n"
        'raise TooMany("code", WHY["no text"])\n'
        'raise errors.NotAllowed("code", "Five." if late else "Six.")\n'
        'raise Refusal("code", "{message}")\n'
    )
    assert ids() == {"The {thing} is wrong.", "There is nothing.", "Five.", "Six."}


def test_texts_that_have_a_name_first_are_found_within_their_function(house: Path) -> None:
    (house / "a.py").write_text(
        'def one(late):\n    message = "Five." if late else "Six."\n    raise Invalid("code", message)\n'
        'def two(message):\n    text = "no text"\n    raise Invalid("code", message)\n'
        'def three():\n    text = "Seven {n}."\n    return Sentence(text, n=wrong("Eight."))\n'
    )
    assert ids() == {"Five.", "Six.", "Seven {n}.", "Eight."}


def test_texts_of_templates_are_found_wherever_they_stand(house: Path) -> None:
    (house / "a.html").write_text(
        '  <p>\n    {% translate "One" %} it\'s {{ x }}\n\t<b title="{% translate \'Two\' %}">\n'
        "{% blocktranslate trimmed with n=x %}\n  Three {{ n }}\n  four\n{% endblocktranslate %}\n"
        "{% blocktranslate count n=x %}{{ n }} task{% plural %}{{ n }} tasks{% endblocktranslate %}\n"
        '{% component "button" label=_("Five") %}'
    )
    assert ids() == {"One", "Two", "Three %(n)s four", ("%(n)s task", "%(n)s tasks"), "Five"}


def test_contexts_are_kept(house: Path) -> None:
    (house / "a.py").write_text('pgettext("comparison", "Both the same")')
    [message] = [m for m in messages._found() if m.id]
    assert (message.id, message.context) == ("Both the same", "comparison")


def test_what_only_programs_read_is_left_out(house: Path) -> None:
    for folder in ("client", "domain/work/migrations"):
        (house / folder).mkdir(parents=True)
        (house / folder / "a.py").write_text('_("no")')
    assert ids() == set()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Zeile {number} fehlt.", None),
        ("", "not translated"),
        ("Zeile fehlt.", "other places"),
        ("Zeile {nummer} fehlt.", "other places"),
    ],
)
def test_a_translation_keeps_the_places(text: str, problem: str | None) -> None:
    wanted, known = Message("Row {number} is missing."), Message("Row {number} is missing.", text)
    found = list(messages._problems(wanted, known))
    assert [one.startswith(problem or "") for one in found] == ([True] if problem else [])


def test_plurals_need_both_forms() -> None:
    ids = ("{n} task", "{n} tasks")
    assert not list(messages._problems(Message(ids), Message(ids, ("{n} Aufgabe", "{n} Aufgaben"))))
    assert list(messages._problems(Message(ids), Message(ids, ("{n} Aufgabe", ""))))


def test_escaped_braces_are_no_places() -> None:
    assert messages._places("a {name!r} {{role}} %(n)s %d") == {"{name!r}", "%(n)s", "%d"}


def test_a_translation_that_was_guessed_is_told() -> None:
    guessed = Message("One", "Eins", flags=["fuzzy"])
    assert list(messages._problems(Message("One"), guessed)) == ["fuzzy"]


def test_translations_that_no_text_asks_for_are_told() -> None:
    catalog, wanted = Catalog(), Catalog()
    wanted.add("One")
    wanted.add("Both", context="comparison")
    for text, context in (("One", None), ("Two", None), ("Both", None), ("Both", "comparison")):
        catalog.add(text, "x", context=context)
    catalog.obsolete["Three"] = Message("Three", "drei")
    left_over = [(one.id, one.context) for one in messages._left_over(catalog, wanted)]
    assert left_over == [("Three", None), ("Two", None), ("Both", None)]


def test_every_text_of_the_house_has_its_german() -> None:
    """New texts: run tools/messages.py extract, write the German into the .po file."""
    assert messages.problems() == []


def test_the_german_says_sie() -> None:
    catalog = messages._read("de")
    texts = [
        text for one in catalog for text in ([one.string] if isinstance(one.string, str) else one.string)
    ]
    assert [text for text in texts if messages.FAMILIAR.search(text)] == []
