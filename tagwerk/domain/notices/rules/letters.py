"""How every e-mail of the platform looks: the same words as plain text and as HTML.

Mailboxes load no style sheet of ours, so colours stand here; nothing is loaded from anywhere, and nothing tells us
that a mail was read. Everything that comes from people is escaped here and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class LetterText:
    """What an e-mail says: a title, paragraphs, one thing to do, and small print."""

    language: str
    sender: str  # the name of the instance
    title: str
    paragraphs: tuple[str, ...]
    button: Link | None = None
    facts: tuple[tuple[str, str], ...] = ()
    small: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()  # below the small print


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a text in which empty lines part them."""
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def plain_letter(text: LetterText) -> str:
    """The whole e-mail as plain text."""
    parts = [text.title, *text.paragraphs]
    if text.facts:
        parts.append("\n".join(f"{name}: {value}" for name, value in text.facts))
    if text.button is not None:
        parts.append(f"{text.button.label}:\n{text.button.url}")
    parts.append("\n".join(["-- ", text.sender]))
    parts += text.small
    parts += [f"{link.label}:\n{link.url}" for link in text.links]
    return "\n\n".join(parts) + "\n"


def html_letter(text: LetterText) -> str:
    """The whole e-mail as HTML, in the colours that the reader's mailbox asks for."""

    return (
        f'<!DOCTYPE html>\n<html lang="{escape(text.language)}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(text.title)}</title>\n<style>{_STYLE}</style></head>\n"
        f'<body style="{_BODY}"><div class="mail" role="main" style="{_MAIL}">\n'
        f'<h1 dir="auto" style="{_H1}">{escape(text.title)}</h1>\n'
        + "\n".join(_main(text))
        + f'\n<hr class="line" style="{_LINE}">\n<p class="quiet" style="{_SMALL}"><strong>{escape(text.sender)}</strong></p>\n'
        + "\n".join(_foot(text))
        + "\n</div></body>\n</html>\n"
    )


def _main(text: LetterText) -> Iterator[str]:
    for paragraph in text.paragraphs:
        yield f'<p dir="auto" style="{_P}">{_lines(paragraph)}</p>'
    if text.facts:
        rows = "".join(
            f'<tr><th scope="row" class="quiet" style="{_TH}">{escape(name)}:</th><td style="{_TD}">{escape(value)}</td></tr>'
            for name, value in text.facts
        )
        yield f'<table style="{_TABLE}">{rows}</table>'
    if text.button is not None:
        url = escape(text.button.url)
        yield f'<p style="{_P}"><a class="button" href="{url}" style="{_BUTTON}">{escape(text.button.label)}</a></p>'
        yield f'<p class="quiet" style="{_SMALL}"><a class="quiet" href="{url}" style="{_PLAIN}">{url}</a></p>'


def _foot(text: LetterText) -> Iterator[str]:
    for paragraph in text.small:
        yield f'<p class="quiet" style="{_SMALL}">{_lines(paragraph)}</p>'
    for link in text.links:
        url = escape(link.url)
        yield (
            f'<p class="quiet" style="{_SMALL}">{escape(link.label)}:<br>'
            f'<a class="quiet" href="{url}" style="{_PLAIN}">{url}</a></p>'
        )


def _lines(paragraph: str) -> str:
    return escape(paragraph).replace("\n", "<br>")


# The tokens of the pages (layout/tokens.css), written out. In the dark, styles that stand in a head win over those
# of elements; mailboxes that drop the head keep the light ones.
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"
_BODY = f"margin:0;padding:24px 12px;background:#f7f8fa;color:#171b21;{_FONT};font-size:16px;line-height:1.5"
_MAIL = (
    "max-width:560px;margin:0 auto;padding:28px 24px;background:#ffffff;border:1px solid #dde1e7;border-radius:12px;"
    "overflow-wrap:anywhere"
)
_H1 = "margin:0 0 16px;font-size:20px;line-height:1.3"
_P = "margin:0 0 16px"
_SMALL = "margin:0 0 8px;color:#545d6a;font-size:13px"
_PLAIN = "color:#545d6a"
_LINE = "margin:24px 0 16px;border:0;border-top:1px solid #dde1e7"
_BUTTON = (
    "display:inline-block;padding:10px 18px;background:#2450b4;color:#ffffff;border-radius:8px;font-weight:600;"
    "text-decoration:none"
)
_TABLE = "margin:0 0 16px;border-collapse:collapse;font-size:14px"
_TH = "padding:2px 16px 2px 0;color:#545d6a;font-weight:400;text-align:start;vertical-align:top"
_TD = "padding:2px 0;vertical-align:top"
_STYLE = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (prefers-color-scheme:dark){"
    "body{background:#111418!important;color:#e9ecf0!important}"
    ".mail{background:#191d22!important;border-color:#2e353d!important}"
    ".line{border-color:#2e353d!important}.quiet{color:#a5afbb!important}"
    ".button{background:#93b7ff!important;color:#0d1626!important}}"
)
