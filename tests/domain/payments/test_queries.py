"""An organisation's money always adds up, and comes from the transfers."""

import pytest

from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import (
    Entry,
    available,
    bank,
    fee_income,
    goodwill,
    prepaid,
    reserved,
    transfer_id,
)
from tagwerk.domain.payments import queries
from tests.people import actor, organisation

pytestmark = pytest.mark.django_db


def move(debit: str, credit: str, amount_micros: int, currency: str = "EUR") -> None:
    name = transfer_id("test", debit, credit, amount_micros)
    ledger.transfer(entries=[Entry(name, name, "single", debit, credit, amount_micros, currency, "test")])


def spend(organisation_id: int) -> None:
    """100 come in, 10 go back; 60 are put into two projects, of which 5 are released, 24 paid, 6 kept as fee."""
    mine, first, second = (
        prepaid(organisation_id, "EUR").code,
        reserved(1, "EUR").code,
        reserved(2, "EUR").code,
    )
    move(bank("EUR").code, mine, 100)
    move(mine, bank("EUR").code, 10)
    move(mine, first, 40)
    move(mine, second, 20)
    move(first, available(7, "EUR").code, 20)
    move(first, available(8, "EUR").code, 4)
    move(first, fee_income("EUR").code, 6)
    move(second, mine, 5)
    move(goodwill("EUR").code, available(7, "EUR").code, 3)  # the operator's money, not the organisation's


def test_where_the_money_of_an_organisation_is() -> None:
    spend(organisation())
    (money,) = queries.organisation_money(actor("ada"), organisation())
    assert money == queries.OrganisationMoney(
        currency="EUR",
        deposited_micros=100,
        refunded_micros=10,
        prepaid_micros=35,
        reserved_micros=25,
        spent_micros=30,
        lent_micros=0,
        corrected_micros=0,
        credit=queries.CreditStanding(0, 0, 0),
        projects=(queries.ProjectReserve(1, 10), queries.ProjectReserve(2, 15)),
    )
    assert money.deposited_micros == (
        money.refunded_micros + money.prepaid_micros + money.reserved_micros + money.spent_micros
    )


def test_where_the_money_of_a_project_is() -> None:
    spend(organisation())
    money = queries.project_money(1, "EUR")
    assert money == queries.ProjectMoney(
        "EUR", put_in_micros=40, released_micros=0, reserved_micros=10, pay_micros=24, fee_micros=6
    )
    assert (
        money.put_in_micros
        == money.released_micros + money.reserved_micros + money.pay_micros + money.fee_micros
    )
    assert queries.project_money(2, "EUR").released_micros == 5
    assert queries.project_money(3, "EUR").put_in_micros == 0


def test_other_currencies_come_after_the_own_one() -> None:
    move(bank("USD").code, prepaid(organisation(), "USD").code, 9, "USD")
    assert [
        (m.currency, m.prepaid_micros) for m in queries.organisation_money(actor("ada"), organisation())
    ] == [
        ("EUR", 0),
        ("USD", 9),
    ]
    assert queries.organisation_movements(actor("ada"), organisation(), currency="nonsense") == []
    assert len(queries.organisation_movements(actor("ada"), organisation(), currency="USD")) == 1
