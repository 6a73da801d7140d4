"""The documents of docs/ as HTML: like Markdown of requesters, with anchors on headings and links between documents.

The text is the project's own, so HTML in it counts (a line break in a table); it passes an allow-list all the same.
"""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from tagwerk.domain.designs.rules.markup import CODE_CLASSES, new_parser

Address = Callable[[str], str | None]
"""Turns a link's path inside docs/ (and its #part) into an address; None: this leads nowhere on the site."""

TAGS: Final = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s",
    "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text below it, up to the next one."""

    level: int
    anchor: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document: its HTML, and what can be searched for in it."""

    html: str
    sections: tuple[Section, ...]


def rendered(text: str, path: str, address: Address) -> Rendered:
    """The document at `path` inside docs/."""
    env: dict[str, Any] = {
        "media": None,
        "highlighted": 0,
        "folder": posixpath.dirname(path),
        "address": address,
    }
    parser = _parser()
    tokens = parser.parse(text, env)
    _anchor(tokens)
    html = _cleaner().clean(parser.renderer.render(tokens, parser.options, env))
    return Rendered(html, tuple(_sections(tokens)))


def anchor_of(title: str, taken: set[str]) -> str:
    """The name of a heading in an address, as GitHub makes it; a second one of the same name is numbered."""
    name = re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") or "part"
    number = 0
    while (unique := f"{name}-{number}" if number else name) in taken:
        number += 1
    taken.add(unique)
    return unique


@cache
def _parser() -> MarkdownIt:
    parser = new_parser(html=True)
    parser.add_render_rule("link_open", _link)
    parser.add_render_rule("table_open", lambda *_: '<div class="docs-table"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    return parser


def _anchor(tokens: Any) -> None:
    taken: set[str] = set()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor_of(_plain(inline), taken))


def _sections(tokens: Any) -> list[Section]:
    found: list[Section] = []
    heading, texts = None, list[str]()

    def close() -> None:
        if heading is not None:
            found.append(Section(*heading, " ".join(" ".join(texts).split())))
        texts.clear()

    for token, before in zip(tokens, [None, *tokens], strict=False):
        if token.type == "inline" and before.type == "heading_open":
            close()
            heading = (int(before.tag[1]), str(before.attrs["id"]), _plain(token))
        elif token.type == "inline":
            texts.append(_plain(token))
        elif token.type in ("fence", "code_block"):
            texts.append(token.content)
    close()
    return found


def _plain(inline: Any) -> str:
    """The words of a line without its markup."""
    words = [
        " " if child.type in ("softbreak", "hardbreak", "html_inline") else child.content
        for child in inline.children or []
    ]
    return "".join(words)


def _link(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A link to another document leads to its page; one that leads nowhere here loses its address."""
    token = tokens[index]
    href = str(token.attrs.get("href", ""))
    if not re.match(r"\w+:|#|/", href):
        path, _, part = href.partition("#")
        to = env["address"](posixpath.normpath(posixpath.join(env["folder"], path)))
        href = "" if to is None else f"{to}#{part}" if part else to
    token.attrs = {"href": href} if href else {}
    return str(self.renderToken(tokens, index, options, env))


@cache
def _cleaner() -> nh3.Cleaner:
    aligned = {"to-left", "to-center", "to-right"}
    headings = {f"h{level}": {"id"} for level in (1, 2, 3, 4)}
    return nh3.Cleaner(
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, **headings},
        allowed_classes={"span": {*CODE_CLASSES}, "div": {"docs-table"}, "td": aligned, "th": aligned},
        # What is wide scrolls, also for who has only keys.
        set_tag_attribute_values={"pre": {"tabindex": "0"}, "div": {"tabindex": "0"}},
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
