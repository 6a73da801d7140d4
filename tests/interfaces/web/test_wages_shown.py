"""How many people earn enough is said wherever work is offered, and to those who order it."""

import pytest
from django.utils import timezone

from tagwerk.domain.work import actions as work
from tests.domain.work import scene
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import floor
from tests.people import key_for, person
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
    assert SAID in words(ben.get("/work/list/"))
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
