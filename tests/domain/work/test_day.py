"""So many answers a day: held at the claim, to the last one."""

import pytest

from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held, NoTask
from tests.domain.work.scene import claim, done, running, submit, taken, worker

pytestmark = pytest.mark.django_db
FIVE = {"rules": [{"collector": "income", "per_day": "0.55", "action": "limit_today"}]}  # of 0.10 each


def limited(**more):
    return running(20, quality={"answers": {"min": 1, "max": 1}, **FIVE}, **more)


def days_pass():
    sql.write("UPDATE enrolment SET day_ends_at = day_ends_at - interval '1 day'")


def test_a_day_has_so_many_answers_and_the_next_day_as_many_again():
    project = limited()
    ben = worker("ben", project)
    for _ in range(5):
        done(ben, project)
    assert claim(ben, project) == NoTask("limit_reached")
    assert isinstance(claim(worker("bea", project), project), Held)
    days_pass()
    for _ in range(5):
        done(ben, project)
    assert claim(ben, project) == NoTask("limit_reached")


def test_what_is_in_hand_counts_and_may_always_be_handed_in():
    project = limited(hold={"tasks": 2})
    ben = worker("ben", project)
    for _ in range(3):
        done(ben, project)
    first = taken(ben, project)
    second = taken(ben, project)
    assert first.assignment_id != second.assignment_id
    submit(first, ben)
    again = claim(ben, project)
    assert isinstance(again, Held) and again.assignment_id == second.assignment_id
    reply = submit(second, ben, then=True)
    assert reply.next == NoTask("limit_reached")
    assert queries.enrolment(ben, project.id).submitted == 5


def test_the_same_submit_again_counts_once():
    project = limited()
    ben = worker("ben", project)
    held = taken(ben, project)
    submit(held, ben)
    submit(held, ben)
    assert sql.value("SELECT day_submitted FROM enrolment WHERE worker_id = %s", [ben]) == 1


def test_the_day_ends_at_midnight_where_the_worker_is_and_an_odd_zone_stops_nobody():
    project = limited()
    ben = worker("ben", project)
    done(ben, project)
    local = sql.value("SELECT (day_ends_at AT TIME ZONE 'Europe/Berlin')::time::text FROM enrolment")
    assert local == "00:00:00"
    sql.write("UPDATE person SET time_zone = 'Nowhere/Known' WHERE id = %s", [ben])
    days_pass()
    done(ben, project)
    assert sql.value("SELECT (day_ends_at AT TIME ZONE 'UTC')::time::text FROM enrolment") == "00:00:00"


def test_without_a_rule_there_is_no_limit():
    project = running(20)
    ben = worker("ben", project)
    for _ in range(8):
        done(ben, project)
    assert isinstance(claim(ben, project), Held)
