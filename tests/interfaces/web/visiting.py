"""Visitors of pages: somebody signed in, without a browser."""

from typing import Any

from django.test import Client

from tests.people import person


def visitor(name: str | None = None, **changes: Any) -> Client:
    """A client of this person's, signed in; None: nobody is signed in."""
    client = Client()
    if name is not None:
        client.force_login(person(name, **changes))
    return client


def text_of(response: Any) -> str:
    """The page's text."""
    return response.content.decode()
