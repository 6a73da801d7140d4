"""The layout of every mail: the same words in both forms, nothing of anybody's becomes markup."""

import re
from html import unescape

import pytest

from tagwerk.domain.notices.rules.letters import LetterText, Link, html_letter, paragraphs_of, plain_letter

HOSTILE = "<img src=x onerror=\"alert(1)\"> & 'quotes' </title></style><script>alert(1)</script>"
WHOLE = LetterText(
    language="en",
    sender="Nord & Licht",
    title="A title",
    paragraphs=("First.\nSecond line.", "Another."),
    button=Link("See it", "https://work.example.org/x/?a=1&b=2"),
    facts=(("When", "today"), ("IP address", "203.0.113.7")),
    small=("Why you get this.",),
    links=(Link("Choose which mails you get", "https://work.example.org/mails/abc/"),),
)


def words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\s:]+", text) if word != "--"]


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html.partition("<body")[2].partition(">")[2]))


def test_both_forms_say_the_same() -> None:
    assert words(text_of(html_letter(WHOLE))) == words(plain_letter(WHOLE))


def test_plain_text_reads_well() -> None:
    assert plain_letter(WHOLE) == (
        "A title\n\nFirst.\nSecond line.\n\nAnother.\n\nWhen: today\nIP address: 203.0.113.7\n\n"
        "See it:\nhttps://work.example.org/x/?a=1&b=2\n\n-- \nNord & Licht\n\nWhy you get this.\n\n"
        "Choose which mails you get:\nhttps://work.example.org/mails/abc/\n"
    )


def test_what_people_wrote_is_never_markup() -> None:
    text = LetterText(
        language=HOSTILE,
        sender=HOSTILE,
        title=HOSTILE,
        paragraphs=(HOSTILE,),
        button=Link(HOSTILE, f"https://work.example.org/{HOSTILE}"),
        facts=((HOSTILE, HOSTILE),),
        small=(HOSTILE,),
        links=(Link(HOSTILE, HOSTILE),),
    )
    html = html_letter(text)
    assert not re.search(r"<img|<script|</style>.*</style>|\" onerror", html, re.S)
    tags = {tag for tag in re.findall(r"<(\w+)", html)}
    assert tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "h1",
        "p",
        "br",
        "table",
        "tr",
        "th",
        "td",
        "a",
        "hr",
        "strong",
    }


def test_nothing_is_loaded_and_nothing_tells_that_a_mail_was_read() -> None:
    html = html_letter(WHOLE)
    assert not re.search(r"src=|url\(|@import|<link|<img", html)
    assert set(re.findall(r'href="([^"]+)"', html)) == {
        "https://work.example.org/x/?a=1&amp;b=2",
        "https://work.example.org/mails/abc/",
    }


def test_dark_mailboxes_get_dark_colours() -> None:
    assert "prefers-color-scheme:dark" in html_letter(WHOLE)
    assert '<meta name="color-scheme" content="light dark">' in html_letter(WHOLE)


@pytest.mark.parametrize(("text", "parts"), [("a\n\nb\nc\n\n\n d ", ("a", "b\nc", "d")), ("", ())])
def test_paragraphs_are_parted_by_empty_lines(text: str, parts: tuple[str, ...]) -> None:
    assert paragraphs_of(text) == parts
