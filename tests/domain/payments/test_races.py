import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from tagwerk.base.errors import Refusal
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import suspense
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.models import BankEntry, BankFile, Payout, PayoutHold, PayoutMethod
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments.wages import (
    company,
    earn,
    locked_run,
    now,
    payee,
    payout_of,
    released_run,
    right_book,
    take,
    there,
)
from tests.people import actor, organisation

THREADS = 6


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_one_deposit_book_it_once() -> None:
    dan, acme = actor("dan"), organisation()
    start = threading.Barrier(THREADS)

    def click(_: int) -> int:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return payments.book_deposit(
                actor=dan, organisation_id=acme, amount_micros=7, reference="RE 1", key="statement 1"
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(click, range(THREADS)))) == 1
    assert queries.prepaid_micros(acme, "EUR") == 7
    assert ledger.drift_micros() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_news_from_many_processes_is_booked_once() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = released_run()
    ref = payout_of(ben, run).ref
    news = [
        lambda: payments.mark_paid(refs=[ref], now=now(), fee_micros=10_000),
        lambda: payments.mark_returned(ref=ref, reason="AC04", now=now()),
    ]
    at_once([news[place % 2] for place in range(THREADS)])
    assert payout_of(ben, run).state == "returned"
    assert there(ben) == 10
    assert right_book()


@pytest.mark.django_db(transaction=True)
def test_a_hold_and_a_release_at_once_either_stop_the_money_or_come_too_late() -> None:
    ben, dan = payee("ben"), actor("dan")
    company()
    for _round in range(4):
        earn(ben, 10)
        run = locked_run()
        release = {"actor": dan, "run_id": run.id, "now": now(), "with_second_factor": True}
        hold = {
            "actor": dan, "person_id": ben, "code": HoldCode.FRAUD_REVIEW, "reason": "Is it you?", "now": now(),
            "until": now() + timedelta(days=1),
        }  # fmt: skip
        at_once([partial(payments.release_run, **release), partial(payments.hold_payouts, **hold)])
        payout = payout_of(ben, run)
        assert payout.state in ("submitted", "withdrawn")
        payments.mark_paid(refs=[payout.ref], now=now())
        assert there(ben) == (10 if payout.state == "withdrawn" else 0)
        payments.end_hold(actor=dan, hold_id=PayoutHold.objects.latest("id").id, now=now())
        if payout.state == "withdrawn":
            take(ben, 10)
        assert right_book()


@pytest.mark.django_db(transaction=True)
def test_two_links_opened_at_once_leave_one_way_in_use() -> None:
    ben = payee("ben")
    method = payments.ask_payout_method(
        person_id=ben, rail=Rail.PAYPAL, account="ben@example.org", now=now(), recently_signed_in=True,
        with_second_factor=True,
    )  # fmt: skip
    at_once([lambda: payments.confirm_payout_method(actor=CONSOLE, method_id=method, now=now())] * THREADS)
    assert PayoutMethod.objects.filter(person_id=ben, ended_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_two_settle_at_once_is_settled_once() -> None:
    file = BankFile.objects.create(sha256=b"x", name="notice.xml", kinds="camt.054", imported_at=now())
    hint = {"file": file, "iban": "DE", "currency": "EUR", "amount_micros": -7}
    for said in (False, True):
        BankEntry.objects.bulk_create(
            BankEntry(**hint, key=f"{number}/{said}", on_statement=said) for number in range(40)
        )
    at_once([lambda: payments.settle_bank_entries(now=now())] * THREADS)
    assert set(BankEntry.objects.values_list("meaning", "on_statement")) == {("unknown", True)}
    assert ledger.balance(suspense("EUR").code).posted == -40 * 7 and right_book()


def at_once(acts: list[Any]) -> None:
    """All of them in threads of their own, as nearly at one moment as can be; what is refused is refused."""
    start = threading.Barrier(len(acts))

    def do(act: Any) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            with contextlib.suppress(Refusal):
                act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(do, acts))


@pytest.mark.django_db(transaction=True)
def test_a_hold_that_is_being_written_is_not_missed_by_a_run_that_is_being_made() -> None:
    ben, dan = payee("ben"), actor("dan")
    earn(ben, 10)
    written, planned = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            payments.hold_payouts(
                actor=dan, person_id=ben, code=HoldCode.FRAUD_REVIEW, reason="Is it you?", now=now(),
                until=now() + timedelta(days=1),
            )  # fmt: skip
            written.set()
            planned.wait(timeout=1)  # the run cannot be planned before this ends, so this waits in vain

    def make() -> None:
        written.wait(timeout=30)
        payments.make_run(actor=dan, currency="EUR", now=now(), now_due=True)
        planned.set()

    at_once([hold, make])
    assert Payout.objects.get().reason == "fraud_review"
