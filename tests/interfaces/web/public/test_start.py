"""The start page, and where it sends people."""

import pytest

from tagwerk.domain.accounts import actions as accounts
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, member, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def test_a_stranger_learns_what_this_is_and_can_sign_up():
    response = visitor().get("/")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'href="/accounts/signup/"' in page and 'href="/accounts/login/"' in page
    assert "Sign-up is by invitation" not in words(response)


def test_where_sign_up_is_by_invitation_the_page_says_so(settings):
    settings.SIGN_UP = "invitation"
    response = visitor().get("/")
    assert "Sign-up is by invitation" in words(response)
    assert "signup" not in response.content.decode().partition("<main")[2]


def test_people_are_sent_where_they_work():
    organisation()
    assert visitor("ben").get("/").headers["Location"] == "/work/"
    assert visitor("dan").get("/").headers["Location"] == "/operator/"
    assert visitor("ada").get("/").headers["Location"] == "/projects/"
    member("cyn", organisation())
    assert visitor("cyn").get("/").headers["Location"] == "/projects/"


def test_who_was_invited_is_sent_to_the_invitation():
    person("ben")
    org = organisation()
    accounts.invite_member(actor=actor("ada"), organisation_id=org, email="ben@example.org", role="reviewer")
    assert visitor("ben").get("/").headers["Location"] == "/invitations/"
