"""The reference of the API: every operation with what goes in and comes out, and examples that fit."""

import ast
import json
import re
import shlex
from html import unescape

import pytest

from tagwerk.interfaces.web.pages.public import api_reference as reference
from tests.interfaces.web.visiting import plain_files, visitor, words

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
SITE = "https://work.example.org"
ALL = [one for operations in reference.operations(SITE).values() for one in operations]


def test_every_operation_is_there_and_linked():
    client = visitor()
    overview = client.get("/docs/api/").content.decode()
    for noun, operations in reference.operations(SITE).items():
        page = client.get(f"/docs/api/{noun}/").content.decode()
        assert len(page) < 120_000, noun
        for one in operations:
            assert f'href="/docs/api/{noun}/#{one.id}"' in overview
            assert f'<h2 id="{one.id}">' in page and one.path in page
    assert {one.id for one in ALL} == {
        each["operationId"] for methods in reference.document()["paths"].values() for each in methods.values()
    }


def test_an_operation_says_what_it_needs_and_gives():
    said = words(visitor().get("/docs/api/projects/"))
    assert "POST /api/v1/projects " in said and "Needs a key with one of: projects:write" in said
    assert "Idempotency-Key" in said and "items[].id" in said
    assert visitor().get("/docs/api/nonsense/").status_code == 404


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_examples_can_be_run_as_they_stand(one):
    ast.parse(one.python)
    parts = shlex.split(one.curl.replace("\\\n", " "))
    assert parts[0] == "curl" and any(part.startswith(f"{SITE}/api/v1/") for part in parts)
    if "-d" in parts:
        json.loads(parts[parts.index("-d") + 1])
    assert ("Authorization: Bearer $KEY" in parts) == (one.scopes is not None)


def test_the_examples_ask_this_platform(settings):
    settings.APP_URL = "https://elsewhere.example.org"
    page = unescape(visitor().get("/docs/api/me/").content.decode())
    assert 'curl "https://elsewhere.example.org/api/v1/me"' in page


def test_types_are_said_in_words():
    assert (
        reference.type_text({"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}]})
        == "string, ≤ 5 characters or null"
    )
    assert reference.type_text({"type": "array", "items": {"enum": ["a", "b"]}}) == 'list of "a" | "b"'
    assert re.search("≥ 1", reference.type_text({"type": "integer", "minimum": 1}))
