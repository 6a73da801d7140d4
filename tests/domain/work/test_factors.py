"""People who are paid more than others: what they get, what is set aside for it, and what is free again when it was less."""

import random
from contextlib import suppress

import pytest

from tagwerk.base.errors import Conflict
from tagwerk.base.money import fee_micros, for_units
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held
from tagwerk.domain.work.rules.factors import WorkerFactors
from tests import orders
from tests.domain.work import scene
from tests.domain.work.test_units_covered import Mixed, end, go
from tests.people import actor

pytestmark = pytest.mark.django_db
ANSWER = 100_000


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def varied(level: int = 30_000, volume: int = 15_000, floor: int = 40_000, after: int = 2) -> None:
    """The project pays workers differently; each of them is paid what the test says."""
    sql.write("UPDATE opening SET most_factors = %s, volume_after = %s", [[level, volume, floor], after])


def be_worth(person_id: int, level: int = 10_000, floor: int = 10_000) -> None:
    sql.write(
        "UPDATE enrolment SET level_bp = %s, floor_bp = %s WHERE worker_id = %s", [level, floor, person_id]
    )


def total(reward: int) -> int:
    return reward + fee_micros(reward, 2_000)


def test_the_database_counts_as_python_does():
    chance = random.Random(1)
    for _ in range(300):
        units = chance.choice([1, 3, 1_000_000, 10**12, chance.randint(1, 10**9)])
        factors = WorkerFactors(
            *(chance.choice([10_000, 10_001, 12_345, 100_000, 2_000_000]) for _ in range(3))
        )
        assert sql.value("SELECT work_worker_units(%s, %s::integer[])", [units, factors.list]) == factors.of(
            units
        )


