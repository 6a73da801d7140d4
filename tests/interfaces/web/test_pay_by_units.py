"""Pay by units on pages, by API and on the command line: the rate, what a task pays on average, and each its own."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects import queries as projects
from tests import people
from tests.domain.work import scene
from tests.domain.work.test_units import WORDS, draft, launched, rows, soon
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.interfaces.web.requester.test_setup import GO, at, send, text_of
from tests.interfaces.web.visiting import plain_files as plain_files
from tests.interfaces.web.visiting import visitor, words

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
    ben = visitor("ben", ui_language=language)
    for path in ("/work/", "/work/list/", f"/work/{project.public_id}/"):
        assert " ".join(offer.split()) in words(ben.get(path)), path
    held = scene.taken(scene.worker("ben"), project)
    assert " ".join(task.split()) in text_of(
        ben.get(f"/work/task/{public_id('asg', held.assignment_id)}/")
    ).replace("\xa0", " ")


def test_programs_read_the_rate_and_what_each_task_pays():
    project = launched(rows([4, 6]), pay=WORDS, quality=scene.answers(1))
    key = people.key_for("ada", people.organisation())
    told = ok(call("GET", f"/projects/{project.public_id}", key))
    assert told["price"]["per"] == "word" and told["price"]["rate"]["amount"] == "0.013333"
    assert told["price"]["reward"]["amount"] == "0.066665"
    tasks = ok(call("GET", f"/projects/{project.public_id}/tasks", key))["items"]
    assert [one["reward"]["amount"] for one in tasks] == ["0.053332", "0.079998"]
    page = text_of(visitor("ada").get(f"/projects/{project.public_id}/tasks/{tasks[0]['id']}/"))
    assert "€0.053332 (4 words at €0.013333)" in page


def test_what_makes_a_task_worth_more_is_shown_line_by_line():
    pay = {
        "per": "answer", "amount": "0.30",
        "multipliers": {"difficulty": {"column": "level", "factors": {"hard": "1.25"}}, "urgency": {"within": "6 hours", "factor": "1.10"}},
    }  # fmt: skip
    row = {"text": "a", "level": "hard", "_deadline": soon(3)}
    project = launched([row], pay=pay, quality=scene.answers(1))
    ben = visitor("ben")
    offer = words(ben.get(f"/work/{project.public_id}/"))
    assert "difficulty “hard” × 1.25; urgent: less than 6 hr before the deadline × 1.10" in offer
    held = scene.taken(scene.worker("ben"), project)
    assert held.reward_micros == 412_500
    shown = text_of(ben.get(f"/work/task/{public_id('asg', held.assignment_id)}/"))
    assert "base €0.30, difficulty “hard” × 1.25, urgent × 1.10" in shown


def test_the_pay_step_knows_urgency_and_keeps_what_only_the_file_says():
    hard = {"column": "text", "factors": {"a": "2"}}
    made = draft(
        [{"text": "a"}],
        pay={"per": "answer", "amount": "0.10", "multipliers": {"difficulty": hard}},
        quality=scene.answers(1),
    )
    given = {"per": "answer", "amount": "0,10", "seconds": "20", "urgent_hours": "24", "urgent_percent": "10"}
    said = text_of(visitor("ada").post(at(made, "pay"), given, headers={"HX-Request": "true"}))
    assert (
        "More is paid for: difficulty “a” × 2.00; urgent: less than 1 day before the deadline × 1.10." in said
    )
    assert send(made, "pay", given | GO).status_code == 303
    kept = projects.project(made.id).file["pay"]["multipliers"]
    assert kept == {"difficulty": hard, "urgency": {"within": "24 hours", "factor": "1.10"}}
