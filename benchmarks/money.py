"""The book and payday: transfers through accounts that all share, through 64 of them, and in batches, against bare INSERTs
of the same rows; a run that pays 100,000 workers, against bare INSERTs of its payouts and transfers; the earnings page of a worker
with 100,000 movements, against one with 100.
"""

import json
import sys
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from benchmarks import memory, payfile
from benchmarks.figures import Figure, Scale, in_turns, median, note
from benchmarks.instance import Instance, running

NAMES = ("money.transfers", "money.run", "money.earnings")
THREADS = 8
PER_EVENT = 3  # transfers of one event, such as pay, fee and bonus
CURRENCY = "EUR"
MANY = 64
TOGETHER = 50  # events in a transaction, as jobs approve answers


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """Those that are asked for, on one instance."""
    with running(web=False, jobs=False) as instance:
        if "money.transfers" in names:
            yield from _transfers(instance, scale.of(400, 40))
        if "money.run" in names:
            yield from _run(instance, scale.of(100_000, 3_000))
        if "money.earnings" in names:
            yield from _earnings(instance, scale.of(100_000, 5_000))


def _transfers(instance: Instance, events: int) -> Iterator[Figure]:
    """Transfers a second by so many threads: all take from one account and give to one fee account, an event a
    transaction; the same with 64 of each, as sharding would have it; and with one of each, but 50 events a transaction,
    as jobs approve answers.
    """
    with instance.as_superuser() as connection:
        connection.execute("CREATE TABLE bare_transfer (LIKE ledger_transfer INCLUDING DEFAULTS)")
        connection.execute("CREATE UNIQUE INDEX ON bare_transfer (id)")
        connection.execute("GRANT ALL ON bare_transfer TO tagwerk_app")
    for name, load in (
        ("1", Load(events, 1, 1)), (str(MANY), Load(events, MANY, 1)), ("1.batched", Load(events, 1, TOGETHER)),
    ):  # fmt: skip
        _fill(load.accounts)
        note(
            f"{events} events a thread, {load.accounts} shared accounts, {load.together} events a transaction"
        )
        took = in_turns(
            {"book": partial(_by_threads, _book, load), "bare": partial(_by_threads, _bare, load)}, rounds=3
        )
        ratio = median([a / b for a, b in zip(took["book"], took["bare"], strict=True)])
        yield Figure(
            f"money.transfers.{name}", THREADS * events * PER_EVENT / median(took["book"]), "transfers/s",
            f"bare INSERTs of the same rows: {THREADS * events * PER_EVENT / median(took['bare']):.0f}", ratio,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Load:
    """What each thread books: so many events, out of so many shared accounts, so many in a transaction."""

    events: int
    accounts: int
    together: int


def _fill(accounts: int) -> None:
    from tagwerk.domain.ledger import actions as ledger
    from tagwerk.domain.ledger.rules import Entry, bank, reserved

    ledger.transfer(
        entries=[
            Entry(uuid4(), uuid4(), "single", bank(CURRENCY).code, reserved(n + 1, CURRENCY).code, 10**14, CURRENCY, "x")
            for n in range(accounts)
        ]
    )  # fmt: skip


def _by_threads(act: Any, load: Load) -> float:
    """Seconds that all threads take together."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(act, load, thread) for thread in range(THREADS)]:
            done.result()
    return time.perf_counter() - begin


def _transactions(load: Load, thread: int) -> Iterator[list[Any]]:
    """The transfers of each transaction of a thread."""
    for start in range(0, load.events, load.together):
        numbers = range(start, min(start + load.together, load.events))
        yield [entry for number in numbers for entry in _entries(load, thread, number)]


def _entries(load: Load, thread: int, number: int) -> list[Any]:
    from tagwerk.domain.ledger.rules import Entry, available, fee_income, reserved

    place = (number * THREADS + thread) % load.accounts
    worker = available(thread * 1000 + number % 100 + 1, CURRENCY)
    # A fee account in 64 parts is not in the chart: 64 others stand for it.
    fee = fee_income(CURRENCY) if load.accounts == 1 else available(1_000_000 + place, CURRENCY)
    event = uuid4()
    return [
        Entry(uuid4(), event, "single", reserved(place + 1, CURRENCY).code, target.code, 1_000, CURRENCY, "x")
        for target in (*[worker] * (PER_EVENT - 1), fee)
    ]


def _book(load: Load, thread: int) -> None:
    from django.db import connection

    from tagwerk.domain.ledger import actions as ledger

    try:
        for entries in _transactions(load, thread):
            ledger.transfer(entries=entries)
    finally:
        connection.close()


def _bare(load: Load, thread: int) -> None:
    """The same rows in the same transactions, into a table without triggers, keys to accounts and balances."""
    from django.db import connection, transaction

    try:
        for entries in _transactions(load, thread):
            rows = [
                (one.id, 0, one.event, one.kind, 1, 2, one.currency, one.amount_micros, one.code)
                for one in entries
            ]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO bare_transfer (id, seq, event, kind, debit_id, credit_id, currency, amount_micros, code)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    rows,
                )
    finally:
        connection.close()


def _run(instance: Instance, workers: int) -> Iterator[Figure]:
    """Make, set aside, release, write the file."""
    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments import actions as payments
    from tagwerk.domain.payments.queries import rail_files

    note(f"{workers:,} workers with money and an account")
    _people(instance, workers)
    payments.change_payer(
        actor=CONSOLE, name="Bench GmbH", iban="DE89370400440532013000", town="Berlin", country="DE"
    )
    instance.settle()
    at_first = memory.settle()
    begin = time.perf_counter()
    now = datetime.now(UTC)
    run_id = payments.make_run(actor=CONSOLE, currency=CURRENCY, now=now, now_due=True)
    payments.lock_run(run_id=run_id, now=now)
    payments.release_run(actor=CONSOLE, run_id=run_id, now=now, with_second_factor=True)
    size = sum(len(piece) for piece in rail_files.sepa_file(CONSOLE, run_id).pieces)
    seconds, peak = time.perf_counter() - begin, (memory.most() - at_first) / 2**20
    if not payfile.is_valid(rail_files.sepa_file(CONSOLE, run_id).pieces):
        sys.exit("The file of the run does not fit the schema of pain.001.001.09.")
    bare = _bare_run(instance, run_id)
    yield Figure(
        "money.run.seconds", seconds, f"s for {workers} workers", f"bare INSERTs of its payouts and transfers: {bare:.1f}",
        seconds / bare,
    )  # fmt: skip
    yield Figure(
        "money.run.megabytes",
        peak,
        "MB more at the peak",
        f"the file for the bank: {size / 2**20:.0f} MB",
        peak / (size / 2**20),
    )


def _people(instance: Instance, workers: int) -> None:
    from schwifty import IBAN

    from tagwerk.base.secrecy import encrypted
    from tagwerk.domain.ledger import actions as ledger
    from tagwerk.domain.ledger.rules import Entry, available, goodwill
    from tagwerk.domain.payments.rules.profile import Address, PayoutDetails, Target, as_json
    from tagwerk.domain.payments.rules.rails import Rail

    details = PayoutDetails(
        "Bench Müller",
        Address("Weg", "1", "10115", "Berlin", "DE"),
        born_on=date(1990, 1, 1),
        birth_place="Ulm",
    )
    iban = str(IBAN.generate("DE", bank_code="37040044", account_code="7"))
    with instance.as_superuser() as connection:
        connection.execute(_PEOPLE, [workers])
        connection.execute(_PROFILES, [encrypted(json.dumps(as_json(details)))])
        connection.execute(_METHODS, [encrypted(json.dumps(as_json(Target(Rail.SEPA, iban))))])
        people = [
            number
            for (number,) in connection.execute("SELECT DISTINCT person_id FROM payout_profile ORDER BY 1")
        ]
    for start in range(0, len(people), 2_500):
        ledger.transfer(
            entries=[
                Entry(
                    uuid4(), uuid4(), "single", goodwill(CURRENCY).code, available(one, CURRENCY).code, 12_340_000,
                    CURRENCY, "goodwill",
                )
                for one in people[start : start + 2_500]
            ]
        )  # fmt: skip


def _bare_run(instance: Instance, run_id: int) -> float:
    """Seconds that the same rows take, into tables without triggers and keys."""
    with instance.as_superuser() as connection:
        connection.execute("CREATE TABLE bare_payout (LIKE payout INCLUDING DEFAULTS INCLUDING INDEXES)")
        connection.execute(
            "CREATE TABLE bare_pending (LIKE ledger_transfer INCLUDING DEFAULTS INCLUDING INDEXES)"
        )
        begin = time.perf_counter()
        connection.execute("INSERT INTO bare_payout SELECT * FROM payout WHERE run_id = %s", [run_id])
        connection.execute("INSERT INTO bare_pending SELECT * FROM ledger_transfer WHERE kind = 'pending'")
        return time.perf_counter() - begin


def _earnings(instance: Instance, movements: int) -> Iterator[Figure]:
    """The page as its worker opens it, in this process, without a network; its files are named plainly."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import override_settings

    from tagwerk.domain.ledger import actions as ledger
    from tagwerk.domain.ledger.rules import Entry, available, goodwill

    clients = {}
    for name, count in (("many", movements), ("few", 100)):
        person_id = _worker(name)
        note(f"{count:,} movements of one worker")
        for start in range(0, count, 2_500):
            ledger.transfer(
                entries=[
                    Entry(
                        uuid4(), uuid4(), "single", goodwill(CURRENCY).code, available(person_id, CURRENCY).code, 10_000,
                        CURRENCY, "goodwill",
                    )
                    for _n in range(min(2_500, count - start))
                ]
            )  # fmt: skip
        client = Client()
        client.force_login(_person(person_id), backend="django.contrib.auth.backends.ModelBackend")
        clients[name] = client
    instance.settle()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        found = in_turns({name: partial(_opened, client) for name, client in clients.items()}, rounds=15)
        asked = {name: _queries(client) for name, client in clients.items()}
    few = f"a worker with 100 movements instead of {movements:,}"
    ratio = median([a / b for a, b in zip(found["many"], found["few"], strict=True)])
    yield Figure("money.earnings.milliseconds", median(found["many"]), "ms", few, ratio)
    yield Figure("money.earnings.queries", asked["many"], "queries", few, asked["many"] / asked["few"])


def _queries(client: Any) -> int:
    from django.db import connection

    asked = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        _opened(client)
    return len(asked)


def _opened(client: Any) -> float:
    begin = time.perf_counter()
    page = client.get("/work/earnings/", headers={"Host": "localhost"})
    assert page.status_code == 200, page.status_code
    return (time.perf_counter() - begin) * 1000


def _worker(name: str) -> int:
    from django.conf import settings

    from tagwerk.domain.accounts import actions as accounts
    from tagwerk.domain.accounts import queries
    from tagwerk.domain.accounts.rules import CONSOLE

    person_id = accounts.create_person(
        actor=CONSOLE, email=f"{name}@example.org", display_name=name, country="DE", ui_language="en"
    )
    accounts.agree_to_terms(
        actor=queries.actor_of_person(person_id), version=settings.TERMS_VERSION, adult=True
    )
    return person_id


def _person(person_id: int) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(id=person_id)


_PEOPLE = """
INSERT INTO person (password, uuid, email, display_name, kind, country, time_zone, ui_language, mail_level, preferences,
    is_operator, is_active)
SELECT '!', gen_random_uuid(), 'bench-' || n || '@example.org', 'Bench ' || n, 'person', 'DE', 'UTC', 'en', 'all', '{}',
    false, true
FROM generate_series(1, %s::int) n
"""
_PROFILES = "INSERT INTO payout_profile (person_id, sealed, tax_data_complete) SELECT id, %s, true FROM person WHERE email LIKE 'bench-%%'"
_METHODS = """
INSERT INTO payout_method (person_id, rail, sealed, shown, fingerprint, confirmed_at, usable_at)
SELECT id, 'sepa', %s, 'DE ••• 0007', '\\x00', now() - interval '5 days', now() - interval '2 days'
FROM person WHERE email LIKE 'bench-%%'
"""
