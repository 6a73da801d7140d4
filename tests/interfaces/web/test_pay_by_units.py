"""Pay by units on pages, by API and on the command line: the rate, what a task pays on average, and each its own."""

import pytest
from django.utils import translation

from tagwerk.base.ids import public_id
from tagwerk.domain.projects import queries as projects
from tests import people
from tests.domain.work import scene
from tests.domain.work.test_units import WORDS, draft, launched, rows
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.interfaces.web.requester.test_setup import GO, at, send, text_of
from tests.interfaces.web.visiting import visitor

pytestmark = pytest.mark.django_db


def test_the_pay_step_offers_units_and_says_what_a_task_pays():
    made = draft(rows([100, 200]), quality=scene.answers(1))
    given = {"per": "word", "amount": "0,01", "column": "text", "seconds": "90"}
    said = text_of(visitor("ada").post(at(made, "pay"), given, headers={"HX-Request": "true"}))
    assert (
        "A person gets €0.01 per word, about €1.50 a task; with the fee (20% on top) a task costs you about €1.80."
        in said
    )
    assert "€60.00 per hour" in said and "€3.60" in said
    missing = send(made, "pay", given | {"column": ""} | GO)
    assert missing.status_code == 422
    assert send(made, "pay", given | GO).status_code == 303
    kept = projects.project(made.id)
    assert kept.file["pay"]["units_from"] == "text" and kept.usual_micros == 1_500_000
    assert "text" in text_of(visitor("ada").get(at(made, "pay")))
    wrong = send(made, "pay", {"per": "deliverable", "amount": "", "seconds": "90"} | GO)
    assert wrong.status_code == 422 and "2 of the tasks cannot be paid like that" in text_of(wrong)


@pytest.mark.parametrize(
    ("language", "offer", "task"),
    [
        ("en", "€0.013333 per word, about €0.06 a task", "4 words at €0.013333"),
        ("de", "0,013333\xa0€ je Wort, etwa 0,06\xa0€ je Aufgabe", "4 Wörter zu 0,013333\xa0€"),
    ],
)
def test_an_offer_says_the_rate_and_a_task_its_own_pay(language, offer, task):
    project = launched(rows([4, 4, 6]), pay={**WORDS, "estimate_seconds": 20}, quality=scene.answers(1))
    ben = visitor("ben")
    ben.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    for path in ("/work/", "/work/list/", f"/work/{project.public_id}/"):
        assert offer in text_of(ben.get(path)).replace("&nbsp;", "\xa0"), path
    held = scene.taken(scene.worker("ben"), project)
    shown = text_of(ben.get(f"/work/task/{public_id('asg', held.assignment_id)}/"))
    assert task in shown and translation.get_language()


def test_programs_read_the_rate_and_what_each_task_pays():
    project = launched(rows([4, 6]), pay=WORDS, quality=scene.answers(1))
    key = people.key_for("ada", people.organisation())
    told = ok(call("GET", f"/projects/{project.public_id}", key))
    assert told["price"]["per"] == "word" and told["price"]["rate"]["amount"] == "0.013333"
    assert told["price"]["reward"]["amount"] == "0.066665"
    tasks = ok(call("GET", f"/projects/{project.public_id}/tasks", key))["items"]
    assert [one["reward"]["amount"] for one in tasks] == ["0.053332", "0.079998"]
    page = text_of(visitor("ada").get(f"/projects/{project.public_id}/tasks/{tasks[0]['id']}"))
    assert "€0.053332 (4 words at €0.013333)" in page
