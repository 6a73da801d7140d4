"""The worker's timer: one runs at a time, on the server's time, as long as its page says that it is there."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TimeEntry
from tagwerk.domain.work.queries import sql
from tests.domain.work import hourly, scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def mine(held, person_id):
    return {"person_id": person_id, "project_id": held.project_id, "assignment_id": held.assignment_id}


def test_one_timer_runs_and_starting_another_pauses_it():
    one, other = hourly.running(1), hourly.running(1, title="Other")
    ben = scene.worker("ben")
    first, second = scene.taken(ben, one), scene.taken(ben, other)
    at = now()
    assert work.start_timer(**mine(first, ben), now=at).paused is None
    assert work.start_timer(**mine(first, ben), now=at + timedelta(seconds=30)).paused is None
    assert TimeEntry.objects.count() == 1
    started = work.start_timer(**mine(second, ben), now=at + timedelta(seconds=60))
    assert started.paused == first.assignment_id and started.timer.running
    assert [(t.ended_by, t.ended_at) for t in TimeEntry.objects.order_by("id")] == [
        ("other_task", at + timedelta(seconds=60)), ("", None),
    ]  # fmt: skip
    assert queries.timer_of(ben, first.assignment_id).seconds(at + timedelta(hours=1)) == 60
    paused = work.pause_timer(**mine(second, ben), now=at + timedelta(seconds=100))
    assert paused.running is None and paused.seconds(at + timedelta(hours=1)) == 40


def test_a_page_that_says_nothing_loses_its_timer_and_its_worker_is_told():
    project, ben = hourly.running(1), scene.worker("ben")
    held, at = scene.taken(ben, project), now() - timedelta(minutes=10)
    work.start_timer(**mine(held, ben), now=at)
    for seconds in (40, 80, 120):
        work.keep_timer(**mine(held, ben), now=at + timedelta(seconds=seconds))
    assert work.end_lost_timers(now=at + timedelta(seconds=240)) == 0
    assert work.end_lost_timers(now=at + timedelta(seconds=241)) == 1
    timer = work.keep_timer(**mine(held, ben), now=at + timedelta(seconds=250))
    assert timer.was_lost and timer.seconds(now()) == 120
    assert Notice.objects.get(person_id=ben, kind="timer_lost").params["minutes"] == 2
    work.start_timer(**mine(held, ben), now=at + timedelta(seconds=300))
    work.start_timer(**mine(held, ben), now=at + timedelta(seconds=500))  # silent for too long again
    assert [run.ended_by for run in queries.timer_of(ben, held.assignment_id).runs] == ["lost", "lost", ""]


def test_handing_in_after_a_silence_counts_up_to_the_last_sign_of_life():
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.timed(ben, project, 600, runs=True)
    sql.write("UPDATE time_entry SET seen_at = now() - interval '5 minutes'")
    scene.submit(held, ben)
    assert queries.time_of(project.id, held.assignment_id).measured_seconds == 300


def test_what_was_done_offline_counts_up_to_when_it_was_handed_in_there():
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.timed(ben, project, 1_200, runs=True)
    sql.write("UPDATE time_entry SET seen_at = now() - interval '15 minutes'")  # five minutes were heard of
    work.end_lost_timers(now=now())
    work.count_offline(**mine(held, ben), until=now() - timedelta(minutes=5), now=now())
    scene.submit(held, ben)
    assert queries.time_of(project.id, held.assignment_id).measured_seconds in (899, 900)
    assert TimeEntry.objects.get().ended_by == "offline"


def test_a_timer_goes_on_when_its_page_has_a_connection_again():
    project, ben = hourly.running(2), scene.worker("ben")
    held, at = hourly.timed(ben, project, 1_200, runs=True), now()
    sql.write("UPDATE time_entry SET seen_at = now() - interval '15 minutes'")  # five minutes were heard of
    work.end_lost_timers(now=at)
    timer = work.keep_timer(**mine(held, ben), now=at, until=at - timedelta(seconds=1))
    assert timer.running and 1_199 <= timer.seconds(at) <= 1_230
    assert [run.ended_by for run in timer.runs] == ["offline", ""]
    work.keep_timer(**mine(held, ben), now=at + timedelta(seconds=40), until=at + timedelta(seconds=39))
    assert TimeEntry.objects.count() == 2
    at += timedelta(minutes=20)  # its computer slept since
    timer = work.keep_timer(**mine(held, ben), now=at, until=at - timedelta(minutes=15))
    assert timer.running is None and 1_499 <= timer.seconds(at) <= 1_530
    timer = work.keep_timer(**mine(held, ben), now=at, until=at)
    assert timer.running is None  # nor does it start what has ended


def test_the_server_clamps_what_a_browser_says():
    project, ben = hourly.running(2), scene.worker("ben")
    held = hourly.timed(ben, project, 7_200, runs=True)
    sql.write("UPDATE time_entry SET seen_at = started_at + interval '1 minute'")
    work.count_offline(**mine(held, ben), until=now() + timedelta(days=9), now=now())
    assert queries.timer_of(ben, held.assignment_id).seconds(now()) == 1_800  # what is paid without asking
    work.count_offline(**mine(held, ben), until=now() + timedelta(days=9), now=now())
    assert queries.timer_of(ben, held.assignment_id).seconds(now()) == 1_800
    work.start_timer(**mine(held, ben), now=now())
    work.pause_timer(**mine(held, ben), now=now())
    work.count_offline(**mine(held, ben), until=now() + timedelta(hours=1), now=now() + timedelta(hours=1))
    assert queries.timer_of(ben, held.assignment_id).seconds(now()) <= 1_801  # who paused was not at work


def test_a_timer_is_of_a_task_in_hand_that_is_paid_by_the_hour():
    project, plain = hourly.running(2), scene.running(1, title="Plain", quality=scene.answers(1))
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    held, other = scene.taken(ben, project), scene.taken(ben, plain)
    with pytest.raises(NotFound):
        work.start_timer(**mine(held, cyn), now=now())
    with pytest.raises(NotFound):
        work.start_timer(**mine(other, ben), now=now())
    scene.submit(held, ben)
    with pytest.raises(Conflict):
        work.start_timer(**mine(held, ben), now=now())
    with pytest.raises(NotFound):
        hourly.correct(ben, plain, other.assignment_id, 5)
