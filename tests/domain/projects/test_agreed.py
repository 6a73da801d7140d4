"""A price that the operator agrees: the fee is the difference to the pay, to the micro, wherever money moves."""

import random
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.money import fee_micros, for_units
from tagwerk.domain.projects import queries, rules
from tagwerk.domain.projects.models import Project
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tests import orders
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db


def agree(project: Any, micros: int | None, name: str = "dan") -> Any:
    return work.agree_price(actor=actor(name), project_id=project.id, price_micros=micros)


def test_the_fee_of_the_amount_is_the_difference_exactly_in_python_and_in_the_database():
    chance = random.Random(7)
    for _ in range(2_000):
        amount = chance.randint(1, 10**12)
        client = amount + chance.randint(0, 10 * amount)
        fee = rules.agreed_fee_bp(client, amount)
        other = for_units(amount, chance.randint(1, 10**8))
        if _ % 20 == 0:
            with connection.cursor() as cursor:
                cursor.execute("SELECT work_fee(%s, %s), work_fee(%s, %s)", [amount, fee, other, fee])
                assert cursor.fetchone() == (client - amount, fee_micros(other, fee))
        assert fee_micros(amount, fee) == client - amount
        exact = -(-other * (client - amount) // amount)  # in proportion, rounded up
        assert fee_micros(other, fee) == exact


def test_an_agreed_price_counts_for_a_draft_and_can_be_taken_away():
    draft = orders.project(pay={"amount": "0.33"})
    agreed = agree(draft, 500_000)
    assert (agreed.price.total_micros, agreed.price.fee_micros) == (500_000, 170_000)
    assert (agreed.price.fee_bp, agreed.price.take_bp) == (5_152, 3_400)
    assert agreed == queries.project(draft.id)
    back = agree(draft, None)
    assert (back.fee_bp, back.client_micros) == (2_000, None)


def test_whoever_changes_the_pay_of_a_draft_keeps_the_agreed_price():
    draft = agree(orders.project(pay={"amount": "0.30"}), 500_000)

    def revise(**pay: Any) -> Any:
        file = orders.project_file(pay=pay)
        return work.revise(actor=actor("ada"), project_id=draft.id, file=file)

    assert revise(amount="0.40", currency="EUR").price.fee_micros == 100_000
    with pytest.raises(Invalid) as above:
        revise(amount="0.51", currency="EUR")
    assert above.value.code == "pay_above_price"
    for pay in ({"amount": "0.40", "currency": "CHF"}, {"per": "deliverable", "amount": "0.40"}):
        with pytest.raises(Conflict) as other:
            revise(**pay)
        assert other.value.code == "price_agreed"
    assert queries.project(draft.id).price.total_micros == 500_000


@pytest.mark.parametrize(("micros", "code"), [(299_999, "price_range"), (3_300_001, "price_range")])
def test_a_price_below_the_pay_or_far_above_it_is_refused(micros, code):
    draft = orders.project(pay={"amount": "0.30"})
    with pytest.raises(Invalid) as refused:
        agree(draft, micros)
    assert refused.value.code == code and "0.30 EUR" in str(refused.value)
    assert queries.project(draft.id).client_micros is None
    assert agree(draft, 300_000).price.fee_micros == 0  # the pay itself: no fee


def test_where_each_task_has_its_own_amount_there_is_no_price_to_agree():
    draft = orders.project(pay={"per": "deliverable"})
    with pytest.raises(Conflict) as refused:
        agree(draft, 500_000)
    assert refused.value.code == "price_without_amount"


def test_only_operators_agree_a_price_and_only_for_drafts():
    draft = orders.project()
    for name in ("ada", "ben"):
        with pytest.raises(NotFound):
            agree(draft, 500_000, name)
    with pytest.raises(NotFound):
        work.agree_price(actor=actor("dan"), project_id=2**40, price_micros=1)
    running = launched([{"text": "one"}])
    with pytest.raises(Conflict) as late:
        agree(running, 500_000)
    assert late.value.code == "price_of_launched"


def test_work_is_charged_at_the_agreed_price_and_workers_get_their_pay(settings):
    """No whole number of basis points makes this price of this pay, yet the book agrees to the micro."""
    settings.UNDO_SECONDS = 0
    rows = [{"text": f"text {n}"} for n in range(4)]
    orders.deposit(100_000_000)
    made = agree(orders.project(quality={"answers": {"min": 1, "max": 1}}, pay={"amount": "0.37"}), 490_001)
    work.import_tasks(project_id=made.id, rows=rows, actor_id=person("ada").id)
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    assert do_work(made.id, "wil", lambda data: {"sentiment": "positive"}) == 4
    judge(made.id)
    mine = [one.assignment_id for one in work_queries.my_work(person("wil").id, limit=10)]
    assert work.approve(project_id=made.id, assignment_ids=mine) == 4
    spent = work_queries.spending(made)
    assert (spent.pay_micros, spent.fee_micros) == (4 * 370_000, 4 * 120_001)
    assert work_queries.estimate(made.id).costs.most_micros == 490_001


def test_the_estimate_counts_the_price_to_the_micro():
    draft = orders.project(pay={"amount": "0.33", "currency": "EUR", "estimate_seconds": 30})
    agree(draft, 500_000)
    given = work_queries.estimate(draft.id, given={"tasks": 10_000}).forecast.mid
    assert given.net_micros == given.answers * 500_000


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"fee_bp": -1}, "project_fee_range"),
        ({"fee_bp": 100_001}, "project_fee_range"),
        ({"client_micros": 0}, "project_price_agreed_for_pay"),
        ({"client_micros": 5, "paid": False, "reward_micros": 0}, "project_price_agreed_for_pay"),
    ],
)
def test_the_table_holds_no_nonsense(facts, name):
    draft = orders.project()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Project.objects.filter(id=draft.id).update(**facts)


@pytest.mark.django_db(transaction=True)
def test_a_launch_and_a_new_price_at_once_leave_one_price_for_all_that_was_set_aside():
    orders.deposit(100_000_000)
    draft = agree(orders.project(pay={"amount": "0.30"}), 400_000)
    work.import_tasks(project_id=draft.id, rows=[{"text": "one"}, {"text": "two"}], actor_id=person("ada").id)
    refused: list[Exception] = []

    def tried(action: Any) -> None:
        try:
            action()
        except Conflict as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    both = [
        Thread(target=tried, args=(lambda: work.launch(actor=actor("ada"), project_id=draft.id),)),
        Thread(target=tried, args=(lambda: agree(draft, 600_000),)),
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    now = queries.project(draft.id)
    put_in = work_queries.spending(now).put_in_micros
    assert now.launched_at is not None and put_in == work_queries.estimate(draft.id).largest_micros
    assert (now.client_micros == 400_000) == bool(refused)
