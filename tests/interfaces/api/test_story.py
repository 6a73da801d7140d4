"""From a project file to delivered results, through the API alone."""

import json
from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tests import orders, people
from tests.interfaces.api.calling import Answered, call

pytestmark = pytest.mark.django_db
FILE = orders.FILE.replace("min: 2, max: 4", "min: 2, max: 2")
ROWS = [{"_id": f"t{n}", "text": f"text {n}"} for n in range(1, 4)]
GOLD = {"_id": "g1", "text": "gold", "_gold": {"sentiment": "negative"}, "_truth": {"sentiment": "negative"}}


def ok(answered: Answered) -> Any:
    """The value of an answer that was not a refusal."""
    assert answered.status < 300, answered
    return answered.value


@pytest.fixture
def key() -> str:
    return people.key_for("ada", orders.deposit(10_000_000))


@pytest.fixture
def project(key) -> str:
    return ok(call("POST", "/projects", key, {"file": FILE}))["id"]


def worker(name: str) -> str:
    """The key of a simulated worker."""
    from tagwerk.domain.accounts.rules import CONSOLE

    languages = {"en": "native", "de": "C1"}
    return accounts.create_simulated_worker(
        actor=CONSOLE, name=name, country="DE", languages=languages
    ).key_text


def launched(key: str, project: str, rows: list[dict[str, Any]] = ROWS) -> None:
    """Bring rows in and open the project."""
    ok(call("POST", f"/projects/{project}/tasks", key, {"tasks": rows}))
    assert ok(call("POST", f"/projects/{project}/launch", key, {}))["state"] == "open"


def feed(settings: Any, project_id: int) -> None:
    """What the jobs do within seconds."""
    work.feed_answers(project_id=project_id)
    quality.judge_answers(project_id=project_id)


def number_of(project: str) -> int:
    """The number behind a public id."""
    from tagwerk.base.ids import row_number

    return row_number("prj", project)


def work_all(project: str, keys: list[str], value: str = "positive") -> int:
    """Everybody works until nothing is left; how many answers."""
    count = 0
    for key in keys:
        following = ok(call("POST", f"/work/projects/{project}/next", key))
        while following["held"] is not None:
            where = f"/work/projects/{project}/assignments/{following['held']['assignment']}"
            body = {"answers": {"sentiment": value}, "design": following["held"]["design"], "active_ms": 900}
            following = ok(call("POST", f"{where}/submit-and-next", key, body))["next"]
            count += 1
        assert following["reason"] == "no_open_task"
    return count


def worked(key: str, project: str, settings: Any) -> None:
    """Six answers to three tasks are in the feed."""
    settings.UNDO_SECONDS = 0
    launched(key, project)
    assert work_all(project, [worker("s1"), worker("s2")]) == 6
    feed(settings, number_of(project))


def test_answers_are_followed(key, project, settings):
    worked(key, project, settings)
    page = ok(call("GET", f"/projects/{project}/answers?limit=4", key))
    rest = ok(call("GET", f"/projects/{project}/answers?cursor={page['next']}", key))
    assert len(page["items"]) + len(rest["items"]) == 6
    assert {one["state"] for one in page["items"]} == {"submitted"}
    assert all(one["worker"].startswith("W-") for one in page["items"])
    later = ok(call("GET", f"/projects/{project}/answers?cursor={rest['next']}", key))
    assert later["items"] == []
    assert later["next"]


def test_delivered_means_approved(key, project, settings):
    worked(key, project, settings)
    page = ok(call("GET", f"/projects/{project}/answers", key))
    before = ok(call("GET", f"/projects/{project}/results", key))["items"]
    assert [one["result"] for one in before] == [None] * 3
    assert {one["reason"] for one in before} == {"answers_in_review"}

    one = page["items"][0]["id"]
    assert ok(call("POST", f"/projects/{project}/answers/approve", key, {"answers": [one]})) == {
        "approved": 1
    }
    assert ok(call("POST", f"/projects/{project}/answers/approve-all", key)) == {"approved": 5}
    results = ok(call("GET", f"/projects/{project}/results?answers=true", key))["items"]
    assert [one["_id"] for one in results] == ["t1", "t2", "t3"]
    assert all(one["result"] == {"sentiment": "positive"} and one["answers"] == 2 for one in results)
    assert all(len(one["raw_answers"]) == 2 for one in results)


