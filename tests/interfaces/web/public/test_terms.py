"""The terms: read by everybody, agreed to in each version before anything else."""

import pytest
from django.conf import settings

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import CONSOLE
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def test_everybody_can_read_them(settings):
    settings.TERMS_VERSION = "2026-11"
    assert "Version 2026-11" in words(visitor().get("/terms/"))


def test_a_new_version_stands_before_every_page_until_one_agrees(settings):
    client = visitor("ben")
    assert client.get("/profile/").status_code == 200
    settings.TERMS_VERSION = "2030-01"
    sent = client.get("/inbox/?show=unread")
    assert sent.headers["Location"] == "/terms/consent/?next=/inbox/%3Fshow%3Dunread"
    page = client.get(sent.headers["Location"])
    assert "Version 2030-01" in words(page) and "I agree to these terms" in words(page)
    agreed = client.post(
        "/terms/consent/", {"version": "2030-01", "agrees": "on", "next": "/inbox/?show=unread"}
    )
    assert (agreed.status_code, agreed.headers["Location"]) == (303, "/inbox/?show=unread")
    assert client.get("/inbox/").status_code == 200
    assert not queries.owes_terms(person("ben").id)


def test_who_has_not_said_so_before_is_asked_their_age():
    fay = accounts.create_person(actor=CONSOLE, email="fay@example.org", display_name="Fay")
    client = visitor("fay")
    assert client.get("/work/").headers["Location"].startswith("/terms/consent/")
    page = client.get("/terms/consent/")
    version = {"version": settings.TERMS_VERSION, "agrees": "on"}
    assert "I am 18 years old or older." in words(page)
    refused = client.post("/terms/consent/", version)
    assert refused.status_code == 422 and queries.owes_terms(fay)
    assert client.post("/terms/consent/", version | {"adult": "on"}).status_code == 303
    assert client.get("/work/").status_code == 200
    assert "18 years" not in words(visitor("ben").get("/terms/consent/")).partition("I agree to these")[2]


def test_without_a_yes_nothing_opens(settings):
    client = visitor("ben")
    settings.TERMS_VERSION = "2030-01"
    refused = client.post("/terms/consent/", {"version": "2030-01", "next": "/inbox/"})
    assert refused.status_code == 422 and queries.owes_terms(person("ben").id)


def test_an_outdated_page_is_shown_again_with_the_new_version(settings):
    client = visitor("ben")
    settings.TERMS_VERSION = "2030-02"
    refused = client.post("/terms/consent/", {"version": "2030-01", "agrees": "on"})
    assert refused.status_code == 422 and "have changed meanwhile" in words(refused)
    assert 'name="version" value="2030-02"' in refused.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(target):
    agreed = visitor("ben").post(
        "/terms/consent/?next=" + target, {"version": "2026-11", "agrees": "on", "next": target}
    )
    assert agreed.status_code in (303, 422)
    assert agreed.headers.get("Location", "/") == "/"
    assert "evil" not in words(agreed)


def test_who_is_not_signed_in_cannot_agree():
    assert visitor().get("/terms/consent/").headers["Location"].startswith("/accounts/login/")
