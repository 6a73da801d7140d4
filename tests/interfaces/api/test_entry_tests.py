"""Entry tests by API: made by who manages a qualification, taken by workers' programs. No right answer leaves."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tagwerk.base.ids import row_number
from tagwerk.domain.academy.models import EntryTestAttempt
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.work.models import TestPay
from tests import orders, people, workshop
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import FILE, ok, worker

pytestmark = pytest.mark.django_db
KINDS = ("irony", "irony", "irony", "plain", "plain", "plain")
TASKS = [
    {"text": f"Test {number}", "_gold": {"sentiment": "negative"}, "_category": kind}
    for number, kind in enumerate(KINDS)
]
PLAN = {"file": FILE, "tasks": TASKS, "draw": 6, "pass_mark": 80}


@pytest.fixture
def key() -> str:
    return people.key_for("ada", orders.deposit(10_000_000))


@pytest.fixture
def qualification(key) -> str:
    return ok(call("POST", "/qualifications", key, {"slug": "mood", "title": "Mood"}))["id"]


def define(key: str, qualification: str, **changes):
    return call("PUT", f"/qualifications/{qualification}/test", key, PLAN | changes)


def begun(me: str) -> dict:
    [offered] = ok(call("GET", "/work/tests", me))["items"]
    return ok(call("POST", f"/work/tests/{offered['id']}/attempts", me))


def answer(me: str, attempt: dict, task: dict, value: str = "negative"):
    where = f"/work/attempts/{attempt['id']}/tasks/{task['id']}"
    return call("PUT", where, me, {"answers": {"sentiment": value}})


def taken(me: str, wrong: str = "") -> dict:
    """An attempt with all tasks right, but those of one kind; finished."""
    attempt = begun(me)
    for task in attempt["tasks"]:
        is_wrong = wrong and KINDS[int(task["data"]["text"].split()[1])] == wrong
        assert answer(me, attempt, task, "neutral" if is_wrong else "negative").status == 204
    return ok(call("POST", f"/work/attempts/{attempt['id']}/finish", me))


def attempt_under_way(key: str, me: str, qualification: str) -> dict[str, str]:
    """The ids of a test with one task, and of a worker's attempt at it, whose task is answered."""
    ok(define(key, qualification, tasks=TASKS[:1], draw=1))
    attempt = begun(me)
    task = attempt["tasks"][0]
    assert answer(me, attempt, task).status == 204
    return {"test": attempt["test"], "attempt": attempt["id"], "test_task": task["id"]}


def test_a_test_is_made_read_changed_and_closed(key, qualification):
    assert call("GET", f"/qualifications/{qualification}/test", key).code == "test_not_found"
    made = ok(define(key, qualification, minutes=12, pay={"amount": "3.00", "attempts": 5, "paid_from": 50}))
    assert (made["tasks"], made["draw"], made["pass_mark"], made["attempts"]) == (6, 6, 80, 0)
    assert (made["pay"]["amount"]["amount"], made["pay"]["paid_from"]) == ("3.00", 50)
    assert ok(define(key, qualification, draw=3))["draw"] == 3
    found = ok(call("GET", f"/qualifications/{qualification}/test", key))
    assert (found["draw"], found["pay"]) == (3, None)
    assert call("DELETE", f"/qualifications/{qualification}/test", key).status == 204
    assert call("GET", f"/qualifications/{qualification}/test", key).code == "test_not_found"
    assert ok(call("GET", "/work/tests", worker("s1")))["items"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"minutes": 12}, "test_unpaid"),
        ({"draw": 7}, "test_plan_wrong"),
        ({"tasks": [{"text": "x"}], "draw": 1}, "test_gold_missing"),
        ({"tasks": [TASKS[0] | {"_category": 5}], "draw": 1}, "test_category_wrong"),
        ({"tasks": [TASKS[0] | {"_category": "x" * 61}], "draw": 1}, "test_category_wrong"),
        ({"pay": {"amount": "0", "attempts": 1}}, "test_pay_wrong"),
    ],
)
def test_what_cannot_work_is_refused(key, qualification, changes, code):
    assert define(key, qualification, **changes).code == code


def test_strangers_make_and_read_no_test(key, qualification):
    ok(define(key, qualification))
    other = people.key_for("eve", people.organisation("other", owner="eve"))
    assert define(other, qualification).status == 404
    assert call("GET", f"/qualifications/{qualification}/test", other).status == 404
    reader = people.key_for("ada", orders.deposit(1), scopes=["projects:read"])
    assert call("GET", f"/qualifications/{qualification}/test", reader).code == "scope_missing"


