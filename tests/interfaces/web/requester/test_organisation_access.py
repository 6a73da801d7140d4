"""Who may open which page of an organisation, and press which button."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.notices import actions as notices
from tests.interfaces.web.visiting import plain_files, visitor
from tests.people import actor, key_for, member, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

ALL = {"owner", "manager", "reviewer", "finance", "viewer"}
MANAGERS = {"owner", "manager"}
PAGES = {
    "": ALL,
    "members/": ALL,
    "balance/": MANAGERS | {"finance"},
    "balance/movements.csv": MANAGERS | {"finance"},
    "qualifications/": MANAGERS,
    "qualifications/{qualification}/": MANAGERS,
    "keys/": MANAGERS,
    "webhooks/": MANAGERS,
    "webhooks/{webhook}/": MANAGERS,
    "activity/": MANAGERS,
}
# Address → what is sent, who may; all of them are refused before anything changes.
BUTTONS = {
    "": ({"name": "x"}, {"owner"}),
    "members/": ({"email": "new@example.org", "role": "owner"}, {"owner"}),
    "members/{member}/role/": ({"role": "owner"}, {"owner"}),
    "members/{member}/remove/": ({}, {"owner"}),
    "invitations/{invitation}/withdraw/": ({}, {"owner"}),
    "keys/": ({"name": "x", "scopes": "webhooks"}, MANAGERS),
    "keys/{key}/replace/": ({}, MANAGERS),
    "keys/{key}/revoke/": ({}, MANAGERS),
    "webhooks/": ({"url": "https://example.org", "events": "budget.low"}, MANAGERS),
    "webhooks/{webhook}/test/": ({}, MANAGERS),
    "webhooks/{webhook}/switch/": ({"active": "no"}, MANAGERS),
    "webhooks/{webhook}/secret/": ({}, MANAGERS),
    "webhooks/{webhook}/remove/": ({}, MANAGERS),
    "webhooks/{webhook}/replay/": ({}, MANAGERS),
    "webhooks/{webhook}/messages/{delivery}/replay/": ({}, MANAGERS),
    "qualifications/": ({"title": "x", "slug": "x"}, MANAGERS),
    "qualifications/{qualification}/": ({"what": "retire"}, MANAGERS),
}


@pytest.fixture
def place():
    """An address of the organisation's, filled in with things that are there."""
    org = organisation()
    member("fay", org, "viewer")
    fay = next(one for one in queries.members_page(actor("ada"), org) if one.name == "Fay")
    invitation = accounts.invite_member(
        actor=actor("ada"), organisation_id=org, email="gus@example.org", role="viewer"
    )
    key_for("ada", org)
    webhook = notices.create_endpoint(
        actor=actor("ada"), organisation_id=org, url="https://example.org/x", events=["result.ready"]
    ).endpoint_id
    known = {
        "member": public_id("mbr", fay.id),
        "invitation": public_id("inv", invitation),
        "key": public_id("key", queries.keys_of(actor("ada"), org)[0].id),
        "webhook": public_id("whk", webhook),
        "delivery": public_id("dlv", notices.send_test(actor=actor("ada"), endpoint_id=webhook)),
        "qualification": public_id(
            "qlf", academy.create_qualification(actor=actor("ada"), organisation_id=org, slug="q", title="Q")
        ),
    }
    return lambda path: f"/organisation/{public_id('org', org)}/{path.format(**known)}"


def role(name):
    """A client with this role in the organisation."""
    if name != "owner":
        member("cyn", organisation(), name)
    return visitor("ada" if name == "owner" else "cyn")


@pytest.mark.parametrize("name", sorted(ALL))
def test_pages_open_for_the_roles_that_may_and_no_other(place, name):
    client = role(name)
    opened = {path: client.get(place(path)).status_code for path in PAGES}
    assert opened == {path: 200 if name in may else 403 for path, may in PAGES.items()}


@pytest.mark.parametrize("name", sorted(ALL - MANAGERS))
def test_buttons_are_refused_to_roles_that_may_not(place, name):
    client = role(name)
    pressed = {path: client.post(place(path), sent).status_code for path, (sent, _may) in BUTTONS.items()}
    assert pressed == dict.fromkeys(BUTTONS, 403)


def test_a_manager_manages_neither_members_nor_the_name(place):
    client = role("manager")
    owners = [path for path, (_sent, may) in BUTTONS.items() if may == {"owner"}]
    assert {client.post(place(path), BUTTONS[path][0]).status_code for path in owners} == {403}


@pytest.mark.parametrize("name", ["cyn", "eve", "dan"])
def test_for_others_nothing_of_it_exists(place, name):
    person(name)
    organisation("other", "eve")
    client = visitor(name)
    opened = {path: client.get(place(path)).status_code for path in PAGES}
    pressed = {path: client.post(place(path), sent).status_code for path, (sent, _may) in BUTTONS.items()}
    # Who is a member nowhere is told what these pages are for; a member of another finds nothing.
    expected = 404 if name == "eve" else 403
    assert set(opened.values()) == {expected} and set(pressed.values()) == {expected}


def test_nobody_signed_in_is_sent_to_sign_in(place):
    client = visitor()
    answers = [client.get(place(path)) for path in PAGES]
    answers += [client.post(place(path), sent) for path, (sent, _may) in BUTTONS.items()]
    assert all(answer.headers["Location"].startswith("/accounts/login/") for answer in answers)


def test_things_of_another_organisation_do_not_exist_under_ones_own(place):
    """Eve's own organisation in the address, with ids of Ada's."""
    other = public_id("org", organisation("other", "eve"))
    ours = place("").split("/")[2]
    client = visitor("eve")
    things = [path for path in BUTTONS if "{" in path]
    found = {
        path: client.post(place(path).replace(ours, other), BUTTONS[path][0]).status_code for path in things
    }
    assert found == dict.fromkeys(things, 404)
    # Even for somebody who is in both.
    member("ada", organisation("other", "eve"), "owner")
    client = visitor("ada")
    mixed = [
        path for path in things if "{webhook}" in path or "{qualification}" in path or "{member}" in path
    ]
    found = {
        path: client.post(place(path).replace(ours, other), BUTTONS[path][0]).status_code for path in mixed
    }
    assert found == dict.fromkeys(mixed, 404)


def test_buttons_are_no_links(place):
    client = visitor("ada")
    only_posted = [path for path in BUTTONS if path not in PAGES]
    assert {client.get(place(path)).status_code for path in only_posted} == {405}
