"""The same request under the same idempotency key is carried out once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from tagwerk.base.models import StoredReply
from tagwerk.base.replies import forget_old_replies
from tests import people
from tests.interfaces.api.calling import call

HOOK = {"url": "https://example.org/hooks", "events": ["result.ready"]}


def the_key() -> str:
    return people.key_for("ada", people.organisation())


def count(key: str) -> int:
    return len(call("GET", "/webhooks", key).value["items"])


@pytest.mark.django_db
def test_again_is_the_same_answer():
    key = the_key()
    first = call("POST", "/webhooks", key, HOOK, Idempotency_Key="a")
    again = call("POST", "/webhooks", key, HOOK, Idempotency_Key="a")
    assert (again.status, again.value) == (first.status, first.value) == (201, first.value)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(key) == 1


@pytest.mark.django_db
def test_another_body_under_the_same_key_is_refused():
    key = the_key()
    call("POST", "/webhooks", key, HOOK, Idempotency_Key="a")
    refused = call("POST", "/webhooks", key, HOOK | {"description": "x"}, Idempotency_Key="a")
    assert (refused.status, refused.code) == (409, "idempotency_key_reused")
    assert count(key) == 1


@pytest.mark.django_db
def test_the_same_key_at_another_address_is_refused():
    key = the_key()
    hook = call("POST", "/webhooks", key, HOOK).value["id"]
    call("POST", f"/webhooks/{hook}/secret", key, Idempotency_Key="a")
    assert call("POST", f"/webhooks/{hook}/test", key, Idempotency_Key="a").code == "idempotency_key_reused"


@pytest.mark.django_db
def test_another_asker_has_keys_of_their_own():
    mine, theirs = the_key(), people.key_for("eve", people.organisation("other", owner="eve"))
    call("POST", "/webhooks", mine, HOOK, Idempotency_Key="a")
    assert call("POST", "/webhooks", theirs, HOOK, Idempotency_Key="a").status == 201
    assert (count(mine), count(theirs)) == (1, 1)


@pytest.mark.django_db
def test_what_was_refused_can_be_sent_again_put_right():
    key = the_key()
    assert call("POST", "/webhooks", key, HOOK | {"url": "x"}, Idempotency_Key="a").status == 422
    assert call("POST", "/webhooks", key, HOOK, Idempotency_Key="a").status == 201


@pytest.mark.django_db
def test_a_failure_in_between_leaves_nothing_behind(monkeypatch):
    key = the_key()
    with monkeypatch.context() as patch:
        patch.setattr("tagwerk.domain.notices.queries.endpoint_for", lambda *_: 1 / 0)
        assert call("POST", "/webhooks", key, HOOK, Idempotency_Key="a").status == 500
    assert count(key) == 0
    assert call("POST", "/webhooks", key, HOOK, Idempotency_Key="a").status == 201
    assert count(key) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "a b", "ü", "x" * 201])
def test_a_key_that_is_none_is_refused(name):
    assert (
        call("POST", "/webhooks", the_key(), HOOK, Idempotency_Key=name).code == "idempotency_key_unreadable"
    )


@pytest.mark.django_db
def test_who_has_no_key_learns_nothing():
    key = the_key()
    call("POST", "/webhooks", key, HOOK, Idempotency_Key="a")
    assert call("POST", "/webhooks", None, HOOK, Idempotency_Key="a").code == "key_missing"


@pytest.mark.django_db
def test_a_stored_reply_tells_no_secret_and_ends_after_a_week():
    key = the_key()
    made = call("POST", "/webhooks", key, HOOK, Idempotency_Key="a")
    kept = StoredReply.objects.get()
    assert made.value["secret"].encode() not in bytes(kept.body)
    StoredReply.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert call("POST", "/webhooks", key, HOOK, Idempotency_Key="a").value["id"] != made.value["id"]
    StoredReply.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert forget_old_replies() == 1


@pytest.mark.django_db
def test_one_reply_for_a_key():
    kept = {"key_id": 1, "name": "a", "digest": b"d", "status": 200, "content_type": "", "body": b""}
    StoredReply.objects.create(**kept)
    with pytest.raises(IntegrityError, match="stored_reply_once"):
        StoredReply.objects.create(**kept)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_carried_out_once():
    key = the_key()

    def create(_: int) -> tuple[int, str]:
        try:
            made = call("POST", "/webhooks", key, HOOK, Idempotency_Key="a")
            return made.status, made.value["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(create, range(16)))
    assert len(found) == 1
    assert next(iter(found))[0] == 201
    assert count(key) == 1