def test_progress_and_money(key, project, settings):
    worked(key, project, settings)
    ok(call("POST", f"/projects/{project}/answers/approve-all", key))
    progress = ok(call("GET", f"/projects/{project}/progress", key))
    assert (progress["tasks"], progress["answers"], progress["approved"]) == (3, 6, 6)
    assert progress["done"] + progress["exhausted"] == 3
    spent = ok(call("GET", f"/projects/{project}/spending", key))
    assert (spent["pay"]["amount"], spent["fee"]["amount"]) == ("0.60", "0.12")
    balance = ok(call("GET", "/balance", key))["balances"][0]
    assert balance["spent"] == {"amount": "0.72", "currency": "EUR"}
    moves = ok(call("GET", "/movements", key))["items"]
    assert {one["kind"] for one in moves} >= {"reserve", "deposit"}


def test_an_export_is_started_and_fetched(key, project, settings):
    worked(key, project, settings)
    started = ok(call("POST", f"/projects/{project}/exports", key, {"format": "jsonl", "accept": True}))
    where = f"/projects/{project}/exports/{started['id']}"
    assert call("GET", f"{where}/file", key).code == "export_not_ready"
    exports.run_export(export_id=sql.value("SELECT max(id) FROM export"))
    assert ok(call("GET", where, key))["state"] == "ready"
    file = call("GET", f"{where}/file", key)
    records = [json.loads(line) for line in file.value.splitlines()]
    assert [record["result"] for record in records] == [{"sentiment": "positive"}] * 3
    assert int(file.headers["Content-Length"]) == len(file.value)
    assert len(ok(call("GET", f"/projects/{project}/exports", key))["items"]) == 1


def test_what_a_worker_gets_never_holds_the_right_answer(key, project, settings):
    settings.UNDO_SECONDS = 0
    launched(key, project, [*ROWS, GOLD])
    me = worker("s1")
    said = [call("GET", "/work/projects", me).value]
    following = ok(call("POST", f"/work/projects/{project}/next", me))
    for _ in range(4):
        said.append(following)
        if following["held"] is None:
            break
        where = f"/work/projects/{project}/assignments/{following['held']['assignment']}"
        said.append(ok(call("GET", where, me)))
        answers = {"answers": {"sentiment": "neutral"}, "design": following["held"]["design"]}
        submitted = ok(call("POST", f"{where}/submit-and-next", me, answers))
        said.append(submitted)
        following = submitted["next"]
    said.append(ok(call("GET", "/work/assignments", me)))
    text = json.dumps(said)
    assert "gold" not in text.replace('"text": "gold"', "")
    assert "_truth" not in text
    assert "negative" not in text


def test_the_same_submit_again_gives_the_same_reply(key, project):
    launched(key, project)
    me = worker("s1")
    held = ok(call("POST", f"/work/projects/{project}/next", me))["held"]
    where = f"/work/projects/{project}/assignments/{held['assignment']}"
    body = {"answers": {"sentiment": "neutral"}, "design": held["design"], "active_ms": 5}
    first = ok(call("POST", f"{where}/submit-and-next", me, body))
    assert ok(call("POST", f"{where}/submit-and-next", me, body)) == first
    other = call("POST", f"{where}/submit-and-next", me, body | {"answers": {"sentiment": "positive"}})
    assert (other.status, other.code) == (409, "answer_differs")
    changed = ok(call("PUT", f"{where}/answer", me, {"answers": {"sentiment": "positive"}}))
    assert changed["revision"] == 1


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({}, "input_invalid", "answers"),
        ({"answers": []}, "input_invalid", "answers"),
        ({"answers": {}}, "answer_missing", "sentiment"),
        ({"answers": {"sentiment": "great"}}, "answer_wrong", "sentiment"),
        ({"answers": {"feeling": "x", "sentiment": "neutral"}}, "answer_unknown_question", "feeling"),
        ({"answers": {"sentiment": "neutral"}, "active_ms": -1}, "input_invalid", "active_ms"),
        ({"answers": {"sentiment": "neutral"}, "order": "xy"}, "input_invalid", "order"),
        ({"answers": {"sentiment": "neutral"}, "more": 1}, "input_invalid", "more"),
    ],
)
def test_answers_that_are_none_are_refused(key, project, body, code, path):
    launched(key, project)
    me = worker("s1")
    held = ok(call("POST", f"/work/projects/{project}/next", me))["held"]
    refused = call("POST", f"/work/projects/{project}/assignments/{held['assignment']}/submit", me, body)
    assert (refused.status, refused.code, refused.value["path"]) == (422, code, path)


