"""The documentation: the folder docs/ as pages, and searching in them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.interfaces.web.pages.public import docs_library as library
from tagwerk.interfaces.web.pages.public.docs_library import Document

LONGEST_QUESTION = 100
FEWEST_PARTS = 3  # a document of fewer needs no list of them


@gzip_page  # long, and with nothing in it that is anybody's secret
@require_safe
def docs(request: HttpRequest) -> HttpResponseBase:
    """What there is to read; with a question, where it is answered."""
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    values = {"question": question, "shelves": shelves(), "guides": _guides()}
    if question:
        values["found"] = library.search(question, _language())
    return render(request, "pages/public/docs.html", values)


@gzip_page  # long, and with nothing in it that is anybody's secret
@require_safe
def docs_page(request: HttpRequest, document: str) -> HttpResponseBase:
    """One document."""
    one = library.documents().get(document)
    if one is None:
        raise NotFound("document_not_found", "There is no such document.")
    page = library.page_of(document)
    parts = [section for section in page.sections if section.level == 2]
    values = {
        "document": one,
        "html": page.html,
        "description": Truncator(page.sections[0].text).chars(160),
        "parts": parts if len(parts) >= FEWEST_PARTS else [],
        "parts_language": one.language,
        "shelves": shelves(document),
        "others": _others(one),
        "foreign": one.language != _language(),
    }
    return render(request, "pages/public/docs_page.html", values)


def shelves(current: str = "") -> list[dict[str, Any]]:
    """The navigation: each shelf with its documents."""
    offered = library.for_reader(_language())
    made = []
    for shelf, title in library.SHELVES.items():
        links = list(_links(offered, shelf, current))
        is_current = any(link["current"] for link in links)
        made.append({"id": shelf or "program", "title": _(title), "links": links, "is_current": is_current})
    return made


def _links(offered: Iterable[Document], shelf: str, current: str) -> Iterable[dict[str, Any]]:
    for one in offered:
        if one.shelf == shelf:
            yield {
                "title": one.title,
                "href": one.href,
                "current": one.name == current,
                "language": one.language,
            }


def _guides() -> list[Document]:
    return [one for one in library.for_reader(_language()) if one.shelf == "guides"]


def _others(one: Document) -> list[tuple[str, str, str]]:
    """The same in other languages: tag, name of the language, address."""
    found = ((tag, name, library.in_other_language(one, tag)) for tag, name in settings.LANGUAGES)
    return [(tag, name, other.href) for tag, name, other in found if other is not None and other != one]


def _language() -> str:
    return (get_language() or library.ENGLISH).partition("-")[0]
