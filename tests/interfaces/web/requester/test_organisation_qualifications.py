"""Qualifications through the pages: made, granted, listed, revoked, tested for."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tagwerk.base.ids import public_id
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries
from tagwerk.domain.academy.models import EntryTestAttempt
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tests.domain.payments.books import deposit
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import FILE
from tests.people import actor, member, organisation, person
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

ROWS = [{"text": f"Text {number}", "_gold": {"sentiment": "positive"}} for number in range(3)]
TEST = {
    "what": "test",
    "draw": "2",
    "pass_mark": "80",
    "tolerance": "0",
    "retry_after_days": "1",
    "holding_days": "",
    "minutes": "5",
}


@pytest.fixture
def client():
    organisation()
    return visitor("ada")


@pytest.fixture
def qualification(client):
    number = academy.create_qualification(
        actor=actor("ada"), organisation_id=organisation(), slug="mood", title="Moods"
    )
    return queries.qualification_for(actor("ada"), number)


def url(path=""):
    return f"/organisation/{public_id('org', organisation())}/qualifications/{path}"


def one(qualification):
    return url(f"{public_id('qlf', qualification.id)}/")


def upload(name, text):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def test_one_is_made_and_listed(client):
    made = client.post(url(), {"title": "Moods", "slug": "mood", "description": ""})
    (found,) = queries.qualifications_for(actor("ada"), organisation())
    assert made.headers["Location"] == one(found)
    assert "Moods mood in use 0" in words(client.get(url()))
    again = client.post(url(), {"title": "Again", "slug": "mood"})
    assert again.status_code == 422 and again.context["form"].errors.keys() == {"slug"}
    assert client.post(url(), {"title": "x", "slug": "No Slug"}).context["form"].errors.keys() == {"slug"}


def test_it_is_described_anew_and_retired(client, qualification):
    client.post(one(qualification), {"what": "describe", "title": "Feelings", "description": "Text."})
    client.post(one(qualification), {"what": "retire"})
    found = queries.qualification_for(actor("ada"), qualification.id)
    assert (found.title, found.description, found.slug) == ("Feelings", "Text.", "mood")
    assert found.retired_at is not None and "retired" in words(client.get(url()))


def test_granting_to_a_code_and_revoking(client, qualification):
    sent = {"what": "grant", "worker": str(person("ben").uuid), "score": "70", "expires": "2099-01-31"}
    assert client.post(one(qualification), sent).status_code == 303
    assert queries.scores_of(person("ben").id, organisation()) == {"mood": 70}
    (holding,) = queries.holders_page(actor("ada"), qualification.id)
    page = words(client.get(one(qualification)))
    assert f"{person('ben').uuid} 70 granted" in page and "Ben" not in page
    client.post(one(qualification), {"what": "revoke", "holding": public_id("hld", holding.id)})
    assert queries.scores_of(person("ben").id, organisation()) == {}


def test_it_counts_from_the_next_task_on(client, qualification):
    project = launched([{"text": "Good"}], audience={"qualifications": {"mood": 80}})
    ben = person("ben").id

    def is_eligible() -> bool:
        return work_queries.enrolment(ben, project.id).eligible

    work.enrol(person_id=ben, project_id=project.id)
    client.post(one(qualification), {"what": "grant", "worker": str(person("ben").uuid), "score": "80"})
    assert is_eligible()
    lower = upload("list.csv", f"worker,score\n{person('ben').uuid},70\n")
    client.post(one(qualification), {"what": "list", "file": lower})
    assert not is_eligible()
    higher = upload("list.csv", f"worker,score\n{person('ben').uuid},90\n")
    client.post(one(qualification), {"what": "list", "file": higher})
    assert is_eligible()
    (holding,) = queries.holders_page(actor("ada"), qualification.id)
    client.post(one(qualification), {"what": "revoke", "holding": public_id("hld", holding.id)})
    assert not is_eligible()


def test_an_unknown_worker_is_said_at_the_field(client, qualification):
    refused = client.post(one(qualification), {"what": "grant", "worker": "ben@example.org", "score": "70"})
    assert refused.status_code == 422 and refused.context["grant_form"].errors.keys() == {"worker"}
    assert 'value="ben@example.org"' in refused.content.decode()


def test_a_list_grants_and_names_the_rows_that_were_not(client, qualification):
    member("cyn", organisation(), "viewer")
    text = f"worker,score,expires\n{person('ben').uuid},90,\ncyn@example.org,80,2099-01-01\nnobody,10,\n{person('fay').uuid},200,\n"
    done = client.post(one(qualification), {"what": "list", "file": upload("list.csv", text)})
    page = words(done)
    assert "Granted: 2. Revoked: 0. Unchanged: 0. Wrong: 2." in page
    assert "3 worker: “nobody” is neither" in page and "4 score: “200” is not a score" in page
    assert queries.scores_of(person("ben").id, organisation()) == {"mood": 90}
    good = client.post(
        one(qualification),
        {"what": "list", "file": upload("l.csv", f"worker,score\n{person('fay').uuid},5\n")},
    )
    assert good.status_code == 303


def test_a_pasted_list_is_looked_at_first_and_what_is_wrong_stays(client, qualification):
    member("cyn", organisation(), "viewer")
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=qualification.id, person_id=person("cyn").id, score=70
    )
    text = f"{person('ben').uuid}\r\n\ncyn@example.org;80\nnobody@example.org\nCYN@example.org\n{person('fay').uuid} 200"
    sent = {"what": "lines", "workers": text, "score": "100"}
    page = words(client.post(one(qualification), sent))
    assert "2 workers get it or another score. 3 lines are wrong" in page
    assert "80 instead of 70" in page and "stands in line 3 already" in page
    assert "4 nobody@example.org" in page and "6 " + str(person("fay").uuid) in page
    assert queries.scores_of(person("ben").id, organisation()) == {}
    done = client.post(one(qualification), sent | {"carry-out": "yes"})
    assert "Granted: 2. Unchanged: 0." in words(done)
    assert queries.scores_of(person("ben").id, organisation()) == {"mood": 100}
    assert queries.scores_of(person("cyn").id, organisation()) == {"mood": 80}
    left = done.context["lines_form"]["workers"].value()
    assert left.splitlines() == ["nobody@example.org", "CYN@example.org", f"{person('fay').uuid} 200"]
    mended = {**sent, "workers": f"{person('fay').uuid} 20", "carry-out": "yes"}
    assert client.post(one(qualification), mended).status_code == 303


@pytest.mark.parametrize("text", ["", " \n ", "x\n" * 1001], ids=["empty", "blank", "many"])
def test_a_pasted_list_that_is_none_is_said_at_its_field(client, qualification, text):
    refused = client.post(one(qualification), {"what": "lines", "workers": text, "score": "100"})
    assert refused.status_code == 422 and refused.context["lines_form"].errors.keys() == {"workers"}


def test_a_list_takes_away(client, qualification):
    grant = f"worker,score\n{person('ben').uuid},90\n{person('fay').uuid},80\n"
    client.post(one(qualification), {"what": "list", "file": upload("l.csv", grant)})
    revoke = f"worker,revoke\n{person('ben').uuid},yes\n{person('cyn').uuid},yes\n"
    done = client.post(one(qualification), {"what": "list", "file": upload("l.csv", revoke)}, follow=True)
    assert "Granted: 0. Revoked: 1. Unchanged: 1." in done.content.decode()
    assert queries.scores_of(person("ben").id, organisation()) == {}
    assert queries.scores_of(person("fay").id, organisation()) == {"mood": 80}


@pytest.mark.parametrize("text", ["name,points\nx,1\n", b"\xff\xfe\x00", "worker,score\n\0,1\n"])
def test_a_file_that_is_no_list_is_said_at_the_form(client, qualification, text):
    refused = client.post(one(qualification), {"what": "list", "file": upload("list.csv", text)})
    assert refused.status_code == 422 and refused.context["list_form"].errors


def test_an_entry_test_is_set_up_from_a_design_and_gold_tasks(client, qualification):
    files = {
        "design": upload("project.yaml", FILE),
        "tasks": upload("gold.jsonl", "\n".join(map(json.dumps, ROWS))),
    }
    done = client.post(one(qualification), TEST | files)
    assert done.status_code == 303, words(done)
    plan = queries.plan_of_test(actor("ada"), qualification.id)
    assert plan is not None and (plan.tasks, plan.draw, plan.retry_after_seconds) == (3, 2, 86_400)
    assert [test.title for test in queries.offered_tests(actor("ben"))] == ["Moods"]
    page = client.get(one(qualification))
    assert "Tasks per attempt 2" in words(page)
    assert "_gold" not in page.content.decode().replace("in _gold.", "")
    client.post(one(qualification), {"what": "close"})
    assert queries.plan_of_test(actor("ada"), qualification.id) is None


@pytest.mark.parametrize(
    ("design", "rows", "field", "says"),
    [
        ("title: x\nask: {}\n", ROWS, "design", "project.yaml"),
        (FILE, [{"text": "x"}] * 2, "tasks", "row 1: A task of a test needs its right answers"),
        (FILE, [{"txt": "x", "_gold": {"sentiment": "positive"}}] * 2, "tasks", "row 1"),
        (FILE, [{"text": "x", "_gold": {"sentiment": "wrong"}}] * 2, "tasks", "row 1"),
        (FILE, "{broken", "tasks", "Line 1 is no JSON object"),
        (FILE, ROWS[:1], "draw", "A test draws 1 to 1"),
    ],
)
def test_what_is_wrong_with_a_test_is_said_where_it_is(client, qualification, design, rows, field, says):
    text = rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows))
    files = {"design": upload("project.yaml", design), "tasks": upload("gold.jsonl", text)}
    refused = client.post(one(qualification), TEST | files)
    assert refused.status_code == 422
    assert says in " ".join(refused.context["test_form"].errors[field])
    assert queries.plan_of_test(actor("ada"), qualification.id) is None


def test_a_long_test_says_what_it_pays_and_the_worker_sees_it_before_and_after(client, qualification):
    def sent(**more):
        rows = "\n".join(json.dumps(row) for row in ROWS)
        files = {"design": upload("design.yaml", FILE), "tasks": upload("tasks.jsonl", rows)}
        return client.post(one(qualification), TEST | {"minutes": "20"} | files | more)

    refused = sent()
    assert refused.status_code == 422 and "longer than 10 minutes is paid" in words(refused)
    assert "is not an amount" in words(sent(pay="much", paid_attempts="3"))
    assert "how many attempts are paid at most" in words(sent(pay="5,00"))
    assert sent(pay="5,00", paid_attempts="3").status_code == 303
    shown = words(client.get(one(qualification)))
    assert "An attempt pays €5.00 €15.00/h from 80 points on, at most 3 times" in shown
    assert "minimum wage" not in shown
    assert sent(pay="3,00", paid_attempts="3").status_code == 303
    assert "An hour of this test pays €9.00/h, and the minimum wage is €13.90/h" in words(
        client.get(one(qualification))
    )
    assert sent(pay="5,00", paid_attempts="3").status_code == 303
    ben = visitor("ben")
    offers = ben.get("/work/qualifications/")
    assert "about 20 minutes" in words(offers) and "€5.00 for an attempt from 80 points on" in words(offers)
    assert "Who ends in less than 4 min is not paid." in words(offers)
    start = re.findall(r'action="(/work/qualifications/tests/\w+/)"', offers.content.decode())[0]
    assert "There is no money for this test" in words(ben.post(start))
    deposit(20, "d")
    attempt = ben.post(start)["Location"]
    EntryTestAttempt.objects.update(started_at=timezone.now() - timedelta(minutes=5))
    for _task in range(2):
        task = re.findall(r'name="_task" value="(\w+)"', ben.get(attempt).content.decode())[0]
        ben.post(attempt, {"_task": task, "answer.sentiment": '"positive"'})
    assert "You are paid €5.00" in words(ben.get(attempt))
    assert "Entry test" in words(ben.get("/work/earnings/"))
    assert "Entry test of a worker" in words(client.get(url().replace("qualifications/", "balance/")))


def test_a_step_that_is_none_is_not_there(client, qualification):
    assert client.post(one(qualification), {"what": "explode"}).status_code == 404
