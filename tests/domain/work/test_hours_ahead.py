"""Pay by the hour: time that is asked for while at the task; what is agreed is set aside, and paid as it was measured."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed
from tagwerk.base.money import for_seconds
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tests import orders
from tests.domain.work import hourly, scene
from tests.domain.work.test_hours_paid import approved, mine, total
from tests.domain.work.test_races import at_once, without_errors
from tests.people import actor, member

pytestmark = pytest.mark.django_db
HOUR = 3_600


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def decide(project, request_id: int, grants: bool = True, **more) -> None:
    given = {} if grants else {"code": "over_the_limit", "reply": "Thirty minutes are enough."}
    given |= {"actor": actor("ada"), **more}
    work.decide_time(project_id=project.id, request_id=request_id, grants=grants, now=now(), **given)


def state(project) -> tuple[str, int]:
    work.feed_answers(project_id=project.id)
    (one,) = queries.time_requests(project.id)
    return str(one.state), one.seconds


def agreed(tasks: int = 1, seconds: int = 2_400, **changes):
    """Ben is at a task for so long, and an hour of it is agreed."""
    project, ben = hourly.running(tasks, **changes), scene.worker("ben")
    held = hourly.timed(ben, project, seconds)
    decide(project, hourly.ask_ahead(ben, held, HOUR))
    return project, ben, held


def test_what_is_agreed_is_set_aside_and_paid_with_the_answer_as_it_was_measured():
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.timed(ben, project, 1_200)
    number = hourly.ask_ahead(ben, held, HOUR)
    (one,) = queries.urgent_time_requests(project.id)
    assert (one.ahead, one.at_work, one.measured_seconds, one.most_seconds) == (True, True, 1_200, 1_800)
    scene.check_money(project)
    decide(project, number)
    assert queries.coverage(project.id).needed_micros == total(HOUR)
    scene.check_money(project)
    timer = queries.timer_of(ben, held.assignment_id)
    assert (timer.most_seconds, timer.most_micros, timer.rate_micros) == (HOUR, 18_000_000, 18_000_000)
    assert scene.earned("ben") == 0
    hourly.start(ben, held, 1_200)
    scene.submit(held, ben)
    assert hourly.reward(held.assignment_id) == (12_000_000, 2_400_000, total(HOUR) - total(2_400))
    scene.check_money(project)
    approved(project, held.assignment_id)
    assert scene.earned("ben") == 12_000_000
    assert hourly.correct(ben, project, held.assignment_id, 3_000).request_id
    work.tend_times(project_id=project.id, now=hourly.later(3.1))
    assert scene.earned("ben") == 15_000_000  # up to what was agreed, silence pays
    work.tend_times(project_id=project.id, now=hourly.later(8))
    assert queries.coverage(project.id).needed_micros == 0
    scene.check_money(project)
    assert sql.row("SELECT committed_micros, aside_micros FROM opening")[0] == total(3_000)


def test_a_correction_counts_at_once_up_to_what_was_agreed():
    project, ben, held = agreed()
    scene.submit(held, ben)
    assert hourly.correct(ben, project, held.assignment_id, 3_000).request_id is None
    assert hourly.reward(held.assignment_id)[0] == 15_000_000
    scene.check_money(project)


def test_what_was_asked_for_is_not_more_than_what_was_measured():
    project, ben = hourly.running(2), scene.worker("ben")
    held = hourly.timed(ben, project, 2_400)
    number = hourly.ask_ahead(ben, held, HOUR)
    scene.submit(held, ben)
    assert state(project) == ("asked", 2_400)
    approved(project, held.assignment_id)
    decide(project, number)
    assert scene.earned("ben") == 12_000_000
    scene.check_money(project)


def test_what_was_not_needed_after_all_is_withdrawn():
    project, ben = hourly.running(2), scene.worker("ben")
    held = hourly.timed(ben, project, 1_200)
    number = hourly.ask_ahead(ben, held, HOUR)
    scene.submit(held, ben)
    assert state(project) == ("withdrawn", HOUR)
    with pytest.raises(Conflict, match="decided already"):
        decide(project, number)
    assert queries.open_time_requests(project.id) == 0


def test_a_refusal_leaves_everything_as_it_was_and_says_why():
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.timed(ben, project, 1_200)
    decide(project, hourly.ask_ahead(ben, held, HOUR), grants=False)
    assert queries.timer_of(ben, held.assignment_id).most_seconds == 1_800
    assert queries.coverage(project.id).needed_micros == total(1_800)
    scene.check_money(project)


@pytest.mark.parametrize("seconds", [1_800, 12 * 1_800 + 1])
def test_no_less_than_is_paid_anyway_and_no_more_than_a_task_can_be_in_hand(seconds):
    project, ben = hourly.running(1), scene.worker("ben")
    held = scene.taken(ben, project)
    with pytest.raises(Invalid, match="30 minutes and for at most 360 minutes"):
        hourly.ask_ahead(ben, held, seconds)


def test_only_who_has_the_task_in_hand_asks():
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.timed(ben, project, 600)
    with pytest.raises(Exception, match="No time of yours"):
        hourly.ask_ahead(scene.worker("cyn"), held, HOUR)
    scene.submit(held, ben)
    with pytest.raises(Conflict, match="Correct its time"):
        hourly.ask_ahead(ben, held, HOUR)


def test_money_that_is_not_there_is_not_agreed():
    project, ben = hourly.running(1, deposit=11_000_000), scene.worker("ben")
    held = hourly.timed(ben, project, 600)
    number = hourly.ask_ahead(ben, held, HOUR)
    with pytest.raises(Conflict):
        decide(project, number)
    assert state(project)[0] == "asked" and queries.timer_of(ben, held.assignment_id).most_seconds == 1_800
    orders.deposit(40_000_000)
    with pytest.raises(NotAllowed):  # who only reviews spends nothing beyond the project's money
        decide(project, number, actor=member("rita", project.organisation_id, "reviewer"))
    decide(project, number)
    scene.check_money(project)


def test_what_is_given_back_or_expires_frees_what_was_agreed():
    project, ben, held = agreed(2)
    work.return_assignment(**mine(held, ben))
    work.return_to_queue(project_id=project.id)
    assert queries.coverage(project.id).needed_micros == 2 * total(1_800)
    scene.check_money(project)
    held = hourly.timed(ben, project, 600)
    decide(project, hourly.ask_ahead(ben, held, HOUR))
    again = hourly.ask_ahead(ben, held, 2 * HOUR)
    work.sweep_expired(now=now() + timedelta(days=2))
    scene.check_money(project)
    assert queries.time_request(project.id, again).state == "withdrawn"
    assert queries.coverage(project.id).needed_micros == 2 * total(1_800)
    scene.submit(held, ben)  # late, and taken: with what is paid without asking
    assert queries.timer_of(ben, held.assignment_id).most_seconds == 1_800
    scene.check_money(project)


def test_a_final_rejection_frees_what_was_agreed():
    project, ben, held = agreed(2)
    scene.submit(held, ben)
    work.feed_answers(project_id=project.id)
    work.reject(
        actor=actor("ada"), project_id=project.id, assignment_id=held.assignment_id, code="low_effort", reason="No."
    )  # fmt: skip
    scene.check_money(project)
    work.reopen_rejected(project_id=project.id, now=now() + timedelta(days=90))
    assert queries.coverage(project.id).needed_micros == 2 * total(1_800)
    scene.check_money(project)


def test_gold_takes_nothing_of_what_was_agreed_from_its_own_part():
    project = hourly.running(1, gold=2, quality={**scene.answers(1), "gold_share": 0.5}, budget="90.00")
    ben = scene.worker("ben", project)
    work.top_up_gold(project_id=project.id)
    sql.write("UPDATE enrolment SET gold_due = 0")
    held = hourly.timed(ben, project, 2_400)
    assert sql.value("SELECT is_gold FROM assignment")
    decide(project, hourly.ask_ahead(ben, held, HOUR))
    scene.submit(held, ben)
    scene.check_money(project)
    approved(project, held.assignment_id)
    work.tend_times(project_id=project.id, now=hourly.later(8))
    scene.check_money(project)
    gold, allowed = sql.row("SELECT gold_micros, (SELECT sum(gold_micros) FROM enrolment) FROM opening")
    assert gold == allowed + total(1_800)  # what it would have cost without asking


def test_a_finished_project_gives_back_what_was_agreed_and_not_needed():
    project, ben, held = agreed()
    scene.submit(held, ben)
    approved(project, held.assignment_id)
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    work.tend_project(project_id=project.id, now=hourly.later(7.1))
    assert work.settle_finished(project_id=project.id)
    assert scene.earned("ben") == for_seconds(18_000_000, 2_400)
    scene.check_money(project)


@pytest.mark.django_db(transaction=True)
def test_agreeing_while_the_answer_is_handed_in_pays_once_and_keeps_the_money_right():
    project, ben = hourly.running(8), scene.worker("ben")
    ada = actor("ada")
    for _ in range(8):
        held = hourly.timed(ben, project, 2_400)
        number = hourly.ask_ahead(ben, held, HOUR)

        def grant(number=number):
            with suppress(Conflict):
                work.decide_time(actor=ada, project_id=project.id, request_id=number, grants=True, now=now())

        without_errors(at_once(grant, lambda held=held: scene.submit(held, ben), grant))
        scene.check_money(project)
        found = queries.time_of(project.id, held.assignment_id)
        assert (found.paid_seconds, found.reward_micros + found.extra_reward_micros) == (2_400, 12_000_000)
