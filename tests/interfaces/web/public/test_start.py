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
    assert (
        'href="/accounts/signup/?next=/found/"' in page
        and 'href="/accounts/signup/"' in page
        and 'href="/accounts/login/"' in page
    )
    assert "Sign-up is by invitation" not in words(response)


def test_where_sign_up_is_by_invitation_the_page_says_so(settings):
    settings.SIGN_UP = "invitation"
    response = visitor().get("/")
    assert "Sign-up is by invitation" in words(response)
    assert 'href="/accounts/signup/"' not in response.content.decode().partition("<main")[2]


@pytest.mark.parametrize("kind", ["choice", "comparison", "rating", "text"])
def test_a_task_of_each_kind_can_be_tried(kind):
    page = visitor().get(f"/?example={kind}").content.decode()
    assert f"<tw-{kind} " in page and "data-example" in page
    form = page.partition('<form class="start-task"')[2].partition("</form>")[0]
    assert "csrfmiddlewaretoken" not in form and "action=" not in form  # nothing is there to send it to


def test_an_unknown_kind_is_the_first_one():
    assert "<tw-comparison " in visitor().get("/?example=nonsense").content.decode()


def test_the_shares_are_those_of_this_instance():
    accounts.change_instance(actor=actor("dan"), currency="CHF", fee_bp=1250)
    said = words(visitor().get("/"))
    assert "Of every CHF1.125 that a requester pays here" in said
    assert "12.5% of the pay, 11.1% of the price" in said


def test_certainty_is_computed_by_the_rule_that_judges(client):
    said = words(client.get("/"))
    assert "2 that agree on one of three classes are enough for 95%" in said
    assert "1 80% 2 97% 3 99.6%" in said


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
