"""Pay by the hour: the timer, what it pays, and correcting it."""

import random

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import fee_micros, for_seconds
from tagwerk.domain.designs.rules.cross_checks import cross_check
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TimeEntry
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.hours import TimeState, pay_for_time
from tests import orders
from tests.domain.work import hourly, scene
from tests.people import actor

pytestmark = pytest.mark.django_db
MINUTE = 60


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def mine(held, person_id):
    return {"person_id": person_id, "project_id": held.project_id, "assignment_id": held.assignment_id}


def total(seconds: int) -> int:
    reward = for_seconds(18_000_000, seconds)
    return reward + fee_micros(reward, 2_000)


def asked(project):
    work.feed_answers(project_id=project.id)
    return queries.time_requests(project.id, states=[TimeState.ASKED])


def decide(project, grants: bool, **more):
    (one,) = asked(project)
    work.decide_time(
        actor=actor("ada"), project_id=project.id, request_id=one.id, grants=grants, now=now(), **more
    )


def approved(project, *numbers: int) -> None:
    work.feed_answers(project_id=project.id)
    work.approve(project_id=project.id, assignment_ids=numbers)


def test_the_database_pays_for_time_as_python_does():
    chance = random.Random(3)
    cases = [
        (chance.randint(1, 10**9), chance.randint(0, 604_800), chance.randint(1, 10**10), chance.randint(1, 10**10))
        for _ in range(500)
    ]  # fmt: skip
    for hour, seconds, claimed, most in cases:
        found = pay_for_time(hour_micros=hour, seconds=seconds, claimed_micros=claimed, most_micros=most)
        assert sql.value("SELECT work_pay_for_time(%s, %s, %s, %s)", [hour, seconds, claimed, most]) == found
    most = for_seconds(13_900_000, 1_200)  # 4.633333, which is no whole number of micros
    exact = [
        pay_for_time(hour_micros=13_900_000, seconds=n, claimed_micros=most, most_micros=most)
        for n in range(1_201)
    ]
    assert exact == [for_seconds(13_900_000, n) for n in range(1_201)] and exact[-1] == most


def checked(pay, more) -> None:
    file = orders.project_file(pay=pay, **{"hold": hourly.HOLD, **more})
    raise ValueError("; ".join(str(text) for _, text in cross_check(file)))


@pytest.mark.parametrize(
    ("pay", "more", "said"),
    [
        ({"per": "hour", "amount": "18.00"}, {}, "most_minutes"),
        ({"per": "answer", "amount": "18.00", "most_minutes": 30}, {}, "most_minutes"),
        ({**hourly.PAY, "hour_guarantee": True}, {}, "hour_guarantee"),
        ({**hourly.PAY, "estimate_seconds": 1_801}, {}, "estimate_seconds"),
        (hourly.PAY, {"approve_after": "6 days"}, "approve"),
        ({"per": "answer", "amount": "0.10"}, {"approve_after": "8 days"}, "7 days at most"),
        (hourly.PAY, {"hold": {"minutes": 20}}, "held"),
        ({**hourly.PAY, "amount": "0.000001"}, {}, "small"),
    ],
)
def test_a_plan_by_the_hour_says_what_is_wrong_with_it(pay, more, said):
    with pytest.raises((ProjectFileError, ValueError), match=said):
        checked(pay, more)


def test_money_is_set_aside_for_the_longest_time_and_the_price_shown_is_that_of_the_usual_one():
    project = hourly.running(4, quality=scene.answers(2))
    shown = queries.estimate(project.id)
    assert shown.largest_micros == 8 * total(1_800)
    assert shown.reward_micros == 3_000_000 and project.usual_micros == 3_000_000  # ten minutes
    assert (project.hour_micros, project.most_seconds, project.reward_micros) == (
        18_000_000,
        1_800,
        9_000_000,
    )
    assert queries.coverage(project.id).needed_micros == 8 * total(1_800)


def test_what_is_handed_in_pays_its_time_and_the_rest_is_kept_until_it_cannot_be_corrected():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 754)
    assert hourly.reward(number) == (3_770_000, 754_000, total(1_800) - total(754))
    assert queries.earnings(ben)[0].pending_micros == 3_770_000
    scene.check_money(project)
    approved(project, number)
    assert scene.earned("ben") == 3_770_000
    scene.check_money(project)
    assert queries.coverage(project.id).needed_micros == total(1_800) - total(754)
    work.tend_times(project_id=project.id, now=hourly.later(6.9))
    assert queries.coverage(project.id).needed_micros == total(1_800) - total(754)
    work.tend_times(project_id=project.id, now=hourly.later(7.1))
    assert queries.coverage(project.id).needed_micros == 0
    scene.check_money(project)
    with pytest.raises(Conflict, match="any more"):
        hourly.correct(ben, project, number, 1_000)


