import pytest
from django.db import connection

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries, rules
from tests.domain.ledger.entries import BANK, FEE, MICROS, PREPAID, RESERVED, WORKER, book, deposit, entry

pytestmark = pytest.mark.django_db


def posted(code: str) -> int:
    return queries.balance(code).posted


def assert_in_order() -> None:
    assert queries.drift() == []
    assert queries.drift_micros() == 0
    assert set(queries.trial_balance().values()) <= {0}


def test_a_transfer_moves_money_and_opens_accounts() -> None:
    deposit(100 * MICROS)
    assert (posted(BANK), posted(PREPAID)) == (100 * MICROS, 100 * MICROS)
    assert_in_order()


def test_nothing_to_book_is_fine() -> None:
    assert ledger.transfer(entries=[]) == 0


def test_the_same_transfer_again_changes_nothing() -> None:
    assert book("once", BANK, PREPAID, 5 * MICROS) == 1
    assert book("once", BANK, PREPAID, 5 * MICROS) == 0
    assert posted(PREPAID) == 5 * MICROS


@pytest.mark.parametrize(
    "other",
    [
        entry("once", BANK, PREPAID, 6 * MICROS),
        entry("once", BANK, RESERVED, 5 * MICROS),
        entry("once", BANK, PREPAID, 5 * MICROS, code="other"),
        entry("once", BANK, PREPAID, 5 * MICROS, kind="pending"),
    ],
)
def test_the_same_id_with_another_payload_is_refused(other: rules.Entry) -> None:
    book("once", BANK, PREPAID, 5 * MICROS)
    with pytest.raises(Conflict) as refusal:
        ledger.transfer(entries=[other])
    assert refusal.value.code == "transfer_differs"
    assert posted(PREPAID) == 5 * MICROS
    assert_in_order()


def test_an_entry_twice_in_one_booking_counts_once_and_must_agree() -> None:
    once = entry("twice", BANK, PREPAID, MICROS)
    assert ledger.transfer(entries=[once, once]) == 1
    with pytest.raises(Conflict):
        ledger.transfer(
            entries=[entry("pair", BANK, PREPAID, 1), entry("pair", BANK, PREPAID, 2)],
        )
    assert posted(PREPAID) == MICROS


def test_a_batch_that_is_booked_in_part_books_the_rest() -> None:
    book("a", BANK, PREPAID, 1)
    assert ledger.transfer(entries=[entry("a", BANK, PREPAID, 1), entry("b", BANK, PREPAID, 2)]) == 1
    assert posted(PREPAID) == 3


def test_a_booking_is_all_or_nothing() -> None:
    deposit(10)
    with pytest.raises(Conflict):
        ledger.transfer(entries=[entry("a", PREPAID, RESERVED, 10), entry("b", PREPAID, RESERVED, 1)])
    assert (posted(PREPAID), posted(RESERVED)) == (10, 0)


def test_too_little_money_is_refused_with_both_amounts() -> None:
    """ledger_account_no_overdraft"""
    deposit(100 * MICROS)
    with pytest.raises(Conflict) as refusal:
        book("big", PREPAID, RESERVED, 1_000 * MICROS)
    assert refusal.value.code == "not_enough_money"
    assert refusal.value.params["account"] == PREPAID
    assert refusal.value.params["available_micros"] == 100 * MICROS
    assert refusal.value.params["needed_micros"] == 1_000 * MICROS
    assert "100.00 EUR" in str(refusal.value) and "1000.00 EUR" in str(refusal.value)
    assert posted(PREPAID) == 100 * MICROS


def test_money_that_comes_in_with_the_same_booking_can_be_spent() -> None:
    assert ledger.transfer(entries=[entry("b", PREPAID, RESERVED, 7), entry("a", BANK, PREPAID, 7)]) == 2
    assert (posted(PREPAID), posted(RESERVED)) == (0, 7)


def test_pending_money_counts_as_gone() -> None:
    deposit(100)
    book("hold", PREPAID, RESERVED, 80, kind="pending")
    assert queries.balance(PREPAID) == queries.Balance(posted=100, pending=80, available=20)
    assert posted(RESERVED) == 0
    with pytest.raises(Conflict) as refusal:
        book("more", PREPAID, WORKER, 21)
    assert refusal.value.params["available_micros"] == 20
    assert_in_order()


def test_posting_moves_what_was_pending() -> None:
    deposit(100)
    book("hold", PREPAID, RESERVED, 80, kind="pending")
    book("post", PREPAID, RESERVED, 80, kind="post", pending="hold")
    assert queries.balance(PREPAID) == queries.Balance(posted=20, pending=0, available=20)
    assert posted(RESERVED) == 80
    assert_in_order()


def test_posting_a_part_frees_the_rest() -> None:
    deposit(100)
    book("hold", PREPAID, RESERVED, 80, kind="pending")
    book("post", PREPAID, RESERVED, 50, kind="post", pending="hold")
    assert queries.balance(PREPAID) == queries.Balance(posted=50, pending=0, available=50)
    assert_in_order()


