"""People who are paid more than others: what they get, what is set aside for it, and what is free again when it was less."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import fee_micros, for_units
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, read_project_file
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.projects.models import Project
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held
from tagwerk.domain.work.rules.factors import WorkerFactors
from tests import orders
from tests.domain.work import scene
from tests.domain.work.test_units import WORDS, launched, rows
from tests.domain.work.test_units_covered import Mixed, end, go
from tests.people import actor

pytestmark = pytest.mark.django_db
ANSWER = 100_000


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


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
def alone(any_qualification):
    """One task, one answer, opened at the price for who is paid most."""
    pay = {"amount": "0.10", "multipliers": {"level": {"qualification": "any", "factors": {"50": "3"}}}}
    return scene.running(1, quality=scene.answers(1), sensitivity=2, pay=pay)


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
    work.sweep_expired(now=now())
    scene.check_money(alone)
    scene.submit(held, ben)
    scene.check_money(alone)
    assert scene.state_of(alone, held.assignment_id) == 1 and free(alone) == 0


def test_a_final_rejection_gives_the_task_back_at_its_price(alone):
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


LEVEL = {"level": {"qualification": "any", "factors": {"50": "1.5"}}}


def test_what_pays_people_differently_fits_together(any_qualification):
    with pytest.raises(ValueError, match="estimate_seconds"):
        orders.project_file(pay={"amount": "0.10", "location": "floor_by_country"})
    for wrong in ({"101": "2"}, {"-1": "2"}, {"50": "0.9"}, {"50": "11"}, {}):
        with pytest.raises(ValueError):  # noqa: PT011
            orders.project_file(
                pay={"amount": "0.10", "multipliers": {"level": {"qualification": "any", "factors": wrong}}}
            )
    with pytest.raises(Invalid) as refusal:
        orders.project(
            pay={
                "amount": "0.10",
                "multipliers": {"level": {"qualification": "none", "factors": {"50": "2"}}},
            }
        )
    assert (refusal.value.code, refusal.value.path) == ("qualification_unknown", "pay.multipliers.level")
    with pytest.raises(Invalid) as refusal:
        orders.project(
            pay={"amount": "0.10", "currency": "JPY", "estimate_seconds": 9, "location": "floor_by_country"}
        )
    assert refusal.value.code == "location_without_floor"
    file = orders.FILE.replace(
        '"0.10",', '"0.10", multipliers: {level: {qualification: any, factors: {60: 1.2}}},'
    )
    assert read_project_file(file).pay.multipliers.level.factors == {"60": "1.2"}
    rule = "\nquality: {rules: [{collector: income, per_day: 40.00, action: limit_today}]}"
    with pytest.raises(ProjectFileError, match="people are paid differently"):
        read_project_file(file.replace("\nquality: {answers: {min: 2, max: 4, confidence: 0.9}}", rule))


def test_minimum_wages_are_those_of_the_launch_and_nobody_comes_in_for_whose_there_is_no_money():
    pay = {"amount": "0.10", "estimate_seconds": 20, "location": "floor_by_country"}
    orders.floor(27_000_000)
    orders.floor(36_000_000, country="FR")
    project = scene.running(3, quality=scene.answers(1), pay=pay, audience={"countries": ["DE"]})
    assert queries.estimate(project.id).largest_micros == 3 * total(150_000)
    orders.floor(60_000_000)
    ben = scene.worker("ben", project)
    assert scene.taken_and_done(ben, project) == 150_000
    with pytest.raises(Conflict) as refusal:
        work.revise(
            actor=actor("ada"), project_id=project.id,
            file=orders.project_file(quality=scene.answers(1), pay=pay, audience={"countries": ["DE", "FR"]}),
        )  # fmt: skip
    assert refusal.value.code == "floors_not_covered"
    with pytest.raises(Conflict):
        work.revise(
            actor=actor("ada"), project_id=project.id,
            file=orders.project_file(
                quality=scene.answers(1), pay={**pay, "location": None}, audience={"countries": ["DE"]}
            ),
        )  # fmt: skip
    scene.check_money(project)


def test_tasks_of_different_worth_are_raised_by_what_one_pays_on_average():
    pay = {**WORDS, "amount": "0.01", "estimate_seconds": 20, "location": "floor_by_country"}
    orders.floor(27_000_000)
    empty = scene.running(0, launch=False, pay=pay, budget="100.00", audience={"countries": ["DE"]})
    with pytest.raises(Conflict) as refusal:
        work.launch(actor=actor("ada"), project_id=empty.id)
    assert refusal.value.code == "location_unmeasured"
    project = launched(rows([5, 15]), pay=pay, quality=scene.answers(1), audience={"countries": ["DE"]})
    ben = scene.worker("ben", project)  # ten words on average: 0.10, which has to be 0.15
    assert [scene.taken_and_done(ben, project) for _ in range(2)] == [75_000, 225_000]
    scene.check_money(project)


def test_who_learns_something_or_moves_is_paid_for_it_from_the_next_task_on(any_qualification):
    orders.floor(27_000_000, country="FR")
    pay = {"amount": "0.10", "estimate_seconds": 20, "location": "floor_by_country", "multipliers": LEVEL}
    project = scene.running(9, quality=scene.answers(1), pay=pay)
    ben = scene.worker("ben", project)
    before = scene.taken(ben, project)
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=any_qualification, person_id=ben, score=50
    )
    assert work.refresh_enrolments(person_id=ben) == 1 and work.refresh_enrolments(person_id=ben) == 0
    assert queries.held_for(ben, before.assignment_id).reward_micros == ANSWER
    scene.submit(before, ben)
    assert scene.taken_and_done(ben, project) == 150_000
    own = queries.pay_of_worker([project_queries.project(project.id)], ben)[project.id]
    assert (own.score, own.bp) == (50, 15_000)
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=any_qualification, person_id=ben, score=10
    )
    work.refresh_enrolments(person_id=ben)
    assert scene.taken_and_done(ben, project) == ANSWER
    scene.check_money(project)


def test_no_qualification_takes_the_place_of_one_that_a_launched_project_pays_for():
    owner = orders.deposit(1)
    academy.create_qualification(actor=actor("dan"), organisation_id=None, slug="any", title="Any")
    pay = {"amount": "0.10", "multipliers": LEVEL}

    def create() -> int:
        return projects.create_qualification(
            actor=actor("ada"), organisation_id=owner, slug="any", title="Mine"
        )

    project = scene.running(1, pay=pay)
    with pytest.raises(Conflict) as refusal:
        create()
    assert refusal.value.code == "slug_in_use"
    Project.objects.filter(id=project.id).update(state="finished")
    assert create()


def test_a_price_that_is_next_to_nothing_beside_the_minimum_wage_is_not_launched():
    orders.floor(13_900_000)
    pay = {"amount": "0.001", "estimate_seconds": 86_400, "location": "floor_by_country"}
    with pytest.raises(Conflict) as refusal:
        scene.running(1, pay=pay, audience={"countries": ["DE"]})
    assert refusal.value.code == "floor_too_far"


def test_looking_again_asks_as_much_for_many_projects_as_for_one(any_qualification):
    orders.floor(27_000_000, country="FR")
    pay = {"amount": "0.10", "estimate_seconds": 20, "location": "floor_by_country", "multipliers": LEVEL}

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            work.refresh_enrolments(person_id=ben)
        return len(queries_made)

    ben = scene.worker("ben", scene.running(1, pay=pay))
    one = asked()
    for _ in range(2):
        scene.worker("ben", scene.running(1, pay=pay))
    assert asked() == one


def test_an_estimate_lies_between_the_price_and_what_is_paid_most_until_it_is_measured(any_qualification):
    project = scene.running(40, quality=scene.answers(1), pay={"amount": "0.10", "multipliers": LEVEL})
    found = queries.estimate(project.id)
    assert found.largest_micros == 40 * total(150_000) and found.assumptions.worker_bp == 12_500
    per_answer = [case.pay_micros // case.answers for case in found.forecast.cases]
    assert per_answer == [100_000, 125_000, 150_000]
    ben = scene.worker("ben", project)
    be_worth(ben, 15_000)
    for _ in range(20):
        scene.done(ben, project)
    assert queries.measured_factor(project_queries.project(project.id)) == {
        "worker_bp": 15_000,
        "worker_spread_bp": 0,
    }
