import pytest

from tests import people
from tests.interfaces.api.calling import call

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    return people.key_for("ada", people.organisation())


@pytest.fixture
def qualification(key) -> str:
    made = call("POST", "/qualifications", key, {"slug": "rlhf-basics", "title": "RLHF basics"})
    assert made.status == 201
    return made.value["id"]


def test_a_member_is_granted_it_and_loses_it(key, qualification):
    people.member("ben", people.organisation())
    granted = call(
        "POST", f"/qualifications/{qualification}/holders", key, {"worker": "ben@example.org", "score": 85}
    )
    assert granted.value == {"granted": 1, "revoked": 0, "unchanged": 0, "bad": []}
    holder = call("GET", f"/qualifications/{qualification}/holders", key).value["items"][0]
    assert (holder["worker"], holder["score"], holder["source"]) == ("Ben", 85, "api")
    assert call("DELETE", f"/qualifications/{qualification}/holders/{holder['id']}", key).status == 204
    assert call("GET", f"/qualifications/{qualification}/holders", key).value["items"] == []


def test_a_list_reports_the_rows_that_cannot_be_granted(key, qualification):
    people.member("ben", people.organisation())
    csv = "worker,score\nben@example.org,90\nnobody@example.org,80\nben@example.org,x\n"
    report = call("POST", f"/qualifications/{qualification}/holders/csv", key, {"csv": csv}).value
    assert report["granted"] == 1
    assert [row["number"] for row in report["bad"]] == [2, 3]


def test_a_list_grants_and_revokes(key, qualification):
    for name in ("ben", "fay"):
        people.member(name, people.organisation())
    path = f"/qualifications/{qualification}/holders"
    call("POST", path, key, {"worker": "ben@example.org", "score": 90})
    csv = "worker,score,revoke\nben@example.org,,yes\nfay@example.org,70,no\n"
    report = call("POST", f"{path}/csv", key, {"csv": csv}).value
    assert report == {"granted": 1, "revoked": 1, "unchanged": 0, "bad": []}
    assert [one["worker"] for one in call("GET", path, key).value["items"]] == ["Fay"]


def test_whoever_is_unknown_is_refused(key, qualification):
    refused = call("POST", f"/qualifications/{qualification}/holders", key, {"worker": "cyn@example.org"})
    assert (refused.status, refused.code) == (422, "worker_unknown")


def test_what_is_offered_comes_in_pages(key, qualification):
    for number in range(3):
        call("POST", "/qualifications", key, {"slug": f"a-{number}", "title": "A"})
    first = call("GET", "/qualifications?limit=3", key).value
    rest = call("GET", f"/qualifications?limit=3&cursor={first['next']}", key).value
    assert [one["slug"] for one in first["items"] + rest["items"]] == ["a-0", "a-1", "a-2", "rlhf-basics"]
    assert rest["next"] is None
