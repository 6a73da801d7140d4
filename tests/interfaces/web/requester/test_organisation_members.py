"""Organisations, their members and invitations, through the pages."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import deposit
from tests.people import actor, member, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def url(path="", org=None):
    return f"/organisation/{public_id('org', org or organisation())}/{path}"


def membership(name):
    members = queries.members_page(actor("ada"), organisation())
    return public_id("mbr", next(one.id for one in members if one.name == name.title()))


def test_the_list_shows_ones_own_with_role_and_state():
    organisation()
    organisation("other", "eve")
    organisation("new", "ada", approved=False)
    page = words(visitor("ada").get("/organisation/"))
    assert "acme Owner EUR approved" in page and "new Owner EUR waits for approval" in page
    assert "other" not in page


def test_who_has_none_learns_how_to_get_one():
    page = visitor("ben").get("/organisation/")
    assert "You act for no organisation yet" in words(page) and 'href="/found/"' in page.content.decode()


def test_the_overview_shows_money_to_those_who_may_see_it():
    org = deposit(1_234_560_000)
    member("cyn", org, "viewer")
    assert "€1,234.56" in words(visitor("ada").get(url()))
    assert "€" not in words(visitor("cyn").get(url()))


def test_the_overview_needs_few_queries(django_assert_max_num_queries):
    organisation()
    client = visitor("ada")
    client.get(url())
    with django_assert_max_num_queries(16):
        client.get(url())


def test_an_owner_invites_changes_roles_and_removes():
    org = organisation()
    client = visitor("ada")
    client.post(url("members/"), {"email": "New@example.org", "role": "finance"})
    (invitation,) = queries.invitations_of(actor("ada"), org)
    assert (invitation.email, invitation.role) == ("new@example.org", "finance")
    assert "new@example.org Finance" in words(client.get(url("members/")))
    client.post(url(f"invitations/{public_id('inv', invitation.id)}/withdraw/"))
    assert queries.invitations_of(actor("ada"), org) == []
    member("cyn", org, "viewer")
    client.post(url(f"members/{membership('cyn')}/role/"), {"role": "reviewer"})
    assert queries.roles_of(person("cyn").id).get(org) == "reviewer"
    client.post(url(f"members/{membership('cyn')}/remove/"))
    assert queries.roles_of(person("cyn").id).get(org) is None


def test_what_cannot_be_is_said_at_the_form():
    organisation()
    refused = visitor("ada").post(url("members/"), {"email": "ada@example.org", "role": "owner"})
    assert refused.status_code == 422
    assert "is a member already" in str(refused.context["form"].errors["email"])


def test_the_last_owner_stays():
    org = organisation()
    refused = visitor("ada").post(url(f"members/{membership('ada')}/remove/"))
    assert refused.status_code == 409 and "last owner" in words(refused)
    assert visitor("ada").post(url(f"members/{membership('ada')}/role/"), {"role": "boss"}).status_code == 422
    assert queries.roles_of(person("ada").id).get(org) == "owner"


def test_a_member_can_leave_and_then_finds_nothing():
    org = organisation()
    member("cyn", org, "viewer")
    client = visitor("cyn")
    left = client.post(url(f"members/{membership('cyn')}/remove/"))
    assert left.headers["Location"] == "/organisation/"
    assert queries.roles_of(person("cyn").id).get(org) is None
    assert client.get(url()).status_code == 403


def test_many_members_have_pages(django_assert_max_num_queries):
    org = organisation()
    for number in range(51):
        member(f"m{number:02}", org, "viewer")
    client = visitor("ada")
    client.get(url("members/"))
    with django_assert_max_num_queries(9):
        first = client.get(url("members/"))
    assert "M48" in words(first) and "M49" not in words(first)
    second = client.get(first.context["page"].newer)
    assert "M49" in words(second) and "M48" not in words(second)
