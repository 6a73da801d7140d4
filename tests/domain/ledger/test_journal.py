"""The journal, and what an account held at any past moment."""

import csv
import io
import json
import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils.timezone import now

from tagwerk.domain.ledger import queries
from tagwerk.domain.ledger.models import Transfer
from tagwerk.domain.ledger.queries import Balance, journal
from tagwerk.domain.ledger.rules import JournalLine, Opening, written
from tests.domain.ledger.entries import BANK, FEE, MICROS, PREPAID, RESERVED, WORKER, book, deposit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


@pytest.fixture
def book_of_a_day() -> None:
    """A deposit, a reservation, something held and partly posted, something held still, and a fee."""
    deposit(100 * MICROS)
    book("reserve", PREPAID, RESERVED, 60 * MICROS)
    book("held", RESERVED, WORKER, 10 * MICROS, kind="pending")
    book("paid", RESERVED, WORKER, 7 * MICROS, kind="post", pending="held")
    book("waits", RESERVED, WORKER, 5 * MICROS, kind="pending")
    book("fee", RESERVED, FEE, 1_500_001)


def moment_of(name: str) -> datetime:
    codes = {"held": 2, "paid": 3, "waits": 4, "fee": 5}
    return Transfer.objects.order_by("seq").values_list("booked_at", flat=True)[codes[name]]


def test_a_statement_says_what_was_there_then(book_of_a_day: None) -> None:
    assert queries.statement(RESERVED, moment_of("held")).balance == Balance(
        60 * MICROS, 10 * MICROS, 50 * MICROS
    )
    assert queries.statement(RESERVED, moment_of("paid")).balance == Balance(53 * MICROS, 0, 53 * MICROS)
    at_the_end = queries.statement(RESERVED, now())
    assert at_the_end.balance == queries.balance(RESERVED) == queries.recomputed(RESERVED)
    assert at_the_end.transfers == 5
    assert queries.statement(BANK, now()).balance.posted == 100 * MICROS
    before = queries.statement(RESERVED, now() - timedelta(days=1))
    assert (before.balance, before.transfers) == (Balance(), 0)
    assert queries.statement("worker:99:available:EUR", now()).balance == Balance()


def test_the_journal_has_every_transfer_once_and_in_order(
    book_of_a_day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagwerk.domain.ledger.queries.journal.PAGE", 4)
    lines = list(queries.journal_lines())
    assert [one.code for one in lines] == ["test"] * 6 and [one.seq for one in lines] == sorted(
        {one.seq for one in lines}
    )
    assert [one.kind for one in lines] == ["single", "single", "pending", "post", "pending", "single"]
    assert lines[3].pending == lines[2].id and (lines[3].debit, lines[3].credit) == (RESERVED, WORKER)
    since, until = moment_of("held"), moment_of("waits")
    assert [one.kind for one in queries.journal_lines(since=since, until=until)] == ["pending", "post"]


def test_tables_and_objects_say_the_same(book_of_a_day: None) -> None:
    lines = list(queries.journal_lines())
    table = list(csv.DictReader(io.StringIO("".join(written("csv", [], lines, TODAY)))))
    objects = [json.loads(line) for line in "".join(written("jsonl", [], lines, TODAY)).splitlines()]
    assert [{**one, "seq": str(one["seq"])} for one in objects] == table
    assert table[-1]["amount"] == "1.500001" and table[-1]["credit"] == FEE


def postings(text: str) -> dict[str, Decimal]:
    """What an accountant's program adds up: account → balance; each transaction has to add up to nothing."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    opened = set(re.findall(r"^\d{4}-\d\d-\d\d open (\S+) EUR$", text, re.MULTILINE))
    for transaction in re.split(r"^(?=\d{4}-\d\d-\d\d \*)", text, flags=re.MULTILINE)[1:]:
        found = re.findall(r"^  ([A-Z]\S+)  (-?\d+\.\d{6}) EUR$", transaction, re.MULTILINE)
        assert len(found) == 2 and sum(Decimal(amount) for _, amount in found) == 0
        for account, amount in found:
            assert account in opened
            sums[account] += Decimal(amount)
    return dict(sums)


def test_an_accountant_gets_what_was_posted(book_of_a_day: None) -> None:
    text = "".join(written("beancount", [], queries.journal_lines(), date(2026, 1, 1)))
    assert postings(text) == {
        "Assets:Bank:EUR": Decimal(100),
        "Liabilities:Organisation:1:Prepaid:EUR": Decimal(-40),
        "Liabilities:Project:1:Reserved:EUR": Decimal("-51.499999"),
        "Liabilities:Worker:1:Available:EUR": Decimal(-7),
        "Income:Fee:EUR": Decimal("-1.500001"),
    }


def test_a_period_begins_with_what_was_there(book_of_a_day: None) -> None:
    whole = postings("".join(written("beancount", [], queries.journal_lines(), date(2026, 1, 1))))
    since = moment_of("paid")
    text = "".join(
        written("beancount", queries.openings(since), queries.journal_lines(since=since), since.date())
    )
    later = postings(text)
    assert later.pop("Equity:Opening-Balances:EUR") == 0
    assert later == whole


def test_texts_cannot_break_out_of_the_journal() -> None:
    line = JournalLine(
        1, datetime(2026, 11, 29, tzinfo=UTC), "i", "e", "single", BANK, PREPAID, 1, "EUR", "x", "", "r", '1"2', 'a"\n2026-01-01 * "b'
    )  # fmt: skip
    text = "".join(written("beancount", [Opening(BANK, "EUR", 5)], [line], date(2026, 11, 1)))
    assert sum(bool(re.match(r"\d{4}-\d\d-\d\d \*", one)) for one in text.splitlines()) == 2
    assert '\\"b' in text


def test_the_statement_looks_at_its_own_account_only(book_of_a_day: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + journal._STATEMENT, {"code": RESERVED, "at": now()})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "ledger_transfer_debits" in plan and "ledger_transfer_credits" in plan
