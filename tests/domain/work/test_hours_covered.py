"""Whatever happens to tasks that are paid by the hour: all that can still be paid is covered, to the micro."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held
from tagwerk.domain.work.queries.money import uncovered
from tagwerk.domain.work.rules.hours import TimeState
from tests.domain.work import hourly, scene
from tests.domain.work.test_coverage import Town
from tests.people import actor

pytestmark = pytest.mark.django_db
FACTORS = {"urgency": {"within": "9 hours", "factor": "1.10"}, "language": "1.25"}


class ByTheHour(Town):
    """The same town, whose people start, pause and forget timers, correct their time and ask for more."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people = [scene.worker(f"w{n}") for n in range(5)]
        sql.write("UPDATE person SET adult_confirmed_at = now()")
        quality = {**scene.answers(2, 4), "gold_share": 0.2}
        pay = {"per": "hour", "amount": self.chance.choice(["18.00", "13.90", "0.07"]), "most_minutes": 20}
        if seed % 2:
            pay["multipliers"] = FACTORS
        if seed % 3 == 2:
            pay["volume"] = {"after": 2, "factor": "1.3"}
        self.project = hourly.running(
            12, gold=3, quality=quality, budget=self.chance.choice(["200.00", "40.00", None]) or "9000.00", sensitivity=2,
            pay=pay,
        )  # fmt: skip
        self.id = self.project.id

    def take(self) -> None:
        who = self.chance.choice(self.people)
        work.consent(person_id=who, project_id=self.id)
        held = scene.claim(who, self.project)
        if not isinstance(held, Held):
            return
        if self.chance.random() < 0.8:
            hourly.start(
                who,
                held,
                self.chance.choice([0, 1, 7, 599, 1_200, 1_201, 2_400]),
                runs=self.chance.random() < 0.5,
            )
        if self.chance.random() < 0.2:
            work.pause_timer(person_id=who, project_id=self.id, assignment_id=held.assignment_id, now=now())
        if self.chance.random() < 0.4:
            with suppress(Conflict, Invalid):  # asked already, or more is agreed
                hourly.ask_ahead(who, held, self.chance.choice([1_201, 2_400, 3_600]))
                self.decide_time()
        if self.chance.random() < 0.6:
            scene.submit(held, who, active_ms=self.chance.choice([0, 61_000, 5_000_000]))
        elif self.chance.random() < 0.5:
            work.stop(person_id=who, project_id=self.id, assignment_id=held.assignment_id, active_ms=90_000)

    def improve(self) -> None:
        """With a timer, and with more time asked for."""
        asked = sql.rows("SELECT a.id, a.worker_id FROM assignment a JOIN rework r ON r.assignment_id = a.id"
            " WHERE r.state = 'asked' ORDER BY 1")  # fmt: skip
        if asked and self.chance.random() < 0.7:
            number, who = self.chance.choice(asked)
            held = queries.timer_of(who, number)
            hourly.start(who, held, self.chance.choice([30, 900, 2_000]), runs=self.chance.random() < 0.5)
            with suppress(Conflict, Invalid):  # asked already, or more is agreed
                hourly.ask_ahead(who, held, 4_800)
        super().improve()

    def lose(self) -> None:
        work.end_lost_timers(now=now() + timedelta(minutes=self.chance.choice([0, 5])))

    def correct(self) -> None:
        if one := self.one(1, 2, 3, 8):
            with suppress(Conflict, Invalid):
                seconds = self.chance.choice([0, 1, 61, 600, 1_199, 1_200, 1_300, 3_600])
                hourly.correct(one[1], self.project, one[0], seconds)

    def decide_time(self) -> None:
        waiting = queries.time_requests(self.id, states=[TimeState.ASKED])
        if not waiting:
            return
        grants = self.chance.random() < 0.7
        with suppress(Conflict):  # the money is not there
            work.decide_time(
                actor=actor("ada"), project_id=self.id, request_id=self.chance.choice(waiting).id, grants=grants,
                code="" if grants else "other_work", reply="" if grants else "No.", now=now(),
            )  # fmt: skip

    def end_times(self) -> None:
        work.tend_times(project_id=self.id, now=hourly.later(self.chance.choice([0, 3.5, 8])))

    def guarantee(self) -> None:
        """There is none: every hour is paid."""

    def ask_for_better(self) -> None:
        with suppress(Invalid):  # many times what so little time pays
            super().ask_for_better()

    def thank(self) -> None:
        with suppress(Conflict):
            super().thank()

    def steps(self):
        return [*super().steps(), *[self.correct, self.decide_time] * 3, self.lose, self.end_times]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_to_hours_they_are_covered(seed, settings):
    settings.UNDO_SECONDS = 0
    town = ByTheHour(seed)
    for _ in range(140):
        town.chance.choice(town.steps())()
        scene.check_money(town.project)
        assert uncovered() == []
    assert sql.value("SELECT count(*) FROM time_entry WHERE ended_at < started_at") == 0
    projects.finish_project(actor=actor("ada"), project_id=town.id)
    work.sweep_expired(now=now() + timedelta(days=9))
    for days in (99, 199):
        work.tend_project(project_id=town.id, now=now() + timedelta(days=days))
    work.accept_all(project_id=town.id)
    work.tend_times(project_id=town.id, now=now() + timedelta(days=300))
    assert work.settle_finished(project_id=town.id)
    assert queries.coverage(town.id).needed_micros == 0
    assert project_queries.reserved_micros(town.id, "EUR") == 0
    scene.check_money(town.project)
    paid = sql.value("SELECT paid_micros - aside_micros FROM opening")
    assert paid >= 0