def test_people_work_by_api_only_where_the_project_allows_it(key, project):
    launched(key, project)
    people.person("ben")
    mine = people.key_for("ben")
    found = ok(call("GET", "/work/projects", mine))["items"][0]
    assert (found["eligible"], found["reasons"]) == (False, ["api_work_not_allowed"])
    assert ok(call("POST", f"/work/projects/{project}/next", mine))["reason"] == "api_work_not_allowed"
    held = work.claim(person_id=people.person("ben").id, project_id=number_of(project), channel=1)
    where = f"/work/projects/{project}/assignments/{public_id('asg', held.assignment_id)}"
    answers = {"answers": {"sentiment": "neutral"}}
    for method, address, body in (
        ("GET", where, None),
        ("POST", f"{where}/submit", answers),
        ("POST", f"{where}/submit-and-next", answers),
        ("PUT", f"{where}/answer", answers),
        ("PUT", f"{where}/draft", answers),
        ("POST", f"{where}/renew", None),
        ("POST", f"{where}/skip", {"reason": "x"}),
        ("POST", f"{where}/stop", None),
        ("POST", f"{where}/return", None),
    ):
        refused = call(method, address, mine, body)
        assert (refused.status, refused.code) == (403, "api_work_not_allowed"), address
    assert ok(call("POST", f"/work/projects/{project}/next", mine))["reason"] == "api_work_not_allowed", (
        "a task held from the page is not handed out by API"
    )
    assert call("POST", f"{where}/return", people.key_for("cyn")).code == "assignment_not_found"


def test_people_work_by_api_where_the_project_allows_it(key):
    file = orders.project_file(api_work=True).model_dump(mode="json", by_alias=True, exclude_none=True)
    project = ok(call("POST", "/projects", key, {"file": file}))["id"]
    launched(key, project)
    mine = people.key_for("ben")
    held = ok(call("POST", f"/work/projects/{project}/next", mine))["held"]
    assert ok(call("POST", f"/work/projects/{project}/next", mine))["held"] == held
    where = f"/work/projects/{project}/assignments/{held['assignment']}"
    assert ok(call("POST", f"{where}/renew", mine))["assignment"] == held["assignment"]
    assert call("POST", f"{where}/return", mine).status == 204


def test_whoever_owes_the_terms_takes_no_task_by_key(key, settings):
    file = orders.project_file(api_work=True).model_dump(mode="json", by_alias=True, exclude_none=True)
    project = ok(call("POST", "/projects", key, {"file": file}))["id"]
    launched(key, project)
    mine, machine = people.key_for("ben"), worker("s1")
    held = ok(call("POST", f"/work/projects/{project}/next", people.key_for("cyn")))["held"]
    settings.TERMS_VERSION = "2030-01"
    for method, path in (
        ("POST", f"/work/projects/{project}/next"),
        ("POST", f"/work/projects/{project}/enrol"),
        ("GET", "/work/projects"),
        ("GET", f"/work/projects/{project}/assignments/{held['assignment']}"),
    ):
        refused = call(method, path, mine, {} if method == "POST" else None)
        assert (refused.status, refused.code) == (403, "terms_owed"), path
    assert ok(call("GET", "/me", mine))["kind"] == "person"
    assert ok(call("POST", f"/work/projects/{project}/next", machine))["held"]
    accounts.agree_to_terms(actor=people.actor("ben"), version="2030-01")
    assert ok(call("POST", f"/work/projects/{project}/next", mine))["held"]


def test_a_task_is_drafted_renewed_skipped_and_returned(key, project):
    launched(key, project)
    me = worker("s1")
    held = ok(call("POST", f"/work/projects/{project}/next", me))["held"]
    where = f"/work/projects/{project}/assignments/{held['assignment']}"
    assert call("PUT", f"{where}/draft", me, {"answers": {"sentiment": "neut"}}).status == 204
    assert ok(call("POST", f"{where}/renew", me))["draft"] == {"sentiment": "neut"}
    assert call("POST", f"{where}/skip", me, {"reason": "cannot_be_answered"}).status == 204
    (given_up,) = ok(call("GET", f"/projects/{project}/tasks/{held['task']}/answers", key))["given_up"]
    assert (given_up["how"], given_up["reason"]) == ("skipped", "cannot_be_answered")
    assert given_up["worker"].startswith("W-")
    second = ok(call("POST", f"/work/projects/{project}/next", me))["held"]
    assert second["task"] != held["task"]
    again = f"/work/projects/{project}/assignments/{second['assignment']}"
    assert call("POST", f"{again}/return", me).status == 204
    assert (
        call("POST", f"{again}/submit", me, {"answers": {"sentiment": "neutral"}}).code == "assignment_gone"
    )
    assert call("POST", f"{again}/stop", me).code == "project_not_sensitive"


