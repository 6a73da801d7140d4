"""Around each page: the reader's language and time zone, refusals turned into words, and text that can be text."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, gettext_noop

from tagwerk.base.errors import Refusal

Respond = Callable[[HttpRequest], HttpResponse]

HEADINGS = {
    400: gettext_noop("This did not work"),
    403: gettext_noop("You may not do this"),
    404: gettext_noop("There is nothing here"),
    409: gettext_noop("Something has changed in the meantime"),
    422: gettext_noop("Something is not right yet"),
    429: gettext_noop("Too much at once"),
}


ICONS = {403: "lock", 404: "signpost"}


def refusal_text(refusal: Refusal) -> str:
    """The refusal's message in the reader's language."""
    return refusal.sentence.said(gettext)


class RefusalMiddleware:
    """One translator for pages: a refusal becomes a page, a fragment or JSON, with its status and its code."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        response = self._answer(request, exception)
        response.headers["X-Refusal"] = exception.code
        return response

    def _answer(self, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        text = refusal_text(refusal)
        if not hasattr(request, "session"):  # the media origin knows neither sessions nor pages
            return HttpResponse(text, status=refusal.status, content_type="text/plain; charset=utf-8")
        if request.headers.get("Accept", "").startswith("application/json"):
            body = {"code": refusal.code, "message": text, "path": refusal.path}
            return JsonResponse(body, status=refusal.status)
        heading = gettext(HEADINGS.get(refusal.status, HEADINGS[400]))
        values = {
            "heading": heading,
            "text": text,
            "path": refusal.path,
            # An action is one transaction: where it refuses, it has changed nothing.
            "safe": gettext("Nothing was changed.") if request.method == "POST" else "",
            "icon": ICONS.get(refusal.status, "exclamation-triangle"),
        }
        name = "layout/refusal_fragment.html" if "HX-Request" in request.headers else "layout/refusal.html"
        return render(request, name, values, status=refusal.status)


class TextMiddleware:
    """Turns requests away that hold NUL, which no database stores as text: in the address, a cookie or a form."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Stands before sessions, which look a cookie up.
        if (
            "\0" in request.path
            or _has_nul(request.GET)
            or any("\0" in text for text in request.COOKIES.values())
        ):
            raise BadRequest("NUL in the address or a cookie")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """The form is read only when it is known that it comes from one of our pages."""
        if request.method == "POST" and _has_nul(request.POST):
            raise BadRequest("NUL in a form")


def _has_nul(fields: QueryDict) -> bool:
    return any("\0" in text for name, texts in fields.lists() for text in (name, *texts))


class PersonalMiddleware:
    """Speaks the person's language and tells the time of their zone.

    Language: what was chosen in this browser, else what the profile says, else what the browser asks for.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = _person(request)
        language = _language(request, person)
        with translation.override(language), timezone.override(_zone(person)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            patch_vary_headers(response, ("Accept-Language",))
        return response


def _person(request: HttpRequest) -> Any:
    """The signed-in person, asked for only where a session can exist: calls with a key have none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


def _language(request: HttpRequest, person: Any) -> str:
    known = dict(settings.LANGUAGES)
    for wish in (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), getattr(person, "ui_language", None)):
        if wish in known:
            return wish
    return translation.get_language_from_request(request)


def _zone(person: Any) -> ZoneInfo:
    try:
        return ZoneInfo(getattr(person, "time_zone", "") or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)
