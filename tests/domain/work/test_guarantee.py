"""The hour guarantee: what a week was short of is found once, paid once, out of money that was kept for it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tagwerk.base.errors import Invalid
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import available, reserved
from tagwerk.domain.projects import actions as projects_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import Opening, TopUp
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.coverage import Funds, largest_cost, tasks_covered, with_guarantee
from tagwerk.domain.work.rules.extras import longest_credited_ms, monday_of, top_up, week_bounds
from tests import orders
from tests.domain.work import scene
from tests.people import actor, person
from tests.workshop import do_work

PAY = {"per": "answer", "amount": "0.10", "currency": "EUR", "estimate_seconds": 20, "hour_guarantee": True}
HOUR = 3_600_000
MONDAY = date(2026, 11, 23)


def test_what_is_missing_is_rounded_up_to_the_cent():
    assert top_up(floor_micros=13_900_000, credited_ms=HOUR, earned_micros=10_000_000) == 3_900_000
    assert top_up(floor_micros=13_900_000, credited_ms=HOUR // 3, earned_micros=4_633_333) == 10_000
    assert top_up(floor_micros=13_900_000, credited_ms=HOUR, earned_micros=13_900_000) == 0
    assert top_up(floor_micros=13_900_000, credited_ms=HOUR, earned_micros=99_000_000) == 0


def test_one_answer_is_credited_as_long_as_is_usual():
    assert longest_credited_ms(answers=29, p95_ms=1, estimate_seconds=20) == 60_000
    assert longest_credited_ms(answers=30, p95_ms=45_000, estimate_seconds=20) == 45_000


def test_weeks_begin_on_the_operators_monday_also_when_clocks_change():
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # in Berlin it is Monday already
    assert monday_of(late, "Europe/Berlin") == MONDAY and monday_of(late, "UTC") == date(2026, 11, 16)
    begin, end = week_bounds(date(2026, 10, 19), "Europe/Berlin")
    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(days=7, hours=1)
    assert begin == datetime(2026, 10, 19, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("share", [0, 500, 3_000])
@pytest.mark.parametrize("tasks", [1, 7, 1_000])
def test_a_tenth_is_kept_and_all_tasks_are_covered_beside_it(tasks, share):
    cost = largest_cost(tasks=tasks, answers=3, answer_micros=123_457, gold_share_bp=share)
    funds = Funds(with_guarantee(cost, guaranteed=True), 0, 0, 0, guaranteed=True)
    assert tasks_covered(funds, task_micros=3 * 123_457, gold_share_bp=share) >= tasks
    assert funds.guarantee_micros >= cost // 10 - 10_000


def slow(name: str, project, seconds: int = 40, most: int = 100) -> None:
    do_work(project.id, name, lambda data: scene.ANSWER, active_ms=lambda: seconds * 1000, most=most)


@pytest.fixture
def project(db, settings):
    """Three people do five tasks each: Ben and Cyn in 40 s (9.00 an hour), Eve in 20 s (18.00). It was all last week."""
    settings.UNDO_SECONDS = 0
    orders.floor()
    accounts_floor_of_last_week()
    made = scene.running(5, quality=scene.answers(3), pay=PAY)
    slow("ben", made), slow("cyn", made), slow("eve", made, 20)
    work.feed_answers(project_id=made.id)
    a_week_ago(made.id)
    return projects.project(made.id)


def accounts_floor_of_last_week() -> None:
    from tagwerk.domain.accounts import actions as accounts
    from tagwerk.domain.accounts.rules import Wage

    day = timezone.localdate() - timedelta(days=30)
    accounts.put_wages(actor=actor("dan"), wages=[Wage("DE", day, 13_900_000, "EUR", "test")])


def a_week_ago(project_id: int) -> None:
    sql.write(
        "UPDATE assignment SET submitted_at = submitted_at - interval '7 days' WHERE project_id = %s",
        [project_id],
    )
    sql.write("UPDATE project SET launched_at = launched_at - interval '14 days' WHERE id = %s", [project_id])


def money(name: str) -> int:
    return ledger.balance(available(person(name).id, "EUR").code).posted


def put_aside(project) -> int:
    return ledger.balance(reserved(project.id, "EUR").code).posted


def covers(project) -> None:
    """What the columns say and what the rows say is the same."""
    opening, found = Opening.objects.get(project_id=project.id), queries.coverage(project.id)
    assert opening.committed_micros - opening.paid_micros == found.needed_micros and found.covered
    assert queries.spending(project).spent_micros == opening.paid_micros


# 5 × 40 s = 200 s at 13.90 are 0.7722…, less 0.50 earned: 0.28 missing; the fee is 20 %.
MISSING, COST = 280_000, 336_000


@pytest.mark.django_db
def test_launching_sets_a_tenth_more_aside(project):
    cost = queries.estimate(project.id)
    assert (cost.largest_micros, cost.guarantee_micros) == (1_980_000, 180_000)
    assert put_aside(project) == 1_980_000
    assert Opening.objects.get(project_id=project.id).opened_tasks == 5


@pytest.mark.django_db
def test_a_short_week_is_topped_up_once(project):
    now = timezone.now()
    work.guarantee_hours(now=now)
    rows = {one.worker_id: one for one in TopUp.objects.all()}
    assert set(rows) == {person("ben").id, person("cyn").id}  # Eve earns enough
    mine = rows[person("ben").id]
    assert (mine.answers, mine.credited_ms, mine.earned_micros, mine.reward_micros) == (
        5,
        200_000,
        500_000,
        MISSING,
    )
    assert money("ben") == money("cyn") == MISSING and money("eve") == 0
    covers(project)
    for again in (now, now + timedelta(hours=1)):
        work.guarantee_hours(now=again)
    assert (money("ben"), TopUp.objects.count()) == (MISSING, 2)
    found = queries.guarantee_cost(project.id)
    assert (found.people, found.paid_micros, found.waiting_micros) == (2, 2 * COST, 0)


@pytest.mark.django_db
def test_killed_between_finding_and_paying(project):
    now = timezone.now()
    assert work.find_top_ups(project_id=project.id, now=now, zone="Europe/Berlin") == 2
    assert work.find_top_ups(project_id=project.id, now=now, zone="Europe/Berlin") == 0
    assert money("ben") == 0
    work.guarantee_hours(now=now)
    assert money("ben") == MISSING
    TopUp.objects.update(
        paid_at=None
    )  # as if it had been killed between the book and the row: they are one transaction, …
    with transaction.atomic():
        work.pay_top_ups(project_id=project.id, now=now)
    assert money("ben") == MISSING  # … and the book knows the fact


@pytest.mark.django_db
def test_it_comes_from_its_part_and_beyond_that_from_the_organisation(project):
    before = ledger.balance(f"organisation:{project.organisation_id}:prepaid:EUR").posted
    work.guarantee_hours(now=timezone.now())
    opening = Opening.objects.get(project_id=project.id)
    assert (opening.topped_micros, opening.aside_micros) == (180_000, 2 * COST - 180_000)
    assert ledger.balance(f"organisation:{project.organisation_id}:prepaid:EUR").posted == before - (
        2 * COST - 180_000
    )
    work.accept_all(project_id=project.id)  # the money for answers was not touched
    assert money("eve") == 500_000
    covers(project)


@pytest.mark.django_db
def test_without_money_it_is_owed_and_paid_when_there_is_some(project):
    rest = ledger.balance(f"organisation:{project.organisation_id}:prepaid:EUR").posted
    from tagwerk.domain.payments import actions as payments

    facts = {"actor": actor("dan"), "organisation_id": project.organisation_id, "reference": "x"}
    payments.book_refund(**facts, amount_micros=rest, key="all")
    work.guarantee_hours(now=timezone.now())
    assert money("ben") == 0  # 0.336 with the fee, and 0.18 are there
    assert queries.guarantee_cost(project.id).waiting_micros == 2 * COST
    covers(project)
    payments.book_deposit(**facts, amount_micros=160_000, key="some")
    work.guarantee_hours(now=timezone.now() + timedelta(hours=1))
    assert money("ben") == 0
    payments.book_deposit(**facts, amount_micros=2 * COST, key="more")
    work.guarantee_hours(now=timezone.now() + timedelta(hours=2))
    assert money("ben") == money("cyn") == MISSING
    covers(project)


@pytest.mark.django_db
def test_rejected_answers_are_neither_time_nor_pay_and_bonuses_are_pay(project):
    ids = [one.assignment_id for one in queries.my_work(person("ben").id)]
    for one in ids[:4]:
        work.reject(
            actor=actor("ada"), project_id=project.id, assignment_id=one, code="low_effort", reason="No."
        )
    work.guarantee_hours(now=timezone.now())
    assert TopUp.objects.get(worker_id=person("ben").id).credited_ms == 40_000


@pytest.mark.django_db
def test_long_answers_are_credited_up_to_three_estimates(settings, db):
    settings.UNDO_SECONDS = 0
    accounts_floor_of_last_week()
    made = scene.running(2, quality=scene.answers(3), pay=PAY)
    slow("ben", made, 3_600)
    work.feed_answers(project_id=made.id)
    a_week_ago(made.id)
    work.guarantee_hours(now=timezone.now())
    assert TopUp.objects.get().credited_ms == 2 * 60_000


@pytest.mark.django_db
def test_this_week_is_not_over(settings, db):
    settings.UNDO_SECONDS = 0
    made = scene.running(2, quality=scene.answers(3), pay=PAY)
    slow("ben", made)
    work.feed_answers(project_id=made.id)
    work.guarantee_hours(now=timezone.now())
    assert not TopUp.objects.exists()


@pytest.mark.django_db
def test_a_finished_project_pays_its_last_week_before_the_rest_goes_back(settings, db):
    settings.UNDO_SECONDS = 0
    accounts_floor_of_last_week()
    made = scene.running(3, quality=scene.answers(3), pay=PAY)
    slow("ben", made)
    work.feed_answers(project_id=made.id)
    projects_actions.finish_project(actor=actor("ada"), project_id=made.id)
    work.accept_all(project_id=made.id)
    assert work.settle_finished(project_id=made.id) is False  # hours are not looked at yet
    work.tend_project(project_id=made.id, now=timezone.now())
    assert money("ben") == 300_000 + 170_000  # 120 s are 0.4634
    assert put_aside(made) == 0 and Opening.objects.get(project_id=made.id).settled_at is not None
    work.guarantee_hours(now=timezone.now() + timedelta(days=30))
    assert money("ben") == 470_000


@pytest.mark.django_db
def test_a_project_without_the_promise_tops_nothing_up(settings, db):
    settings.UNDO_SECONDS = 0
    made = scene.running(3, quality=scene.answers(3))
    slow("ben", made)
    work.feed_answers(project_id=made.id)
    a_week_ago(made.id)
    work.guarantee_hours(now=timezone.now())
    assert not TopUp.objects.exists() and queries.estimate(made.id).guarantee_micros == 0


@pytest.mark.django_db
def test_the_database_keeps_a_week_to_one():
    made = scene.running(1)
    facts = {
        "project_id": made.id, "worker_id": person("ben").id, "week": MONDAY, "answers": 1, "credited_ms": 1,
        "earned_micros": 0, "floor_micros": 1, "reward_micros": 10_000, "fee_micros": 0,
    }  # fmt: skip
    TopUp.objects.create(**facts)
    for name, change in (
        ("top_up_once", {}), ("top_up_positive", {"reward_micros": 0, "week": MONDAY - timedelta(7)}),
        ("top_up_begins_on_monday", {"week": MONDAY + timedelta(1)}),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            TopUp.objects.create(**(facts | change))


@pytest.mark.parametrize(
    "pay", [{"per": "none", "hour_guarantee": True}, {"amount": "0.10", "hour_guarantee": True}]
)
def test_a_promise_needs_pay_and_a_time(pay):
    with pytest.raises((Invalid, ValueError), match="hour_guarantee"):
        orders.project_file(pay=pay)
