"""What a task shows: a row's data in the design's blocks, as safe HTML and checked addresses."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.design import CompiledBlock, DesignView
from tagwerk.domain.designs.rules.liquid_text import MISSING, LiquidText, Segments, place_name, place_of
from tagwerk.domain.designs.rules.markup import MediaUrl, markdown_html, plain_html
from tagwerk.domain.designs.rules.near import did_you_mean

MEDIA_KINDS: Final = frozenset({"image", "audio", "video"})
MOST_MESSAGES: Final = 500
_ADDRESS: Final = re.compile(r"(?:https?://[^\s<>\"'\\]+|media:[^\s<>\"'\\]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: str
    html: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison; `name` is its key, `kind` what it is (markdown, text, image …)."""

    name: str
    kind: str
    html: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block ready for the page. `html` is safe; `url` is None where there is nothing that may be loaded."""

    kind: str
    label: str
    language: str
    html: str = ""
    url: str | None = None
    alt: str = ""
    messages: tuple[Message, ...] = ()
    sides: tuple[Side, ...] = ()  # in the order shown, left first
    order: str = ""  # "ab" or "ba": whether the first name stands left


def order_of_sides(seed: int, *, shuffle: bool = True) -> str:
    """Which side stands left for an assignment: "ab" as written, "ba" the other way; evenly spread, never by chance."""
    if not shuffle:
        return "ab"
    return "ba" if blake2b(str(seed).encode(), digest_size=1, person=b"sides").digest()[0] & 1 else "ab"


def order_for(design: DesignView, seed: int) -> str | None:
    """The order to store with an assignment; None where the design compares nothing."""
    return order_of_sides(seed, shuffle=design.shuffles) if design.compares else None


def render_task(
    design: DesignView,
    data: Mapping[str, Any],
    *,
    assignment_seed: int = 0,
    language: str | None = None,
    media: MediaUrl | None = None,
    order: str | None = None,
) -> list[ShownBlock]:
    """The blocks of a task. `language` is that of the content (default: the design's); `order` a stored one.

    `media` turns each address into the one to load; without it, http(s) addresses of media blocks stay as they are
    and pictures inside Markdown are left out.
    """
    language = language or design.language
    order = order or order_of_sides(assignment_seed, shuffle=design.shuffles)
    return [_shown(block, data, language, media, order) for block in design.blocks]


def render_instructions(design: DesignView, media: MediaUrl | None = None) -> str:
    """The instructions as safe HTML, with the pictures that `media` allows."""
    return markdown_html(design.spec.instructions, media) if media else design.instructions_html


def _shown(
    compiled: CompiledBlock, data: Mapping[str, Any], language: str, media: MediaUrl | None, order: str
) -> ShownBlock:
    block, kind = compiled.block, compiled.block.kind
    parts: dict[str, Any]
    if kind == "chat":
        parts = {"messages": _messages(compiled.templates[("chat",)].value(data), media)}
    elif kind == "compare":
        assert block.compare is not None
        order = order if block.compare.shuffle else "ab"
        parts = {"sides": _sides(compiled, data, media, order), "order": order}
    elif kind in MEDIA_KINDS:
        url = compiled.templates[(kind, "url")].text(data)
        parts = {"url": loadable(url, media), "alt": compiled.templates[(kind, "alt")].text(data)}
    else:
        parts = {"html": _html(kind, compiled.templates[(kind,)].text(data), media)}
    return ShownBlock(kind=kind, label=block.label, language=language, **parts)


def _html(kind: str, text: str, media: MediaUrl | None) -> str:
    return markdown_html(text, media) if kind == "markdown" else plain_html(text)


def _sides(
    compiled: CompiledBlock, data: Mapping[str, Any], media: MediaUrl | None, order: str
) -> tuple[Side, ...]:
    compare = compiled.block.compare
    assert compare is not None
    found = []
    for name in compare.shown(order):
        text = compiled.templates[("compare", name)].text(data)
        if compare.as_ in MEDIA_KINDS:
            found.append(Side(name, compare.as_, url=loadable(text, media)))
        else:
            found.append(Side(name, compare.as_, html=_html(compare.as_, text, media)))
    return tuple(found)


def loadable(url: str, media: MediaUrl | None = None) -> str | None:
    """The address to load a picture, sound or film from; None where there is none."""
    url = url.strip()
    if len(url) > 4000 or not _ADDRESS.fullmatch(url):
        return None
    if media is not None:
        return media(url)
    return None if url.lower().startswith("media:") else url


def _messages(value: Any, media: MediaUrl | None) -> tuple[Message, ...]:
    return tuple(Message(role, markdown_html(content, media)) for role, content in chat_of(value))


def chat_of(value: Any) -> list[tuple[str, str]]:
    """(role, content) of each message, from a list of {role, content} or its JSON; Invalid where it is none."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, list) or len(value) > MOST_MESSAGES:
        raise Invalid(
            "row_unfit",
            "A chat is a list of up to {most} messages with “role” and “content”.",
            most=MOST_MESSAGES,
        )
    return [_message(item) for item in value]


def _message(item: Any) -> tuple[str, str]:
    role = item.get("role") if isinstance(item, dict) else None
    content = item.get("content") if isinstance(item, dict) else None
    if isinstance(content, list):  # parts, as the APIs of model makers write them
        texts = [
            part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"
        ]
        content = "\n\n".join(text for text in texts if isinstance(text, str))
    if not isinstance(role, str) or not role or len(role) > 60 or not isinstance(content, str | None):
        raise Invalid("row_unfit", "A message of a chat has “role” and “content”, both texts.")
    return role, content or ""


# --- rows at import --------------------------------------------------------------------------------------------------

RowCheck = Callable[[Mapping[str, Any]], None]


def compile_row_check(design: DesignView) -> RowCheck:
    """A function that refuses a row (Invalid, `path` is its column) which cannot fill the blocks of the design.

    Works from the places that the templates need, found once: no template is filled per row.
    """
    places = sorted(
        {place for block in design.blocks for text in block.templates.values() for place in text.needs},
        key=str,
    )
    columns = tuple(str(place[0]) for place in places if len(place) == 1)
    deep = tuple(place for place in places if len(place) > 1)
    shapes = tuple(check for block in design.blocks for check in _shapes(block))

    def check(row: Mapping[str, Any]) -> None:
        for column in columns:
            if row.get(column) is None:
                raise _missing(column, row)
        for place in deep:
            if place_of(row, place) in (None, MISSING):
                raise _missing(place_name(place), row)
        for shape in shapes:
            shape(row)

    return check


def _missing(column: str, row: Mapping[str, Any]) -> Invalid:
    if column in row:
        return Invalid(
            "row_unfit", "The column “{column}” is empty; the design shows it.", column=column, path=column
        )
    near = did_you_mean(column, [str(name) for name in row if not str(name).startswith("_")])
    return Invalid(
        "row_unfit",
        "The column “{column}” is missing; the design shows it{near}",
        column=column,
        near=near,
        path=column,
    )


def _shapes(compiled: CompiledBlock) -> list[RowCheck]:
    kind, found = compiled.block.kind, []
    compare = compiled.block.compare
    for place, text in compiled.templates.items():
        is_address = place[-1] == "url" or (compare is not None and compare.as_ in MEDIA_KINDS)
        if text.whole is not None and is_address:
            found.append(_address_check(text.whole))
    if kind == "chat":
        found.append(_chat_check(compiled.templates[("chat",)]))
    return found


def _address_check(place: Segments) -> RowCheck:
    def check(row: Mapping[str, Any]) -> None:
        value = place_of(row, place)
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value.strip()):
            raise Invalid("row_unfit", "“{value}” is not an address; write http(s)://… or media:name.",
                          value=str(value)[:80], path=place_name(place))  # fmt: skip

    return check


def _chat_check(text: LiquidText) -> RowCheck:
    path = place_name(text.whole or text.needs[0]) if text.whole or text.needs else "chat"

    def check(row: Mapping[str, Any]) -> None:
        try:
            chat_of(text.value(row))
        except Invalid as refusal:
            raise Invalid(refusal.code, refusal.message, path=path, **refusal.params) from None

    return check
