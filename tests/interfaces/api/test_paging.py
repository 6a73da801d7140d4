"""A list is complete, page by page, whatever is added meanwhile; a cursor belongs to its list."""

import pytest

from tests import people, workshop
from tests.interfaces.api.calling import call

pytestmark = pytest.mark.django_db
HOOK = {"url": "https://example.org/hooks", "events": ["result.ready"]}


@pytest.fixture
def key() -> str:
    return people.key_for("ada", people.organisation())


def test_nothing_is_left_out_or_doubled_when_more_comes_in_between(key):
    there = [call("POST", "/webhooks", key, HOOK).value["id"] for _ in range(7)]
    seen, cursor = [], ""
    while cursor is not None:
        page = call("GET", f"/webhooks?limit=2{cursor and '&cursor=' + cursor}", key).value
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if len(seen) == 4:
            call("DELETE", f"/webhooks/{there[0]}", key)
            call("POST", "/webhooks", key, HOOK)
    assert seen[:7] == there
    assert len(seen) == len(set(seen)) == 8


def test_what_comes_in_front_of_the_newest_first_is_not_seen_twice(key):
    hook = call("POST", "/webhooks", key, HOOK).value["id"]
    there = [call("POST", f"/webhooks/{hook}/test", key).value["id"] for _ in range(5)]
    first = call("GET", f"/webhooks/{hook}/deliveries?limit=3", key).value
    call("POST", f"/webhooks/{hook}/test", key)
    rest = call("GET", f"/webhooks/{hook}/deliveries?limit=3&cursor={first['next']}", key).value
    assert [one["id"] for one in first["items"] + rest["items"]] == there[::-1]
    assert rest["next"] is None


def test_a_worker_finds_every_project():
    made = [workshop.launched([{"text": "x"}], title=f"P{n}").public_id for n in range(3)]
    mine, seen, cursor = people.key_for("ben"), [], ""
    while cursor is not None:
        page = call("GET", f"/work/projects?limit=2{cursor and '&cursor=' + cursor}", mine).value
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert seen == made[::-1]


def test_a_cursor_of_another_list_is_refused(key):
    for _ in range(2):
        call("POST", "/webhooks", key, HOOK)
    cursor = call("GET", "/webhooks?limit=1", key).value["next"]
    assert call("GET", f"/members?cursor={cursor}", key).code == "cursor_unknown"


def test_an_empty_list_is_a_page(key):
    assert call("GET", "/webhooks", key).value == {"items": [], "next": None}
