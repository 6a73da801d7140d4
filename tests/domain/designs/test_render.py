"""What a task shows, and which rows can be shown."""

from typing import Any

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.liquid_text import columns_of, compile_liquid
from tagwerk.domain.designs.rules.render import (
    compile_row_check,
    loadable,
    order_for,
    order_of_sides,
    render_instructions,
    render_task,
)
from tests.domain.designs.samples import ROW, design_with, whole_design

HOSTILE = "<script>alert(1)</script>{{ secret }}{% include 'x' %}"


def only(block: dict[str, Any], row: dict[str, Any], **options: Any) -> Any:
    (shown,) = render_task(design_with(show=[block]), row, **options)
    return shown


def test_text_is_shown_as_it_is() -> None:
    shown = only({"text": "{{ text }}", "label": "Review"}, {"text": HOSTILE + "\n**x**", "secret": "s"})
    assert shown.html == (
        '<div class="plain">&lt;script&gt;alert(1)&lt;/script&gt;{{ secret }}{% include &#x27;x&#x27; %}\n**x**</div>'
    )
    assert (shown.kind, shown.label, shown.language) == ("text", "Review", "en")


def test_markdown_in_a_template_and_in_its_values() -> None:
    shown = only(
        {"markdown": "# {{ title }}\n{% for x in list %}- {{ x }}\n{% endfor %}"},
        {"title": HOSTILE, "list": ["a", "*b*"]},
    )
    assert "<script" not in shown.html and "&lt;script&gt;" in shown.html
    assert "<li>a</li>" in shown.html and "<em>b</em>" in shown.html


def test_a_chat_from_a_list_or_its_json() -> None:
    messages = [
        {"role": "user", "content": "**Hi** <b>"},
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "one"}, {"type": "image"}, {"type": "text", "text": "two"}],
        },
        {"role": "assistant", "content": None, "tool_calls": []},
    ]
    shown = only({"chat": "{{ messages }}"}, {"messages": messages})
    assert [message.role for message in shown.messages] == ["user", "assistant", "assistant"]
    assert shown.messages[0].html == "<p><strong>Hi</strong> &lt;b&gt;</p>\n"
    assert shown.messages[1].html == "<p>one</p>\n<p>two</p>\n"
    assert (
        only({"chat": "{{ m }}"}, {"m": '[{"role": "user", "content": "x"}]'}).messages[0].html
        == "<p>x</p>\n"
    )
    nested = only({"chat": "{{ row.chat[0] }}"}, {"row": {"chat": [[{"role": "u", "content": "x"}]]}})
    assert nested.messages[0].role == "u"


def test_sides_stand_by_the_seed_and_keep_their_names() -> None:
    design = whole_design()
    seen = set()
    for seed in range(40):
        shown = render_task(design, ROW, assignment_seed=seed)[1]
        assert shown.order == order_of_sides(seed) == order_for(design, seed)
        assert [side.name for side in shown.sides] == list(shown.order)
        assert {side.name: side.html for side in shown.sides} == {"a": "<p>eins</p>\n", "b": "<p>zwei</p>\n"}
        seen.add(shown.order)
    assert seen == {"ab", "ba"}
    assert render_task(design, ROW, assignment_seed=1, order="ba")[1].order == "ba"


def test_the_order_of_sides_is_even_and_never_changes() -> None:
    orders = [order_of_sides(seed) for seed in range(10_000)]
    assert 4800 < orders.count("ab") < 5200
    assert " ".join(order_of_sides(seed) for seed in range(8)) == "ba ba ba ba ab ba ba ab"


def test_sides_stay_where_nothing_is_shuffled() -> None:
    block = {"compare": {"old": "{{ x }}", "new": "{{ y }}", "shuffle": False}}
    ask = {"q": {"kind": "comparison", "of": ["new", "old"]}}
    design = design_with(show=[block], ask=ask)
    assert {
        tuple(side.name for side in render_task(design, {"x": 1, "y": 2}, assignment_seed=n)[0].sides)
        for n in range(9)
    } == {("old", "new")}
    assert order_for(design, 1) == "ab"
    assert order_for(design_with(), 1) is None


def test_each_block_turns_its_own_sides() -> None:
    fixed = {"compare": {"old": "{{ x }}", "new": "{{ y }}", "shuffle": False}}
    turned = {"compare": {"a": "{{ x }}", "b": "{{ y }}"}}
    design = design_with(show=[fixed, turned])
    for order, sides in (("ab", ("old", "new", "a", "b")), ("ba", ("old", "new", "b", "a"))):
        shown = render_task(design, {"x": 1, "y": 2}, order=order)
        assert tuple(side.name for block in shown for side in block.sides) == sides
        assert design.sides_shown(order) == sides


def test_pictures_can_be_compared() -> None:
    block = {"compare": {"a": "{{ x }}", "b": "{{ y }}", "as": "image", "shuffle": False}}
    shown = only(block, {"x": "https://example.org/a.png", "y": "javascript:alert(1)"})
    assert [side.url for side in shown.sides] == ["https://example.org/a.png", None]


@pytest.mark.parametrize(
    ("url", "loaded"),
    [
        ("https://example.org/a.png?x=1&y=2", "https://example.org/a.png?x=1&y=2"),
        (" http://example.org/a ", "http://example.org/a"),
        ("media:a.png", None), ("javascript:alert(1)", None), ("data:image/png;base64,x", None), ("//evil.org/x", None),
        ("/etc/passwd", None), ("file:///etc/passwd", None), ("https://a\" onerror=\"x", None), ("https://a b", None), ("", None),
        ("https://example.org/" + "a" * 5000, None), ("java\nscript:alert(1)", None),
    ],
)  # fmt: skip
def test_only_addresses_are_loaded(url: str, loaded: str | None) -> None:
    assert loadable(url) == loaded
    assert only({"image": {"url": "{{ u }}", "alt": "A {{ what }}"}}, {"u": url, "what": "cat"}).url == loaded


