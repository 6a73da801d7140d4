import pytest

from tests import people
from tests.interfaces.api.calling import call

pytestmark = pytest.mark.django_db
HOOK = {"url": "https://example.org/hooks", "events": ["result.ready"]}


@pytest.fixture
def key() -> str:
    return people.key_for("ada", people.organisation())


def test_a_webhook_lives(key):
    made = call("POST", "/webhooks", key, HOOK)
    assert made.status == 201
    assert made.value["secret"].startswith("whsec_")
    where = f"/webhooks/{made.value['id']}"
    assert "secret" not in call("GET", where, key).value
    changed = call("PATCH", where, key, {"description": "ours", "active": False})
    assert (changed.value["description"], changed.value["active"]) == ("ours", False)
    assert call("POST", f"{where}/secret", key).value["secret"] != made.value["secret"]
    sent = call("POST", f"{where}/test", key)
    assert (sent.status, sent.value["event"]) == (201, "webhook.test")
    logged = call("GET", f"{where}/deliveries", key).value["items"]
    assert [one["id"] for one in logged] == [sent.value["id"]]
    assert call("GET", f"{where}/deliveries?state=failed", key).value["items"] == []
    assert call("POST", f"{where}/deliveries/{sent.value['id']}/replay", key).status == 200
    assert call("DELETE", where, key).status == 204
    assert call("GET", where, key).code == "webhook_not_found"


def test_a_delivery_is_looked_for_under_its_own_webhook(key):
    first, second = (call("POST", "/webhooks", key, HOOK).value["id"] for _ in range(2))
    sent = call("POST", f"/webhooks/{first}/test", key).value["id"]
    assert call("POST", f"/webhooks/{second}/deliveries/{sent}/replay", key).code == "delivery_not_found"


def test_a_secret_comes_again_with_the_same_idempotency_key_only(key):
    first = call("POST", "/webhooks", key, HOOK, Idempotency_Key="one")
    again = call("POST", "/webhooks", key, HOOK, Idempotency_Key="one")
    assert again.value == first.value
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(call("GET", "/webhooks", key).value["items"]) == 1
