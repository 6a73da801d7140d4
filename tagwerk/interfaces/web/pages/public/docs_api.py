"""The reference of the API, made from its OpenAPI document."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.interfaces.web.pages.public import api_reference as reference
from tagwerk.interfaces.web.pages.public import docs_library as library
from tagwerk.interfaces.web.pages.public.docs import shelves


@gzip_page  # long, and with nothing in it that is anybody's secret
@require_safe
def docs_api(request: HttpRequest) -> HttpResponseBase:
    """How the API is spoken to, and all operations by noun."""
    values = {
        "nouns": reference.operations(settings.APP_URL),
        "site": settings.APP_URL,
        "openapi": library.OPENAPI,
        "shelves": shelves(library.API),
    }
    return render(request, "pages/public/docs_api.html", values)


@gzip_page  # long, and with nothing in it that is anybody's secret
@require_safe
def docs_api_noun(request: HttpRequest, noun: str) -> HttpResponseBase:
    """The operations of one noun, with all that goes in and comes out."""
    nouns = reference.operations(settings.APP_URL)
    if noun not in nouns:
        raise NotFound("document_not_found", "There is no such document.")
    values = {
        "noun": noun,
        "operations": nouns[noun],
        "nouns": nouns,
        "shelves": shelves(library.API),
        "parts": [{"anchor": one.id, "title": one.summary} for one in nouns[noun]],
        "parts_language": library.ENGLISH,
    }
    return render(request, "pages/public/docs_api_noun.html", values)
