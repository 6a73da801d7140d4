"""People who are paid differently, many at once, on real connections: what is paid is what was fixed, and all is covered."""

import random
from threading import Thread

import pytest
from django.db import connection, transaction

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries as academy_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Enrolment
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held
from tests import orders
from tests.domain.work import scene
from tests.domain.work.test_factors import ANSWER, be_worth
from tests.domain.work.test_races import at_once, without_errors
from tests.people import actor, person

pytestmark = pytest.mark.django_db(transaction=True)
PAY = {
    "amount": "0.10", "volume": {"after": 1, "factor": "2"},
    "multipliers": {"level": {"qualification": "any", "factors": {"50": "3"}}},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def running(tasks: int, **changes):
    owner = orders.deposit(1)
    academy.create_qualification(actor=actor("ada"), organisation_id=owner, slug="any", title="Any")
    return scene.running(tasks, pay=PAY, **changes)


def test_a_look_that_began_before_a_revocation_does_not_undo_it():
    project = running(1, audience={"qualifications": {"any": 50}})
    own = academy_queries.qualifications_for(actor("ada"), project.organisation_id)[0].id
    ben = person("ben").id
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben, score=60)
    scene.worker("ben", project)
    Enrolment.objects.update(level_bp=10_000)  # so that there is something to write

    def look() -> None:
        work.refresh_enrolments(person_id=ben)
        connection.close()

    looking = Thread(target=look)
    with transaction.atomic():
        sql.rows("SELECT 1 FROM enrolment WHERE worker_id = %s FOR UPDATE", [ben])
        looking.start()
        while not sql.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert looking.is_alive()
        academy.revoke_qualification(actor=actor("ada"), qualification_id=own, person_id=ben)
        assert work.refresh_enrolments(person_id=ben) == 1
    looking.join()
    assert not Enrolment.objects.get().eligible


def test_approving_does_not_wait_for_somebody_at_work():
    project = running(6, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    with transaction.atomic():
        sql.rows("SELECT 1 FROM enrolment WHERE worker_id = %s FOR UPDATE", [ben])
        assert at_once(lambda: work.accept_all(project_id=project.id)) == [1]
    assert scene.taken(ben, project).reward_micros == 2 * ANSWER


def test_pay_is_fixed_again_or_approved_and_never_both():
    project = running(20, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    done = [scene.done(ben, project) for _ in range(20)]
    work.feed_answers(project_id=project.id)

    def lower() -> int:
        return sum(work.set_reward(project_id=project.id, assignment_id=one, reward_micros=7) for one in done)

    lowered, _paid = without_errors(
        at_once(lower, lambda: work.approve(project_id=project.id, assignment_ids=done))
    )
    rewards = [one for (one,) in sql.rows("SELECT reward_micros FROM assignment WHERE state = 2")]
    assert len(rewards) == 20 and rewards.count(7) == lowered
    assert scene.earned("ben") == sum(rewards)
    scene.check_money(project)


def test_people_of_changing_worth_at_work_while_jobs_go_on():
    project = running(30, quality=scene.answers(1, 2))
    crowd = [scene.worker(f"w{n}", project) for n in range(4)]

    def labour(who: int) -> None:
        chance = random.Random(who)
        for _ in range(15):
            be_worth(who, chance.choice([10_000, 20_000, 30_000, 90_000]))
            held = scene.claim(who, project)
            if not isinstance(held, Held):
                return
            if chance.random() < 0.3:
                work.return_assignment(person_id=who, project_id=project.id, assignment_id=held.assignment_id)
                continue
            scene.submit(held, who)
            reward = chance.choice([held.reward_micros, held.reward_micros // 3])
            work.set_reward(project_id=project.id, assignment_id=held.assignment_id, reward_micros=reward)

    def jobs() -> None:
        for _ in range(15):
            work.feed_answers(project_id=project.id)
            work.return_to_queue(project_id=project.id)
            work.accept_all(project_id=project.id)

    without_errors(at_once(jobs, *[lambda who=who: labour(who) for who in crowd]))
    jobs()
    scene.check_money(project)
    most = sql.value("SELECT max(reward_micros) FROM assignment")
    assert most is not None and most <= 6 * ANSWER
    assert sql.value("SELECT count(*) FROM assignment WHERE state = 2") == sql.value(
        "SELECT sum(answers) FROM approved_count"
    )
