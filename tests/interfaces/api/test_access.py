"""Every operation, tried by everybody who may not: without a key, as a stranger, with another's, a wrong, an old key."""

from collections.abc import Iterable, Iterator
from copy import copy
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tagwerk.base.errors import NotAllowed
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import ApiKey
from tagwerk.domain.accounts.rules import ORGANISATION_SCOPES, Channel
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries as payment_queries
from tagwerk.domain.projects.queries import titles_of
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality.actions.control import write_signal
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Enrolment
from tagwerk.interfaces.api.document import document
from tests import orders, people, workshop
from tests.domain.payments.books import buyer, company, deposit
from tests.domain.payments.wages import earn, released_run, with_method
from tests.domain.work import hourly
from tests.interfaces.api.access_table import OWN_LISTS, OWN_WORK, TABLE, WORK
from tests.interfaces.api.calling import Answered, call
from tests.interfaces.api.test_entry_tests import attempt_under_way
from tests.interfaces.api.test_story import FILE, GOLD, ROWS, launched, number_of, ok, worker
from tests.kept import kept

pytestmark = pytest.mark.django_db
OPERATIONS = {
    operation["operationId"]: (method.upper(), path.removeprefix("/api/v1"))
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
}
OF_WORKERS = [name for name, (scopes, _) in TABLE.items() if scopes == WORK]
OF_ORGANISATIONS = [name for name, (scopes, _) in TABLE.items() if scopes and "work" not in scopes]


# Operations on an answer that is decided in some way.
DECIDED = {
    "get_appeal": "contested", "decide_appeal": "contested", "decide_rejections": "proposed",
    "get_decision": "contested", "withdraw_appeal": "contested", "make_appeal": "rejected",
    "accept_rejection": "rejected", "hand_in_rework": "asked", "decline_rework": "asked", "return_rework": "asked",
}  # fmt: skip


# Operations on what is paid by the hour, and which of the worker's tasks of that kind they are about.
HOURLY = {
    "list_times": "", "list_time_requests": "", "grant_time": "", "refuse_time": "", "get_time": "timed_answer",
    "correct_time": "timed_answer", "start_timer": "timed", "pause_timer": "timed", "ask_for_time": "timed",
}  # fmt: skip


def test_every_operation_has_a_row_and_every_row_an_operation():
    assert set(OPERATIONS) == set(TABLE)


def test_the_document_says_what_the_table_says():
    for methods in document()["paths"].values():
        for operation in methods.values():
            said = {scope for one in operation.get("security", []) for scope in one["Key"]}
            assert said == TABLE[operation["operationId"]][0], operation["operationId"]


SAID_OPENLY = {"question", "currency", "year"}  # nobody is told anything by these


