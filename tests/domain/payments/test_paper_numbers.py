"""Numbers follow one another without gaps: under threads, after failures, after a process was killed in between."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from tagwerk.domain.payments import actions
from tagwerk.domain.payments.actions.numbers import next_label
from tagwerk.domain.payments.models import Invoice
from tests.domain.payments.books import buyer, company
from tests.people import actor

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAY = date(2026, 11, 29)
THREADS, EACH = 8, 6


def test_threads_that_issue_and_fail_at_once_leave_no_gap_and_no_double():
    company()
    number, dan = buyer(), actor("dan")
    start = threading.Barrier(THREADS)

    def work(thread: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            for turn in range(EACH):
                booking = actions.book_deposit(
                    actor=dan,
                    organisation_id=number,
                    amount_micros=119_000_000,
                    reference="x",
                    key=f"{thread}/{turn}",
                )
                try:
                    with transaction.atomic():
                        actions.invoice_booking(booking_id=booking, now=NOW)
                        if turn % 3 == 0:
                            raise RuntimeError("the power went off")
                except RuntimeError:
                    actions.invoice_booking(booking_id=booking, now=NOW)
                actions.invoice_booking(booking_id=booking, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    labels = sorted(Invoice.objects.values_list("label", flat=True))
    assert labels == [f"RE-2026-{number:05d}" for number in range(1, THREADS * EACH + 1)]


KILLED = """
import sys, time, psycopg
with psycopg.connect(sys.argv[1]) as there:
    there.execute("INSERT INTO paper_number (series, year, last) VALUES ('RE', 2026, 1)"
        " ON CONFLICT (series, year) DO UPDATE SET last = paper_number.last + 1")
    print("has a number", flush=True)
    time.sleep(60)
"""


def test_the_number_of_a_process_that_was_killed_is_given_out_again(database_urls):
    with transaction.atomic():
        assert next_label("RE", DAY) == "RE-2026-00001"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, database_urls.app], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "has a number\n"
    waiting = threading.Timer(0.5, os.kill, (process.pid, signal.SIGKILL))
    waiting.start()
    with transaction.atomic():
        assert next_label("RE", DAY) == "RE-2026-00002"  # waits for the other one, who never comes to the end
    assert process.wait(timeout=30) == -signal.SIGKILL


def test_each_series_and_each_year_begins_with_one():
    with transaction.atomic():
        found = [
            next_label(series, date(year, 1, 1))
            for series, year in (("RE", 2026), ("GS", 2026), ("RE", 2027))
        ]
    assert found == ["RE-2026-00001", "GS-2026-00001", "RE-2027-00001"]
