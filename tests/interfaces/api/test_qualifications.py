import pytest

from tagwerk.base.ids import row_number
from tagwerk.config.reactions import REACTIONS
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy.events import QualificationGranted, QualificationRevoked
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import Held, NoTask
from tests import people, workshop
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


def reason_now(project_id: int) -> str | None:
    """Why Ben gets no task at his next claim; None: he gets one."""
    ben = people.person("ben").id
    found = work.claim(person_id=ben, project_id=project_id, channel=1)
    if isinstance(found, NoTask):
        return str(found.reason)
    assert isinstance(found, Held)
    work.return_assignment(person_id=ben, project_id=project_id, assignment_id=found.assignment_id)
    return None


def asking_for_it() -> int:
    """A running project that asks for the qualification."""
    rows = [{"text": f"text {n}"} for n in range(9)]
    return workshop.launched(rows, audience={"qualifications": {"rlhf-basics": 80}}).id


def test_what_is_granted_or_revoked_counts_at_the_next_claim(key, qualification):
    project, holders = asking_for_it(), f"/qualifications/{qualification}/holders"
    people.member("ben", people.organisation())
    assert reason_now(project) == "not_eligible"
    call("POST", holders, key, {"worker": "ben@example.org", "score": 85})
    assert reason_now(project) is None
    call("POST", f"{holders}/csv", key, {"csv": "worker,score\nben@example.org,10\n"})
    assert reason_now(project) == "not_eligible"
    call("POST", f"{holders}/csv", key, {"csv": "worker,score\nben@example.org,80\n"})
    assert reason_now(project) is None
    holder = call("GET", holders, key).value["items"][0]["id"]
    assert call("DELETE", f"{holders}/{holder}", key).status == 204
    assert reason_now(project) == "not_eligible"


def test_the_reactions_do_the_same_where_nobody_waits_for_it(qualification):
    project, ben = asking_for_it(), people.person("ben").id
    granted = {
        "actor": people.actor("ada"), "qualification_id": row_number("qlf", qualification), "person_id": ben,
    }  # fmt: skip
    fact = {
        "organisation_id": people.organisation(), "person_id": ben,
        "qualification_id": row_number("qlf", qualification),
    }  # fmt: skip
    assert reason_now(project) == "not_eligible"
    academy.grant_qualification(**granted)
    for reaction in REACTIONS[QualificationGranted]:
        reaction.action(QualificationGranted(**fact))
    assert reason_now(project) is None
    academy.revoke_qualification(**granted)
    for reaction in REACTIONS[QualificationRevoked]:
        reaction.action(QualificationRevoked(**fact))
    assert reason_now(project) == "not_eligible"
