"""The documents that this platform serves at /docs/: those of the folder docs/ beside the program.

They are read once. Guides exist in each language of the pages; everything else is written in English.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_noop

from tagwerk.interfaces.web.finders import WEB
from tagwerk.interfaces.web.pages.public.docs_markup import Rendered, Section, rendered

FOLDER: Final = WEB.parents[2] / "docs"  # beside the package, as node_modules is
ENGLISH: Final = "en"
GUIDES: Final = ("workers", "requesters", "operators")
OPENAPI: Final = "/api/v1/openapi.json"
API: Final = "reference/api"  # its page is made of the OpenAPI document, which knows more than the text

# Shelf → its title; a document belongs to the first whose folder it lies in.
SHELVES: Final = {
    "guides": gettext_noop("Guides"),
    "how-to": gettext_noop("How to"),
    "reference": gettext_noop("Look it up"),
    "": gettext_noop("The program"),
    "decisions": gettext_noop("Decisions"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its name in addresses, where it stands, its language and its words."""

    name: str
    shelf: str
    language: str
    title: str
    text: str

    @property
    def href(self) -> str:
        """Where it is read."""
        return reverse("docs_api") if self.name == API else reverse("docs_page", args=[self.name])


@dataclass(frozen=True, slots=True)
class Found:
    """A place where words that were searched for stand, with some words around them: (text, whether it is a hit)."""

    title: str
    heading: str
    href: str
    excerpt: list[tuple[str, bool]]


@cache
def documents() -> dict[str, Document]:
    """All of them by name, in the order of the shelves and then of their titles (guides as they are named here)."""
    found = [_read(path) for path in FOLDER.rglob("*.md")]
    order = {shelf: place for place, shelf in enumerate(SHELVES)}

    def place(one: Document) -> tuple[object, ...]:
        guide = GUIDES.index(one.name.rpartition("/")[2]) if one.shelf == "guides" else 0
        return order[one.shelf], one.language, guide, one.title.casefold()

    return {one.name: one for one in sorted(found, key=place)}


def _read(path: Path) -> Document:
    parts = path.relative_to(FOLDER).with_suffix("").parts
    shelf = parts[0] if len(parts) > 1 else ""
    text = re.sub(r"<!--.*?-->\s*", "", path.read_text("utf-8"), flags=re.S)
    title = re.search(r"^# (.+)$", text, re.M)
    assert title is not None, f"{path} has no title"
    return Document(
        name="/".join(parts),
        shelf=shelf,
        language=parts[1] if shelf == "guides" else ENGLISH,
        title=title[1].replace("`", ""),
        text=text,
    )


def for_reader(language: str) -> list[Document]:
    """What somebody who reads the pages in this language is offered: guides in it, and the rest."""
    return [one for one in documents().values() if one.shelf != "guides" or one.language == language]


def in_other_language(one: Document, language: str) -> Document | None:
    """The same guide in another language."""
    if one.shelf != "guides":
        return None
    return documents().get(f"guides/{language}/{one.name.rpartition('/')[2]}")


@cache
def page_of(name: str) -> Rendered:
    """The document as it is shown."""
    one = documents()[name]
    return rendered(one.text, f"{name}.md", address_of)


def address_of(path: str) -> str | None:
    """Where a path inside docs/ leads on the site."""
    if path == "reference/openapi.json":
        return OPENAPI
    if path.rstrip("/") in SHELVES:
        return f"{reverse('docs')}#{path.rstrip('/')}"
    one = documents().get(path.removesuffix(".md")) if path.endswith(".md") else None
    return one.href if one is not None else None


# Search: every word must stand in a section, its heading or the document's title.

MOST_FOUND: Final = 30
BEFORE, AFTER = 60, 160  # characters of an excerpt around its first hit


def search(question: str, language: str) -> list[Found]:
    """The sections in which all words of a question stand, the best first."""
    words = [word.casefold() for word in question.split()][:8]
    if not words:
        return []
    hits = [
        (_weight(words, one, section), place, one, section)
        for place, (one, section) in enumerate(_sections(language))
    ]
    best = sorted((hit for hit in hits if hit[0]), key=lambda hit: (-hit[0], hit[1]))[:MOST_FOUND]
    return [_found(words, one, section) for _weight, _place, one, section in best]


def _sections(language: str) -> Iterator[tuple[Document, Section]]:
    for one in for_reader(language):
        for section in page_of(one.name).sections:
            yield one, section


def _weight(words: list[str], one: Document, section: Section) -> int:
    """How well a section fits; 0 where a word is missing. A word in a heading weighs more than one in the text."""
    total = 0
    for word in words:
        weight = 3 * (word in section.title.casefold()) + (word in section.text.casefold())
        weight += 2 * (word in one.title.casefold() and section.level == 1)
        if not weight and word not in one.title.casefold():
            return 0
        total += weight
    return total


def _found(words: list[str], one: Document, section: Section) -> Found:
    folded = section.text.casefold()
    places = [place for word in words if (place := folded.find(word)) >= 0]
    start = max(0, min(places, default=0) - BEFORE)
    text = section.text[start : start + BEFORE + AFTER]
    if start:
        text = text.partition(" ")[2] or text  # no half of a word
    if start + len(text) < len(section.text):
        text = text.rpartition(" ")[0] or text
    pattern = re.compile("|".join(re.escape(word) for word in words), re.I)
    cut = ("…" if start else "") + text + ("…" if start + len(text) < len(section.text) else "")
    parts, at = [], 0
    for hit in pattern.finditer(cut):
        parts += [(cut[at : hit.start()], False), (hit[0], True)]
        at = hit.end()
    heading = "" if section.level == 1 else section.title
    return Found(one.title, heading, place_of(one, section), [*parts, (cut[at:], False)])


def place_of(one: Document, section: Section) -> str:
    """The address of a section. Operations of the API stand on pages of their own, which say more."""
    if one.name == API:
        return _api_places().get(section.title, one.href)
    return f"{one.href}#{section.anchor}"


@cache
def _api_places() -> dict[str, str]:
    """Noun or summary of an operation → its address."""
    paths = json.loads((FOLDER / "reference" / "openapi.json").read_text("utf-8"))["paths"]
    places = {}
    for operation in (each for methods in paths.values() for each in methods.values()):
        page = reverse("docs_api_noun", args=operation["tags"][:1])
        places[operation["tags"][0]] = page
        places[operation["summary"]] = f"{page}#{operation['operationId']}"
    return places
