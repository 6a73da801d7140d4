"""Invitations: accepted with consent to be seen by name, or declined; by who was invited only."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    person("ben")
    org = organisation()
    number = accounts.invite_member(
        actor=actor("ada"), organisation_id=org, email="ben@example.org", role="reviewer"
    )
    return public_id("inv", number)


def test_the_page_says_who_invites_to_what(invitation):
    page = words(visitor("ben").get("/invitations/"))
    assert "Ada invites you to acme as: Reviewer" in page


def test_accepting_needs_consent_and_joins(invitation):
    client = visitor("ben")
    refused = client.post(f"/invitations/{invitation}/accept/", {})
    assert refused.status_code == 422 and "Agree to that to join" in words(refused)
    joined = client.post(
        f"/invitations/{invitation}/accept/", {f"{invitation}-agrees_to_name": "on"}, follow=True
    )
    assert joined.redirect_chain == [(f"/organisation/{public_id('org', organisation())}/", 303)]
    assert "You are a member of acme now." in words(joined)
    assert queries.roles_of(person("ben").id).get(organisation()) == "reviewer"


def test_declining_ends_it(invitation):
    client = visitor("ben")
    assert client.post(f"/invitations/{invitation}/decline/").status_code == 303
    assert "No open invitations" in words(client.get("/invitations/"))
    assert queries.roles_of(person("ben").id).get(organisation()) is None


def test_somebody_else_finds_nothing(invitation):
    client = visitor("cyn")
    assert "acme" not in words(client.get("/invitations/"))
    sent = {f"{invitation}-agrees_to_name": "on"}
    assert "There is no such invitation" in words(client.post(f"/invitations/{invitation}/accept/", sent))
    assert client.post(f"/invitations/{invitation}/decline/").status_code == 404
    assert queries.roles_of(person("cyn").id).get(organisation()) is None


def test_a_withdrawn_invitation_says_so(invitation):
    (found,) = queries.invitations_of(actor("ada"), organisation())
    accounts.withdraw_invitation(actor=actor("ada"), invitation_id=found.id)
    sent = {f"{invitation}-agrees_to_name": "on"}
    refused = visitor("ben").post(f"/invitations/{invitation}/accept/", sent)
    assert refused.status_code == 422 and "has been withdrawn" in words(refused)
