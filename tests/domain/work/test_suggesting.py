"""A price at which most people should earn the minimum wage, and what must not happen to a price that people work for."""

from datetime import date

import pytest
from django.utils import timezone

from tagwerk.base.errors import Conflict
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.projects import actions as projects_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.rules.wages import factor_of, simulated_share, suggested
from tests import orders
from tests.domain.work import scene
from tests.people import actor
from tests.workshop import do_work

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("floor", "seconds", "micros"),
    [
        (13_900_000, 60, 330_000),
        (13_900_000, 20, 110_000),
        (13_900_000, 5, 28_000),
        (14_600_000, 3600, 20_440_000),
    ],
)
def test_the_suggestion_is_1_4_floors_rounded_up(floor, seconds, micros):
    assert suggested(floor, seconds * 1000) == micros
    assert factor_of(micros, floor, seconds * 1000) >= 1.4


@pytest.mark.parametrize(
    ("factor", "share"),
    [
        (0.99, None),
        (1.0, 0.30),
        (1.19, 0.30),
        (1.2, 0.50),
        (1.4, 0.68),
        (1.7, 0.81),
        (2.0, 0.92),
        (5.0, 0.92),
    ],
)
def test_a_simulation_is_quoted_only_where_it_was_made(factor, share):
    assert simulated_share(factor) == share


@pytest.mark.django_db
def test_the_present_price_is_compared():
    cheap = queries.suggestion(orders.project(pay={"amount": "0.05", "estimate_seconds": 20}), on=DAY)
    assert cheap is not None and cheap.floor.country == "DE" and not cheap.measured
    assert (cheap.reward_micros, cheap.present_micros, cheap.is_below, cheap.share) == (
        110_000,
        9_000_000,
        True,
        None,
    )
    fair = queries.suggestion(orders.project(pay={"amount": "0.11", "estimate_seconds": 20}), on=DAY)
    assert fair is not None and (fair.is_below, fair.share, fair.suggested_share) == (False, 0.68, 0.68)
    next_year = queries.suggestion(
        orders.project(pay={"amount": "0.08", "estimate_seconds": 20}), on=date(2027, 1, 1)
    )
    assert next_year is not None and next_year.is_below


@pytest.mark.django_db
def test_the_floor_follows_those_who_are_asked():
    wages = [Wage("FR", DAY, 12_000_000, "EUR", "x"), Wage("LU", DAY, 15_000_000, "EUR", "x")]
    accounts.put_wages(actor=actor("dan"), wages=wages)

    def floor(**changes):
        found = queries.suggestion(orders.project(**changes), on=DAY)
        return found and found.floor.country

    assert floor() == "DE"  # of the organisation
    assert floor(audience={"countries": ["FR"]}) == "FR"
    assert floor(audience={"countries": ["FR", "LU", "BR"]}) == "LU"  # the highest that may be asked
    assert (
        floor(pay={"amount": "0.10", "currency": "GBP", "estimate_seconds": 20}) == "GB"
    )  # the lowest in pounds
    assert floor(pay={"amount": "0.10", "currency": "JPY", "estimate_seconds": 20}) is None
    assert floor(pay={"amount": "0.10"}) is None  # no time is known
    assert floor(**scene.without_pay("ben")) is None


@pytest.mark.django_db
def test_a_pilot_measures_the_time(settings):
    settings.UNDO_SECONDS = 0
    made = scene.running(7, quality=scene.answers(3))
    for name in ("ben", "cyn", "eve"):
        do_work(made.id, name, lambda data: scene.ANSWER, active_ms=lambda: 60_000)
    work.feed_answers(project_id=made.id)
    work.accept_all(project_id=made.id)
    work.measure_wages(now=timezone.now())
    found = queries.suggestion(projects.project(made.id), on=DAY)
    assert found is not None and (found.measured, found.answer_ms, found.present_micros) == (
        True,
        60_000,
        6_000_000,
    )
    assert found.is_below and found.reward_micros == 330_000


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["0.09", "0.11"])
def test_the_rate_is_not_changed_in_a_running_project(amount):
    made = scene.running(2)
    file = orders.project_file(
        pay={"per": "answer", "amount": amount, "currency": "EUR", "estimate_seconds": 20}
    )
    with pytest.raises(Conflict) as refused:
        projects_actions.revise_project(actor=actor("ada"), project_id=made.id, file=file, has_answers=False)
    assert refused.value.code == "project_money_frozen"
    assert projects.project(made.id).reward_micros == 100_000


@pytest.mark.django_db
def test_sensitivity_changes_in_a_running_project_only_where_pay_stays_the_same():
    made = scene.running(2)

    def revised(project_id: int, level: int, **changes):
        file = orders.project_file(sensitivity=level, **changes)
        return projects_actions.revise_project(
            actor=actor("ada"), project_id=project_id, file=file, has_answers=False
        )

    assert revised(made.id, 2).sensitivity == 2
    with pytest.raises(Conflict, match="“sensitivity” cannot change") as refused:
        revised(made.id, 3)
    assert refused.value.code == "project_money_frozen"
    worst = scene.running(1, sensitivity=4)
    for level in (3, 0):
        with pytest.raises(Conflict, match="“sensitivity” cannot change"):
            revised(worst.id, level)
    named = {"pay": {"per": "answer", "amount": "0.10", "multipliers": {"sensitivity": "1.5"}}}
    assert revised(scene.running(1, **named).id, 4, **named).sensitivity == 4
    unpaid = scene.without_pay("ben")
    assert revised(scene.running(1, **unpaid).id, 4, **unpaid).sensitivity == 4
