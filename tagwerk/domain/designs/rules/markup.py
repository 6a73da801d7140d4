"""Markdown as safe HTML: CommonMark and tables, code highlighted, everything else on a list.

Nothing that a requester or a model writes reaches a page except through here or escaped. HTML in the text is shown
as text (markdown-it with html off), and the result passes an allow-list once more (nh3).
"""

from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

MediaUrl = Callable[[str], str | None]
"""Turns an address in a text (http, https or "media:name") into the one to load it from; None: do not show it."""

LONGEST_MARKDOWN: Final = 100_000  # characters; longer is shown as plain text
LONGEST_CODE: Final = 8_000  # characters of one block, and of all blocks together twice that
# Only lexers whose expressions are known to be quick: the text to highlight may be written by anybody.
LANGUAGES: Final = frozenset({
    "bash", "c", "c++", "cpp", "cs", "csharp", "css", "diff", "docker", "dockerfile", "go",
    "html", "ini", "java", "javascript", "js", "json", "jsx", "kotlin", "lua", "php",
    "py", "python", "python3", "r", "rb", "ruby", "rs", "rust", "sh", "shell", "sql", "swift", "toml",
    "ts", "tsx", "typescript", "xml", "yaml", "yml",
})  # fmt: skip
_TAGS: Final = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img",
    "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
CODE_CLASSES: Final = {short for short in STANDARD_TYPES.values() if short}


def markdown_html(text: str, media: MediaUrl | None = None) -> str:
    """Safe HTML of a Markdown text; pictures only where `media` gives them an address."""
    if len(text) > LONGEST_MARKDOWN:
        return plain_html(text)
    return _cleaner().clean(_markdown().render(text, {"media": media, "highlighted": 0}))


def plain_html(text: str) -> str:
    """A text exactly as it is; the page keeps its line breaks by style."""
    return f'<div class="plain">{escape(text)}</div>'


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}},
        allowed_classes={
            "span": {*CODE_CLASSES, "missing-picture"},
            "div": {"plain"},
            "td": {"to-left", "to-center", "to-right"},
            "th": {"to-left", "to-center", "to-right"},
        },
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            "img": {"loading": "lazy"},
            "pre": {"tabindex": "0"},  # wide code scrolls, also for who has only keys
        },
        link_rel="noopener nofollow",
        url_schemes={"http", "https", "mailto"},
    )


@cache
def _markdown() -> MarkdownIt:
    return new_parser()


def new_parser(*, html: bool = False) -> MarkdownIt:
    """A parser with our code, pictures and tables; its `env` holds `media` (or None) and `highlighted`, which is 0.

    What it makes still has to pass an allow-list of whoever uses it.
    """
    parser = MarkdownIt("commonmark", {"html": html}).enable("table").enable("strikethrough")
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("th_open", _cell)
    parser.add_render_rule("td_open", _cell)
    return parser


def _fence(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A block of code; highlighted while there is not too much of it, since anybody may have written it."""
    code, words = tokens[index].content, tokens[index].info.split()
    language = words[0].lower() if words else ""
    size = env["highlighted"] + len(code)
    if language in LANGUAGES and len(code) <= LONGEST_CODE and size <= 2 * LONGEST_CODE:
        env["highlighted"] = size
        lexer = get_lexer_by_name(language, stripnl=False)
        return f"<pre><code>{highlight(code, lexer, HtmlFormatter(nowrap=True))}</code></pre>\n"
    return f"<pre><code>{escape(code)}</code></pre>\n"


def _image(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    alt = escape(self.renderInlineAsText(token.children or [], options, env))
    media = env.get("media")
    url = media(str(token.attrs.get("src", ""))) if media else None
    if url is None:
        return f'<span class="missing-picture">{alt}</span>'
    return f'<img src="{escape(url)}" alt="{alt}">'


def _cell(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A table cell; its alignment as a class, since the page allows no style attributes."""
    token = tokens[index]
    side = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return f'<{token.tag} class="to-{side}">' if side else f"<{token.tag}>"
