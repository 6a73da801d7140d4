"""Pay by the hour without a run of the timer, stops, and the time of a better answer."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict
from tagwerk.base.money import for_seconds
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TimeEntry
from tagwerk.domain.work.queries import sql
from tests.domain.work import hourly, scene
from tests.domain.work.test_hours_paid import approved, mine, total
from tests.domain.work.test_rework import BETTER, ask
from tests.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


@pytest.fixture
def sensitive():
    """A sensitive project, and Ben who may work on it."""
    project = hourly.running(3, sensitivity=2)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    ben = scene.worker("ben", project)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    work.consent(person_id=ben, project_id=project.id)
    return project, ben


def shown(project, number: int) -> tuple[int, int | None, int]:
    found = queries.time_of(project.id, number)
    return found.measured_seconds, found.active_seconds, found.paid_seconds


def improve(held, ben: int, active_ms: int = 900) -> None:
    work.hand_in_rework(**mine(held, ben), answers=BETTER, active_ms=active_ms, channel=1)


def granted(project) -> None:
    (one,) = queries.urgent_time_requests(project.id)
    work.decide_time(actor=actor("ada"), project_id=project.id, request_id=one.id, grants=True, now=now())


def test_where_no_timer_ran_the_work_on_the_page_counts_and_is_marked_so():
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.untimed(ben, project)
    submitted = scene.submit(held, ben, active_ms=600_999)
    assert submitted.reward_micros == 3_000_000
    assert shown(project, held.assignment_id) == (0, 600, 600)
    assert hourly.reward(held.assignment_id) == (3_000_000, 600_000, total(1_800) - total(600))
    scene.check_money(project)
    assert hourly.correct(ben, project, held.assignment_id, 900).paid_seconds == 900
    again = scene.submit(held, ben, active_ms=600_999)  # the same again changes nothing
    assert again.reward_micros == 4_500_000
    approved(project, held.assignment_id)
    assert scene.earned("ben") == 4_500_000
    scene.check_money(project)


@pytest.mark.parametrize(
    ("in_hand", "active_ms", "active", "paid"),
    [(7_200, 5_000_000, 5_000, 1_800), (120, 5_000_000, 120, 120), (7_200, 999, None, 0)],
)
def test_it_counts_no_longer_than_the_task_was_in_hand_and_up_to_the_limit(in_hand, active_ms, active, paid):
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.untimed(ben, project, in_hand)
    scene.submit(held, ben, active_ms=active_ms)
    _, counted, paid_seconds = shown(project, held.assignment_id)
    assert (counted or 0) - (active or 0) in (0, 1) and paid_seconds - paid in (0, 1)
    scene.check_money(project)


def test_a_timer_that_ran_is_what_counts():
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.timed(ben, project, 300)
    scene.submit(held, ben, active_ms=900_000)
    assert shown(project, held.assignment_id) == (300, None, 300)


def test_work_that_nobody_pays_for_stays_without_pay():
    project, ben = scene.running(1, **scene.without_pay("ben")), scene.worker("ben")
    assert scene.submit(scene.taken(ben, project), ben, active_ms=600_000).reward_micros == 0


def test_a_stop_without_a_timer_is_paid_for_the_work_on_its_page_and_can_be_corrected(sensitive):
    project, ben = sensitive
    held = hourly.untimed(ben, project)
    work.stop(**mine(held, ben), active_ms=300_000)
    scene.check_money(project)
    work.return_to_queue(project_id=project.id)
    assert scene.earned("ben") == 1_500_000
    assert queries.coverage(project.id).needed_micros == 3 * total(1_800) - total(300)
    scene.check_money(project)
    with pytest.raises(Conflict, match="paid already"):
        hourly.correct(ben, project, held.assignment_id, 100)
    assert hourly.correct(ben, project, held.assignment_id, 900).request_id
    granted(project)
    assert scene.earned("ben") == 4_500_000
    scene.check_money(project)
    assert hourly.correct(ben, project, held.assignment_id, 1_200).request_id
    work.tend_times(project_id=project.id, now=hourly.later(3.1))
    assert scene.earned("ben") == 6_000_000  # silence pays
    work.tend_times(project_id=project.id, now=hourly.later(8))
    assert queries.coverage(project.id).needed_micros == 2 * total(1_800)  # no money for one more
    scene.check_money(project)
    with pytest.raises(Conflict, match="any more"):
        hourly.correct(ben, project, held.assignment_id, 1_500)


def test_time_of_a_stop_that_is_granted_before_it_is_paid_is_paid_after_it(sensitive):
    project, ben = sensitive
    held = hourly.timed(ben, project, 600)
    work.stop(**mine(held, ben))
    hourly.correct(ben, project, held.assignment_id, 900)
    granted(project)
    assert scene.earned("ben") == 4_500_000
    scene.check_money(project)


def test_a_stop_whose_task_wants_nobody_else_keeps_what_can_be_corrected(sensitive):
    project, ben = sensitive
    held = hourly.timed(ben, project, 600)
    work.close_tasks(project_id=project.id, task_ids=[held.task_id])
    work.stop(**mine(held, ben))
    work.return_to_queue(project_id=project.id)
    scene.check_money(project)
    work.tend_times(project_id=project.id, now=hourly.later(8))
    assert queries.coverage(project.id).needed_micros == 2 * total(1_800)
    scene.check_money(project)


def test_a_report_without_a_timer_is_paid_for_the_work_on_its_page():
    project = hourly.running(1, quality=scene.answers(2))
    reason = "cannot_be_answered/broken"
    for name in ("ben", "cyn"):
        held = hourly.untimed(scene.worker(name), project)
        work.skip(**mine(held, scene.worker(name)), reason=reason, active_ms=120_000)
        work.return_to_queue(project_id=project.id)
    work.settle_unanswerable(project_id=project.id, task_id=held.task_id)
    assert scene.earned("ben") == scene.earned("cyn") == 600_000
    scene.check_money(project)


def reworked(seconds: int = 600, extra: int = 0):
    """Ben is asked for a better answer to a task that took so long."""
    project, ben = hourly.running(1, budget="40.00"), scene.worker("ben")
    held = hourly.timed(ben, project, seconds)
    scene.submit(held, ben)
    work.feed_answers(project_id=project.id)
    ask(project, held.assignment_id, extra=extra)
    return project, ben, held


def test_the_timer_runs_for_a_better_answer_and_its_time_is_paid_with_the_answer():
    project, ben, held = reworked(extra=1_000_000)
    assert queries.timer_of(ben, held.assignment_id).is_fresh
    work.start_timer(**mine(held, ben), now=now())
    timer = work.keep_timer(**mine(held, ben), now=now())
    assert timer.running and not timer.is_fresh and timer.at_work
    hourly.start(ben, held, 300)
    improve(held, ben)
    found = queries.time_of(project.id, held.assignment_id)
    assert (found.measured_seconds, found.rework_seconds, found.paid_seconds) == (900, 300, 900)
    assert hourly.reward(held.assignment_id)[0] == 4_500_000
    assert scene.earned("ben") == 1_000_000  # what was promised on top comes on top
    scene.check_money(project)
    approved(project, held.assignment_id)
    assert scene.earned("ben") == 5_500_000
    assert TimeEntry.objects.filter(ended_at=None).count() == 0
    assert sql.value("SELECT sum(active_ms) FROM answer") == 900_000
    work.tend_times(project_id=project.id, now=hourly.later(8))
    assert queries.coverage(project.id).needed_micros == 0


def test_without_a_timer_the_work_on_the_page_of_a_better_answer_counts():
    project, ben, held = reworked()
    sql.write("UPDATE rework SET asked_at = asked_at - interval '2 hours'")
    improve(held, ben, active_ms=240_000)
    found = queries.time_of(project.id, held.assignment_id)
    assert (found.measured_seconds, found.active_seconds, found.paid_seconds) == (600, 240, 840)
    scene.check_money(project)


def test_beyond_the_limit_the_time_of_a_better_answer_is_asked_for_and_can_be_agreed_before():
    project, ben, held = reworked(1_700)
    hourly.ask_ahead(ben, held, 3_000)
    (one,) = queries.urgent_time_requests(project.id)
    assert one.at_work and one.measured_seconds == 1_700
    granted(project)
    scene.check_money(project)
    hourly.start(ben, held, 900)
    improve(held, ben)
    assert queries.time_of(project.id, held.assignment_id).paid_seconds == 2_600
    assert hourly.reward(held.assignment_id)[0] == for_seconds(18_000_000, 2_600)
    scene.check_money(project)
    approved(project, held.assignment_id)
    work.tend_times(project_id=project.id, now=hourly.later(8))
    assert queries.coverage(project.id).needed_micros == 0
    scene.check_money(project)


def test_what_is_agreed_in_all_covers_the_first_time_too_but_not_more_than_was_stated():
    project, ben, held = reworked(2_400)
    hourly.ask_ahead(ben, held, 3_600)
    granted(project)
    hourly.start(ben, held, 600)
    improve(held, ben)
    assert queries.time_of(project.id, held.assignment_id).paid_seconds == 3_000
    scene.check_money(project)


def test_what_was_asked_for_before_is_paid_at_once_while_a_better_answer_is_made():
    project, ben, held = reworked(2_400)
    hourly.correct(ben, project, held.assignment_id, 2_400)
    (one,) = queries.urgent_time_requests(project.id)
    assert not one.at_work and one.measured_seconds == 2_400
    granted(project)
    assert scene.earned("ben") == 3_000_000
    hourly.start(ben, held, 300)
    improve(held, ben)  # beyond what is paid without asking
    assert queries.time_of(project.id, held.assignment_id).paid_seconds == 2_400
    scene.check_money(project)


def test_silence_pays_no_more_than_it_took_for_what_was_asked_beforehand():
    project, ben, held = reworked(600)
    hourly.ask_ahead(ben, held, 3_000)
    work.leave_as_is(**mine(held, ben), now=now())
    approved(project, held.assignment_id)
    work.tend_times(project_id=project.id, now=hourly.later(3.1))
    assert scene.earned("ben") == 3_000_000
    scene.check_money(project)


def test_not_agreed_before_it_pays_up_to_the_limit_and_the_rest_can_be_asked_for():
    project, ben, held = reworked(1_700)
    hourly.ask_ahead(ben, held, 3_000)
    hourly.start(ben, held, 900)
    improve(held, ben)
    assert queries.time_of(project.id, held.assignment_id).paid_seconds == 1_800
    work.feed_answers(project_id=project.id)
    (one,) = queries.urgent_time_requests(project.id)
    assert (one.seconds, one.at_work) == (2_600, False)
    granted(project)
    assert scene.earned("ben") == for_seconds(18_000_000, 2_600) - 9_000_000
    scene.check_money(project)


def test_a_better_answer_leaves_a_week_to_correct_the_time_and_counts_as_in_hand():
    project, ben, held = reworked()
    sql.write("UPDATE hourly_answer SET correct_until = now() - interval '1 day'")
    sql.write(
        "UPDATE assignment SET claimed_at = claimed_at + interval '2 hours'"
    )  # it was in hand for ten minutes
    sql.write("UPDATE rework SET asked_at = asked_at - interval '20 minutes'")
    hourly.start(ben, held, 300)
    improve(held, ben)
    assert hourly.correct(ben, project, held.assignment_id, 1_500).request_id is None
    scene.check_money(project)


@pytest.mark.parametrize("way", ["leave", "give_back", "lapse"])
def test_whoever_improves_nothing_has_no_timer_running_any_more(way):
    project, ben, held = reworked()
    hourly.start(ben, held, 300, runs=True)
    if way == "leave":
        work.leave_as_is(**mine(held, ben), now=now())
    elif way == "give_back":
        work.give_back(**mine(held, ben))
    else:
        work.lapse_deferrals(project_id=project.id, now=now() + timedelta(days=6))
    assert [one.ended_by for one in TimeEntry.objects.order_by("id")][-1] == "given_up"
    assert hourly.reward(held.assignment_id)[0] == 3_000_000
    with pytest.raises(Conflict):
        work.start_timer(**mine(held, ben), now=now())
    scene.check_money(project)
