"""What is called most often knows its key from memory, and has the database look at it in the same statement."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.models import ApiKey, Person
from tagwerk.domain.work.models import Answer
from tests import people
from tests.interfaces.api.calling import Answered, call
from tests.interfaces.api.test_story import key, launched, ok, project, worker  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
ANSWERS = {"answers": {"sentiment": "positive"}}


def revoke(text: str) -> None:
    ApiKey.objects.filter(digest=_digest(text)).update(revoked_at=timezone.now())


def expire(text: str) -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    ApiKey.objects.filter(digest=_digest(text)).update(
        created_at=an_hour_ago, expires_at=an_hour_ago + timedelta(seconds=1)
    )


def shut_out(text: str) -> None:
    Person.objects.filter(id=ApiKey.objects.get(digest=_digest(text)).person_id).update(is_active=False)


def _digest(text: str) -> bytes:
    from tagwerk.domain.accounts import rules

    return rules.digest(text)


def taken(project: str, text: str) -> str:  # noqa: F811
    """The address of a task in hand; the key is known from memory from now on."""
    ok(call("POST", f"/work/projects/{project}/enrol", text, {}))
    held = ok(call("POST", f"/work/projects/{project}/next", text))["held"]
    return f"/work/projects/{project}/assignments/{held['assignment']}"


@pytest.mark.parametrize("end", [revoke, expire, shut_out])
def test_a_key_that_ended_does_nothing_more(key, project, end: Callable[[str], None]):  # noqa: F811
    launched(key, project)
    text = worker("sim-a")
    address = taken(project, text)
    end(text)

    def refused(answered: Answered) -> bool:
        return (answered.status, answered.code) == (401, "key_unknown")

    assert refused(call("POST", f"{address}/submit-and-next", text, ANSWERS))
    assert refused(call("POST", f"{address}/submit", text, ANSWERS))
    assert refused(call("POST", f"/work/projects/{project}/next", text))
    assert not Answer.objects.exists()
    # Nor does it learn what is wrong with its request.
    assert refused(call("POST", f"{address}/submit", text, {"answers": {"sentiment": "no such"}}))
    assert refused(call("POST", f"{address}/submit", text, raw=b"no json"))
    nowhere = f"/work/projects/{public_id('prj', 10**9)}/assignments/{public_id('asg', 1)}/submit"
    assert refused(call("POST", nowhere, text, ANSWERS))
    assert refused(call("GET", address, text))


def test_a_recalled_key_costs_no_query(key, project):  # noqa: F811
    launched(key, project)
    text = worker("sim-b")
    address = taken(project, text)
    design = ok(call("GET", address, text))["design"]
    with CaptureQueriesContext(connection) as asked:
        ok(call("POST", f"{address}/submit-and-next", text, ANSWERS | {"design": design}))
    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]
    assert "work_cycle" in asked[0]["sql"]
    assert "api_key" in asked[0]["sql"]


def test_what_is_wrong_is_said_to_a_key_that_lives(key, project):  # noqa: F811
    launched(key, project)
    text = worker("sim-c")
    address = taken(project, text)
    wrong = call("POST", f"{address}/submit", text, {"answers": {"sentiment": "no such"}})
    assert (wrong.status, wrong.value["path"]) == (422, "sentiment")


def test_the_memory_of_keys_is_bounded(monkeypatch):
    from tagwerk.domain.accounts.actions import keys

    monkeypatch.setattr(keys, "MOST_RECALLED", 2)
    for name in ("ben", "cyn", "dan"):
        text = people.key_for(name)
        actor = accounts.recall_key(text=text)
        assert actor == accounts.recall_key(text=text)
        assert len(keys._RECALLED) <= 2
    assert accounts.recall_key(text="nothing") is None
