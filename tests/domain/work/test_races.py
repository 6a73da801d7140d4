"""Many at once, on real connections: nothing is given out twice, nothing handed in is lost or doubled."""

import contextlib
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from tagwerk.base.errors import Conflict
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.actions.importing import ImportReport
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held
from tagwerk.domain.work.rules.states import State
from tests import orders
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run all jobs at the same time, each on a connection of its own; what they gave, or the error."""
    results: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number: int, job: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def without_errors(results: list[object]) -> list[object]:
    assert [one for one in results if isinstance(one, Exception)] == []
    return results


def test_a_double_click_takes_one_task():
    project = scene.running(5)
    ben = scene.worker("ben", project)
    held = without_errors(at_once(*[lambda: scene.taken(ben, project).assignment_id] * 8))
    assert len(set(held)) == 1
    assert sql.value("SELECT count(*) FROM assignment") == 1


def test_a_double_submit_is_one_answer_and_one_next_task():
    project = scene.running(5)
    ben = scene.worker("ben", project)
    held = scene.taken(ben, project)
    replies = without_errors(at_once(*[lambda: scene.submit(held, ben, then=True).next.assignment_id] * 8))
    assert len(set(replies)) == 1
    assert sql.value("SELECT count(*) FROM answer") == 1
    assert sql.value("SELECT count(*) FROM inbox") == 1


def test_the_last_slot_goes_to_one_of_many():
    project = scene.running(1, quality=scene.answers(1))
    people = [scene.worker(f"w{n}", project) for n in range(12)]
    results = without_errors(at_once(*[lambda who=who: scene.claim(who, project) for who in people]))
    assert sum(isinstance(one, Held) for one in results) == 1
    assert scene.open_slots(project) == 0


def _busy(project: ProjectView, person_id: int, seed: int, rounds: int) -> None:
    """Somebody who works, returns, hands in twice and dawdles."""
    chance = random.Random(seed)
    for _ in range(rounds):
        held = scene.claim(person_id, project)
        if isinstance(held, Held):
            with contextlib.suppress(
                Conflict
            ):  # expired and given up in between: not in their hands any more
                _one_of_many_ways(project, person_id, held, chance)


def _one_of_many_ways(project: ProjectView, person_id: int, held: Held, chance: random.Random) -> None:
    what = chance.random()
    if what < 0.7:
        reply = scene.submit(held, person_id, then=chance.random() < 0.5)
        if chance.random() < 0.3:
            assert scene.submit(held, person_id, then=reply.next is not None).revision == reply.revision
    elif what < 0.85:
        work.return_assignment(person_id=person_id, project_id=project.id, assignment_id=held.assignment_id)
    elif what < 0.95:
        sql.write(
            "UPDATE hold SET expires_at = statement_timestamp() - interval '1 s'"
            " WHERE project_id = %s AND assignment_id = %s",
            [project.id, held.assignment_id],
        )
        if chance.random() < 0.5:
            scene.submit(held, person_id)


def _jobs(project: ProjectView, seed: int, rounds: int) -> None:
    """All that goes on behind the workers."""
    chance = random.Random(seed)
    for _ in range(rounds):
        work.sweep_expired(now=now())
        work.return_to_queue(project_id=project.id)
        work.feed_answers(project_id=project.id)
        fed = queries.feed(project.id, chance.randrange(20))
        if fed:
            tasks = {one.task_id for one in chance.sample(fed, min(3, len(fed)))}
            work.want_more_answers(project_id=project.id, wants=dict.fromkeys(tasks, 1))
            work.close_tasks(project_id=project.id, task_ids=[chance.choice(fed).task_id])
            work.approve(project_id=project.id, assignment_ids=[chance.choice(fed).assignment_id])


def test_nothing_is_lost_doubled_or_given_out_too_often(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(40, quality=scene.answers(2, 4))
    people = [scene.worker(f"w{n}", project) for n in range(12)]
    without_errors(
        at_once(
            *[lambda who=who: _busy(project, who, who, 15) for who in people],
            *[lambda seed=seed: _jobs(project, seed, 8) for seed in (1, 2)],
        )
    )
    work.sweep_expired(now=now())
    work.return_to_queue(project_id=project.id)
    work.feed_answers(project_id=project.id)
    scene.check_slots(project)
    scene.check_money(project)
    handed_in = sql.value("SELECT count(*) FROM assignment WHERE state IN (1, 2)")
    assert handed_in > 40
    assert sql.value("SELECT count(*) FROM answer") == sql.value(
        "SELECT count(*) FROM assignment WHERE state IN (1, 2, 7)"
    )
    seqs = [one.seq for one in queries.feed(project.id, 0, 10_000)]
    assert seqs == list(range(1, handed_in + 1))
    assert (
        sql.value(
            "SELECT max(n) FROM (SELECT count(*) n FROM assignment WHERE state IN (0, 1, 2) GROUP BY task_id) t"
        )
        <= 4
    )


def test_readers_of_the_feed_miss_nothing_while_it_grows(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(30, quality=scene.answers(8))
    people = [scene.worker(f"w{n}", project) for n in range(8)]
    stop, seen = threading.Event(), []

    def read() -> None:
        last = 0
        while not stop.is_set() or queries.feed(project.id, last):
            work.feed_answers(project_id=project.id)
            for one in queries.feed(project.id, last):
                seen.append(one.assignment_id)
                last = one.seq

    def labour(who: int) -> None:
        for _ in range(25):
            scene.done(who, project)

    def all_of_them() -> None:
        without_errors(at_once(*[lambda who=who: labour(who) for who in people]))
        stop.set()

    without_errors(at_once(read, all_of_them))
    work.feed_answers(project_id=project.id)
    seen += [one.assignment_id for one in queries.feed(project.id, len(seen))]
    assert len(seen) == len(set(seen)) == 200


def test_a_second_lap_finds_what_was_locked_on_the_first():
    project = scene.running(2, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    locked, go_on = threading.Event(), threading.Event()

    def hold_the_first_row() -> None:
        from django.db import transaction

        with transaction.atomic():
            sql.rows(
                "SELECT 1 FROM queue WHERE project_id = %s ORDER BY pos LIMIT 1 FOR UPDATE", [project.id]
            )
            locked.set()
            go_on.wait()

    def work_on() -> list[str]:
        locked.wait()
        passed = scene.taken(ben, project)
        after = scene.submit(passed, ben, then=True).next
        go_on.set()
        return [passed.data["text"], after.reason]

    results = without_errors(at_once(hold_the_first_row, work_on))
    assert results[1] == ["text 2", "no_open_task"]
    assert scene.taken(ben, project).data["text"] == "text 1"


def test_positions_grow_in_the_order_in_which_they_become_visible():
    project = scene.running(0, budget="100.00")
    ben = scene.worker("ben", project)
    stop, seen = threading.Event(), []

    def watch() -> None:
        while not stop.is_set():
            seen.append(sql.value("SELECT coalesce(max(pos), 0) FROM queue"))

    def add(start: int) -> None:
        for n in range(6):
            work.add_tasks(project_id=project.id, rows=scene.rows(3, start + 10 * n))

    def all_of_them() -> None:
        without_errors(at_once(*[lambda start=start: add(start) for start in (1000, 2000, 3000)]))
        stop.set()

    without_errors(at_once(watch, all_of_them))
    positions = [pos for (pos,) in sql.rows("SELECT pos FROM queue ORDER BY pos")]
    assert len(positions) == 54
    for high in set(
        seen
    ):  # whatever was the highest at a moment: all below were visible too, or were never given
        assert len([pos for pos in positions if pos <= high]) == high
    assert isinstance(scene.claim(ben, project), Held)


def test_approving_twice_at_once_pays_once(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(20)
    ben = scene.worker("ben", project)
    done = [scene.done(ben, project) for _ in range(20)]
    work.feed_answers(project_id=project.id)
    paid = without_errors(at_once(*[lambda: work.approve(project_id=project.id, assignment_ids=done)] * 4))
    assert sum(paid) == 20
    assert queries.earnings(ben)[0].available_micros == 20 * 100_000
    scene.check_money(project)


def test_an_expiry_and_a_submit_at_once_end_in_one_of_them():
    project = scene.running(12, quality=scene.answers(1), hold={"tasks": 12, "minutes": 1})
    ben = scene.worker("ben", project)
    held = [scene.taken(ben, project) for _ in range(12)]
    later = now() + timedelta(minutes=2)
    results = at_once(
        *[lambda one=one: scene.submit(one, ben).status for one in held],
        lambda: work.sweep_expired(now=later),
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    states = [state for (state,) in sql.rows("SELECT DISTINCT state FROM assignment")]
    assert states == [State.SUBMITTED]
    scene.check_slots(project)


WORKER = """
import os, sys, json
os.environ["DJANGO_SETTINGS_MODULE"] = "tagwerk.config.settings"
import django
django.setup()
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries.holding import Held
project, person = int(sys.argv[1]), int(sys.argv[2])
held = work.claim(person_id=person, project_id=project, channel=1)
done = []
while isinstance(held, Held):
    reply = work.submit(person_id=person, project_id=project, assignment_id=held.assignment_id, design_id=held.design_id,
                        answers={"sentiment": "neutral"}, active_ms=1, channel=1, claim_next=True)
    done.append(held.assignment_id)
    held = reply.next
