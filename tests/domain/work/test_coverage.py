"""Whatever happens in whatever order: the reservation covers it, and what is committed is exactly what can be paid."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held
from tagwerk.domain.work.rules.bonuses import Gift
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db
SEEDS = range(5)


class Town:
    """A sensitive project with gold and too little money, and people in it; each method is something that happens."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people = [scene.worker(f"w{n}") for n in range(5)]
        sql.write("UPDATE person SET adult_confirmed_at = now()")
        quality = {**scene.answers(2, 4), "gold_share": 0.2}
        budget = self.chance.choice(["2.00", "6.00", "20.00"])
        pay = {"amount": "0.10", "estimate_seconds": 20, "hour_guarantee": seed % 2 == 0}
        self.project = scene.running(12, gold=3, quality=quality, budget=budget, sensitivity=2, pay=pay)
        self.id = self.project.id

    def one(self, *states: int) -> tuple[int, int, int] | None:
        """Some assignment in one of these states: its number, worker and task."""
        found = sql.rows(
            "SELECT id, worker_id, task_id FROM assignment WHERE state = ANY(%s) ORDER BY id", [list(states)]
        )
        return self.chance.choice(found) if found else None

    def take(self) -> None:
        who = self.chance.choice(self.people)
        work.consent(person_id=who, project_id=self.id)
        held = scene.claim(who, self.project)
        if isinstance(held, Held) and self.chance.random() < 0.8:
            scene.submit(held, who)

    def give_up(self) -> None:
        if one := self.one(0):
            how = self.chance.choice([work.return_assignment, work.stop])
            how(person_id=one[1], project_id=self.id, assignment_id=one[0])

    def report(self) -> None:
        if one := self.one(0):
            work.skip(
                person_id=one[1], project_id=self.id, assignment_id=one[0], reason="cannot_be_answered/broken"
            )
        if one := self.one(6):
            work.settle_unanswerable(project_id=self.id, task_id=one[2])

    def be_late(self) -> None:
        if one := self.one(5):
            scene.submit(queries.held_for(one[1], one[0]), one[1])

    def decide(self) -> None:
        work.feed_answers(project_id=self.id)
        if one := self.one(1):
            if self.chance.random() < 0.5:
                work.approve(project_id=self.id, assignment_ids=[one[0]])
            else:
                with suppress(Conflict):  # its worker was asked for a better one
                    work.reject(
                        actor=actor("ada"),
                        project_id=self.id,
                        assignment_id=one[0],
                        code="low_effort",
                        reason="no",
                    )

    def think_again(self) -> None:
        if one := self.one(3):
            work.approve(project_id=self.id, assignment_ids=[one[0]])

    def ask_for_better(self) -> None:
        work.feed_answers(project_id=self.id)
        if one := self.one(1):
            with suppress(Conflict, NotFound):
                work.ask_rework(
                    actor=actor("ada"), project_id=self.id, assignment_id=one[0], text="Read on.",
                    extra_micros=self.chance.choice([0, 30_000]), now=now(),
                )  # fmt: skip

    def improve(self) -> None:
        asked = sql.rows("SELECT r.assignment_id, a.worker_id FROM rework r JOIN assignment a ON a.id = r.assignment_id AND a.project_id = r.project_id WHERE r.state = 'asked' ORDER BY 1")  # fmt: skip
        if not asked:
            return
        number, worker = self.chance.choice(asked)
        mine = {"person_id": worker, "project_id": self.id, "assignment_id": number}
        how = self.chance.randrange(4)
        if how == 0:
            work.hand_in_rework(**mine, answers={"sentiment": "negative"}, active_ms=1, channel=1)
        elif how == 1:
            work.leave_as_is(**mine, now=now())
        elif how == 2:
            work.give_back(**mine)
        else:
            work.lapse_deferrals(project_id=self.id, now=now() + timedelta(days=9))

    def object(self) -> None:
        if one := self.one(3):
            with suppress(NotFound):
                work.contest(person_id=one[1], project_id=self.id, assignment_id=one[0], now=now())
                if self.chance.random() < 0.5:
                    work.approve(project_id=self.id, assignment_ids=[one[0]], code="appeal_won")
                else:
                    work.end_contest(project_id=self.id, assignment_id=one[0])

    def close(self) -> None:
        if one := self.one(1, 2):
            work.close_tasks(project_id=self.id, task_ids=[one[2]])

    def want(self) -> None:
        if one := self.one(1, 2, 3):
            work.want_more_answers(project_id=self.id, wants={one[2]: self.chance.randint(1, 3)})

    def sweep(self) -> None:
        work.sweep_expired(now=now() + timedelta(hours=self.chance.choice([0, 1])))

    def stay_away(self) -> None:
        scene.away(self.chance.choice(self.people))

    def thank(self) -> None:
        if one := self.one(1, 2):
            gift = Gift(
                one[1], self.chance.choice([10_000, 700_000]), "Thank you.", f"k{self.chance.random()}"
            )
            with suppress(NotFound):  # what they handed in was undone
                work.give_bonuses(actor=actor("ada"), project_id=self.id, gifts=[gift], now=now())

    def guarantee(self) -> None:
        """A week ends: what was handed in lies in it, slowly done."""
        sql.write("UPDATE answer SET active_ms = 90000")
        sql.write("UPDATE opening SET guaranteed_until = guaranteed_until - 7")
        sql.write(
            "UPDATE assignment SET submitted_at = submitted_at - interval '7 days' WHERE submitted_at IS NOT NULL"
        )
        sql.write("UPDATE project SET launched_at = launched_at - interval '7 days'")
        work.guarantee_hours(now=now())

    def tidy(self) -> None:
        self.chance.choice(
            [work.return_to_queue, work.top_up_gold, work.open_covered_tasks, work.feed_answers]
        )(project_id=self.id)

    def end_appeals(self) -> None:
        work.reopen_rejected(project_id=self.id, now=now() + timedelta(days=self.chance.choice([0, 16])))

    def steps(self) -> list[Callable[[], None]]:
        rare = [
            self.give_up,
            self.report,
            self.be_late,
            self.decide,
            self.think_again,
            self.ask_for_better,
            self.improve,
            self.object,
            self.close,
            self.want,
            self.sweep,
            self.thank,
            self.guarantee,
        ]
        return [self.take] * 4 + rare + [self.tidy] * 4 + [self.end_appeals, self.stay_away]


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_the_money_is_covered(seed, settings):
    settings.UNDO_SECONDS = 0
    town = Town(seed)
    for _ in range(120):
        town.chance.choice(town.steps())()
        scene.check_money(town.project)
    work.return_to_queue(project_id=town.id)
    scene.check_slots(town.project)
    projects.finish_project(actor=actor("ada"), project_id=town.id)
    work.sweep_expired(now=now() + timedelta(hours=9))
    for days in (99, 199):  # a better answer that never comes, then nobody who decides on the one there is
        work.tend_project(project_id=town.id, now=now() + timedelta(days=days))
    work.accept_all(project_id=town.id)
    if town.project.hour_guarantee:
        work.tend_project(project_id=town.id, now=now() + timedelta(days=200))
        assert queries.guarantee_cost(town.id).waiting_micros == 0  # the organisation has the money for it
    assert work.settle_finished(project_id=town.id)
    assert queries.coverage(town.id).needed_micros == 0
    assert project_queries.reserved_micros(town.id, "EUR") == 0
    scene.check_money(town.project)
