"""Gold as it is served: more of it for who is new, covered by money, none of it twice."""

import random
from functools import partial

import pytest

from tagwerk.domain.designs.rules.project_file import gold_cost_bp
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import Assignment
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.coverage import Funds, gold_on_top, largest_cost
from tests.domain.work import scene
from tests.domain.work.test_races import at_once, without_errors

STARTING = {"answers": 1, "gold_share": 0.1, "gold_start": {"share": 0.5, "tasks": 10}}


def share_after(tasks: int) -> int:
    return int(sql.value("SELECT work_gold_share(%s, 1000, 5000, 10)", [tasks]))


@pytest.mark.django_db
def test_the_share_falls_evenly_to_that_of_the_project():
    assert [share_after(n) for n in (0, 1, 5, 9, 10, 1_000)] == [5000, 4600, 3000, 1400, 1000, 1000]
    assert sql.value("SELECT work_gold_share(3, 1000, 0, 0)") == 1000  # projects from before have no start


@pytest.mark.django_db
def test_gaps_have_the_mean_that_their_share_says():
    for share in (1000, 3000, 5000):
        mean = sql.value(
            "SELECT avg(work_gold_gap(n, n * 7919, %s))::float8 FROM generate_series(1, 4000) n", [share]
        )
        assert mean == pytest.approx((10_000 - share) / share, rel=0.06)


@pytest.mark.django_db
def test_who_is_new_meets_more_gold():
    names = [f"w{n}" for n in range(6)]
    project = scene.running(250, gold=40, quality=STARTING, **scene.without_pay(*names))
    early = late = 0
    for number, name in enumerate(names):
        worker = scene.worker(name, project)
        seed = 1_000 + number
        sql.write(
            "UPDATE enrolment SET seed = %s, gold_due = work_gold_gap(0, %s, 5000) WHERE worker_id = %s",
            [seed, seed, worker],
        )
        given = []
        for _ in range(30):
            held = scene.taken(worker, project)
            scene.submit(held, worker)
            given.append(held.assignment_id)
        gold = set(Assignment.objects.filter(worker_id=worker, is_gold=True).values_list("id", flat=True))
        early += sum(one in gold for one in given[:10])
        late += sum(one in gold for one in given[10:])
    # Expected: about 18 of 60 at the start, then about 12 of 120.
    assert early / 60 > 1.5 * late / 120
    assert 8 <= early <= 32 and 3 <= late <= 26


@pytest.mark.django_db
def test_the_start_is_in_the_price_and_all_gold_stays_covered():
    project = scene.running(20, gold=20, quality=STARTING)
    assert project.gold_cost_bp == gold_cost_bp(1000, 5000) == 2000
    answer = project.price.total_micros
    assert queries.estimate(project.id).largest_micros == largest_cost(
        tasks=20, answers=1, answer_micros=answer, gold_share_bp=2000
    )
    for name in ("ben", "bea", "bob"):
        worker = scene.worker(name, project)
        work.top_up_gold(project_id=project.id)
        for _ in range(8):
            held = scene.claim(worker, project)
            if hasattr(held, "assignment_id"):
                scene.submit(held, worker)
            scene.check_money(project)
    assert Assignment.objects.filter(is_gold=True).exists()


def test_what_gold_costs_on_top_of_what_is_open():
    funds = Funds(reserved_micros=900, paid_micros=100, committed_micros=1_000, gold_micros=0)
    assert gold_on_top(funds, gold_share_bp=1_000) == 100  # a tenth of all that is still to be answered
    assert gold_on_top(Funds(1_900, 100, 1_000, 0), gold_share_bp=1_000) == 0  # there is enough


def window(project: ProjectView, worker: int, seed: int) -> None:
    """One of a worker's windows: takes gold whenever it is due, which it always is, and hands most of it in."""
    chance = random.Random(seed)
    for _ in range(12):
        sql.write("UPDATE enrolment SET gold_due = 0 WHERE worker_id = %s", [worker])
        held = scene.claim(worker, project)
        if hasattr(held, "assignment_id") and chance.random() < 0.8:
            scene.submit(held, worker)


def change_gold(project: ProjectView, tasks: list[int]) -> None:
    """Make gold of ordinary tasks, retire some of it, have it served again."""
    for task_id in tasks:
        work.make_gold(project_id=project.id, right={task_id: scene.ANSWER})
        work.retire_gold(project_id=project.id, task_id=task_id - 1)
        work.reinstate_gold(project_id=project.id, task_id=task_id - 2)


@pytest.mark.django_db(transaction=True)
def test_nobody_meets_the_same_gold_twice_even_at_once():
    """One worker in six windows, while members promote and retire: no task is given to them twice, nothing breaks."""
    plan = {"answers": 1, "gold_share": 0.5}
    project = scene.running(12, gold=8, quality=plan, hold={"tasks": 4}, **scene.without_pay("ben"))
    ben = scene.worker("ben", project)
    tasks = [
        number
        for (number,) in sql.rows("SELECT id FROM task WHERE project_id = %s AND NOT is_gold", [project.id])
    ]
    windows = [partial(window, project, ben, seed) for seed in range(6)]
    without_errors(at_once(*windows, partial(change_gold, project, tasks)))
    given = list(Assignment.objects.filter(worker_id=ben).values_list("task_id", flat=True))
    assert len(given) == len(set(given)) > 12
