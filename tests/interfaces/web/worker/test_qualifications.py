"""Qualifications and entry tests."""

import html
import re

import pytest

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.designs import actions as designs
from tests.interfaces.web.worker.working import answered, start, task_in
from tests.orders import project_file
from tests.people import actor, organisation, person
from tests.workshop import launched

pytestmark = pytest.mark.django_db


def text_of(reply) -> str:
    return html.unescape(" ".join(reply.content.decode().split()))


@pytest.fixture
def offered(db) -> int:
    """A test of two tasks, both positive; passed with 100."""
    organisation_id = organisation("acme")
    qualification = academy.create_qualification(
        actor=actor("ada"),
        organisation_id=organisation_id,
        slug="mood",
        title="Mood",
        description="Tells moods apart",
    )
    design = designs.save_design(organisation_id=organisation_id, file=project_file())
    rows = [{"text": f"Test {number}", "_gold": {"sentiment": "positive"}} for number in range(2)]
    academy.define_entry_test(
        actor=actor("ada"),
        qualification_id=qualification,
        design_id=design.id,
        rows=rows,
        draw=2,
        pass_mark=100,
    )
    return qualification


def begin(client) -> str:
    page = client.get("/work/qualifications/").content.decode()
    address = re.search(r'action="(/work/qualifications/tests/tst_\w+/)"', page)[1]
    reply = client.post(address)
    assert reply.status_code == 303
    return reply["Location"]


def do(client, address: str, sentiment: str):
    page = client.get(address).content.decode()
    task = re.search(r'name="_task" value="(tsk_\w+)"', page)[1]
    return client.post(address, {"_task": task, **answered(sentiment=sentiment)})


def test_nothing_offered(ben):
    page = text_of(ben.get("/work/qualifications/"))
    assert "No test is offered" in page
    assert "Nothing yet." in page


def test_passing_a_test(ben, offered):
    page = text_of(ben.get("/work/qualifications/"))
    assert "Tells moods apart" in page
    assert "2 tasks" in page
    address = begin(ben)
    page = text_of(ben.get(address))
    assert "Task 1 of 2" in page
    assert "How does it sound?" in page
    assert do(ben, address, "positive")["Location"] == address
    page = text_of(ben.get(address))
    assert "Task 2 of 2" in page
    assert "The one before" in page
    assert '"value":"positive"' in text_of(ben.get(f"{address}?task=1"))
    result = do(ben, address, "positive")
    page = text_of(ben.get(result["Location"]))
    assert "You passed" in page
    assert "100 / 100" in text_of(ben.get("/work/qualifications/"))


def test_who_passes_may_work_at_once(ben, offered):
    project = launched([{"text": "Good"}], audience={"qualifications": {"mood": 80}}).public_id
    assert "why=not_eligible" in start(ben, project)["Location"]
    address = begin(ben)
    do(ben, address, "positive")
    do(ben, address, "positive")
    assert task_in(start(ben, project))


def test_failing_a_test_says_when_to_try_again(ben, offered):
    address = begin(ben)
    do(ben, address, "positive")
    do(ben, address, "negative")
    page = text_of(ben.get(address))
    assert "it was not enough" in page
    assert "100 are needed" in page
    page = text_of(ben.get("/work/qualifications/"))
    assert "You can try again from" in page
    assert "last time 50" in page


def test_the_result_says_how_each_kind_of_task_went(ben):
    owner = organisation("acme")
    number = academy.create_qualification(
        actor=actor("ada"), organisation_id=owner, slug="mood", title="Mood"
    )
    design = designs.save_design(organisation_id=owner, file=project_file())
    rows = [
        {"text": kind, "_gold": {"sentiment": right}, "_category": kind}
        for kind, right in (("Irony", "negative"), ("Plain words", "positive"))
        for _ in range(3)
    ]
    academy.define_entry_test(
        actor=actor("ada"), qualification_id=number, design_id=design.id, rows=rows, draw=6, pass_mark=80
    )
    address = begin(ben)
    for _ in range(6):
        do(ben, address, "positive")
    page = text_of(ben.get(address))
    assert "it was not enough" in page and "How each part went" in page
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Irony 0 of 3 0 Plain words 3 of 3 100" in words


def test_a_wrong_answer_comes_back(ben, offered):
    reply = do(ben, begin(ben), "no such thing")
    assert reply.status_code == 422
    assert "How does it sound?" in text_of(reply)


def test_other_people_s_attempts_do_not_exist(ben, as_person, offered):
    address = begin(ben)
    cyn = as_person("cyn")
    assert cyn.get(address).status_code == 404
    assert cyn.post(address, {"_task": "tsk_x"}).status_code == 404
    assert as_person("ada").get(address).status_code == 404


@pytest.mark.parametrize("place", ["0", "99", "-1", "x", "9" * 30])
def test_places_that_are_none_show_the_next_task(ben, offered, place):
    assert "Task 1 of 2" in text_of(ben.get(f"{begin(ben)}?task={place}"))


def test_tests_begin_by_pressing_a_button_only(ben, offered):
    begin(ben)
    page = ben.get("/work/qualifications/").content.decode()
    address = re.search(r'action="(/work/qualifications/tests/tst_\w+/)"', page)[1]
    assert "Go on" in page
    assert ben.get(address).status_code == 405


def test_what_was_granted_is_shown(ben, offered):
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=offered, person_id=person("ben").id, score=70
    )
    page = text_of(ben.get("/work/qualifications/"))
    assert "70 / 100" in page
    assert "granted" in page