def test_a_void_frees_everything() -> None:
    deposit(100)
    book("hold", PREPAID, RESERVED, 80, kind="pending")
    book("void", PREPAID, RESERVED, 80, kind="void", pending="hold")
    assert queries.balance(PREPAID) == queries.Balance(posted=100, pending=0, available=100)
    assert_in_order()


def test_hold_and_post_fit_into_one_booking() -> None:
    deposit(100)
    hold = entry("hold", PREPAID, RESERVED, 80, kind="pending")
    ledger.transfer(entries=[hold, entry("post", PREPAID, RESERVED, 80, kind="post", pending="hold")])
    assert posted(RESERVED) == 80
    assert_in_order()


def test_what_is_pending_resolves_once() -> None:
    """ledger_transfer_resolved_once"""
    deposit(100)
    book("hold", PREPAID, RESERVED, 80, kind="pending")
    book("post", PREPAID, RESERVED, 80, kind="post", pending="hold")
    assert book("post", PREPAID, RESERVED, 80, kind="post", pending="hold") == 0
    with pytest.raises(Conflict) as refusal:
        book("void", PREPAID, RESERVED, 80, kind="void", pending="hold")
    assert refusal.value.code == "pending_resolved"
    assert_in_order()


REFUSED = [
    (entry("x", PREPAID, RESERVED, 81, kind="post", pending="hold"), "pending_exceeded"),
    (entry("x", PREPAID, RESERVED, 79, kind="void", pending="hold"), "pending_exceeded"),
    (entry("x", PREPAID, WORKER, 80, kind="post", pending="hold"), "pending_differs"),
    (entry("x", PREPAID, RESERVED, 80, kind="post", pending="nothing"), "pending_unknown"),
    (entry("x", BANK, PREPAID, 100, kind="post", pending="deposit"), "pending_unknown"),
    (entry("x", PREPAID, RESERVED, 80, kind="post"), "pending_missing"),
    (entry("x", PREPAID, RESERVED, 1, kind="single", pending="hold"), "pending_missing"),
    (entry("x", PREPAID, PREPAID, 1), "same_account"),
    (entry("x", PREPAID, RESERVED, 0), "amount_out_of_range"),
    (entry("x", PREPAID, RESERVED, -1), "amount_out_of_range"),
    (entry("x", BANK, PREPAID, 10**15 + 1), "amount_out_of_range"),
    (entry("x", PREPAID, rules.available(1, "USD").code, 1), "currency_differs"),
    (entry("x", rules.bank("USD").code, PREPAID, 1), "currency_differs"),
    (entry("x", BANK, PREPAID, 1, currency="USD"), "currency_differs"),
    (entry("x", BANK, PREPAID, 1, kind="loan"), "transfer_kind_unknown"),  # type: ignore[arg-type]
    (entry("x", BANK, "pocket:EUR", 1), "account_unknown"),
]


@pytest.mark.parametrize(("wrong", "code"), REFUSED)
def test_what_breaks_a_rule_of_the_book_is_refused_in_words(wrong: rules.Entry, code: str) -> None:
    deposit(100)
    book("hold", PREPAID, RESERVED, 80, kind="pending")
    with pytest.raises(Refusal) as refusal:
        ledger.transfer(entries=[wrong])
    assert refusal.value.code == code
    assert queries.balance(PREPAID) == queries.Balance(posted=100, pending=80, available=20)
    assert_in_order()


def test_a_booking_has_a_limit() -> None:
    with pytest.raises(Invalid) as refusal:
        ledger.transfer(entries=[entry("x", BANK, PREPAID, 1)] * 5_001)
    assert refusal.value.code == "too_many_transfers"


def test_five_thousand_transfers_in_one_statement() -> None:
    """Approvals come in batches: two transfers each, from one hot account to many workers and the fee."""
    deposit(10_000 * MICROS, to=RESERVED)
    workers = [rules.available(number, "EUR").code for number in range(1, 51)]
    batch = [
        each
        for number in range(2_500)
        for each in (
            entry(f"pay {number}", RESERVED, workers[number % 50], 300_000),
            entry(f"fee {number}", RESERVED, FEE, 60_000),
        )
    ]
    assert ledger.transfer(entries=batch) == 5_000
    assert ledger.transfer(entries=batch) == 0
    assert posted(RESERVED) == 10_000 * MICROS - 2_500 * 360_000
    assert posted(FEE) == 2_500 * 60_000
    assert {balance.posted for balance in queries.balances(workers).values()} == {50 * 300_000}
    assert_in_order()


def test_each_account_row_is_written_once_per_batch() -> None:
    """What keeps a batch linear: the versions of the hot account's row, counted by the database."""
    deposit(1_000)
    with connection.cursor() as cursor:
        count = "SELECT pg_stat_get_xact_tuples_updated('ledger_account'::regclass)"
        cursor.execute(count)
        before = cursor.fetchone()[0]
        ledger.transfer(entries=[entry(f"t{n}", PREPAID, RESERVED, 1) for n in range(100)])
        cursor.execute(count)
        assert cursor.fetchone()[0] - before == 2
