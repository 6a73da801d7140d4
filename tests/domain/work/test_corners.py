"""What happens at the edges of a project's life: money goes nowhere but to workers and back."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db
PRICE = 120_000  # 0.10 and 20 %


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def reserved(project):
    return project_queries.reserved_micros(project.id, "EUR")


def test_no_money_goes_into_a_project_that_is_over():
    project, ada = scene.running(2), actor("ada")
    projects.finish_project(actor=ada, project_id=project.id)
    assert work.settle_finished(project_id=project.id)
    for over in (lambda **_: None, projects.archive_project):
        over(actor=ada, project_id=project.id)
        with pytest.raises(Conflict):
            projects.raise_budget(actor=ada, project_id=project.id, amount_micros=100_000_000)
    assert reserved(project) == 0


def test_a_project_that_is_put_away_too_early_still_pays_and_gives_the_rest_back():
    project, ada = scene.running(2, quality=scene.answers(1)), actor("ada")
    ben, cyn = scene.worker("ben", project), scene.worker("cyn", project)
    scene.done(ben, project)
    held = scene.taken(cyn, project)
    projects.finish_project(actor=ada, project_id=project.id)
    projects.archive_project(actor=ada, project_id=project.id)
    scene.submit(held, cyn)
    assert not work.settle_finished(project_id=project.id)
    work.feed_answers(project_id=project.id)
    work.tend_all(now=now() + timedelta(days=99))
    for worker in (ben, cyn):
        assert ledger.balance(available(worker, "EUR").code).available == 100_000
    assert reserved(project) == 0
    assert work.settle_finished(project_id=project.id)


def test_a_draft_that_is_put_away_settles_nothing():
    project = scene.running(2, launch=False)
    projects.archive_project(actor=actor("ada"), project_id=project.id)
    assert not work.settle_finished(project_id=project.id)


def test_an_import_that_outlasts_its_project_brings_nothing():
    project, ada = scene.running(2), actor("ada")

    def meanwhile(_: int) -> None:
        projects.finish_project(actor=ada, project_id=project.id)
        work.settle_finished(project_id=project.id)

    with pytest.raises(Conflict) as refusal:
        work.import_tasks(project_id=project.id, rows=scene.rows(3, start=10), progress=meanwhile)
    assert refusal.value.code == "project_closed"


def test_an_import_into_a_project_that_is_launched_meanwhile_is_paid_for():
    project, ada = scene.running(2, launch=False, quality=scene.answers(2, 4)), actor("ada")
    work.import_tasks(
        project_id=project.id,
        rows=scene.rows(3, start=10),
        # As it looks from outside, where the import is not there yet: only the two tasks are counted and paid for.
        progress=lambda _: work.launch(actor=ada, project_id=project.id),
    )
    work.open_covered_tasks(project_id=project.id)
    assert reserved(project) == 5 * 4 * PRICE
    assert scene.open_slots(project) == 5 * 2
    scene.check_money(project)


def test_finishing_again_does_not_move_the_end():
    project, ada = scene.running(1), actor("ada")
    projects.finish_project(actor=ada, project_id=project.id)
    ended = project_queries.project(project.id).finished_at
    assert ended is not None
    projects.finish_project(actor=ada, project_id=project.id)
    assert project_queries.project(project.id).finished_at == ended


def test_an_answer_that_can_be_undone_is_there_for_nobody_else(settings):
    settings.UNDO_SECONDS = 60
    project, ada = scene.running(1, quality=scene.answers(1)), actor("ada")
    mine = scene.done(scene.worker("ben", project), project)
    assert work.approve(project_id=project.id, assignment_ids=[mine]) == 0
    for decide in (
        lambda: work.reject(
            actor=ada, project_id=project.id, assignment_id=mine, code="low_effort", reason="Not read."
        ),
        lambda: queries.answer_for(ada, project.id, mine),
    ):
        with pytest.raises(NotFound) as refused:
            decide()
        assert refused.value.code == "answer_not_found"
    sql.write("UPDATE inbox SET due_at = due_at - interval '1 hour'")
    sql.write("UPDATE assignment SET judged_from = judged_from - interval '1 hour'")
    projects.finish_project(actor=ada, project_id=project.id)
    work.feed_answers(project_id=project.id)
    assert queries.answer_for(ada, project.id, mine).state == 1
    assert work.accept_all(project_id=project.id) == 1
    assert work.settle_finished(project_id=project.id)
    scene.check_money(project)
