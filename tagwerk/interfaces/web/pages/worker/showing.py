"""What a task shows on a page: its blocks, with the files that may be loaded and where from.

Uploaded files come from the media origin by signed links. Pictures, sounds and films at a requester's address are
loaded where the design has a place for one, and the page's content policy opens for exactly those hosts; pictures
that somebody wrote into a text are not loaded. Nothing is ever loaded from our own pages' origin.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import strip_tags

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.designs.rules.render import MEDIA_KINDS, ShownBlock, render_instructions, render_task
from tagwerk.domain.projects import queries as projects

_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+(?::\d{1,5})?)(?=[/?#]|\Z)", re.IGNORECASE)
FILE = "media:"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An address that the page does not load; the worker can follow it."""

    url: str
    host: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The blocks of a task, the foreign origins they are loaded from, and what is only linked."""

    blocks: list[ShownBlock]
    origins: tuple[str, ...] = ()
    linked: tuple[Elsewhere, ...] = ()

    @property
    def hosts(self) -> list[str]:
        """The foreign hosts, as people read them."""
        return [origin.partition("://")[2] for origin in self.origins]


class _Asked:
    """Notes which addresses the blocks ask for, and shows none of them."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.foreign: list[str] = []

    def __call__(self, url: str) -> None:
        if url.lower().startswith(FILE):
            self.files.append(url[len(FILE) :])
        else:
            self.foreign.append(url)


def shown_task(
    design: DesignView,
    data: Mapping[str, Any],
    *,
    project_id: int | None = None,
    assignment_id: int = 0,
    order: str | None = None,
) -> Shown:
    """What a task shows. Files belong to a project; without one, none are shown."""

    def render(media: Callable[[str], str | None]) -> list[ShownBlock]:
        return render_task(design, data, assignment_seed=assignment_id, order=order, media=media)

    asked = _Asked()
    blocks = render(asked)
    own = _files(project_id, asked.files)
    if own:
        blocks = render(lambda url: own.get(url[len(FILE) :]))
    if not asked.foreign or not any(map(_is_medium, blocks)):
        return Shown(blocks)
    wide = render(lambda url: own.get(url[len(FILE) :]) if _is_file(url) else _foreign(url))
    blocks = [new if _is_medium(new) else old for old, new in zip(blocks, wide, strict=True)]
    loaded = [url for block in blocks for url in _urls(block)]
    origins = dict.fromkeys(origin for url in loaded if (origin := _origin(url)) and url in asked.foreign)
    return Shown(blocks, tuple(origins), _linked(asked.foreign, loaded))


def instructions_of(design: DesignView, project_id: int) -> str:
    """The instructions as safe HTML, with uploaded pictures where they name some."""
    if FILE not in design.spec.instructions:
        return design.instructions_html
    asked = _Asked()
    render_instructions(design, asked)
    own = _files(project_id, asked.files)
    return render_instructions(design, lambda url: own.get(url[len(FILE) :]))


def excerpt_of(design: DesignView, data: Mapping[str, Any], assignment_id: int, most: int = 120) -> str:
    """The beginning of what a task shows, as plain text, for lists: never what its page does not show."""
    try:
        blocks = render_task(design, data, assignment_seed=assignment_id, media=lambda _url: None)
    except Invalid:  # its page says why
        return ""
    parts = (unescape(strip_tags(html)) for block in blocks for html in _words_of(block))
    text = " · ".join(" ".join(part.split()) for part in parts if part.strip())
    return text if len(text) <= most else text[: most - 1] + "…"


def _words_of(block: ShownBlock) -> list[str]:
    parts = [*(one.html for one in block.messages), *(one.html for one in block.sides)]
    return [block.html, escape(block.alt), *parts]


def media_of(shown: Shown) -> list[tuple[str, str]]:
    """Uploaded files that the blocks show, each with its kind, for whoever fetches a task ahead."""
    of_sides = [(side.url, side.kind) for block in shown.blocks for side in block.sides]
    all_media = [*((block.url, block.kind) for block in shown.blocks), *of_sides]
    origin = f"{settings.MEDIA_ORIGIN}/"
    return [(url, kind) for url, kind in all_media if url and kind in MEDIA_KINDS and url.startswith(origin)]


def loading_from(request: HttpRequest, response: HttpResponse, origins: tuple[str, ...]) -> HttpResponseBase:
    """The response, whose content policy lets pictures, sounds and films come from these origins too."""
    if not origins:
        return response
    more = {"img-src": list(origins), "media-src": list(origins)}
    return csp_update(more)(lambda _request: response)(request)


def _files(project_id: int | None, names: list[str]) -> dict[str, str]:
    return projects.media_links(project_id, names) if project_id is not None and names else {}


def _is_file(url: str) -> bool:
    return url.lower().startswith(FILE)


def _is_medium(block: ShownBlock) -> bool:
    return block.kind in MEDIA_KINDS or any(side.kind in MEDIA_KINDS for side in block.sides)


def _urls(block: ShownBlock) -> list[str]:
    return [url for url in (block.url, *(side.url for side in block.sides)) if url]


def _origin(url: str) -> str | None:
    found = _ORIGIN.match(url)
    return f"{found[1]}://{found[2]}".lower() if found else None


def _foreign(url: str) -> str | None:
    """The address itself where a page may load it: https, or http on an instance that has no https itself."""
    origin = _origin(url)
    if origin is None or origin == settings.APP_URL.lower():
        return None
    return url if origin.startswith("https:") or settings.APP_URL.startswith("http:") else None


def _linked(foreign: list[str], loaded: list[str]) -> tuple[Elsewhere, ...]:
    left = [
        url
        for url in dict.fromkeys(foreign)
        if url not in loaded and _origin(url) != settings.APP_URL.lower()
    ]
    return tuple(Elsewhere(url, origin.partition("://")[2]) for url in left if (origin := _origin(url)))
