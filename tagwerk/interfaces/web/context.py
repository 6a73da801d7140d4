"""What every template knows, computed only where it is used."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi

from tagwerk.domain.accounts.queries import instance
from tagwerk.domain.notices.queries import mail_leaves, unread_count
from tagwerk.interfaces.web.guards import actor_of
from tagwerk.interfaces.web.layout.navigation import navigation


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Language and its direction, who is signed in, and where they can go."""
    return {
        "language": get_language() or "en",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "languages": settings.LANGUAGES,
        "instance": SimpleLazyObject(instance),
        "mail_leaves": mail_leaves(),
        "viewing": request.__dict__.get("viewing"),
        "actor": SimpleLazyObject(lambda: _actor(request)),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
        "navigation": SimpleLazyObject(lambda: navigation(request, _actor(request))),
    }


def _actor(request: HttpRequest) -> Any:
    return actor_of(request) if hasattr(request, "user") else None


def _unread(request: HttpRequest) -> str:
    """The badge beside the inbox: "3", "99+", nothing."""
    actor = _actor(request)
    unread = unread_count(actor) if actor else 0
    return "99+" if unread > 99 else str(unread or "")
