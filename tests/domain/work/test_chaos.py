"""Everything that happens to a project at once, on real connections, until it is finished and settled to the cent."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from tagwerk.base.errors import Refusal
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held
from tests.domain.work import scene
from tests.people import actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
OPEN_SECONDS, FINISHED_SECONDS = 15, 3


class Crowd:
    """A sensitive project with gold, people who work on it, and all jobs; each method is a round of one of them."""

    def __init__(self) -> None:
        plan = {**scene.answers(2, 4), "gold_share": 0.3}
        self.project = scene.running(150, gold=10, quality=plan, sensitivity=2)
        self.id = self.project.id
        self.people = [scene.worker(f"w{number}") for number in range(6)]
        sql.write("UPDATE person SET adult_confirmed_at = now()")
        for person_id in self.people:
            work.consent(person_id=person_id, project_id=self.id)
        work.refresh_enrolments(project_id=self.id)
        self.ada = actor("ada")
        self.over = threading.Event()
        self.errors: list[Exception] = []

    def worker(self, person_id: int) -> Callable[[], None]:
        chance = random.Random(person_id)

        def one() -> None:
            work.consent(person_id=person_id, project_id=self.id)
            held = scene.claim(person_id, self.project)
            if not isinstance(held, Held):
                time.sleep(0.02)
                return
            what = chance.random()
            mine = {"person_id": person_id, "project_id": self.id, "assignment_id": held.assignment_id}
            if what < 0.8:
                answer = {"sentiment": chance.choice(["positive", "neutral"])}
                scene.submit(held, person_id, answer, then=what < 0.5)
            elif what < 0.9:
                work.return_assignment(**mine)
            elif what < 0.95:
                work.stop(**mine)

        return one

    def decide(self) -> None:
        for (one,) in sql.rows(
            "SELECT a.id FROM assignment a JOIN answer_feed f ON f.project_id = a.project_id AND f.assignment_id = a.id"
            " WHERE a.state = 1 ORDER BY random() LIMIT 3"
        ):
            if one % 3:
                work.approve(project_id=self.id, assignment_ids=[one])
            else:
                quality.reject_answer(
                    actor=self.ada, project_id=self.id, assignment_id=one, code="low_effort", reason="no"
                )
                quality.recheck_answers(project_id=self.id, assignment_ids=[one])

    def tend(self) -> None:
        work.tend_project(project_id=self.id, now=now())
        work.reopen_rejected(project_id=self.id, now=now() + timedelta(days=30))

    def judge(self) -> None:
        work.feed_answers(project_id=self.id)
        quality.judge_answers(project_id=self.id)

    def sweep(self) -> None:
        work.sweep_expired(now=now() + timedelta(hours=1))
        time.sleep(0.2)

    def resume(self) -> None:
        for person_id in self.people:
            work.resume_worker(project_id=self.id, worker_id=person_id)
        time.sleep(0.1)

    def again(self, one: Callable[[], None]) -> None:
        """Over and over; being refused is part of it, anything else (a deadlock, too) is not."""
        try:
            while not self.over.is_set():
                try:
                    one()
                except Refusal:
                    pass
                except Exception as error:
                    self.errors.append(error)
        finally:
            connection.close()


def test_everything_at_once_is_settled_to_the_cent(settings):
    settings.UNDO_SECONDS = 0
    crowd = Crowd()
    rounds = [crowd.worker(person_id) for person_id in crowd.people]
    rounds += [crowd.decide, crowd.tend, crowd.judge, crowd.judge, crowd.sweep, crowd.resume]
    threads = [threading.Thread(target=crowd.again, args=[one]) for one in rounds]
    for thread in threads:
        thread.start()
    time.sleep(OPEN_SECONDS)
    projects.finish_project(actor=crowd.ada, project_id=crowd.id)
    time.sleep(FINISHED_SECONDS)
    crowd.over.set()
    for thread in threads:
        thread.join()
    assert crowd.errors == []
    work.sweep_expired(now=now() + timedelta(hours=20))
    work.tend_project(project_id=crowd.id, now=now() + timedelta(days=99))
    # What a second person should have confirmed, and nobody did, is paid; so is what nobody decided about an objection.
    quality.lapse_proposals(now=now() + timedelta(days=99))
    quality.lapse_appeals(now=now() + timedelta(days=99))
    work.accept_all(project_id=crowd.id)
    assert work.settle_finished(project_id=crowd.id)
    assert queries.coverage(crowd.id).needed_micros == 0
    assert project_queries.reserved_micros(crowd.id, "EUR") == 0
    scene.check_money(crowd.project)
