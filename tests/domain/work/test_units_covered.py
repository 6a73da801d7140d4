"""Whatever happens in whatever order to tasks of very different worth: all of them are covered, to the micro."""

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
from tagwerk.domain.work.queries.money import uncovered
from tests.domain.work import scene
from tests.domain.work.test_coverage import Town
from tests.domain.work.test_units import MORE, WORDS, draft, gold, rows, soon, words
from tests.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


class Mixed(Town):
    """The same town with tasks of very different worth; more come in, some are replaced, and the budget rises."""

    budgets = (None, 10_000_000, 30_000_000)

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people = [scene.worker(f"w{n}") for n in range(5)]
        sql.write("UPDATE person SET adult_confirmed_at = now()")
        quality = {**scene.answers(2, 4), "gold_share": 0.2}
        pay = {**WORDS, "amount": self.chance.choice(["0.013333", "0.000007", "0.050001"])}
        pay |= {"estimate_seconds": 20, "hour_guarantee": seed % 2 == 0}
        if seed % 2:
            pay["multipliers"] = MORE
        pay = self.plan(pay)
        lengths = [self.chance.choice([1, 2, 3, 5, 40]) for _ in range(12)]
        self.budget = self.chance.choice(self.budgets)
        budget = None if self.budget is None else f"{self.budget // 1_000_000}.00"
        self.made = 100
        made = draft(
            [*(self.varied(row) for row in rows(lengths)), *gold([self.chance.choice([1, 4, 12]) for _ in range(3)])],
            quality=quality, sensitivity=2, pay=pay, **({} if budget is None else {"budget": budget}),
        )  # fmt: skip
        pilot = self.chance.choice([None, 4])
        work.launch(actor=actor("ada"), project_id=made.id, tasks=pilot)
        work.open_covered_tasks(project_id=made.id)
        self.project, self.id = project_queries.project(made.id), made.id

    def plan(self, pay):
        """The pay plan, of which other towns make another."""
        return pay

    def varied(self, row):
        """A row with or without what may make it worth more."""
        hours = self.chance.choice([None, None, 2, 40])
        more = {} if hours is None else {"_deadline": soon(hours)}
        return {**row, "level": self.chance.choice(["", "easy", "hard"]), **more}

    def add(self) -> None:
        self.made += 1
        is_gold = self.chance.random() < 0.3
        row = {"text": words(self.chance.choice([1, 6, 25])), "_id": f"t{self.made}"}
        work.add_tasks(
            project_id=self.id,
            rows=[{**self.varied(row), **({"_gold": {"sentiment": "negative"}} if is_gold else {})}],
        )

    def replace(self) -> None:
        some = self.chance.choice(sql.rows("SELECT external_id FROM task WHERE NOT is_gold ORDER BY id"))[0]
        row = {"text": words(self.chance.choice([1, 3, 30])), "_id": some}
        row = self.varied(row)
        with suppress(Invalid):  # somebody had it, or the money is not there
            work.import_tasks(project_id=self.id, rows=[row], replace=True)

    def raise_budget(self) -> None:
        if self.budget is not None:
            self.budget += 1_000_000
            with suppress(Invalid):  # more than that was put in already
                projects.raise_budget(actor=actor("ada"), project_id=self.id, amount_micros=self.budget)

    def ask_for_better(self) -> None:
        with suppress(Invalid):  # the same
            super().ask_for_better()

    def thank(self) -> None:
        with suppress(Conflict):  # more than is usual here
            super().thank()

    def go_on(self) -> None:
        with suppress(Conflict):
            work.launch(actor=actor("ada"), project_id=self.id, whole=True)

    def allow_more(self) -> None:
        if one := self.one(1, 2, 3):
            with suppress(Conflict):
                work.allow_more_answers(project_id=self.id, task_id=one[2], answers=self.chance.randint(1, 3))

    def steps(self):
        return [
            *super().steps(),
            self.add,
            self.add,
            self.replace,
            self.replace,
            self.raise_budget,
            self.go_on,
            self.allow_more,
        ]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_to_tasks_of_any_worth_they_are_covered(seed):
    town = Mixed(seed)
    go(town)
    frozen = sql.rows(
        "SELECT a.reward_micros, a.fee_micros, work_reward(p.reward_micros, t.units), work_fee(a.reward_micros, p.fee_bp)"
        " FROM assignment a JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id JOIN project p ON p.id = a.project_id"
    )
    assert all(one[:2] == one[2:] for one in frozen)
    end(town)


def go(town: Town) -> None:
    """Many things happen; after each of them all is covered, to the micro."""
    for _ in range(120):
        town.chance.choice(town.steps())()
        scene.check_money(town.project)
        assert uncovered() == []


def end(town: Town) -> None:
    """The project ends, and all that is left goes back."""
    projects.finish_project(actor=actor("ada"), project_id=town.id)
    work.sweep_expired(now=now() + timedelta(hours=9))
    for days in (99, 199):
        work.tend_project(project_id=town.id, now=now() + timedelta(days=days))
    work.accept_all(project_id=town.id)
    if town.project.hour_guarantee:
        work.tend_project(project_id=town.id, now=now() + timedelta(days=200))
    assert work.settle_finished(project_id=town.id)
    assert queries.coverage(town.id).needed_micros == 0
    assert project_queries.reserved_micros(town.id, "EUR") == 0
    scene.check_money(town.project)
