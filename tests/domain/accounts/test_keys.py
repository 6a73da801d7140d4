"""API keys: shown once, scoped, expiring, revocable."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.actions import keys
from tagwerk.domain.accounts.models import ApiKey
from tagwerk.domain.accounts.rules import Channel, Role
from tests.people import actor, key_actor, key_for, member, organisation

pytestmark = pytest.mark.django_db


def test_an_organisations_key_acts_for_it_within_its_scopes(django_assert_num_queries):
    acme = organisation()
    text = key_for("ada", acme, scopes=["projects:read"])
    with django_assert_num_queries(1):
        asking = queries.actor_of_key(text)
    assert asking is not None
    assert (asking.person_id, asking.roles, asking.scopes) == (
        None,
        {acme: Role.OWNER},
        frozenset({"projects:read"}),
    )
    assert (asking.channel, asking.is_operator) == (Channel.API, False)


def test_a_workers_key_acts_for_the_person_without_their_roles():
    organisation("local", owner="dan")
    asking = key_actor("dan")
    assert asking.person_id == actor("dan").person_id
    assert (asking.roles, asking.is_operator, asking.scopes) == ({}, False, frozenset({"work"}))


def test_the_text_is_in_no_table():
    text = key_for("ben")
    row = ApiKey.objects.get()
    assert len(bytes(row.digest)) == 32
    assert row.prefix == text[:12]
    assert text[12:] not in str(ApiKey.objects.values())
    assert text[12:] not in str(StoredEvent.objects.values())


def test_what_is_no_key_opens_nothing(django_assert_num_queries):
    key_for("ben")
    with django_assert_num_queries(0):
        assert queries.actor_of_key("twk_' OR 1=1") is None
    assert queries.actor_of_key("twk_" + "a" * 52) is None


def test_a_revoked_key_opens_nothing():
    text = key_for("ben")
    key = ApiKey.objects.get()
    accounts.revoke_api_key(actor=actor("ben"), key_id=key.id)
    accounts.revoke_api_key(actor=actor("ben"), key_id=key.id)
    assert queries.actor_of_key(text) is None
    assert StoredEvent.objects.filter(name="ApiKeyRevoked").count() == 1
    with pytest.raises(Conflict) as refusal:
        accounts.rotate_api_key(actor=actor("ben"), key_id=key.id)
    assert refusal.value.code == "key_revoked"


def test_an_expired_key_opens_nothing():
    text = key_for("ben", expires_at=timezone.now() + timedelta(hours=1))
    assert queries.actor_of_key(text) is not None
    past = timezone.now() - timedelta(hours=1)
    ApiKey.objects.update(created_at=past - timedelta(hours=1), expires_at=past)
    assert queries.actor_of_key(text) is None
    assert [key.state for key in queries.keys_of(actor("ben"))] == ["expired"]


def test_a_key_cannot_be_born_expired():
    with pytest.raises(Invalid) as refusal:
        key_for("ben", expires_at=timezone.now())
    assert refusal.value.code == "expiry_past"


def test_the_last_use_is_noted_to_the_minute(django_assert_num_queries):
    text = key_for("ben")
    with django_assert_num_queries(2):
        accounts.sign_in_with_key(text=text)
    first = ApiKey.objects.get().last_used_at
    with django_assert_num_queries(1):
        accounts.sign_in_with_key(text=text)
    assert ApiKey.objects.get().last_used_at == first is not None
    ApiKey.objects.update(last_used_at=first - timedelta(seconds=61))
    accounts.sign_in_with_key(text=text)
    assert ApiKey.objects.get().last_used_at > first - timedelta(seconds=61)
    assert accounts.sign_in_with_key(text="nothing") is None


def test_rotation_replaces_the_key_and_keeps_its_life():
    text = key_for("ben", expires_at=timezone.now() + timedelta(days=30))
    old = ApiKey.objects.get()
    new = accounts.rotate_api_key(actor=actor("ben"), key_id=old.id)
    assert queries.actor_of_key(text) is None
    assert queries.actor_of_key(new.text) is not None
    assert new.expires_at is not None and timedelta(days=29) < new.expires_at - timezone.now() < timedelta(
        days=31
    )
    assert [(key.name, key.state) for key in queries.keys_of(actor("ben"))] == [
        ("ben's key", "alive"),
        ("ben's key", "revoked"),
    ]


def test_a_key_can_do_no_more_than_who_makes_it():
    acme = organisation()
    member("ben", acme, "manager")
    member("cyn", acme, "viewer")
    key_for("ben", acme, scopes=["projects:write"])
    key_for("ben", acme, scopes=["money:read"])
    for name in ("cyn",):
        with pytest.raises(NotAllowed):
            key_for(name, acme, scopes=["projects:read"])
    with pytest.raises(NotFound):
        key_for("eve", acme)


def test_a_key_makes_no_keys():
    acme = organisation()
    for asking in (key_actor("ada", acme), key_actor("ben")):
        with pytest.raises(NotAllowed) as refusal:
            accounts.create_api_key(actor=asking, name="more", scopes=["work"])
        assert refusal.value.code == "key_needs_person"
        with pytest.raises(NotAllowed):
            accounts.revoke_api_key(actor=asking, key_id=ApiKey.objects.latest("id").id)


def test_nobody_finds_the_keys_of_others():
    acme = organisation()
    key_for("ada", acme)
    theirs = ApiKey.objects.get().id
    organisation("globex", owner="eve")
    for name in ("ben", "eve", "dan"):
        for attempt in (accounts.revoke_api_key, accounts.rotate_api_key):
            with pytest.raises(NotFound) as refusal:
                attempt(actor=actor(name), key_id=theirs)
            assert refusal.value.code == "key_not_found"
        with pytest.raises(NotFound):
            queries.keys_of(actor(name), acme)
    with pytest.raises(NotAllowed):
        accounts.revoke_api_key(actor=member("cyn", acme, "reviewer"), key_id=theirs)
    with pytest.raises(NotFound):
        queries.keys_of(key_actor("ben"))


def test_a_colleague_may_revoke_the_organisations_key():
    acme = organisation()
    text = key_for("ada", acme)
    accounts.revoke_api_key(actor=member("ben", acme, "manager"), key_id=ApiKey.objects.get().id)
    assert queries.actor_of_key(text) is None
    assert [key.created_by for key in queries.keys_of(actor("ada"), acme)] == ["Ada"]


def test_keys_are_limited(monkeypatch):
    monkeypatch.setattr(keys, "MOST_KEYS", 1)
    acme = organisation()
    key_for("ada", acme)
    key_for("ada")
    for owner in (acme, None):
        with pytest.raises(TooMany) as refusal:
            key_for("ada", owner)
        assert refusal.value.code == "keys_too_many"


def test_scopes_fit_the_owner():
    with pytest.raises(Invalid) as refusal:
        key_for("ben", scopes=["projects:read"])
    assert refusal.value.code == "scope_unknown"
