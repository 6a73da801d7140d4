"""Gold by API: listed, corrected, explained, retired, made of results."""

import pytest

from tagwerk.domain.work.models import Gold
from tests import orders, people
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import FILE, GOLD, ROWS, launched, ok

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(settings):
    settings.UNDO_SECONDS = 0
    key = people.key_for("ada", orders.deposit(10_000_000))
    project = ok(call("POST", "/projects", key, {"file": FILE}))["id"]
    launched(key, project, [*ROWS, GOLD])
    return key, project


def test_gold_is_listed_corrected_explained_and_retired(there):
    key, project = there
    [gold] = ok(call("GET", f"/projects/{project}/gold", key))["items"]
    assert (gold["state"], gold["seen"], gold["promoted"], gold["why"]) == ("serving", 0, False, "")
    where = f"/projects/{project}/tasks/{gold['task']}/gold"
    right = {"sentiment": {"any_of": ["neutral", "negative"]}}
    changed = ok(call("PUT", where, key, {"answers": right, "explanation": "Both will do.", "served": False}))
    assert (changed["answers"], changed["explanation"], changed["state"]) == (
        right,
        "Both will do.",
        "retired",
    )
    assert ok(call("GET", f"/projects/{project}/gold?state=serving", key))["items"] == []
    assert ok(call("PUT", where, key, {"served": True}))["state"] == "serving"
    refused = call("PUT", where, key, {"answers": {"sentiment": {"any_of": ["splendid"]}}})
    assert (refused.status, refused.value["path"]) == (422, "_gold.sentiment.any_of.0")
    assert call("PUT", where, key, {}).code == "nothing_to_change"


def test_results_become_gold(there):
    key, project = there
    tasks = ok(call("GET", f"/projects/{project}/tasks", key))["items"]
    first, second = [one["id"] for one in tasks if not one["is_gold"]][:2]
    at = f"/projects/{project}/tasks"
    assert call("PUT", f"{at}/{second}/gold", key, {"served": True}).status == 404
    call("POST", f"{at}/{first}/results/sentiment", key, {"value": "negative"})
    [could] = ok(call("GET", f"/projects/{project}/gold/candidates?decided=true", key))["items"]
    assert (could["task"], could["result"]) == (first, {"sentiment": "negative"})
    for made in (1, 0):
        assert ok(call("POST", f"/projects/{project}/gold", key, {"tasks": [first]})) == {"made": made}
    assert call("POST", f"/projects/{project}/gold", key, {"tasks": [second]}).code == "result_missing"
    assert ok(call("PUT", f"{at}/{second}/gold", key, {"answers": {"sentiment": "neutral"}}))["promoted"]
    call("POST", f"{at}/{second}/results/sentiment", key, {"value": "positive", "as_gold": True})
    assert sorted(str(one.answers) for one in Gold.objects.exclude(explanation="-"))[-1].endswith(
        "'positive'}"
    )