def test_a_design_is_described_to_who_takes_part(key, project):
    launched(key, project)
    me = worker("s1")
    held = ok(call("POST", f"/work/projects/{project}/next", me))["held"]
    design = ok(call("GET", f"/work/projects/{project}/designs/{held['design']}", me))
    assert design["ask"][0]["options"]["options"] == ["positive", "neutral", "negative"]
    assert design["show"] == [{"text": "{{ text }}"}]
    stranger = worker("s2")
    assert call("GET", f"/work/projects/{project}/designs/{held['design']}", stranger).status == 404
    other = orders.project(title="Other", instructions="Secret.")
    assert (
        call("GET", f"/work/projects/{project}/designs/{public_id('dsn', other.design_id)}", me).status == 404
    )
    revised = FILE.replace("Read the text", "Read the whole text")
    ok(call("PUT", f"/projects/{project}", key, {"file": revised}))
    assert ok(call("GET", f"/work/projects/{project}/designs/{held['design']}", me)) == design


def test_consent_comes_before_a_sensitive_task(key):
    pay = {"per": "answer", "amount": "0.10", "multipliers": {"sensitivity": "1.5"}}  # at any level
    file = orders.project_file(sensitivity=2, pay=pay).model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    project = ok(call("POST", "/projects", key, {"file": file}))["id"]
    launched(key, project)
    me = worker("s1")
    assert ok(call("POST", f"/work/projects/{project}/next", me))["reason"] == "consent_missing"
    assert ok(call("POST", f"/work/projects/{project}/enrol", me, {"consent": True}))["consented"]
    held = ok(call("POST", f"/work/projects/{project}/next", me))["held"]
    where = f"/work/projects/{project}/assignments/{held['assignment']}"
    assert call("POST", f"{where}/stop", me).status == 204
    ok(call("POST", f"/work/projects/{project}/enrol", me, {"consent": True}))
    ok(call("PUT", f"/projects/{project}", key, {"file": file | {"sensitivity": 4}}))
    assert ok(call("POST", f"/work/projects/{project}/next", me))["reason"] == "consent_missing"


def test_movements_and_a_tasks_answers_come_in_pages(key, project, settings):
    worked(key, project, settings)
    ok(call("POST", f"/projects/{project}/answers/approve-all", key))
    task = ok(call("GET", f"/projects/{project}/tasks", key))["items"][0]["id"]
    me = worker("s9")
    assert ok(call("GET", "/work/movements", me)) == {"items": [], "next": None}
    assert ok(call("GET", "/work/movements?currency=x:y", me))["items"] == []
    where = f"/projects/{project}/tasks/{task}/answers"
    first = ok(call("GET", f"{where}?limit=1", key))
    second = ok(call("GET", f"{where}?limit=1&cursor={first['next']}", key))
    assert len({one["id"] for one in [*first["items"], *second["items"]]}) == 2
    assert ok(call("GET", f"{where}?limit=1&cursor={second['next']}", key)) == {
        "items": [],
        "next": None,
        "given_up": [],
    }


def test_a_workers_movements_name_what_was_paid_for(key, project, settings):
    settings.UNDO_SECONDS = 0
    launched(key, project, ROWS)
    me = worker("s1")
    work_all(project, [me])
    feed(settings, number_of(project))
    ok(call("POST", f"/projects/{project}/answers/approve-all", key))
    done = {one["assignment"] for one in ok(call("GET", "/work/assignments", me))["items"]}
    first = ok(call("GET", "/work/movements?limit=2", me))
    rest = ok(call("GET", f"/work/movements?limit=2&cursor={first['next']}", me))
    moved = [*first["items"], *rest["items"]]
    assert {one["assignment"] for one in moved} == done and len(moved) == 3
    assert {(one["kind"], one["amount"]["amount"]) for one in moved} == {("accepted", "0.10")}


def test_earnings_and_rejection(key, project, settings):
    settings.UNDO_SECONDS = 0
    launched(key, project, ROWS[:1])
    me = worker("s1")
    work_all(project, [me])
    earned = ok(call("GET", "/work/earnings", me))["earnings"][0]
    assert (earned["pending"]["amount"], earned["pending_answers"]) == ("0.10", 1)
    feed(settings, number_of(project))
    answer = ok(call("GET", f"/projects/{project}/answers", key))["items"][0]
    assert call(
        "POST",
        f"/projects/{project}/answers/{answer['id']}/reject",
        key,
        {"code": "low_effort", "reason": "No."},
    ).value == {"rejected": True}
    found = ok(call("GET", f"/projects/{project}/tasks/{answer['task']}/answers", key))["items"][0]
    assert (found["state"], found["rejection"]) == ("rejected", "No.")
    mine = ok(call("GET", "/work/assignments", me))["items"][0]
    assert (mine["state"], mine["rejection"]) == ("rejected", "No.")
