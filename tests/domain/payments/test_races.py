import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
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