def test_a_function_decides_which_media_are_loaded() -> None:
    def signed(url: str) -> str | None:
        return "https://media.example/" + url.removeprefix("media:") if url.startswith("media:") else None

    assert only({"audio": "media:{{ f }}.mp3"}, {"f": "x"}, media=signed).url == "https://media.example/x.mp3"
    assert only({"image": "{{ f }}"}, {"f": "https://evil.org/x"}, media=signed).url is None
    assert (
        'src="https://media.example/c.png"' in only({"markdown": "![c](media:c.png)"}, {}, media=signed).html
    )
    instructions = design_with(instructions="![c](media:c.png)")
    assert "<img" not in instructions.instructions_html
    assert "https://media.example/c.png" in render_instructions(instructions, signed)


def test_the_language_of_the_content() -> None:
    assert only({"text": "x"}, {}, language="de").language == "de"


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in (1..99999999) %}x{% endfor %}",
        "{% for i in (1..9999) %}{{ x }}{{ x }}{{ x }}{% endfor %}",
        "{{ x | replace: 'y', x | replace: 'y', x | replace: 'y', x }}",
        "{% assign n = 999999999 %}{% for i in (1..30) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
        "{% assign s = x %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}",
        "{{ x | split: '' | join: x | split: '' | join: x | split: '' | join: x }}",
        "{{ x | divided_by: 0 }}",
    ],
)
def test_what_a_template_makes_has_limits(template: str) -> None:
    with pytest.raises(Invalid) as refused:
        only({"text": template}, {"x": "y" * 100})
    assert refused.value.code == "row_unfit"


@pytest.mark.parametrize(
    "template",
    [
        "{{" * 9000,
        "{%" * 9000,
        "{{ a",
        "{% if a %}",
        "x" * 20_001,
        "{% include 'x' %}",
        "{{ 'now' | date: '%Y' }}",
    ],
)
def test_what_is_no_template_is_refused(template: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_liquid(template)
    assert refused.value.code == "template_wrong"


def test_liquid_reaches_nothing_but_the_data() -> None:
    shown = only(
        {"text": "{{ a.__class__ }}{{ a.get }}{{ s.format }}{{ self }}|{{ o }}"},
        {"a": {"x": 1}, "s": "t", "o": {"k": ["ü"]}},
    )
    assert shown.html == '<div class="plain">|{&quot;k&quot;: [&quot;ü&quot;]}</div>'


@pytest.mark.parametrize(
    ("template", "columns"),
    [
        ("{{ a }} {{ b.c | upcase }} {{ d[0].e }}", {"a", "b", "d"}),
        ("{% if a %}{{ a }}{% endif %}", set()),
        ("{% unless a %}x{% elsif b == 'y' %}{{ c }}{% endunless %}", {"c"}),
        ("{{ a | default: 'x' }} {% assign z = b %}{{ z }}", {"b"}),
        ("{% for m in list %}{{ m.x }}{{ forloop.index }}{% endfor %}", {"list"}),
        ("no columns", set()),
    ],
)
def test_the_columns_that_a_template_needs(template: str, columns: set[str]) -> None:
    assert columns_of(compile_liquid(template)) == columns


def test_a_row_must_have_what_is_shown() -> None:
    check = compile_row_check(
        design_with(show=[{"text": "{{ text }}"}, {"markdown": "{{ item.title }} {{ item.tags.size }}"}])
    )
    check({"text": "", "item": {"title": "x", "tags": []}, "more": 1})
    for row, path, says in (
        (
            {"txt": "x", "item": {"title": "x", "tags": 1}},
            "text",
            "“text” is missing; the design shows it; did you mean “txt”?",
        ),
        ({"text": None, "item": {"title": "x", "tags": 1}}, "text", "“text” is empty"),
        ({"text": "x", "item": {"tags": 1}}, "item.title", "“item.title” is missing"),
        ({"text": "x", "item": "y"}, "item.tags", "is missing"),
    ):
        with pytest.raises(Invalid) as refused:
            check(row)
        assert (refused.value.code, refused.value.path) == ("row_unfit", path)
        assert says in str(refused.value)


@pytest.mark.parametrize("messages", ["no list", "{}", [1], [{"role": "user"}, {"content": "x"}], [{"role": 1, "content": "x"}], 7, [{"role": "u", "content": {}}]])  # fmt: skip
def test_a_row_with_a_broken_chat_is_refused(messages: Any) -> None:
    with pytest.raises(Invalid) as refused:
        compile_row_check(whole_design())({**ROW, "messages": messages})
    assert refused.value.path == "messages"
    assert str(refused.value)


def test_a_row_with_a_broken_address_is_refused() -> None:
    check = compile_row_check(
        design_with(show=[{"image": "{{ picture }}"}, {"video": "https://example.org/{{ id }}.mp4"}])
    )
    check({"picture": "media:cat.png", "id": 3})
    for picture in ("cat.png", "javascript:alert(1)", 3, ["x"]):
        with pytest.raises(Invalid) as refused:
            check({"picture": picture, "id": 3})
        assert refused.value.path == "picture"