print(json.dumps(done))
"""


def test_real_processes_share_the_work(database_urls):
    import json
    import os

    project = scene.running(60, quality=scene.answers(2))
    people = [scene.worker(f"w{n}", project) for n in range(4)]
    environment = {**os.environ, "DATABASE_URL": database_urls.app}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(project.id), str(who)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for who in people
    ]
    outputs = [process.communicate(timeout=100)[0] for process in running]
    done = [one for output in outputs for one in json.loads(output)]
    assert len(done) == len(set(done)) == 120
    assert sql.value("SELECT count(*) FROM answer") == 120
    assert scene.open_slots(project) == 0


def plan(amount: str):
    pay = {"per": "word", "amount": amount, "units_from": "text"}
    return orders.project_file(pay=pay, quality=scene.answers(1))


def brought_in_while(project: ProjectView, change: Callable[[], object], *, rows: int = 2) -> ImportReport:
    """The import of some rows, between which something else is done."""

    def coming():
        given = scene.rows(rows)
        yield given[0]
        try:
            change()
        finally:
            connection.close()  # rows are read in a thread of their own
        yield from given[1:]

    return work.import_tasks(project_id=project.id, rows=coming())


def test_rows_that_come_while_the_pay_plan_changes_are_paid_by_the_new_one():
    project = scene.running(
        0, launch=False, pay={"per": "answer", "amount": "0.10"}, quality=scene.answers(1)
    )
    work.import_tasks(project_id=project.id, rows=scene.rows(1, start=9))
    ada = actor("ada")
    brought_in_while(project, lambda: work.revise(actor=ada, project_id=project.id, file=plan("0.05")))
    assert sql.rows("SELECT DISTINCT units FROM task") == [(2_000_000,)]
    work.launch(actor=ada, project_id=project.id)
    assert scene.taken(scene.worker("ben"), project).reward_micros == 100_000


def test_rows_that_come_while_the_pay_plan_changes_and_the_project_is_launched_are_refused():
    project = scene.running(
        1, launch=False, pay={"per": "answer", "amount": "0.10"}, quality=scene.answers(1)
    )
    ada = actor("ada")

    def change():
        work.revise(actor=ada, project_id=project.id, file=plan("0.05"))
        work.launch(actor=ada, project_id=project.id)

    with pytest.raises(Conflict) as refused:
        brought_in_while(project, change, rows=3)
    assert refused.value.code == "pay_changed_meanwhile"
    assert sql.value("SELECT count(*) FROM task") == 1
