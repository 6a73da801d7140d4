"""Refusals and everything else that goes wrong, as one shape: `{code, message, path?}`, in the asker's language."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from ninja.errors import HttpError, ValidationError

from tagwerk.base.errors import Invalid, NotFound, Refusal
from tagwerk.base.health import UNAVAILABLE, UNSTORABLE

log = logging.getLogger(__name__)

JSON = "application/json"
HELP = "/docs/reference/refusals/"  # a page of the documentation, where every code is explained


class KeyNeeded(Refusal):
    """Nobody has said who is asking, or nobody knows this key."""

    status = 401


class TooLarge(Refusal):
    """More than is read in one request."""

    status = 413


class Unsupported(Refusal):
    """The method, or the form of the body, is not one of this operation's."""

    status = 405


class Unreadable(Refusal):
    """The body is not what it says it is."""

    status = 400


class Unavailable(Refusal):
    """We cannot answer just now; the same request later will do."""

    status = 503


class Broken(Refusal):
    """Our mistake."""

    status = 500


def problem(request: HttpRequest, wrong: Exception) -> HttpResponse:
    """The answer to a request that went wrong."""
    refusal = refusal_of(request, wrong)
    body: dict[str, Any] = {"code": refusal.code, "message": words(request, refusal)}
    if refusal.path:
        body["path"] = refusal.path
    answer = HttpResponse(json.dumps(body), status=refusal.status, content_type=JSON)
    answer.headers["Link"] = f'<{settings.APP_URL}{HELP}>; rel="help"'
    if refusal.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="tagwerk"'
    wait = 1 if refusal.status == 503 else refusal.params.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    if isinstance(refusal, Unsupported):
        answer.headers["Allow"] = refusal.params["methods"]
    return answer


def words(request: HttpRequest, refusal: Refusal) -> str:
    """The refusal's message in the language that the request asks for."""
    return refusal.sentence.said(translator(request))


def translator(request: HttpRequest) -> Callable[[str], str]:
    """Texts into the language that the request asks for, also after it has been answered."""
    language = language_of(request)

    def translate(text: str) -> str:
        with override(language):
            return gettext(text)

    return translate


def language_of(request: HttpRequest) -> str:
    """The first language of Accept-Language that we speak."""
    for tag, _ in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:200].lower()):
        try:
            return get_supported_language_variant(tag)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def refusal_of(request: HttpRequest, wrong: Exception) -> Refusal:
    """Any exception as a refusal; what nobody foresaw is logged and said to be our mistake."""
    if isinstance(wrong, Refusal):
        return wrong
    if isinstance(wrong, ValidationError):
        return _input_wrong(wrong.errors)
    if isinstance(wrong, HttpError):
        return _of_http_error(request, wrong)
    if isinstance(wrong, RequestDataTooBig):
        return too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return _unforeseen(request, wrong)


def _of_http_error(request: HttpRequest, wrong: HttpError) -> Refusal:
    """ninja wraps what our parser raises."""
    if isinstance(wrong.__cause__, Exception) and not isinstance(wrong.__cause__, HttpError):
        return refusal_of(request, wrong.__cause__)
    if wrong.status_code == 401:
        return key_missing()
    return Unreadable("request_unreadable", "This request cannot be read.")


def _unforeseen(request: HttpRequest, wrong: Exception) -> Refusal:
    where = f"{request.method} {request.path}"
    if isinstance(wrong, UNSTORABLE):  # no rule above has caught it
        log.warning("%s: %s", where, wrong)
        return Invalid("value_impossible", "A value of this request cannot be stored.")
    if isinstance(wrong, UNAVAILABLE):
        log.warning("%s: %s", where, wrong)
        return Unavailable(
            "unavailable", "The service is busy or restarting; send the same request again soon."
        )
    log.error("%s", where, exc_info=wrong)
    return Broken(
        "unexpected",
        "Something went wrong on our side; it has been logged. Nothing of this request was kept.",
    )


def key_missing() -> Refusal:
    """Nobody has said who is asking."""
    return KeyNeeded("key_missing", "Send an API key in the header “Authorization: Bearer …”.")


def nothing_here() -> Refusal:
    """There is no such address."""
    return NotFound(
        "operation_unknown", "There is no such operation; see /api/v1/openapi.json for those there are."
    )


def too_large(limit_bytes: int) -> Refusal:
    """More than is read in one request."""
    return TooLarge(
        "body_too_large", "The body is larger than {limit} megabytes.", limit=f"{limit_bytes / 1_000_000:g}"
    )


# What pydantic finds wrong, in our words; other kinds say “not valid” with the field's name.
MISTAKES = {
    "missing": gettext_noop("This is missing."),
    "extra_forbidden": gettext_noop("There is no such field here."),
    "string_type": gettext_noop("This must be a text."),
    "int_type": gettext_noop("This must be a whole number."),
    "int_parsing": gettext_noop("This must be a whole number."),
    "int_from_float": gettext_noop("This must be a whole number."),
    "bool_type": gettext_noop("This must be true or false."),
    "bool_parsing": gettext_noop("This must be true or false."),
    "list_type": gettext_noop("This must be a list."),
    "dict_type": gettext_noop("This must be an object."),
    "model_type": gettext_noop("This must be an object."),
    "model_attributes_type": gettext_noop("This must be an object."),
    "datetime_from_date_parsing": gettext_noop("This must be a time such as 2027-01-31T12:00:00Z."),
    "datetime_parsing": gettext_noop("This must be a time such as 2027-01-31T12:00:00Z."),
    "timezone_aware": gettext_noop("This time needs a time zone, such as the Z of 2027-01-31T12:00:00Z."),
    "greater_than_equal": gettext_noop("This must be at least {ge}."),
    "less_than_equal": gettext_noop("This must be at most {le}."),
    "string_too_short": gettext_noop("This must have at least {min_length} characters."),
    "string_too_long": gettext_noop("This must have at most {max_length} characters."),
    "too_short": gettext_noop("This must have at least {min_length} entries."),
    "too_long": gettext_noop("This must have at most {max_length} entries."),
    "literal_error": gettext_noop("This must be one of: {expected}."),
    "enum": gettext_noop("This must be one of: {expected}."),
}
NOT_VALID = gettext_noop("This value is not valid here.")


def _input_wrong(errors: list[dict[str, Any]]) -> Refusal:
    first = errors[0] if errors else {}
    place = [str(part) for part in first.get("loc", ())]
    # ["body", "data", "answers", "0"] → answers.0; the parameter of the function that takes the body has no name outside
    path = ".".join(place[2:] if place[:2] == ["body", "data"] else place[1:]) or None
    return Invalid(
        "input_invalid", MISTAKES.get(first.get("type", ""), NOT_VALID), path=path, **first.get("ctx", {})
    )
