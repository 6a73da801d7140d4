"""An organisation's keys, through the page."""

import re

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, member, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

KEY = re.compile(r"twk_[a-z2-7]{52}")


def url(path=""):
    return f"/organisation/{public_id('org', organisation())}/keys/{path}"


def test_a_key_is_shown_once_and_may_what_was_chosen():
    url()
    client = visitor("ada")
    sent = {"name": "etl", "scopes": ["projects:read", "results:read"], "expires_on": "2099-12-31"}
    made = client.post(url(), sent)
    (text,) = set(KEY.findall(made.content.decode()))
    assert made.status_code == 200 and made.headers["Cache-Control"] == "no-store"
    found = queries.actor_of_key(text)
    assert found is not None and found.scopes == {"projects:read", "results:read"}
    (key,) = queries.keys_of(actor("ada"), organisation())
    assert key.expires_at is not None and key.expires_at.isoformat().startswith("2099-12-31T22:59:59")
    again = client.get(url())
    assert KEY.search(again.content.decode()) is None
    assert f"etl {text[:12]}…" in words(again) and "never" in words(again)


def test_replacing_and_revoking():
    url()
    client = visitor("ada")
    old = KEY.findall(client.post(url(), {"name": "etl", "scopes": "webhooks"}).content.decode())[0]
    (key,) = queries.keys_of(actor("ada"), organisation())
    new = KEY.findall(client.post(url(f"{public_id('key', key.id)}/replace/")).content.decode())[0]
    assert queries.actor_of_key(old) is None and queries.actor_of_key(new) is not None
    alive = next(one for one in queries.keys_of(actor("ada"), organisation()) if one.state == "alive")
    assert client.post(url(f"{public_id('key', alive.id)}/revoke/")).status_code == 303
    assert queries.actor_of_key(new) is None
    assert client.post(url(f"{public_id('key', alive.id)}/replace/")).status_code == 409


def test_a_key_needs_scopes_and_none_that_its_maker_lacks():
    member("cyn", organisation(), "manager")
    assert visitor("ada").post(url(), {"name": "x"}).status_code == 422
    assert visitor("cyn").post(url(), {"name": "x", "scopes": "work"}).status_code == 422
    assert queries.keys_of(actor("ada"), organisation()) == []
