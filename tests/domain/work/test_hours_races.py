"""Timers, corrections and decisions by several processes at once."""

from contextlib import suppress

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TimeEntry
from tests.domain.work import hourly, scene
from tests.domain.work.test_races import at_once, without_errors
from tests.people import actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def mine(held, person_id):
    return {"person_id": person_id, "project_id": held.project_id, "assignment_id": held.assignment_id}


def test_timers_started_at_once_are_one():
    one, other = hourly.running(1), hourly.running(1, title="Other")
    ben = scene.worker("ben")
    held = [scene.taken(ben, one), scene.taken(ben, other)]
    without_errors(
        at_once(
            *[
                lambda which=which: work.start_timer(**mine(held[which % 2], ben), now=now())
                for which in range(6)
            ]
        )
    )
    assert TimeEntry.objects.filter(ended_at=None).count() == 1
    assert sum(1 for one in held if queries.timer_of(ben, one.assignment_id).running) == 1


def test_signs_of_life_while_handing_in_leave_no_timer_running():
    project, ben = hourly.running(6), scene.worker("ben")
    for _ in range(6):
        held = hourly.timed(ben, project, 600, runs=True)

        def beat(held=held):
            for _ in range(5):
                work.keep_timer(**mine(held, ben), now=now())

        def start(held=held):
            with suppress(Conflict):
                work.start_timer(**mine(held, ben), now=now())

        without_errors(at_once(beat, lambda held=held: scene.submit(held, ben), beat, start))
        assert TimeEntry.objects.filter(ended_at=None).count() == 0
        assert queries.time_of(project.id, held.assignment_id).measured_seconds >= 600
    scene.check_money(project)


def test_a_correction_while_the_answer_is_approved_is_paid_or_asked_for():
    project = hourly.running(8)
    ben = scene.worker("ben")
    for _ in range(8):
        number = hourly.worked(ben, project, 600)
        work.feed_answers(project_id=project.id)

        def correct(number=number):
            return hourly.correct(ben, project, number, 1_200)

        done = without_errors(
            at_once(
                correct, lambda number=number: work.approve(project_id=project.id, assignment_ids=[number])
            )
        )
        pays = hourly.reward(number)[0]
        assert pays == (6_000_000 if done[0].request_id is None else 3_000_000)
        scene.check_money(project)


def test_time_granted_by_six_at_once_while_it_lapses_is_paid_once():
    project, ben = hourly.running(1), scene.worker("ben")
    number = hourly.worked(ben, project, 600)
    work.feed_answers(project_id=project.id)
    work.approve(project_id=project.id, assignment_ids=[number])
    request_id = hourly.correct(ben, project, number, 1_200).request_id
    ada = actor("ada")

    def grant():
        with suppress(Conflict):
            work.decide_time(actor=ada, project_id=project.id, request_id=request_id, grants=True, now=now())

    without_errors(
        at_once(*[grant] * 4, *[lambda: work.tend_times(project_id=project.id, now=hourly.later(9))] * 2)
    )
    work.tend_times(project_id=project.id, now=hourly.later(9))
    assert scene.earned("ben") == 6_000_000
    scene.check_money(project)
    assert queries.coverage(project.id).needed_micros == 0