class Scene:
    """Acme with one of everything, and a worker with a task in hand."""

    def __init__(self, settings: Any) -> None:
        settings.UNDO_SECONDS = 0
        self.organisation_id = orders.deposit(10_000_000)
        self.key = key = people.key_for("ada", self.organisation_id)
        self.worker = worker("s1")
        project = ok(call("POST", "/projects", key, {"file": FILE}))["id"]
        launched(key, project, [*ROWS, GOLD])
        self.ids = {
            "project": project,
            "task": ok(call("GET", f"/projects/{project}/tasks", key))["items"][0]["id"],
        }
        self.ids["question"] = "sentiment"
        self.ids["organisation"] = public_id("org", self.organisation_id)
        self.ids["answer"] = self.submit()
        work.feed_answers(project_id=number_of(project))
        self.ids["worker"] = ok(call("GET", f"/projects/{project}/workers", key))["items"][0]["worker"]
        held = ok(call("POST", f"/work/projects/{project}/next", self.worker))["held"]
        self.ids |= {"assignment": held["assignment"], "design": held["design"]}
        self.decide(number_of(project))
        self.add_the_rest(project)
        self.time_some()

    def decide(self, project_id: int) -> None:
        """Answers of the same worker in every state that somebody can do something about."""
        person_id = queries.actor_of_key(self.worker).person_id
        assert person_id is not None
        rows = [{"text": f"more {n}"} for n in range(9)]
        work.import_tasks(project_id=project_id, rows=rows, actor_id=people.person("ada").id)
        work.open_covered_tasks(project_id=project_id)
        ids = []
        for _ in range(9):
            held = work.claim(person_id=person_id, project_id=project_id, channel=Channel.SIMULATION)
            ids.append(held.assignment_id)
            work.submit(
                person_id=person_id,
                project_id=project_id,
                assignment_id=held.assignment_id,
                design_id=held.design_id,
                answers={"sentiment": "neutral"},
                active_ms=1,
                channel=4,
                claim_next=False,
            )
        work.feed_answers(project_id=project_id)
        ada = people.actor("ada")
        why = {"actor": ada, "project_id": project_id, "code": "low_effort", "reason": "No."}
        quality.reject_answers(assignment_ids=ids[:2], **why)
        quality.make_appeal(
            person_id=person_id,
            project_id=project_id,
            assignment_id=ids[0],
            text="I have read it.",
            now=timezone.now(),
        )
        work.ask_rework(
            actor=ada,
            project_id=project_id,
            assignment_id=ids[2],
            text="Read on.",
            extra_micros=0,
            now=timezone.now(),
        )
        quality.reject_answers(assignment_ids=ids[3:], **why)
        self.decided = {
            name: public_id("asg", one)
            for name, one in zip(("contested", "rejected", "asked", "proposed"), ids, strict=False)
        }

    def time_some(self) -> None:
        """A project that pays by the hour: a task of it in hand, and more time asked for another."""
        made = workshop.launched(ROWS[:2], title="Hours", pay=hourly.PAY, hold=hourly.HOLD)
        person_id = queries.actor_of_key(self.worker).person_id
        assert person_id is not None
        number = hourly.worked(person_id, made, 2_400)
        asked = hourly.correct(person_id, made, number, 2_400).request_id
        held = hourly.timed(person_id, made, 300)
        self.hours = made.public_id
        self.timed = {"timed_answer": public_id("asg", number), "timed": public_id("asg", held.assignment_id)}
        self.ids["time_request"] = public_id("tmr", asked)

    def submit(self) -> str:
        """One answer is in."""
        project = self.ids["project"]
        held = ok(call("POST", f"/work/projects/{project}/next", self.worker))["held"]
        where = f"/work/projects/{project}/assignments/{held['assignment']}/submit"
        ok(call("POST", where, self.worker, {"answers": {"sentiment": "neutral"}}))
        return str(held["assignment"])

    def add_the_rest(self, project: str) -> None:
        """What has nothing to do with work."""
        key, ids = self.key, self.ids
        sent = call(
            "POST",
            f"/projects/{project}/tasks/upload?on_bad=skip",
            key,
            raw=b"x",
            content_type="application/x-ndjson",
        )
        ids["upload"] = ok(sent)["id"]
        ids["export"] = ok(call("POST", f"/projects/{project}/exports", key, {}))["id"]
        ids["webhook"] = ok(call("POST", "/webhooks", key, TABLE["create_webhook"][1]))["id"]
        ids["delivery"] = ok(call("POST", f"/webhooks/{ids['webhook']}/test", key))["id"]
        made = ok(call("POST", "/qualifications", key, {"slug": "q", "title": "Q"}))["id"]
        ids["qualification"] = made
        ok(call("POST", f"/qualifications/{made}/holders", key, {"worker": "ada@example.org"}))
        ids |= attempt_under_way(key, self.worker, made)
        ids["team"] = ok(call("POST", "/teams", key, {"name": "Night shift"}))["slug"]
        ids["member"] = ok(call("GET", "/members", key))["items"][0]["id"]
        left = {"reason": "Not about the text."}
        call("POST", f"/projects/{project}/answers/{ids['answer']}/exclude", key, left)
        ids |= self.paused_one()
        ids["invoice"] = self.an_invoice()
        ids |= {"statement": self.a_statement(), "currency": "EUR", "year": "2026"}
        ids["holder"] = ok(call("GET", f"/qualifications/{made}/holders", key))["items"][0]["id"]

    def a_statement(self) -> str:
        """Of a payout of the worker."""
        person_id = queries.actor_of_key(self.worker).person_id
        assert person_id is not None
        earn(with_method(person_id, "Sim"), 20)
        released_run()
        payments.issue_statements(now=timezone.now(), titles=titles_of)
        return payment_queries.statements_of(person_id)[0].label

    def an_invoice(self) -> str:
        """Over a deposit with VAT."""
        company()
        buyer()
        payments.invoice_booking(booking_id=deposit(119, "scene"), now=timezone.now())
        payments.make_missing_papers()
        return payment_queries.invoices_page(people.actor("dan"))[0].label

    def paused_one(self) -> dict[str, str]:
        """Somebody about whom there is a signal, who is paused and objects."""
        project = self.ids["project"]
        key = worker("s7")
        ok(call("POST", f"/work/projects/{project}/enrol", key, {}))
        row = Enrolment.objects.exclude(pseudonym=self.ids["worker"]).get(project_id=number_of(project))
        work.pause_worker(project_id=number_of(project), worker_id=row.worker_id, reason="rule_gold")
        write_signal(
            project_id=number_of(project), worker_id=row.worker_id, kind="streak", about="sentiment", evidence=[],
            figures={"in_a_row": 9, "answers": 9, "chance": 1e-9}, up_to=1,
        )  # fmt: skip
        [signal] = ok(call("GET", f"/projects/{project}/signals", self.key))["items"]
        objection = ok(call("POST", f"/work/projects/{project}/objection", key, {"text": "Why?"}))
        return {"signal": signal["id"], "objection": objection["id"]}

    def call(self, name: str, key: str | None) -> Answered:
        """An operation on what is there, with a body that is right."""
        method, path = OPERATIONS[name]
        if name in DECIDED:
            path = path.replace("{answer}", "{assignment}").replace(
                "{assignment}", self.decided[DECIDED[name]]
            )
        if name in HOURLY:
            path = path.replace("{project}", self.hours)
            path = path.replace("{assignment}", self.timed.get(HOURLY[name], ""))
        for placeholder, value in self.ids.items():
            path = path.replace(f"{{{placeholder}}}", value)
        if name == "upload_media":
            path += "?name=a.gif"
        body = TABLE[name][1]
        if isinstance(body, bytes):
            return call(method, path, key, raw=body, content_type="application/x-ndjson")
        return call(method, path, key, self._filled(name, body))

    def _filled(self, name: str, body: Any) -> Any:
        """The body with what is there in place of what the table names."""
        answer = self.decided["proposed"] if name in DECIDED else self.ids["answer"]
        known = {
            "file": ("FILE", FILE),
            "tasks": (["TASK"], [self.ids["task"]]),
            "answers": (["ANSWER"], [answer]),
            "members": (["MEMBER"], [self.ids["member"]]),
        }
        if not isinstance(body, dict):
            return body
        return {
            field: known[field][1] if field in known and value == known[field][0] else value
            for field, value in body.items()
        }


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with kept(django_db_blocker) as settings:
        yield Scene(settings)


