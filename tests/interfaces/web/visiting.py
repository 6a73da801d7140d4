"""Visitors of pages: somebody signed in, without a browser."""

import re
import time
from html import unescape
from typing import Any

import pytest
from django.conf import settings as conf
from django.test import Client

from tests.people import person


@pytest.fixture(autouse=True)
def plain_files(settings: Any) -> None:
    """The pages' words matter, not the hashed names of their files. Imported by the tests that want it."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def visitor(name: str | None = None, **changes: Any) -> Client:
    """A browser of this person's, signed in; None: nobody is signed in."""
    client = Client()
    if name is not None:
        client.force_login(person(name, **changes), backend="django.contrib.auth.backends.ModelBackend")
    return client


def sign_in(page: Any, site: str, name: str | None) -> None:
    """The browser has this person's session; None: nobody's."""
    page.context.clear_cookies(name=conf.SESSION_COOKIE_NAME)
    if name is not None:
        session = visitor(name).cookies[conf.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": conf.SESSION_COOKIE_NAME, "value": session, "url": site}])


def words(response: Any) -> str:
    """What the page says, without markup, on one line."""
    main = response.content.decode().partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def proved(client: Any, *methods: str) -> Any:
    """As if the person had just signed in, or confirmed it, by these methods."""
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time(), "reauthenticated": True} for method in methods
    ]
    session.save()
    return client
