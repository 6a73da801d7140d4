"""When it is told that little money is left."""

from typing import Any

import pytest
from django.utils.timezone import now

from tagwerk.base.models import StoredEvent
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as projects_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db
PRICE = 120_000


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    """Nobody waits for the undo time."""
    settings.UNDO_SECONDS = 0


def told() -> list[dict[str, Any]]:
    """What was told of low budgets, oldest first."""
    return list(StoredEvent.objects.filter(name="BudgetLow").order_by("id").values_list("facts", flat=True))


def test_tasks_that_wait_are_told_when_nothing_is_open_any_more_and_again_after_a_raise():
    project = scene.running(10, quality=scene.answers(1, 2), budget="0.50")
    assert queries.progress(project.id).waits_for_money
    assert not work.watch_budget(project_id=project.id)  # two tasks are open: nobody has to do anything yet
    ben = scene.worker("ben")
    first, second = scene.done(ben, project), scene.done(ben, project)
    assert work.watch_budget(project_id=project.id)
    assert not work.watch_budget(project_id=project.id)
    assert told() == [{"left_micros": 500_000, "budget_micros": 500_000, "waiting_tasks": 8}]
    projects.raise_budget(actor=actor("ada"), project_id=project.id, amount_micros=800_000)
    work.feed_answers(project_id=project.id)
    work.approve(project_id=project.id, assignment_ids=[first, second])
    work.open_covered_tasks(project_id=project.id)
    assert not work.watch_budget(project_id=project.id)
    scene.done(ben, project)
    assert work.watch_budget(project_id=project.id)
    assert told()[1] == {"left_micros": 800_000 - 2 * PRICE, "budget_micros": 800_000, "waiting_tasks": 7}


def test_with_the_largest_budget_it_is_told_when_a_tenth_is_left():
    project = scene.running(20, quality=scene.answers(1))
    done = scene.all_done(scene.worker("ben"), project)
    work.feed_answers(project_id=project.id)
    work.approve(project_id=project.id, assignment_ids=done[:18])
    assert not work.watch_budget(project_id=project.id)  # just a tenth
    work.approve(project_id=project.id, assignment_ids=done[18:19])
    assert work.watch_budget(project_id=project.id)
    assert told() == [{"left_micros": PRICE, "budget_micros": 20 * PRICE, "waiting_tasks": 0}]


def test_who_runs_a_pilot_or_pays_nothing_is_not_told():
    project = scene.running(3, quality=scene.answers(1), launch=False)
    work.launch(actor=actor("ada"), project_id=project.id, tasks=1)
    done = scene.all_done(scene.worker("ben"), project)
    work.feed_answers(project_id=project.id)
    assert work.approve(project_id=project.id, assignment_ids=done) == 1
    assert not work.watch_budget(project_id=project.id)
    unpaid = scene.running(1, quality=scene.answers(1), **scene.without_pay("ben"))
    scene.all_done(scene.worker("ben"), unpaid)
    assert not work.watch_budget(project_id=unpaid.id)
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    assert not work.watch_budget(project_id=project.id)


def test_spending_stops_at_the_approved_cap_and_never_raises_itself():
    """Ten tasks for a budget of four: more tasks, a second lap and every job that tends the project leave the cap as it is."""
    project = scene.running(10, quality=scene.answers(1, 1), budget="0.50")
    ben = scene.worker("ben")
    scene.all_done(ben, project)
    work.import_tasks(project_id=project.id, rows=scene.rows(10, start=11))
    for _ in range(3):
        work.feed_answers(project_id=project.id)
        work.tend_all(now=now())
        work.open_covered_tasks(project_id=project.id)
        scene.all_done(ben, project)
    work.accept_all(project_id=project.id)
    spent = queries.spending(projects_queries.project(project.id))
    assert (spent.put_in_micros, spent.spent_micros) == (500_000, 4 * PRICE)
    assert queries.estimate(project.id).cap_micros == 500_000 < queries.estimate(project.id).largest_micros