@pytest.fixture
def scene(made_once: Scene) -> Scene:
    """One of everything, made once; a test may change what it knows."""
    mine = copy(made_once)
    mine.ids = dict(made_once.ids)
    return mine


KEYED = [name for name, (scopes, _) in TABLE.items() if scopes]


def each_taken_back(names: Iterable[str]) -> Iterator[str]:
    """One operation after the other on the same scene: what one changes is taken back before the next."""
    for name in names:
        with transaction.atomic():
            yield name
            transaction.set_rollback(True)


def test_a_key_that_is_none_opens_nothing(scene):
    old = people.key_for("ada", scene.organisation_id, expires_at=timezone.now() + timedelta(days=1))
    revoked = people.key_for("ada", scene.organisation_id)
    worn = worker("s9")
    now = timezone.now()
    ApiKey.objects.filter(prefix=old[:12]).update(
        created_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    ApiKey.objects.filter(prefix__in=[revoked[:12], worn[:12]]).update(revoked_at=timezone.now())
    for name in KEYED:
        assert scene.call(name, None).code == "key_missing", name
        for key in ("twk_" + "a" * 52, "x", "ü", old, revoked, worn):
            answered = scene.call(name, key)
            assert (answered.status, answered.code) == (401, "key_unknown"), (name, key)


def test_a_scope_opens_what_the_table_says(scene):
    """Each of those that the table names is enough, and all others together open nothing."""

    @cache
    def key_with(*scopes: str) -> str:
        return people.key_for("ada", scene.organisation_id, scopes=list(scopes))

    for name in KEYED:
        named = TABLE[name][0]
        others = [scope for scope in ORGANISATION_SCOPES if scope not in named]
        keys = {scope: scene.worker if scope == "work" else key_with(scope) for scope in named}
        wrong = [key_with(*others)] if others else []
        for key in wrong if "work" in named else [*wrong, scene.worker]:
            answered = scene.call(name, key)
            assert (answered.status, answered.code) == (403, "scope_missing"), (name, answered)
        for scope in keys:
            with transaction.atomic():
                answered = scene.call(name, keys[scope])
                transaction.set_rollback(True)
            assert answered.status not in (401, 403, 404, 500), (name, scope, answered)


def test_another_organisation_finds_nothing(scene):
    other = people.key_for("eve", orders.deposit(10_000_000, owner="eve", name="other"))
    public = [value for name, value in scene.ids.items() if name not in SAID_OPENLY]
    for name in each_taken_back(OF_ORGANISATIONS):
        answered = scene.call(name, other)
        if name not in OWN_LISTS:
            assert answered.status == 404, (name, answered)
        assert not any(one in str(answered.value) for one in public), name
        assert "ada@example.org" not in str(answered.value), name


def test_another_worker_finds_nothing(scene):
    other = worker("s2")
    for name in each_taken_back(OF_WORKERS):
        answered = scene.call(name, other)
        if name not in OWN_WORK:
            assert answered.status == 404, (name, answered)
        assert scene.ids["assignment"] not in str(answered.value), name
        assert scene.ids["answer"] not in str(answered.value), name


@pytest.mark.parametrize(
    "changes",
    [{"audience": {"team": "members"}}, {"audience": {"invited": ["cyn@example.org"]}}, None],
    ids=["team", "invited", "draft"],
)
def test_a_project_that_is_not_for_a_worker_does_not_exist(scene, changes):
    other = workshop.launched(ROWS, **changes) if changes else orders.project()
    scene.ids["project"] = other.public_id
    stranger = worker("s2")
    assert other.public_id not in str(scene.call("list_work_projects", stranger).value)
    for name in OF_WORKERS:
        if "{project}" in OPERATIONS[name][1]:
            answered = scene.call(name, stranger)
            assert answered.status == 404, (name, answered)
    assert not Enrolment.objects.filter(project_id=other.id).exists()


@pytest.mark.parametrize("role", ["owner", "manager", "reviewer", "finance", "viewer", "operator"])
def test_who_is_signed_in_on_a_page_is_nobody_here(scene, role):
    """No cookie counts: what a browser sends by itself must not be able to order anything."""
    name = {"owner": "ada", "operator": "dan"}.get(role, "cyn")
    if name == "cyn":
        people.member("cyn", scene.organisation_id, role)
    browser = Client()
    browser.force_login(people.person(name), backend="django.contrib.auth.backends.ModelBackend")
    for operation in KEYED:
        method, path = OPERATIONS[operation]
        for placeholder, value in scene.ids.items():
            path = path.replace(f"{{{placeholder}}}", value)
        answered = browser.generic(method, f"/api/v1{path}", b"{}", "application/json")
        assert (answered.status_code, answered.json()["code"]) == (401, "key_missing"), operation


@pytest.mark.parametrize("role", ["reviewer", "finance", "viewer"])
def test_a_role_that_manages_no_keys_gets_none(scene, role):
    member = people.member("cyn", scene.organisation_id, role)
    with pytest.raises(NotAllowed):
        accounts.create_api_key(
            actor=member, name="mine", scopes=["projects:read"], organisation_id=scene.organisation_id
        )


def test_a_key_makes_no_keys(scene):
    with pytest.raises(NotAllowed):
        accounts.create_api_key(
            actor=queries.actor_of_key(scene.key), name="more", scopes=["projects:read"],
            organisation_id=scene.organisation_id,
        )  # fmt: skip
