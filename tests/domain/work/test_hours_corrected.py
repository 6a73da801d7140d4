"""Pay by the hour: what a correction may say, who may grant it, and that wages count it."""

from dataclasses import astuple

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed
from tagwerk.base.money import for_seconds
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tests.domain.work import hourly, scene
from tests.domain.work.test_hours_paid import MINUTE, approved, asked, decide, total
from tests.people import actor, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def test_an_hours_wage_is_reckoned_with_the_timer_where_it_measured_more_than_the_page():
    project, ben = hourly.running(1), scene.worker("ben")
    approved(project, hourly.worked(ben, project, 600))
    assert sql.rows("SELECT active_ms FROM answer") == [(600_000,)]
    own = queries.own_wage(ben, "EUR")
    assert (own.paid_ms, own.paid_time_micros) == (600_000, 18_000_000)


def test_a_short_task_is_corrected_in_whole_minutes_and_pays_the_time_it_was_in_hand():
    project, ben = hourly.running(1), scene.worker("ben")
    held = scene.taken(ben, project)
    sql.write("UPDATE assignment SET claimed_at = claimed_at - interval '50 seconds'")
    scene.submit(held, ben)
    with pytest.raises(Invalid, match="for 1 minute;"):
        hourly.correct(ben, project, held.assignment_id, 61)
    assert hourly.correct(ben, project, held.assignment_id, MINUTE).paid_seconds in (50, 51)
    assert hourly.reward(held.assignment_id)[0] >= for_seconds(18_000_000, 50)
    scene.check_money(project)


def test_the_time_of_a_rejected_answer_is_not_granted():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    hourly.correct(ben, project, number, 2_700)
    work.feed_answers(project_id=project.id)
    work.reject(
        actor=actor("ada"), project_id=project.id, assignment_id=number, code="low_effort", reason="No."
    )
    with pytest.raises(Conflict, match="rejected"):
        decide(project, grants=True)
    assert scene.earned("ben") == 0 and queries.time_of(project.id, number).extra_reward_micros == 0
    scene.check_money(project)


def test_asking_for_more_again_leaves_what_was_granted():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    hourly.correct(ben, project, number, 2_700)
    decide(project, grants=True)
    again = hourly.correct(ben, project, number, 3_600)
    assert (again.paid_seconds, queries.time_of(project.id, number).paid_seconds) == (2_700, 2_700)
    scene.check_money(project)


def test_an_hours_wage_counts_what_was_granted_beside():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    approved(project, number)
    hourly.correct(ben, project, number, 1_200)
    decide(project, grants=True)
    assert queries.own_wage(ben, "EUR").pay_micros == 6_000_000
    (day,) = queries.days_of_work(ben, since=hourly.later(-1), time_zone="UTC")
    assert 6_000_000 in astuple(day)
    work.measure_wages(now=now())
    assert queries.wages_in([project.id])[project.id].wages.pay_micros == 6_000_000


def test_who_only_reviews_spends_no_money_beyond_the_project():
    project, ben = hourly.running(1, deposit=40_000_000), scene.worker("ben")
    number = hourly.worked(ben, project, 3_600)
    approved(project, number)
    hourly.correct(ben, project, number, 3_600)
    (one,) = asked(project)
    given = {"project_id": project.id, "request_id": one.id, "grants": True, "now": now()}
    with pytest.raises(NotAllowed):
        work.decide_time(actor=member("rita", project.organisation_id, "reviewer"), **given)
    assert scene.earned("ben") == 9_000_000
    work.decide_time(actor=actor("ada"), **given)
    assert scene.earned("ben") == 18_000_000


def test_a_won_objection_leaves_a_week_to_correct_the_time():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    work.feed_answers(project_id=project.id)
    work.reject(
        actor=actor("ada"), project_id=project.id, assignment_id=number, code="low_effort", reason="No."
    )
    work.contest(person_id=ben, project_id=project.id, assignment_id=number, now=now())
    work.tend_times(project_id=project.id, now=hourly.later(7.1))
    sql.write("UPDATE hourly_answer SET correct_until = now() - interval '1 second'")
    work.approve(project_id=project.id, assignment_ids=[number], code="appeal_won")
    assert hourly.reward(number)[2] == total(1_800) - total(600)
    hourly.correct(ben, project, number, 1_200)
    decide(project, grants=True)
    assert scene.earned("ben") == 6_000_000
    scene.check_money(project)
