"""Money lent within a limit: set aside like paid-in money, invoiced, paid back first; the book's guard stays."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import credit, owed, prepaid, vat_output
from tagwerk.domain.payments import actions, queries
from tagwerk.domain.payments.models import CreditLimit
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tests.domain.payments.books import NEXT_MONTH, approved, buyer, company, deposit
from tests.orders import project
from tests.people import actor, organisation

EURO = 1_000_000


def grant(euros, number=None):
    number = number or organisation()
    actions.grant_credit(actor=actor("dan"), organisation_id=number, limit_micros=euros * EURO)
    return number


def posted(account):
    return ledger.balance(account.code).posted // EURO


def standing(number):
    return tuple(posted(sort(number, "EUR")) for sort in (prepaid, credit, owed))


@pytest.mark.django_db
def test_what_is_missing_is_lent_up_to_the_limit_and_no_further():
    number = grant(100)
    deposit(30, "d1")
    made = project()
    assert queries.prepaid_micros(number, "EUR") == 130 * EURO
    projects.reserve(project_id=made.id, amount_micros=90 * EURO, key="k")
    projects.reserve(project_id=made.id, amount_micros=90 * EURO, key="k")
    assert standing(number) == (0, 60, 0)
    with pytest.raises(Conflict, match="and the organisation has"):
        projects.reserve(project_id=made.id, amount_micros=41 * EURO, key="k2")
    assert standing(number) == (0, 60, 0)
    (money,) = queries.organisation_money(actor("ada"), number)
    assert money.deposited_micros + money.lent_micros == money.prepaid_micros + money.reserved_micros
    assert (money.credit.room_micros, money.credit.lent_micros) == (40 * EURO, 60 * EURO)
    assert ledger.drift_micros() == 0


@pytest.mark.django_db
def test_deposits_pay_back_first_and_so_does_what_a_project_gives_back():
    number = grant(100)
    made = project()
    projects.reserve(project_id=made.id, amount_micros=80 * EURO, key="k")
    deposit(50, "d1")
    assert standing(number) == (0, 30, 0)
    projects.release_rest(project_id=made.id, key="r")
    assert standing(number) == (50, 0, 0)
    assert ledger.drift_micros() == 0


@pytest.mark.django_db
def test_lent_work_is_due_with_its_vat_and_the_next_deposit_pays_it_without_paying_vat_twice():
    company()
    number = grant(500, buyer())
    deposit(119, "d1")
    approved(150 * EURO, 0, "a1")
    assert standing(number) == (0, 50, 0)
    actions.issue_due_invoices(now=NEXT_MONTH, titles=project_queries.titles_of)
    paper = queries.invoices_page(actor("dan"))[0]
    assert (paper.gross_micros, paper.due_micros) == (178_500_000, 59_500_000)
    assert ledger.balance(owed(number, "EUR").code).posted == 59_500_000
    assert ledger.balance(vat_output("EUR").code).posted == 28_500_000
    actions.book_deposit(
        actor=actor("dan"), organisation_id=number, amount_micros=178_500_000, reference=paper.label, key="d2"
    )
    assert standing(number) == (100, 0, 0)
    assert ledger.balance(vat_output("EUR").code).posted == 28_500_000 + 19_000_000
    assert ledger.drift_micros() == 0


@pytest.mark.django_db
def test_lent_money_is_not_refunded():
    number = grant(100)
    made = project()
    projects.reserve(project_id=made.id, amount_micros=80 * EURO, key="k")
    deposit(90, "d1")
    refund = {"actor": actor("dan"), "organisation_id": number, "reference": "x"}
    with pytest.raises(Conflict, match="Not enough money"):
        actions.book_refund(amount_micros=11 * EURO, key="r1", **refund)
    actions.book_refund(amount_micros=10 * EURO, key="r2", **refund)
    assert standing(number) == (0, 0, 0)


@pytest.mark.django_db
def test_only_operators_grant_it_and_a_lower_limit_takes_nothing_back():
    number = grant(100)
    for who in ("ada", "ben"):
        with pytest.raises(NotFound):
            actions.grant_credit(actor=actor(who), organisation_id=number, limit_micros=1)
    with pytest.raises(Invalid, match="from 0 to"):
        grant(-1, number)
    made = project()
    projects.reserve(project_id=made.id, amount_micros=80 * EURO, key="k")
    grant(10, number)
    assert standing(number) == (0, 80, 0)
    assert queries.credit_room(number, "EUR") == 0


@pytest.mark.django_db
def test_one_limit_of_a_currency_and_none_below_nothing():
    number = grant(1)
    with pytest.raises(IntegrityError, match="credit_limit_once"), transaction.atomic():
        CreditLimit.objects.create(organisation_id=number, currency="EUR")
    with pytest.raises(IntegrityError, match="credit_limit_range"):
        CreditLimit.objects.create(organisation_id=number, currency="USD", limit_micros=-1)


@pytest.mark.django_db(transaction=True)
def test_projects_launched_at_once_are_lent_the_limit_once():
    number = grant(100)
    made = [project(title=f"P{place}").id for place in range(6)]
    start = threading.Barrier(len(made))

    def reserve(project_id: int) -> bool:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            projects.reserve(project_id=project_id, amount_micros=30 * EURO, key="k")
            return True
        except Conflict:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(made)) as pool:
        assert sum(pool.map(reserve, made)) == 3
    assert standing(number) == (0, 90, 0)
    assert ledger.drift_micros() == 0
