"""What an hour really pays: of a project by its people, of a worker with what nobody paid for, against the floor."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import ProjectWage
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.wages import HOUR_MS, MOST_KEPT, WorkerPart, hourly, wages_of
from tests.domain.work import scene
from tests.people import actor, person
from tests.workshop import do_work

NOW = timezone.now()


def part(euros: float, answers: int = 5, hours: float = 1.0) -> WorkerPart:
    return WorkerPart(answers, round(HOUR_MS * hours), round(euros * hours * 1_000_000))


def test_a_wage_is_rounded_down_to_the_cent():
    assert hourly(1_000_000, HOUR_MS) == 1_000_000 and hourly(13_899_999, HOUR_MS) == 13_890_000
    assert hourly(5, 0) == 0


def test_the_wages_of_a_project_are_those_of_its_people():
    found = wages_of([part(float(euros)) for euros in range(1, 21)])
    assert found.workers == 20 and found.is_enough
    assert (found.per_hour_micros, found.median_micros, found.tenth_micros) == (
        10_500_000,
        10_500_000,
        2_000_000,
    )
    assert found.share_at_least(20_000_000) == 0.05 and found.share_at_least(1) == 1.0
    assert found.share_at_least(20_000_001) == 0.0


def test_all_pay_by_all_time_is_not_the_mean_of_wages():
    found = wages_of([part(20.0, hours=0.5), part(5.0, hours=1.5)])
    assert found.per_hour_micros == 8_750_000 and found.median_micros == 12_500_000


def test_few_people_say_nothing_and_few_answers_say_nothing_about_people():
    found = wages_of([part(20.0)] * 9 + [part(1.0, answers=2)])
    assert found.workers == 9 and found.share_at_least(1) is None and found.answers == 47
    assert wages_of([]).per_hour_micros == 0


def test_a_long_list_of_wages_is_thinned_with_its_ends():
    found = wages_of([part(number / 100) for number in range(100, 5_100)])
    assert len(found.spread) == MOST_KEPT and found.workers == 5_000
    assert (found.spread[0], found.spread[-1]) == (1_000_000, 50_990_000)
    assert found.share_at_least(26_000_000) == pytest.approx(0.5, abs=0.01)


@pytest.fixture
def project(db, settings):
    """Ten people have done six tasks each, in 36 s for 0.10: 10.00 an hour."""
    settings.UNDO_SECONDS = 0
    made = scene.running(6, quality=scene.answers(12))
    for number in range(10):
        do_work(made.id, f"w{number}", lambda data: scene.ANSWER, active_ms=lambda: 36_000)
    work.feed_answers(project_id=made.id)
    return made


def assignments(name: str) -> list[int]:
    return [one.assignment_id for one in queries.my_work(person(name).id)]


def measured(project):
    work.measure_wages(now=NOW)
    return queries.wages_in([project.id]).get(project.id)


@pytest.mark.django_db
def test_only_what_is_decided_is_measured_and_only_when_something_was(project, django_assert_max_num_queries):
    assert measured(project) is None  # nothing is decided yet
    work.accept_all(project_id=project.id)
    found = measured(project)
    assert found is not None and found.answer_ms == 36_000
    assert (found.wages.workers, found.wages.answers, found.wages.per_hour_micros) == (10, 60, 10_000_000)
    assert found.wages.share_at_least(10_000_000) == 1.0 and found.wages.share_at_least(10_000_001) == 0.0
    assert work.measure_wages(now=NOW) == 0  # nothing new
    with django_assert_max_num_queries(1):
        queries.wages_in([project.id])


@pytest.mark.django_db
def test_rejected_answers_pay_nothing_and_take_their_time(project):
    ids = assignments("w0")
    for one in ids[:3]:
        work.reject(
            actor=actor("ada"), project_id=project.id, assignment_id=one, code="low_effort", reason="No."
        )
    work.accept_all(project_id=project.id)
    found = measured(project)
    assert found is not None and found.wages.spread[0] == 5_000_000 and found.wages.tenth_micros == 5_000_000
    assert found.wages.per_hour_micros == 9_500_000
    work.approve(
        project_id=project.id, assignment_ids=ids[:1]
    )  # the rejection is withdrawn: as many are decided
    again = measured(project)
    assert again is not None and again.wages.per_hour_micros == 9_660_000


@pytest.mark.django_db
def test_one_forgotten_tab_does_not_count_for_hours(project):
    sql.write("UPDATE answer SET active_ms = 36000000 WHERE assignment_id = %s", [assignments("w3")[0]])
    work.accept_all(project_id=project.id)
    found = measured(project)
    # At most the 99th percentile; of sixty answers that is the longest itself, so here it counts …
    assert found is not None and found.wages.median_micros == 10_000_000


@pytest.mark.django_db
def test_the_answers_of_programs_are_not_measured(project):
    sql.write("UPDATE answer SET channel = 3")
    work.accept_all(project_id=project.id)
    assert measured(project) is None


@pytest.mark.django_db
def test_what_a_worker_earns_with_what_nobody_paid_for(project):
    ben = person("w0").id
    own = queries.own_wage(ben, "EUR")
    assert (own.answers, own.paid_ms, own.paid_time_micros, own.all_time_micros) == (
        6,
        216_000,
        10_000_000,
        10_000_000,
    )
    work.reject(
        actor=actor("ada"),
        project_id=project.id,
        assignment_id=assignments("w0")[0],
        code="low_effort",
        reason="No.",
    )
    own = queries.own_wage(ben, "EUR")
    assert (own.rejected, own.rejected_ms, own.paid_time_micros, own.all_time_micros) == (
        1,
        36_000,
        10_000_000,
        8_330_000,
    )
    assert queries.own_wage(ben, "CHF").answers == 0 and queries.own_wage(ben, "CHF").all_time_micros == 0
    assert queries.own_wage(ben, "EUR", project_id=project.id).answers == 5


@pytest.mark.django_db
def test_a_task_given_back_counts_as_long_as_it_was_held_but_no_longer_than_usual(db):
    project = scene.running(3)  # it is expected to take 20 s
    ben = scene.worker("ben", project)
    for hours in (5, 4):
        held = scene.taken(ben, project)
        work.return_assignment(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
        sql.write(
            "UPDATE assignment SET claimed_at = %s WHERE id = %s",
            [timezone.now() - timedelta(hours=hours), held.assignment_id],
        )
    own = queries.own_wage(ben, "EUR")
    assert (own.returned, own.returned_ms, own.all_time_micros) == (2, 40_000, 0)


@pytest.mark.django_db
def test_the_floor_is_that_of_the_reader_else_of_the_organisation(db):
    project = projects.project(scene.running(1).id)  # acme is in Germany
    wages = [
        Wage("FR", date(2026, 1, 1), 12_020_000, "EUR", "x"),
        Wage("CH", date(2026, 1, 1), 24_000_000, "CHF", "x"),
    ]
    accounts.put_wages(actor=actor("dan"), wages=wages)

    def floor(country, day=date(2026, 6, 1)):
        found = queries.floors_for(country, [project.organisation_id], day).floor(project)
        return found and (found.country, found.per_hour_micros)

    assert floor("FR") == ("FR", 12_020_000)
    assert floor("") == floor("BR") == ("DE", 13_900_000)  # no figure for Brazil
    assert floor("BR", date(2027, 1, 1)) == ("DE", 14_600_000)
    assert floor("CH") is None  # another currency is compared with nothing


@pytest.mark.django_db
def test_measured_wages_are_not_negative(project):
    work.accept_all(project_id=project.id)
    measured(project)
    with pytest.raises(IntegrityError, match="project_wage_not_negative"):
        ProjectWage.objects.update(pay_micros=-1)
