"""How many people earn enough is said wherever work is offered, and to those who order it."""

import pytest
from django.utils import timezone

from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.rules.bonuses import Gift
from tests.domain.work import scene
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import floor
from tests.people import actor, key_for, person
from tests.workshop import do_work

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
SAID = "80% of 10 people here earn at least €13.90/h, the minimum wage in Germany."


@pytest.fixture
def project(settings):
    """Of ten people eight earn 18.00 an hour, and two 9.00."""
    settings.UNDO_SECONDS = 0
    floor()
    made = scene.running(6, quality=scene.answers(12))
    for number in range(10):
        do_work(
            made.id,
            f"w{number}",
            lambda data: scene.ANSWER,
            active_ms=lambda slow=number < 2: 40_000 if slow else 20_000,
        )
    work.feed_answers(project_id=made.id)
    return made


def decided(project):
    work.accept_all(project_id=project.id)
    work.measure_wages(now=timezone.now())


def test_workers_read_it_on_each_offer(project):
    ben = visitor("ben")
    page = words(ben.get("/work/list/"))
    assert "people here earn" not in page
    decided(project)
    assert SAID in words(ben.get("/work/list/")) and SAID in words(ben.get("/work/"))
    assert SAID in words(ben.get(f"/work/{project.public_id}/"))
    abroad = visitor("lea", country="BR")  # no figure there: that of the organisation
    assert SAID in words(abroad.get(f"/work/{project.public_id}/"))
    elsewhere = visitor("gil", country="GB")  # a floor in pounds says nothing about euros
    assert "Half of 10 people here earn at least €18.00/h." in words(
        elsewhere.get(f"/work/{project.public_id}/")
    )


def test_who_orders_reads_the_estimate_and_then_what_was_measured(project):
    ada = visitor("ada")
    page = words(ada.get(f"/projects/{project.public_id}/"))
    assert "What an hour pays Pay for an hour €18.00 estimate, from the time in the project file" in page
    assert "Measured once 10 people have work decided; so far 0." in page
    decided(project)
    page = words(ada.get(f"/projects/{project.public_id}/"))
    assert (
        "€15.00 all pay by all time, 60 answers" in page
        and "A tenth earns less than €9.00 of 10 people" in page
    )
    assert "Earn at least that 80% minimum wage in Germany: €13.90" in page
    assert "Most people here earn less" not in page


def test_programs_read_it_too(project, client):
    decided(project)

    def get(path, key):
        return client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {key}"}).json()

    found = get(f"/projects/{project.public_id}/wages", key_for("ada", project.organisation_id))
    assert (
        found["per_hour"] == {"amount": "15.00", "currency": "EUR"} and found["share_at_least_floor"] == 0.8
    )
    assert (found["measured"], found["workers"], found["answers"], found["floor_country"]) == (
        True,
        10,
        60,
        "DE",
    )
    person("ben")
    (offer,) = get("/work/projects", key_for("ben"))["items"]
    assert offer["wages"]["median"] == {"amount": "18.00", "currency": "EUR"}
    (mine,) = get("/work/earnings", key_for("w0"))["earnings"]
    assert (mine["paid_time"]["amount"], mine["all_time"]["amount"]) == ("9.00", "9.00")


def test_bonuses_and_guaranteed_hours_are_lines_of_the_worker_and_costs_of_the_requester(settings, client):
    settings.UNDO_SECONDS = 0
    floor()
    pay = {
        "per": "answer",
        "amount": "0.10",
        "currency": "EUR",
        "estimate_seconds": 20,
        "hour_guarantee": True,
    }
    made = scene.running(6, quality=scene.answers(3), pay=pay)
    ben = visitor("ben")
    assert "An hour is guaranteed" in words(ben.get("/work/list/"))
    assert "Very long answers count only up to what is usual here" in words(
        ben.get(f"/work/{made.public_id}/")
    )
    do_work(made.id, "ben", lambda data: scene.ANSWER, active_ms=lambda: 40_000)
    work.feed_answers(project_id=made.id)
    projects.finish_project(actor=actor("ada"), project_id=made.id)
    work.accept_all(project_id=made.id)
    work.tend_project(project_id=made.id, now=timezone.now())
    gift = Gift(person("ben").id, 500_000, "Very careful", "k")
    work.give_bonuses(actor=actor("ada"), project_id=made.id, gifts=[gift], now=timezone.now())
    page = words(ben.get("/work/earnings/"))
    assert (
        "Hour guarantee: what a week was short of the minimum wage Sentiment The organisation paid €0.396, "
        "€0.066 of it to the operator. €0.33" in page
    )
    assert (
        "Bonus Sentiment The organisation paid €0.60, €0.10 of it to the operator. Very careful €0.50" in page
    )
    assert (
        "Very careful"
        in b"".join(ben.get("/work/earnings/movements.csv?currency=EUR").streaming_content).decode()
    )
    moved = client.get(
        "/api/v1/work/movements", headers={"authorization": f"Bearer {key_for('ben')}"}
    ).json()["items"]
    assert [(one["kind"], one["project"], one["memo"]) for one in moved[:1]] == [
        ("bonus", made.public_id, "Very careful")
    ]
    page = words(visitor("ada").get(f"/projects/{made.public_id}/"))
    assert "Bonuses €0.60 with the fee" in page and "Hour guarantee €0.396 1 person, with the fee" in page
    key = key_for("ada", made.organisation_id)
    spent = client.get(
        f"/api/v1/projects/{made.public_id}/spending", headers={"authorization": f"Bearer {key}"}
    ).json()
    assert (spent["bonuses"]["amount"], spent["hour_guarantee"]["amount"]) == ("0.60", "0.396")
