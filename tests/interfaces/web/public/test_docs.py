"""The documentation: every document has a page, every link leads somewhere, words are found."""

import re
from html import unescape

import pytest

from tagwerk.domain.accounts import actions as accounts
from tagwerk.interfaces.web.pages.public import docs_library as library
from tagwerk.interfaces.web.pages.public.docs_markup import rendered
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a [^>]*?href="([^"]*)"')
ID = re.compile(r' id="([^"]+)"')


def main_of(response):
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_all_links_of_all_documents_lead_somewhere():
    """Follow every link inside the documentation from its first page on, to the very heading."""
    client = visitor()
    pages, waiting, links = {}, ["/docs/"], set()
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        text = main_of(response) if "html" in response["Content-Type"] else ""
        pages[address] = set(ID.findall(text))
        for href in map(unescape, LINK.findall(text)):
            path, _, part = href.partition("#")
            path = path or address
            assert not re.search(r"\.md$|\.\./", path), (address, href)
            if path.startswith("/docs/"):
                waiting.append(path)
                links.add((address, path, part))
    broken = [(at, path, part) for at, path, part in links if part and part not in pages[path]]
    assert broken == []
    english = [
        one for one in library.documents().values() if one.language == "en" and one.name != library.API
    ]
    assert {one.href for one in english} <= set(pages)


def test_guides_come_in_the_readers_language_and_know_each_other():
    german = visitor()
    german.cookies["django_language"] = "de"
    assert "/docs/guides/de/workers/" in main_of(german.get("/docs/"))
    assert "/docs/guides/en/workers/" not in main_of(german.get("/docs/"))
    page = main_of(german.get("/docs/guides/de/workers/"))
    assert '<a href="/docs/guides/en/workers/" lang="en" hreflang="en">English</a>' in page
    assert "gibt es nur auf Englisch" in words(german.get("/docs/how-to/export/"))


def test_every_guide_exists_in_every_language(settings):
    names = {(language, guide) for language, _name in settings.LANGUAGES for guide in library.GUIDES}
    assert {
        (one.language, one.name.rpartition("/")[2])
        for one in library.documents().values()
        if one.shelf == "guides"
    } == names


def test_what_is_searched_for_is_found_at_its_heading():
    response = visitor().get("/docs/", {"q": "approved DELIVERED"})
    assert '<a href="/docs/how-to/export/#delivered-means-approved">' in main_of(response)
    assert "<mark>approved</mark>" in main_of(response)


def test_every_place_that_can_be_found_is_there():
    client, pages = visitor(), {}
    for one in library.documents().values():
        for section in library.page_of(one.name).sections:
            path, _, part = library.place_of(one, section).partition("#")
            if path not in pages:
                pages[path] = set(ID.findall(main_of(client.get(path))))
            assert not part or part in pages[path], (one.name, section.title)


def test_nothing_found_says_what_to_do():
    assert "Nothing was found" in words(visitor().get("/docs/?q=xylophone+approved"))


def test_a_question_is_shown_as_text():
    page = main_of(visitor().get("/docs/", {"q": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_examples_of_templates_stay_as_they_are():
    assert "{{ text }}" in words(visitor().get("/docs/guides/en/requesters/"))


def test_there_is_no_such_document():
    for name in ("nothing", "../README", "guides", "how-to/export.md"):
        assert visitor().get(f"/docs/{name}/").status_code == 404


def address(path):
    return {"how-to/a.md": "/docs/how-to/a/"}.get(path)


def test_headings_have_anchors_each_its_own():
    page = rendered("# A `b`\n\n## Same\n\none\n\n## Same\n\ntwo", "x.md", address)
    assert '<h1 id="a-b">' in page.html and '<h2 id="same">' in page.html and '<h2 id="same-1">' in page.html
    assert [(s.level, s.anchor, s.text) for s in page.sections] == [
        (1, "a-b", ""),
        (2, "same", "one"),
        (2, "same-1", "two"),
    ]


def test_links_between_documents_become_addresses():
    page = rendered(
        "[a](../how-to/a.md#part) [b](missing.md) [c](https://example.org/)", "reference/x.md", address
    )
    assert '<a href="/docs/how-to/a/#part">a</a>' in page.html
    assert "<a>b</a>" in page.html and '<a href="https://example.org/">c</a>' in page.html


def test_html_in_a_document_passes_the_list_only():
    page = rendered(
        "a<br>b <script>x()</script><img src=x onerror=y()> [z](javascript:alert(1))", "x.md", address
    )
    assert "<br>" in page.html
    assert not re.search(r"<script|<img|onerror|<a href=.javascript", page.html)


def test_no_page_of_the_documentation_is_heavy(django_assert_max_num_queries):
    client = visitor()
    for one in library.documents().values():
        with django_assert_max_num_queries(5):
            assert len(client.get(one.href).content) < 120_000, one.name


def test_the_operators_texts_are_shown_in_the_readers_language_else_in_any():
    accounts.change_instance(
        actor=actor("dan"), imprint={"de": "# Wir\n\nMusterstraße 1 <script>"}, contact_email="hi@example.org"
    )
    page = main_of(visitor().get("/imprint/"))
    assert 'lang="de"' in page and "Musterstraße 1 &lt;script&gt;" in page and "mailto:hi@example.org" in page


def test_what_the_operator_has_not_written_is_said_and_to_operators_where_to_write_it():
    for path in ("/imprint/", "/privacy/"):
        assert "The operator has not written this page yet" in words(visitor().get(path))


def test_privacy_says_what_the_software_stores():
    said = words(visitor().get("/privacy/"))
    assert "only as a hash (scrypt)" in said and "another one in each project" in said
