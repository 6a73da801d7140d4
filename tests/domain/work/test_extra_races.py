"""Bonuses and guaranteed hours when several processes do them at once, or one is killed in between."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tagwerk.domain.ledger import actions as ledger_actions
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.actions import guaranteeing, measuring
from tagwerk.domain.work.models import Bonus, TopUp
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.bonuses import Gift
from tests import orders
from tests.domain.work import scene
from tests.domain.work.test_races import at_once, without_errors
from tests.people import actor, person
from tests.workshop import do_work

pytestmark = pytest.mark.django_db(transaction=True)
PAY = {"per": "answer", "amount": "0.10", "currency": "EUR", "estimate_seconds": 20, "hour_guarantee": True}


def money(name: str) -> int:
    return ledger.balance(available(person(name).id, "EUR").code).posted


@pytest.fixture
def project(settings):
    """Three people worked for 9.00 an hour last week."""
    settings.UNDO_SECONDS = 0
    orders.floor()
    sql.write("UPDATE minimum_wage SET valid_from = valid_from - 30")
    from tagwerk.domain.accounts.queries import forget_wages

    forget_wages()
    made = scene.running(5, quality=scene.answers(3), pay=PAY)
    for name in ("ben", "cyn", "eve"):
        do_work(made.id, name, lambda data: scene.ANSWER, active_ms=lambda: 40_000)
    work.feed_answers(project_id=made.id)
    sql.write("UPDATE assignment SET submitted_at = submitted_at - interval '7 days'")
    sql.write("UPDATE project SET launched_at = launched_at - interval '14 days'")
    return made


def covers(project) -> None:
    scene.check_money(project)
    assert ledger.drift_micros() == 0


def test_the_same_week_by_six_processes_is_paid_once(project):
    now = timezone.now()
    without_errors(at_once(*[lambda: work.guarantee_hours(now=now)] * 6))
    assert [money(name) for name in ("ben", "cyn", "eve")] == [280_000] * 3
    assert TopUp.objects.count() == 3
    covers(project)


def test_the_same_bonus_by_six_processes_is_given_once(project):
    ada, gift = actor("ada"), Gift(person("ben").id, 500_000, "Thank you.", "k")

    def give():
        return work.give_bonuses(actor=ada, project_id=project.id, gifts=[gift], now=timezone.now())

    assert sorted(without_errors(at_once(*[give] * 6))) == [0, 0, 0, 0, 0, 1]
    assert (money("ben"), Bonus.objects.count()) == (500_000, 1)
    covers(project)


def test_bonuses_while_answers_are_approved_and_weeks_end(project):
    ada, now = actor("ada"), timezone.now()

    def give(number: int):
        gift = Gift(person("cyn").id, 100_000, "Thank you.", f"k{number}")
        return lambda: work.give_bonuses(actor=ada, project_id=project.id, gifts=[gift], now=now)

    jobs = [give(number) for number in range(4)]
    without_errors(
        at_once(*jobs, lambda: work.accept_all(project_id=project.id), lambda: work.guarantee_hours(now=now))
    )
    assert money("ben") == 500_000 + 280_000  # a bonus given now is no pay of last week
    assert money("cyn") == 500_000 + 280_000 + 400_000
    covers(project)


def test_a_bonus_that_comes_while_wages_are_measured_is_measured_too(project, monkeypatch):
    work.accept_all(project_id=project.id)
    ada, gift = actor("ada"), Gift(person("ben").id, 100_000, "Thank you.", "k")

    def give():
        work.give_bonuses(actor=ada, project_id=project.id, gifts=[gift], now=timezone.now())
        connection.close()

    bonus = threading.Thread(target=give)

    def and_a_bonus(rows):
        bonus.start()
        bonus.join(0.5)  # what does not wait for the measuring is done by then
        return wages_of(rows)

    wages_of = measuring.wages_of
    with monkeypatch.context() as patched:
        patched.setattr(measuring, "wages_of", and_a_bonus)
        work.measure_wages(now=timezone.now())
    bonus.join()
    assert Bonus.objects.count() == 1
    work.measure_wages(now=timezone.now())
    assert queries.wages_in([project.id])[project.id].wages.pay_micros == 3 * 500_000 + 100_000


@pytest.mark.parametrize("step", range(6))
def test_killed_at_any_step_everybody_is_paid_once(project, monkeypatch, step):
    """The process dies at its so-many-th look into the book or at its rows; the next run goes on."""
    left = [step]

    def dies(wrapped):
        def call(**values):
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            return wrapped(**values)

        return call

    with monkeypatch.context() as patched:
        for module, name in (
            (ledger_actions, "transfer"), (guaranteeing, "locked_opening"), (guaranteeing, "find_top_ups"),
        ):  # fmt: skip
            patched.setattr(module, name, dies(getattr(module, name)))
        with pytest.raises(KeyboardInterrupt) if step < 5 else suppress(KeyboardInterrupt):
            work.guarantee_hours(now=timezone.now())
    for hours in (0, 1):
        work.guarantee_hours(now=timezone.now() + timedelta(hours=hours))
    assert [money(name) for name in ("ben", "cyn", "eve")] == [280_000] * 3
    assert queries.guarantee_cost(project.id).waiting_micros == 0
    covers(project)
