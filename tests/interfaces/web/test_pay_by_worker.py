"""People who are paid more than others: said on the offer, the task, the wizard, in the estimate and by the API."""

import re

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work
from tests import orders, people
from tests.domain.work import scene
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.interfaces.web.requester.test_setup import GO, at, send, text_of
from tests.interfaces.web.visiting import plain_files as plain_files
from tests.interfaces.web.visiting import visitor, words
from tests.people import actor

pytestmark = pytest.mark.django_db

PLAN = {
    "per": "answer", "amount": "0.10", "estimate_seconds": 20, "location": "floor_by_country",
    "volume": {"after": 2, "factor": "1.5"},
    "multipliers": {"level": {"qualification": "ears", "factors": {"50": "1.2", "80": "2"}}},
}  # fmt: skip


@pytest.fixture
def ears() -> int:
    owner = orders.deposit(1)
    return academy.create_qualification(
        actor=actor("ada"), organisation_id=owner, slug="ears", title="Good ears"
    )


def learns(ears: int, name: str, score: int) -> None:
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=ears, person_id=people.person(name).id, score=score
    )
    work.refresh_enrolments(person_id=people.person(name).id)


def varied(**pay):
    orders.floor(13_900_000)  # 20 seconds: 0.077223, less than the price
    orders.floor(27_000_000, country="FR")  # 0.15
    return scene.running(
        6, quality=scene.answers(1), pay={**PLAN, **pay}, audience={"countries": ["DE", "FR"]}
    )


def test_an_offer_says_who_is_paid_more_and_where_this_worker_stands(ears):
    project = varied()
    ben = visitor("ben")
    offer = words(ben.get(f"/work/{project.public_id}/"))
    assert "“Good ears” from 50 × 1.20, from 80 × 2.00 (you do not have it)" in offer
    assert "after 2 approved answers × 1.50 (you have 0)" in offer
    assert "where an hour would pay less than the minimum wage of the country, that much" in offer
    learns(ears, "ben", 85)
    assert "(you have 85)" in words(ben.get(f"/work/{project.public_id}/"))
    assert "€0.10, for you × 2.00" in words(ben.get("/work/list/"))
    held = scene.taken(scene.worker("ben", project), project)
    assert held.reward_micros == 200_000
    task = text_of(ben.get(f"/work/task/{public_id('asg', held.assignment_id)}/"))
    assert "base €0.10, level × 2.00" in task
    scene.submit(held, scene.worker("ben"))
    assert "base €0.10, level × 2.00" in text_of(
        ben.get(f"/work/task/{public_id('asg', held.assignment_id)}/answer/")
    )


def test_who_lives_where_the_minimum_wage_is_higher_gets_that(ears):
    project = varied()
    people.person("cat", country="FR")
    cat = scene.worker("cat", project)
    held = scene.taken(cat, project)
    assert held.reward_micros == 150_000
    said = text_of(visitor("cat").get(f"/work/task/{public_id('asg', held.assignment_id)}/"))
    assert "base €0.10, minimum wage of the country × 1.50" in said
    ben = scene.worker("ben", project)
    assert scene.taken(ben, project).reward_micros == 100_000
    scene.check_money(project)


def test_programs_read_what_they_are_paid(settings, ears):
    settings.UNDO_SECONDS = 0
    project = varied(location="same_for_all")
    learns(ears, "ben", 60)
    ben = scene.worker("ben", project)
    for _ in range(2):
        scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    work.accept_all(project_id=project.id)
    told = ok(call("GET", "/work/projects", people.key_for("ben", None)))["items"][0]
    assert told["own"] == {
        "reward": {"amount": "0.18", "currency": "EUR"}, "factor": 1.8, "level": 1.2, "score": 60, "volume": 1.5,
        "approved": 2, "volume_after": 2, "floor": 1.0,
    }  # fmt: skip
    key = people.key_for("ada", people.organisation())
    estimate = ok(call("GET", f"/projects/{project.public_id}/estimate", key))
    assert estimate["most_answer"]["amount"] == "0.36"  # 0.10 × 2 × 1.5, and the fee
    assert {one["name"]: one["value"] for one in estimate["assumptions"]}["worker_bp"] == 20_000


GIVEN = {
    "per": "answer", "amount": "0,10", "seconds": "20", "level": "ears", "level_score": "80", "level_percent": "100",
    "volume_after": "100", "volume_percent": "5", "by_country": "on",
}  # fmt: skip


def test_the_pay_step_asks_for_it_and_says_what_it_costs_at_most(ears):
    orders.floor(27_000_000, country="FR")
    made = scene.running(3, launch=False, quality=scene.answers(1))
    said = text_of(visitor("ada").post(at(made, "pay"), GIVEN, headers={"HX-Request": "true"}))
    assert "“Good ears” from 80 × 2.00; after 100 approved answers × 1.05" in said
    assert "An answer costs at most €0.252" in said and "France" in said
    assert send(made, "pay", GIVEN | GO).status_code == 303
    pay = projects.project(made.id).file["pay"]
    assert pay["multipliers"] == {"level": {"qualification": "ears", "factors": {"80": "2.00"}}}
    assert pay["volume"] == {"after": 100, "factor": "1.05"} and pay["location"] == "floor_by_country"
    shown = text_of(visitor("ada").get(at(made, "pay")))
    assert "Good ears" in shown
    half = send(made, "pay", GIVEN | {"volume_percent": ""} | GO)
    assert half.status_code == 422 and "Fill in both, or neither." in text_of(half)
    none = {name: value for name, value in GIVEN.items() if name in ("per", "amount", "seconds")}
    assert send(made, "pay", none | GO).status_code == 303
    assert projects.project(made.id).file["pay"].keys() == {"per", "amount", "currency", "estimate_seconds"}


def test_a_file_with_several_scores_keeps_them(ears):
    made = scene.running(3, launch=False, quality=scene.answers(1), pay={**PLAN, "location": None})
    given = {**GIVEN, "level_score": "50", "level_percent": "20", "volume_after": "7"}
    assert send(made, "pay", given | GO).status_code == 303
    pay = projects.project(made.id).file["pay"]
    assert pay["multipliers"]["level"]["factors"] == {"50": "1.2", "80": "2"} and pay["volume"]["after"] == 7


def test_parts_of_a_per_cent_are_shown_and_kept(ears):
    level = {"qualification": "ears", "factors": {"80": "1.005"}}
    plan = {
        **PLAN,
        "location": None,
        "volume": {"after": 7, "factor": "1.125"},
        "multipliers": {"level": level},
    }
    made = scene.running(3, launch=False, quality=scene.answers(1), pay=plan)
    page = visitor("ada").get(at(made, "pay")).content.decode()
    typed = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]
        for name in ("level_percent", "volume_percent")
    }
    assert typed == {"level_percent": "0.5", "volume_percent": "12.5"}
    assert send(made, "pay", GIVEN | typed | {"volume_after": "7"} | GO).status_code == 303
    pay = projects.project(made.id).file["pay"]
    assert pay["volume"] == {"after": 7, "factor": "1.125"} and pay["multipliers"]["level"] == level


def test_the_requester_sees_what_is_paid_at_most(ears):
    project = varied(location="same_for_all")
    ada = visitor("ada")
    assert "Price at most" in text_of(ada.get(f"/projects/{project.public_id}/panels/money/"))
    key = people.key_for("ada", people.organisation())
    task = ok(call("GET", f"/projects/{project.public_id}/tasks", key))["items"][0]["id"]
    page = text_of(ada.get(f"/projects/{project.public_id}/tasks/{task}/"))
    assert "Who is paid most gets" in page and "€0.30" in page