def test_time_beyond_the_limit_is_measured_and_not_paid_without_asking():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 2_700)
    assert hourly.reward(number)[0] == 9_000_000
    found = queries.time_of(project.id, number)
    assert (found.measured_seconds, found.paid_seconds) == (2_700, 1_800)
    assert sql.value("SELECT active_ms FROM assignment") == 2_700_000


def test_where_neither_timer_nor_page_measured_anything_it_pays_what_its_worker_says():
    project, ben = hourly.running(1), scene.worker("ben")
    held = scene.taken(ben, project)
    sql.write("UPDATE assignment SET claimed_at = claimed_at - interval '1 hour'")
    scene.submit(held, ben, active_ms=0)
    assert hourly.reward(held.assignment_id)[0] == 0
    assert hourly.correct(ben, project, held.assignment_id, 600).request_id is None
    assert hourly.reward(held.assignment_id)[0] == 3_000_000
    approved(project, held.assignment_id)
    assert scene.earned("ben") == 3_000_000
    scene.check_money(project)


def test_before_a_decision_a_correction_counts_at_once_up_to_the_limit():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    assert hourly.correct(ben, project, number, 900).paid_seconds == 900
    assert hourly.correct(ben, project, number, 300).paid_seconds == 300
    scene.check_money(project)
    found = queries.time_of(project.id, number)
    assert (found.measured_seconds, found.stated_seconds, found.reason) == (
        600,
        300,
        "I read the text twice.",
    )
    asked_for = hourly.correct(ben, project, number, 2_700)
    assert asked_for.paid_seconds == 1_800 and asked_for.request_id
    scene.check_money(project)
    with pytest.raises(Conflict, match="asked already"):
        hourly.correct(ben, project, number, 2_900)
    approved(project, number)
    assert scene.earned("ben") == 9_000_000
    decide(project, grants=True)
    assert scene.earned("ben") == 13_500_000
    assert queries.time_of(project.id, number).paid_seconds == 2_700
    scene.check_money(project)


@pytest.mark.parametrize("seconds", [-1, 10**6])
def test_a_time_that_cannot_be_is_refused(seconds):
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    with pytest.raises(Invalid, match="longer"):
        hourly.correct(ben, project, number, seconds)
    with pytest.raises(Invalid, match="why"):
        hourly.correct(ben, project, number, 700, reason="  ")


def test_after_approval_less_is_refused_and_more_is_asked_for_and_paid_from_what_was_kept():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    approved(project, number)
    with pytest.raises(Conflict, match="paid already"):
        hourly.correct(ben, project, number, 300)
    hourly.correct(ben, project, number, 1_200)
    assert scene.earned("ben") == 3_000_000
    decide(project, grants=True)
    assert scene.earned("ben") == 6_000_000
    scene.check_money(project)
    spent = queries.spending(project)
    assert (spent.answers, spent.pay_micros, spent.spent_micros) == (1, 6_000_000, total(1_200))
    with pytest.raises(Conflict, match="already"):
        work.decide_time(
            actor=actor("ada"), project_id=project.id, request_id=queries.time_requests(project.id)[0].id, grants=True,
            now=now(),
        )  # fmt: skip
    work.tend_times(project_id=project.id, now=hourly.later(8))
    assert queries.coverage(project.id).needed_micros == 0
    scene.check_money(project)


def test_refusing_needs_a_reason_of_the_list_and_words():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    approved(project, number)
    hourly.correct(ben, project, number, 900)
    for code in ("bad_work", "", "over_the_limit"):
        with pytest.raises(Invalid, match="reasons"):
            decide(project, grants=False, code=code, reply="No.")
    with pytest.raises(Invalid, match="why"):
        decide(project, grants=False, code="break_counted", reply=" ")
    decide(project, grants=False, code="break_counted", reply="Lunch is in it.")
    assert scene.earned("ben") == 3_000_000
    (one,) = queries.time_requests(project.id)
    assert (one.state, one.code, one.reply) == ("refused", "break_counted", "Lunch is in it.")
    hourly.correct(ben, project, number, 2_000)
    decide(project, grants=False, code="over_the_limit", reply="Thirty minutes were agreed.")
    hourly.correct(ben, project, number, 1_000)
    decide(project, grants=False, code="not_worked", reply="No.")
    with pytest.raises(Conflict, match="enough"):
        hourly.correct(ben, project, number, 1_000)


def test_nobody_decides_about_their_own_time():
    project, ada = hourly.running(1), scene.worker("ada")
    number = hourly.worked(ada, project, 600)
    approved(project, number)
    hourly.correct(ada, project, number, 900)
    with pytest.raises(Conflict, match="their own"):
        decide(project, grants=True)


