"""What two people call unanswerable is paid to both and asked of nobody any more."""

import pytest

from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries.holding import Held
from tagwerk.domain.work.rules.states import State
from tests.domain.work import scene

pytestmark = pytest.mark.django_db
WHY = "cannot_be_answered/broken: no picture"


@pytest.fixture
def order(db):
    return scene.running(1, quality=scene.answers(2, 4))


def report(name, order, reason=WHY):
    """Somebody skips the task with this reason; their number."""
    who = scene.worker(name)
    held = scene.taken(who, order)
    work.skip(person_id=who, project_id=order.id, assignment_id=held.assignment_id, reason=reason)
    work.return_to_queue(project_id=order.id)
    work.settle_unanswerable(project_id=order.id, task_id=held.task_id)
    scene.check_money(order)
    return who


def states(*people):
    return [queries.my_work(who)[0].state for who in people]


def earned(who):
    return sum(one.available_micros for one in queries.earnings(who))


def test_one_report_is_a_report(order):
    ben = report("ben", order)
    assert (states(ben), earned(ben)) == ([State.SKIPPED], 0)
    assert isinstance(scene.claim(scene.worker("cyn"), order), Held)


def test_two_reports_are_paid_and_end_the_task(order):
    ben, cyn = report("ben", order), report("cyn", order)
    assert states(ben, cyn) == [State.STOPPED, State.STOPPED]
    assert (earned(ben), earned(cyn)) == (100_000, 100_000)
    assert not isinstance(scene.claim(scene.worker("eve"), order), Held)
    task_id = queries.my_work(ben)[0].task_id
    assert work.settle_unanswerable(project_id=order.id, task_id=task_id) == 0
    assert earned(ben) == 100_000


def test_who_held_it_when_it_was_settled_is_paid_for_the_same_report(order):
    eve = scene.worker("eve")
    held = scene.taken(eve, order)
    work.want_more_answers(project_id=order.id, wants={held.task_id: 2})
    report("ben", order), report("cyn", order)
    work.skip(person_id=eve, project_id=order.id, assignment_id=held.assignment_id, reason=WHY)
    work.return_to_queue(project_id=order.id)
    assert (states(eve), earned(eve)) == ([State.STOPPED], 100_000)
    scene.check_money(order)


def test_other_reasons_settle_nothing(order):
    people = [report("ben", order, "not_for_me"), report("cyn", order, "not_for_me"), report("eve", order)]
    assert states(*people) == [State.SKIPPED] * 3


def test_what_as_many_people_answered_can_be_answered(order):
    for name in ("w1", "w2"):
        who = scene.worker(name)
        scene.submit(scene.taken(who, order), who)
    work.want_more_answers(project_id=order.id, wants={queries.my_work(scene.worker("w1"))[0].task_id: 2})
    assert states(report("ben", order), report("cyn", order)) == [State.SKIPPED, State.SKIPPED]


def test_whoever_is_paid_for_many_reports_is_looked_at(db):
    order = scene.running(5, quality=scene.answers(2, 4))
    for _ in range(5):
        ben, cyn = report("ben", order), report("cyn", order)
    assert earned(ben) == 500_000
    for who in (ben, cyn):
        assert queries.enrolment(who, order.id).pause_reason == "many_stops"
