"""Markdown never yields script, whatever is written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwerk.domain.designs.rules.markup import markdown_html

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\nscript:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)", "[x](data:text/html,<script>alert(1)</script>)", "![x](javascript:alert(1))", "![x](https://a/\"onerror=alert(1))",
    "[x]: javascript:alert(1)\n\n[x]", "<javascript:alert(1)>", "<https://a.b/\"onmouseover=alert(1)>", "[x](https://a 'onclick=alert(1)')",
    "[x](https://a \"\\\" onclick=\\\"alert(1)\")", "```js\n</code></pre><script>alert(1)</script>\n```", "```\"onclick=alert(1)\nx\n```",
    "`<script>`", "<iframe src=//evil></iframe>", "<style>*{display:none}</style>", "<base href=//evil>", "<form action=//evil><input>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "| a |\n|:-:|\n| <script>x</script> |", "<!--<script>-->",
    "<a\nhref=\"javascript:x\">", "\\<script>", "&lt;script&gt;", "&#60;script&#62;", "# <script>", "> <script>", "- <object data=x>",
    "[<script>](https://x)", "![<script>](https://x)", "<div style='background:url(javascript:x)'>", "[a](https://x){onclick=x}",
]  # fmt: skip
ALLOWED = (
    "a|blockquote|br|code|del|div|em|h[1-6]|hr|img|li|ol|p|pre|s|span|strong|table|tbody|td|th|thead|tr|ul"
)
TAG = re.compile(
    rf"</?(?:{ALLOWED})(?: (?:href|title|class|src|alt|start|rel|target|loading|tabindex)=\"[^\"<>]*\")*>"
)


def assert_harmless(html: str) -> None:
    rest = TAG.sub("", html)
    assert "<" not in rest
    for found in re.findall(r'(?:href|src)="([^"]*)"', " ".join(TAG.findall(html))):
        assert re.match(r"https?://|mailto:|[^:]*$|[^:/?#]*[/?#]", found)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_not_run(text: str) -> None:
    assert_harmless(markdown_html(text))
    assert_harmless(markdown_html(text, lambda url: url))
    assert_harmless(markdown_html(f"x {text} y\n\n- {text}\n\n{text}"))


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from([*HOSTILE, "\n", "\n\n", "[", "](", ")", "`", "```", "<", ">", '"', "a"])
        | st.text(max_size=5),
        max_size=8,
    )
)
def test_no_mixture_is_run_either(pieces: list[str]) -> None:
    assert_harmless(markdown_html("".join(pieces), lambda url: url))


def test_links_leave_safely() -> None:
    html = markdown_html("[x](https://example.org)")
    assert html == '<p><a href="https://example.org" target="_blank" rel="noopener nofollow">x</a></p>\n'


def test_code_is_highlighted_with_classes_only() -> None:
    html = markdown_html("```python\ndef f(): return '<b>'\n```")
    assert '<span class="k">def</span>' in html and "style=" not in html and "&lt;b&gt;" in html
    assert "<span" not in markdown_html("```unknown\ndef\n```")
    assert "<span" not in markdown_html("```python\n" + "x = 1\n" * 2000 + "```")
    many = markdown_html("```python\n" + "x = 1\n" * 1000 + "```\n" + "```python\ndef f(): 1\n```\n" * 2000)
    assert '<span class="k">def</span>' in many and "<code>def f(): 1" in many


def test_tables_keep_their_alignment_as_classes() -> None:
    assert '<td class="to-right">1</td>' in markdown_html("| a |\n|--:|\n| 1 |")


def test_pictures_need_permission() -> None:
    assert markdown_html("![a cat](https://x/c.png)") == '<p><span class="missing-picture">a cat</span></p>\n'
    allowed = markdown_html("![a cat](https://x/c.png)", lambda url: "https://media/" + url[-5:])
    assert 'src="https://media/c.png"' in allowed and 'alt="a cat"' in allowed


def test_very_long_text_is_plain() -> None:
    assert markdown_html("*x* " * 30_000).startswith('<div class="plain">*x*')


def test_deep_nesting_ends() -> None:
    assert_harmless(markdown_html(">" * 5000 + "x"))
    assert_harmless(markdown_html("[" * 5000 + "x"))
    assert_harmless(markdown_html("*a_ " * 3000))