@pytest.mark.parametrize(("wanted", "paid"), [(1_200, 1_200), (2_700, 1_800)])
def test_what_nobody_decides_is_paid_up_to_the_limit(wanted, paid):
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    approved(project, number)
    hourly.correct(ben, project, number, wanted)
    work.tend_times(project_id=project.id, now=hourly.later(2.9))
    assert scene.earned("ben") == 3_000_000
    work.tend_times(project_id=project.id, now=hourly.later(3.1))
    assert scene.earned("ben") == for_seconds(18_000_000, paid)
    assert queries.time_requests(project.id)[0].state == "lapsed"
    scene.check_money(project)


def test_time_beyond_the_limit_needs_money_that_is_there():
    project, ben = hourly.running(1, deposit=11_000_000), scene.worker("ben")
    number = hourly.worked(ben, project, 3_600)
    approved(project, number)
    hourly.correct(ben, project, number, 3_600)
    with pytest.raises(Conflict):
        decide(project, grants=True)
    assert asked(project) and scene.earned("ben") == 9_000_000
    orders.deposit(20_000_000)
    decide(project, grants=True)
    assert scene.earned("ben") == 18_000_000
    scene.check_money(project)


def test_a_stop_and_a_report_are_paid_for_their_time():
    project = hourly.running(2, sensitivity=2)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    ben = scene.worker("ben", project)
    work.consent(person_id=ben, project_id=project.id)
    held = hourly.timed(ben, project, 600)
    work.stop(**mine(held, ben))
    work.return_to_queue(project_id=project.id)
    assert scene.earned("ben") == 3_000_000
    scene.check_money(project)
    work.consent(person_id=ben, project_id=project.id)
    held = hourly.timed(ben, project, 300)
    work.return_assignment(**mine(held, ben))
    work.return_to_queue(project_id=project.id)
    assert TimeEntry.objects.filter(ended_at=None).count() == 0
    scene.check_money(project)


def test_a_project_is_settled_when_no_time_can_be_corrected_any_more():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    approved(project, number)
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    assert not work.settle_finished(project_id=project.id)
    work.tend_project(project_id=project.id, now=hourly.later(7.1))
    assert work.settle_finished(project_id=project.id)
    assert project_queries.reserved_micros(project.id, "EUR") == 0


def test_a_rejection_leaves_the_time_as_it_is_and_a_won_objection_pays_it():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    work.feed_answers(project_id=project.id)
    work.reject(
        actor=actor("ada"), project_id=project.id, assignment_id=number, code="low_effort", reason="No."
    )
    with pytest.raises(Conflict, match="rejection"):
        hourly.correct(ben, project, number, 900)
    scene.check_money(project)
    work.contest(person_id=ben, project_id=project.id, assignment_id=number, now=now())
    work.approve(project_id=project.id, assignment_ids=[number], code="appeal_won")
    assert scene.earned("ben") == 3_000_000
    scene.check_money(project)


def test_what_raises_a_task_raises_its_hour():
    pay = {**hourly.PAY, "multipliers": {"difficulty": {"column": "level", "factors": {"hard": "1.50"}}}}
    orders.deposit(10_000_000_000)
    project = orders.project(pay=pay, hold=hourly.HOLD, quality=scene.answers(1))
    work.import_tasks(project_id=project.id, rows=[{"text": "a", "level": "hard"}])
    work.launch(actor=actor("ada"), project_id=project.id)
    work.open_covered_tasks(project_id=project.id)
    ben = scene.worker("ben")
    held = hourly.timed(ben, project, 600)
    assert queries.timer_of(ben, held.assignment_id).rate_micros == 27_000_000
    scene.submit(held, ben)
    assert hourly.reward(held.assignment_id)[0] == 4_500_000
    scene.check_money(project)


def test_who_is_paid_more_has_a_dearer_hour_and_all_of_it_is_covered():
    pay = {**hourly.PAY, "volume": {"after": 1, "factor": "1.5"}}
    project, ben = hourly.running(2, pay=pay), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    assert hourly.reward(number)[0] == 3_000_000
    scene.check_money(project)
    approved(project, number)
    held = hourly.timed(ben, project, 600)
    assert queries.timer_of(ben, held.assignment_id).rate_micros == 27_000_000
    scene.submit(held, ben)
    assert hourly.reward(held.assignment_id)[0] == 4_500_000
    hourly.correct(ben, project, held.assignment_id, 1_800)
    assert hourly.reward(held.assignment_id)[0] == 13_500_000
    scene.check_money(project)
    approved(project, held.assignment_id)
    work.tend_times(project_id=project.id, now=hourly.later(8))
    assert queries.coverage(project.id).needed_micros == 0
    scene.check_money(project)