def test_a_worker_takes_it_and_what_asks_for_it_is_open(key, qualification):
    ok(define(key, qualification))
    project = workshop.launched([{"text": "x"}], audience={"qualifications": {"mood": 80}})
    me = worker("s1")
    enrolled = ok(call("POST", f"/work/projects/{project.public_id}/enrol", me, {}))
    assert not enrolled["eligible"]
    attempt = begun(me)
    assert begun(me)["id"] == attempt["id"], "the one under way"
    assert len(attempt["tasks"]) == 6 and attempt["design"]["ask"][0]["name"] == "sentiment"
    finished = taken(me)
    assert (finished["score"], finished["passed"], finished["holds"]) == (100, True, True)
    [held] = [one for one in ok(call("GET", "/work/projects", me))["items"] if one["id"] == project.public_id]
    assert held["eligible"]
    assert ok(call("GET", "/work/tests", me))["items"] == []
    assert ok(call("POST", f"/work/attempts/{finished['id']}/finish", me)) == finished, "the same again"


def test_no_answer_says_what_is_right_and_a_kind_only_with_three_tasks(key, qualification):
    ok(define(key, qualification))
    me = worker("s1")
    attempt = begun(me)
    said = json.dumps(attempt) + json.dumps(ok(call("GET", "/work/tests", me)))
    assert "_gold" not in said and "_category" not in said and "irony" not in said
    finished = taken(me, wrong="irony")
    assert (finished["score"], finished["passed"], finished["holds"]) == (50, False, False)
    assert finished["categories"] == [
        {"name": "irony", "right": 0, "tasks": 3, "score": 0},
        {"name": "plain", "right": 3, "tasks": 3, "score": 100},
    ]
    assert "_gold" not in json.dumps(finished)
    small = worker("s2")
    ok(define(key, qualification, tasks=TASKS[1:4], draw=3))  # two of one kind, one of the other
    assert taken(small, wrong="irony")["categories"] == []


def test_the_limits_on_cheating_are_those_of_the_page(key, qualification):
    ok(define(key, qualification))
    me, other = worker("s1"), worker("s2")
    attempt = begun(me)
    for method, path in (("GET", ""), ("POST", "/finish")):
        assert call(method, f"/work/attempts/{attempt['id']}{path}", other).code == "attempt_not_found"
    assert answer(other, attempt, attempt["tasks"][0]).code == "attempt_not_found"
    assert call("POST", f"/work/attempts/{attempt['id']}/finish", me).code == "test_unanswered"
    assert answer(me, attempt, attempt["tasks"][0], "wonderful").status == 422
    strange = ok(call("POST", f"/work/tests/{attempt['test']}/attempts", other))["tasks"][0]
    assert answer(me, attempt, strange | {"id": "tsk_0"}).status == 404
    finished = taken(me, wrong="plain")
    assert answer(me, attempt, attempt["tasks"][0]).code == "attempt_finished"
    [offered] = ok(call("GET", "/work/tests", me))["items"]
    assert offered["next_at"] is not None and offered["last_score"] == finished["score"]
    assert call("POST", f"/work/tests/{offered['id']}/attempts", me).code == "test_too_soon"
    assert call("POST", f"/work/tests/{offered['id']}/attempts", key).status == 403, "no worker's key"


def test_a_paid_test_says_so_before_and_pays_by_api_too(key, qualification):
    ok(define(key, qualification, minutes=12, pay={"amount": "3.00", "attempts": 5, "paid_from": 50}))
    me = worker("s1")
    pay = ok(call("GET", "/work/tests", me))["items"][0]["pay"]
    assert (pay["pay"]["amount"], pay["fee"]["amount"]) == ("3.00", "0.60")
    assert (pay["paid_from"], pay["shortest_seconds"], pay["within_hours"]) == (50, 144, 24)
    attempt = begun(me)
    assert TestPay.objects.get().ended_at is None, "held"
    number = row_number("att", attempt["id"])
    EntryTestAttempt.objects.filter(id=number).update(started_at=timezone.now() - timedelta(minutes=11))
    finished = taken(me, wrong="irony")
    assert (finished["passed"], finished["paid"]["amount"]) == (False, "3.00")
    person_id = accounts.actor_of_key(me).person_id
    assert TestPay.objects.get().worker_id == person_id
    assert ok(call("GET", "/work/tests", me))["items"][0]["pay"] is None, "another attempt is not"
