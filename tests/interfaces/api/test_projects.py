import pytest

from tests import orders, people
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ROWS, launched, ok

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    return people.key_for("ada", orders.deposit(10_000_000))


def test_a_project_is_made_of_yaml_or_of_an_object(key):
    first = call("POST", "/projects", key, {"file": orders.FILE})
    assert first.status == 201
    again = ok(call("POST", "/projects", key, {"file": first.value["file"]}))
    assert again["file"] == first.value["file"]
    assert again["price"]["total"] == {"amount": "0.12", "currency": "EUR"}
    assert (again["price"]["fee_bp"], again["price"]["take_bp"]) == (2000, 1667)
    assert [one["id"] for one in ok(call("GET", "/projects", key))["items"]] == [
        again["id"],
        first.value["id"],
    ]


@pytest.mark.parametrize(
    "file", ["title: x", "a: [", "", {"title": "x"}, {}, "x" * 100, "- 1", {"ask": {"": {}}}]
)
def test_a_file_that_is_none_is_refused_in_words(key, file):
    refused = call("POST", "/projects", key, {"file": file})
    assert (refused.status, refused.code) == (422, "project_file_wrong")


def test_what_is_wrong_with_a_file_is_said_in_the_language_asked_for(key):
    file = orders.FILE.replace("kind: choice", "kind: chioce").replace("min: 2", "minimum: 2")
    refused = call("POST", "/projects", key, {"file": file}, Accept_Language="de")
    assert refused.code == "project_file_wrong"
    first, second = refused.value["message"].splitlines()
    assert first.endswith(": ask.sentiment.kind: es gibt keine Art „chioce“; meinten Sie „choice“?")
    assert second.endswith(": quality.answers.minimum: „minimum“ ist hier nicht bekannt; meinten Sie „min“?")


@pytest.mark.parametrize("file", [None, 7, [], True])
def test_what_is_no_file_at_all_is_refused(key, file):
    assert call("POST", "/projects", key, {"file": file}).code == "input_invalid"


def test_an_estimate_says_what_to_expect_and_what_it_rests_on(key):
    project = ok(call("POST", "/projects", key, {"file": orders.FILE}))["id"]
    where = f"/projects/{project}"
    ok(call("POST", f"{where}/tasks", key, {"tasks": ROWS}))
    estimate = ok(call("GET", f"{where}/estimate", key))
    likely = estimate["likely"]
    assert estimate["low"]["answers"] <= likely["answers"] <= estimate["high"]["answers"]
    assert (estimate["cap"]["amount"], likely["right"], likely["vat"]) == (
        "1.44",
        pytest.approx(0.965, abs=0.01),
        None,
    )
    sources = {one["name"]: one["source"] for one in estimate["assumptions"]}
    assert (sources["least"], sources["accuracy_bp"]) == ("file", "default")
    assert estimate["measured"]["typical_seconds"] is None and estimate["measured"]["majorities"] == []
    other = ok(call("GET", f"{where}/estimate?tasks=1000&least=3&most=3&redo_bp=0&vat_bp=1900", key))
    assert (other["likely"]["cost"]["amount"], other["likely"]["vat"]["amount"]) == ("360.00", "68.40")
    ways = {one["way"]: one for one in other["variants"]}
    assert (ways["plan"]["cost"]["amount"], ways["model"]["cost"]["amount"]) == ("360.00", "3.00")
    assert (other["largest"]["amount"], other["expected"]["amount"]) == ("1.44", "360.00")
    assert call("GET", f"{where}/estimate?people=0", key).code == "input_invalid"
    assert call("GET", f"{where}/estimate?least=9", key).code == "estimate_answers"


def test_a_project_lives(key):
    project = ok(call("POST", "/projects", key, {"file": orders.FILE}))["id"]
    where = f"/projects/{project}"
    assert call("POST", f"{where}/launch", key, {}).code == "no_tasks"
    ok(call("POST", f"{where}/tasks", key, {"tasks": ROWS}))
    estimate = ok(call("GET", f"{where}/estimate", key))
    assert (estimate["tasks"], estimate["largest"]["amount"], estimate["expected"]["amount"]) == (
        3,
        "1.44",
        "0.96",
    )
    suggestion = estimate["suggestion"]
    assert (suggestion["floor_country"], suggestion["seconds"], suggestion["measured"]) == ("DE", 20.0, False)
    assert suggestion["present_per_hour"]["amount"] == "18.00" and suggestion["simulated_share"] == 0.68
    revised = ok(call("PUT", where, key, {"file": orders.FILE.replace("how it sounds", "what it says")}))
    assert revised["version"] == 2
    assert ok(call("POST", f"{where}/launch", key, {"tasks": 1}))["open_limit"] == 1
    assert ok(call("POST", f"{where}/launch", key, {}))["open_limit"] is None
    assert ok(call("POST", f"{where}/pause", key))["state"] == "paused"
    assert ok(call("POST", f"{where}/resume", key))["state"] == "open"
    raised = ok(call("POST", f"{where}/budget", key, {"budget": "5.00"}))
    assert raised["budget"] == {"amount": "5.00", "currency": "EUR"}
    assert call("POST", f"{where}/budget", key, {"budget": "1.00"}).code == "budget_not_raised"
    assert call("POST", f"{where}/budget", key, {"budget": "many"}).value["path"] == "budget"
    assert ok(call("POST", f"{where}/finish", key))["state"] == "finished"
    assert ok(call("POST", f"{where}/archive", key))["state"] == "archived"
    assert ok(call("GET", "/projects", key))["items"] == []
    assert len(ok(call("GET", "/projects?archived=true", key))["items"]) == 1


def test_a_launch_without_money_names_both_amounts():
    key = people.key_for("ada", people.organisation())
    project = ok(call("POST", "/projects", key, {"file": orders.FILE}))["id"]
    ok(call("POST", f"/projects/{project}/tasks", key, {"tasks": ROWS}))
    refused = call("POST", f"/projects/{project}/launch", key, {})
    assert (refused.status, refused.code) == (409, "not_enough_money")
    assert "1.44 EUR" in refused.value["message"]
    assert "0.00 EUR" in refused.value["message"]


def test_a_stage_of_another_organisation_is_not_found(key):
    theirs = orders.project(owner="eve", name="other")
    raw = orders.project_file().model_dump(mode="json", by_alias=True, exclude_none=True)
    refused = call("POST", "/projects", key, {"file": raw | {"from": {"project": theirs.public_id}}})
    assert refused.status in (404, 422)


def test_tasks_are_added_while_it_runs(key):
    project = ok(call("POST", "/projects", key, {"file": orders.FILE}))["id"]
    launched(key, project)
    report = ok(
        call("POST", f"/projects/{project}/tasks", key, {"tasks": [*ROWS, {"text": "new", "_id": "n"}]})
    )
    assert (report["imported"], report["unchanged"]) == (1, 3)
    found = ok(call("GET", f"/projects/{project}/tasks?own_id=n", key))["items"]
    assert [one["data"] for one in found] == [{"text": "new"}]
    assert found[0]["state"] == "open"
