import pytest

from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries, rules
from tests.domain.ledger.entries import BANK, FEE, PREPAID, RESERVED, WORKER, book, deposit, entry

pytestmark = pytest.mark.django_db


def test_an_account_that_was_never_opened_has_nothing() -> None:
    assert queries.balance(WORKER) == queries.Balance(0, 0, 0)
    assert queries.recomputed(WORKER) == queries.Balance(0, 0, 0)
    assert queries.movements(WORKER) == []


def test_balances_come_together() -> None:
    deposit(5)
    assert {code: each.posted for code, each in queries.balances([PREPAID, WORKER]).items()} == {
        PREPAID: 5,
        WORKER: 0,
    }


def test_balances_under_a_prefix_one_per_currency() -> None:
    deposit(5)
    dollars = rules.prepaid(1, "USD").code
    book("usd", rules.bank("USD").code, dollars, 7, currency="USD")
    deposit(9, to=rules.prepaid(11, "EUR").code, name="another organisation")
    found = queries.balances_under("organisation:1:prepaid:")
    assert {code: each.posted for code, each in found.items()} == {PREPAID: 5, dollars: 7}


def test_movements_newest_first_signed_and_without_what_is_only_pending() -> None:
    deposit(100)
    book("reserve", PREPAID, RESERVED, 60)
    book("hold", PREPAID, RESERVED, 10, kind="pending")
    book("release", RESERVED, PREPAID, 20)
    found = queries.movements(PREPAID)
    assert [(each.amount_micros, each.other) for each in found] == [
        (20, RESERVED),
        (-60, RESERVED),
        (100, BANK),
    ]
    assert sum(each.amount_micros for each in found) == queries.balance(PREPAID).posted
    assert [each.amount_micros for each in queries.movements(BANK)] == [100]


def test_movements_page_by_page() -> None:
    for number in range(1, 8):
        book(f"in {number}", BANK, PREPAID, number)
    pages, before = [], None
    while page := queries.movements(PREPAID, before=before, limit=3):
        pages.append([each.amount_micros for each in page])
        before = page[-1].seq
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def test_every_balance_can_be_recomputed_from_the_transfers() -> None:
    deposit(100)
    book("hold", PREPAID, RESERVED, 30, kind="pending")
    book("hold 2", PREPAID, RESERVED, 30, kind="pending")
    book("post", PREPAID, RESERVED, 20, kind="post", pending="hold")
    ledger.transfer(entries=[entry("pay", RESERVED, WORKER, 10), entry("fee", RESERVED, FEE, 2)])
    for code in (BANK, PREPAID, RESERVED, WORKER, FEE):
        assert queries.recomputed(code) == queries.balance(code)


def test_flows_add_up_both_directions_per_account() -> None:
    deposit(100)
    reserves = [rules.reserved(number, "EUR").code for number in (1, 12)]
    for code in reserves:
        book(f"reserve {code}", PREPAID, code, 5)
        book(f"more {code}", PREPAID, code, 3)
        book(f"hold {code}", PREPAID, code, 1, kind="pending")
    book("release", RESERVED, PREPAID, 2)
    assert queries.flows(PREPAID) == [
        queries.Flow(BANK, 100, 0),
        queries.Flow(reserves[1], 0, 8),
        queries.Flow(reserves[0], 2, 8),
    ]
    assert queries.flows(WORKER) == []
