"""Real threads with real commits: nothing is booked twice, nothing is overdrawn, nobody deadlocks."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, transaction

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries, rules
from tests.domain.ledger.entries import BANK, FEE, PREPAID, RESERVED, book, deposit, entry

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
T = TypeVar("T")


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """All at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_same_transfer_from_all_sides_is_booked_once() -> None:
    booked = at_once([lambda: book("once", BANK, PREPAID, 5)] * THREADS)
    assert sorted(booked) == [0] * (THREADS - 1) + [1]
    assert queries.balance(PREPAID).posted == 5
    assert queries.drift_micros() == 0


def test_money_is_spent_once() -> None:
    deposit(10)

    def spend(number: int) -> str:
        try:
            book(f"spend {number}", PREPAID, RESERVED, 4)
        except Conflict as refusal:
            return refusal.code
        return "spent"

    outcomes = at_once([lambda n=n: spend(n) for n in range(THREADS)])  # type: ignore[misc]
    assert sorted(outcomes) == ["not_enough_money"] * (THREADS - 2) + ["spent"] * 2
    assert (queries.balance(PREPAID).posted, queries.balance(RESERVED).posted) == (2, 8)
    assert queries.drift_micros() == 0


def test_what_is_pending_resolves_once_whoever_comes_first() -> None:
    deposit(10)
    book("hold", PREPAID, RESERVED, 10, kind="pending")

    def resolve(number: int) -> str:
        kind = "post" if number % 2 else "void"
        try:
            book(f"resolve {number}", PREPAID, RESERVED, 10, kind=kind, pending="hold")
        except Conflict as refusal:
            return refusal.code
        return "resolved"

    outcomes = at_once([lambda n=n: resolve(n) for n in range(THREADS)])  # type: ignore[misc]
    assert sorted(outcomes) == ["pending_resolved"] * (THREADS - 1) + ["resolved"]
    assert queries.balance(PREPAID).pending == 0
    assert queries.drift_micros() == 0


def test_batches_over_the_same_accounts_in_any_order_do_not_deadlock() -> None:
    """The batches share hot accounts, open new ones, and name them forwards and backwards."""
    deposit(1_000_000, to=RESERVED)
    workers = [rules.available(number, "EUR").code for number in range(1, 11)]

    def pay(number: int) -> None:
        order = workers if number % 2 else workers[::-1]
        for turn in range(10):
            batch = [entry(f"pay {number} {turn} {worker}", RESERVED, worker, 3) for worker in order]
            batch.append(entry(f"fee {number} {turn}", RESERVED, FEE, 1))
            ledger.transfer(entries=batch[:: 1 if turn % 2 else -1])

    at_once([lambda n=n: pay(n) for n in range(THREADS)])  # type: ignore[misc]
    assert {balance.posted for balance in queries.balances(workers).values()} == {THREADS * 10 * 3}
    assert queries.balance(FEE).posted == THREADS * 10
    assert queries.drift_micros() == 0
    assert queries.trial_balance() == {"EUR": 0}


def test_overlapping_batches_book_each_transfer_once() -> None:
    deposit(1_000_000, to=RESERVED)

    def pay(number: int) -> int:
        ids = range(number * 10, number * 10 + 60)
        return ledger.transfer(entries=[entry(f"pay {each}", RESERVED, FEE, 1) for each in ids])

    assert sum(at_once([lambda n=n: pay(n) for n in range(THREADS)])) == 130  # type: ignore[misc]
    assert queries.balance(FEE).posted == 130
    assert queries.drift_micros() == 0


def test_seals_leave_no_transfer_out_while_others_book() -> None:
    """Sequence numbers commit out of order; a seal waits for those below it."""
    deposit(1_000_000)
    stop = threading.Event()

    def pay(number: int) -> None:
        for turn in range(30):
            with transaction.atomic():
                book(f"pay {number} {turn}", PREPAID, RESERVED, 1)
        stop.set()

    def seal() -> None:
        while not stop.is_set():
            ledger.seal()

    at_once([*[lambda n=n: pay(n) for n in range(THREADS - 1)], seal])  # type: ignore[misc,list-item]
    ledger.seal()
    assert queries.broken_seals() == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT sum(transfers) FROM ledger_seal), (SELECT count(*) FROM ledger_transfer)"
        )
        sealed, booked = cursor.fetchone()
    assert sealed == booked == 30 * (THREADS - 1) + 1


def test_seals_leave_no_account_out_while_others_open_some() -> None:
    """Numbers of accounts commit out of order as well; one that came too late for its seal would be called added."""
    deposit(1_000_000)
    stop = threading.Event()

    def pay(number: int) -> None:
        for turn in range(20):
            with transaction.atomic():
                book(f"pay {number} {turn}", PREPAID, f"worker:{number * 100 + turn + 1}:available:EUR", 1)
        stop.set()

    def seal() -> None:
        while not stop.is_set():
            ledger.seal()

    at_once([*[lambda n=n: pay(n) for n in range(THREADS - 1)], seal])  # type: ignore[misc,list-item]
    ledger.seal()
    assert queries.verify().is_right
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(last_account) FROM ledger_seal), (SELECT max(id) FROM ledger_account)"
        )
        sealed, opened = cursor.fetchone()
    assert sealed == opened


def test_a_seal_that_would_have_to_wait_too_long_comes_next_time() -> None:
    deposit(100)
    booked, sealed = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            book("slow", PREPAID, RESERVED, 1)
            booked.set()
            sealed.wait(timeout=30)

    def seal() -> int:
        booked.wait(timeout=30)
        try:
            return ledger.seal()
        finally:
            sealed.set()

    assert at_once([slow, seal])[1] == 0  # type: ignore[list-item]
    assert ledger.seal() == 1