class Unequal(Mixed):
    """The same, with people who are paid differently, and pay that is fixed again until an answer is decided."""

    budgets = (None, 60_000_000, 150_000_000)

    def plan(self, pay):
        level = {"qualification": "any", "factors": {"50": "1.2", "90": "2.5"}}
        return {
            **pay,
            "multipliers": {**pay.get("multipliers", {}), "level": level},
            "location": "floor_by_country",
            "volume": {"after": 2, "factor": "1.3"},
        }

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        for who in self.people:
            work.enrol(person_id=who, project_id=self.id)
        be_worth(self.people[0], 25_000)
        be_worth(self.people[1], 12_000, 15_000)

    def change(self) -> None:
        """Somebody learns something, or forgets it."""
        be_worth(
            self.chance.choice(self.people), self.chance.choice([10_000, 12_000, 25_000]),
            self.chance.choice([10_000, 11_000, 90_000]),
        )  # fmt: skip

    def pay_less(self) -> None:
        if one := self.one(0, 1):
            spare, reward = sql.row(
                "SELECT spare_micros, reward_micros FROM assignment WHERE id = %s", [one[0]]
            )
            wanted = self.chance.choice([0, reward // 2, reward, reward + spare // 2])
            work.set_reward(project_id=self.id, assignment_id=one[0], reward_micros=wanted)

    def steps(self):
        return [*super().steps(), self.change, self.change, self.pay_less, self.pay_less]


@pytest.fixture
def any_qualification():
    from tagwerk.domain.academy import actions as academy

    owner = orders.deposit(1)
    return academy.create_qualification(actor=actor("ada"), organisation_id=owner, slug="any", title="Any")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("any_qualification")
def test_whatever_happens_to_people_who_are_paid_differently_all_is_covered(seed):
    town = Unequal(seed)
    go(town)
    assert sql.value("SELECT count(*) FROM assignment WHERE factors <> '{10000,10000,10000}'")
    end(town)


@pytest.fixture
def alone():
    """One task, one answer, opened at the price for who is paid most."""
    project = scene.running(1, launch=False, quality=scene.answers(1), sensitivity=2)
    plan = {"qualification": "any", "factors": {"50": "3"}}
    sql.write(
        "UPDATE project SET file = jsonb_set(file, '{pay,multipliers}', %s::jsonb) WHERE id = %s",
        [
            f'{{"level": {{"qualification": "{plan["qualification"]}", "factors": {{"50": "3"}}}}}}',
            project.id,
        ],
    )
    work.launch(actor=actor("ada"), project_id=project.id)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    return project


def free(project) -> int:
    """What is set aside and committed to nothing."""
    there, needed = queries.coverage(project.id).reserved_micros, queries.coverage(project.id).needed_micros
    return there - needed


def at_work(project) -> tuple[int, Held]:
    ben = scene.worker("ben", project)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    work.refresh_enrolments(person_id=ben)
    work.consent(person_id=ben, project_id=project.id)
    held = scene.taken(ben, project)
    scene.check_money(project)
    assert held.reward_micros == ANSWER and free(project) == 0  # three times as much is committed
    return ben, held


def test_an_approved_answer_frees_what_it_does_not_cost(alone):
    ben, held = at_work(alone)
    scene.submit(held, ben)
    work.feed_answers(project_id=alone.id)
    scene.check_money(alone)
    work.accept_all(project_id=alone.id)
    scene.check_money(alone)
    assert scene.earned("ben") == ANSWER and free(alone) == total(3 * ANSWER) - total(ANSWER)


def test_a_stop_is_paid_and_its_slot_keeps_the_price_of_the_task(alone):
    ben, held = at_work(alone)
    work.stop(person_id=ben, project_id=alone.id, assignment_id=held.assignment_id)
    work.return_to_queue(project_id=alone.id)
    scene.check_money(alone)
    # Nothing was free, so the stop has used up the one answer that was paid for; the rest of that is free now.
    assert scene.earned("ben") == ANSWER and free(alone) == total(3 * ANSWER) - total(ANSWER)
    assert scene.open_slots(alone) == 0


def test_a_late_answer_is_committed_as_before(alone):
    ben, held = at_work(alone)
    sql.write("UPDATE hold SET expires_at = now() - interval '1 minute'")
    from django.utils.timezone import now

    work.sweep_expired(now=now())
    scene.check_money(alone)
    scene.submit(held, ben)
    scene.check_money(alone)
    assert scene.state_of(alone, held.assignment_id) == 1 and free(alone) == 0


def test_a_final_rejection_gives_the_task_back_at_its_price(alone):
    from datetime import timedelta

    from django.utils.timezone import now

    ben, held = at_work(alone)
    scene.submit(held, ben)
    work.feed_answers(project_id=alone.id)
    work.reject(
        actor=actor("ada"),
        project_id=alone.id,
        assignment_id=held.assignment_id,
        code="low_effort",
        reason="no",
    )
    scene.check_money(alone)
    assert not work.set_reward(project_id=alone.id, assignment_id=held.assignment_id, reward_micros=1)
    work.reopen_rejected(project_id=alone.id, now=now() + timedelta(days=30))
    scene.check_money(alone)
    assert scene.open_slots(alone) == 1 and free(alone) == 0


def test_pay_is_fixed_again_up_to_what_is_committed_and_never_after_the_decision(alone):
    ben, held = at_work(alone)
    one = {"project_id": alone.id, "assignment_id": held.assignment_id}
    assert work.set_reward(**one, reward_micros=3 * ANSWER)
    assert not work.set_reward(**one, reward_micros=3 * ANSWER + 1)
    assert not work.set_reward(**one, reward_micros=-1)
    scene.submit(held, ben)
    assert work.set_reward(**one, reward_micros=7)
    scene.check_money(alone)
    work.feed_answers(project_id=alone.id)
    work.accept_all(project_id=alone.id)
    assert not work.set_reward(**one, reward_micros=6)
    scene.check_money(alone)
    assert scene.earned("ben") == 7


def test_gold_is_paid_by_the_factor_of_who_takes_it_and_kept_for_at_the_largest(any_qualification):
    pay = {"amount": "0.10", "multipliers": {"level": {"qualification": "any", "factors": {"50": "3"}}}}
    quality = {**scene.answers(1), "gold_share": 0.2}
    project = scene.running(12, gold=2, quality=quality, pay=pay)
    ben = scene.worker("ben", project)
    assert sql.value("SELECT gold_micros FROM enrolment WHERE worker_id = %s", [ben]) == 4 * total(3 * ANSWER)
    be_worth(ben, 30_000)
    with suppress(Conflict):
        scene.all_done(ben, project, gold_always_due=True)
    assert {one for (one,) in sql.rows("SELECT reward_micros FROM assignment")} == {3 * ANSWER}
    scene.check_money(project)


def test_who_has_enough_approved_answers_is_paid_more_for_what_they_take_from_then_on(any_qualification):
    pay = {"amount": "0.10", "volume": {"after": 2, "factor": "1.5"}}
    project = scene.running(6, quality=scene.answers(1), pay=pay)
    ben = scene.worker("ben", project)
    assert [scene.taken_and_done(ben, project) for _ in range(2)] == [ANSWER, ANSWER]
    before = scene.taken(ben, project)  # nothing is approved yet
    work.feed_answers(project_id=project.id)
    work.accept_all(project_id=project.id)
    scene.submit(before, ben)
    assert before.reward_micros == ANSWER and scene.taken_and_done(ben, project) == for_units(
        ANSWER, 1_500_000
    )
    cat = scene.worker("cat", project)
    assert scene.taken_and_done(cat, project) == ANSWER
    scene.check_money(project)
