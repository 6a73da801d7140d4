"""What was booked is sealed by a chain of hashes, which tells a change made by force."""

from collections.abc import Callable

import pytest
from django.db import connection

from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries, rules
from tagwerk.domain.ledger.models import Seal
from tests.domain.ledger.entries import BANK, FEE, PREPAID, WORKER, book, deposit

pytestmark = [pytest.mark.usefixtures("by_superuser"), pytest.mark.django_db]


def by_force(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers: a superuser's hand
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def two_seals() -> None:
    deposit(100)
    ledger.seal()
    book("a", BANK, PREPAID, 5)
    book("b", PREPAID, WORKER, 6)
    ledger.seal()


def test_nothing_new_makes_no_seal() -> None:
    assert ledger.seal() == 0
    assert queries.latest_seal() is None
    deposit(1)
    assert (ledger.seal(), ledger.seal()) == (1, 0)


def test_seals_form_a_chain(two_seals: None) -> None:
    first, second = Seal.objects.order_by("id")
    assert (first.transfers, second.transfers) == (1, 2)
    assert second.previous == first.hash
    assert second.first_seq > first.last_seq
    latest = queries.latest_seal()
    assert latest is not None and latest.hash == bytes(second.hash).hex()
    assert queries.broken_seals() == []


def test_long_ranges_become_several_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "LARGEST_SEAL", 2)
    for number in range(5):
        book(f"t{number}", BANK, PREPAID, 1)
    assert ledger.seal() == 3
    assert queries.broken_seals() == []


FORGERIES: list[tuple[str, Callable[[int, int], list[int]]]] = [
    (
        "UPDATE ledger_transfer SET amount_micros = amount_micros + 1 WHERE seq = (SELECT min(seq) FROM ledger_transfer)",
        lambda first, second: [first],
    ),
    (
        "UPDATE ledger_transfer SET memo = 'x' WHERE seq = (SELECT max(seq) FROM ledger_transfer)",
        lambda first, second: [second],
    ),
    (
        "DELETE FROM ledger_transfer WHERE seq = (SELECT max(seq) FROM ledger_transfer)",
        lambda first, second: [second],
    ),
    ("DELETE FROM ledger_seal WHERE id = (SELECT min(id) FROM ledger_seal)", lambda first, second: [second]),
    (
        "UPDATE ledger_seal SET hash = '\\x00' WHERE id = (SELECT min(id) FROM ledger_seal)",
        lambda first, second: [first, second],
    ),
    ("DELETE FROM ledger_seal WHERE id = (SELECT max(id) FROM ledger_seal)", lambda first, second: [second]),
    ("DELETE FROM ledger_newest_seal", lambda first, second: [second]),
    ("UPDATE ledger_account SET guard = 'none' WHERE code LIKE 'org%'", lambda first, second: [first]),
    ("DELETE FROM ledger_account WHERE code LIKE 'worker%'", lambda first, second: [second]),
    (
        "INSERT INTO ledger_account (id, code, kind, currency) OVERRIDING SYSTEM VALUE "
        "SELECT min(id) - 1, 'bank:CHF', 'asset', 'CHF' FROM ledger_account",
        lambda first, second: [first],
    ),
]


@pytest.mark.parametrize(("sql", "broken"), FORGERIES)
def test_a_change_by_force_breaks_its_seal(
    two_seals: None, sql: str, broken: Callable[[int, int], list[int]]
) -> None:
    first, second = Seal.objects.order_by("id").values_list("id", flat=True)
    by_force(sql)
    assert queries.broken_seals() == broken(first, second)


# Every column of every table of the book, with another value that its checks let pass.
COLUMNS = {
    "ledger_transfer": {
        "id": "gen_random_uuid()", "seq": "seq + 1000", "booked_at": "booked_at + interval '1 microsecond'",
        "event": "gen_random_uuid()", "kind": "'pending'", "debit_id": "credit_id + 1000", "credit_id": "debit_id + 1000",
        "currency": "'USD'", "amount_micros": "amount_micros + 1", "pending_id": None, "code": "'other'",
        "ref_type": "'other'", "ref_id": "'other'", "memo": "'other'",
    },
    "ledger_account": {
        "id": "id + 1000", "code": "'worker:999:available:EUR'", "kind": "'income'", "currency": "'USD'",
        "guard": "CASE guard WHEN 'none' THEN 'credits_le_debits' ELSE 'none' END",
        "opened_at": "opened_at + interval '1 microsecond'", "debits_posted_micros": "debits_posted_micros + 1",
        "credits_posted_micros": "credits_posted_micros + 1", "debits_pending_micros": "debits_pending_micros + 1",
        "credits_pending_micros": "credits_pending_micros + 1",
    },
    "ledger_seal": {
        "id": "id + 1000", "sealed_at": "sealed_at + interval '1 microsecond'", "first_seq": "first_seq + CASE WHEN first_seq = last_seq THEN -1 ELSE 1 END", "last_seq": "last_seq + 1", "transfers": "transfers + 1", "previous": "'\\x00'", "hash": "'\\x00'",
        "digests": "NULL", "version": "version + 1", "last_account": "last_account + 1", "accounts": "accounts || ' '",
    },
    "ledger_newest_seal": {
        "id": None, "seal_id": "seal_id + 1", "last_seq": "last_seq - 1", "hash": "'\\x00'",
    },
}  # fmt: skip
# What `pending_id` needs is another kind, too; the only row of the newest seal can have no other id.
NOT_ALONE = {("ledger_transfer", "pending_id"), ("ledger_newest_seal", "id")}


def test_no_column_of_the_book_is_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_name LIKE 'ledger%' AND table_type = 'BASE TABLE'"
        )
        there = set(cursor.fetchall())
    assert there == {(table, column) for table, columns in COLUMNS.items() for column in columns}


@pytest.mark.parametrize("which", ["first", "last"])
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (table, column, value)
        for table, columns in COLUMNS.items()
        for column, value in columns.items()
        if value
    ],
)
def test_one_row_changed_by_force_is_seen(
    two_seals: None, table: str, column: str, value: str, which: str
) -> None:
    assert queries.verify().is_right
    row = f"(SELECT id FROM {table} ORDER BY ctid {'DESC' if which == 'last' else ''} LIMIT 1)"
    if value.startswith(("id +", "seq +")):  # numbers that only the database gives out
        by_force(f"ALTER TABLE {table} ALTER COLUMN {column} SET GENERATED BY DEFAULT")
    by_force(f"UPDATE {table} SET {column} = {value} WHERE id = {row}")
    assert not queries.verify().is_right
    book("later", rules.capital("EUR").code, FEE, 1)
    ledger.seal()  # what comes later mends nothing
    assert not queries.verify().is_right


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("which", ["first", "last"])
def test_one_row_deleted_by_force_is_seen(two_seals: None, table: str, which: str) -> None:
    row = f"(SELECT id FROM {table} ORDER BY ctid {'DESC' if which == 'last' else ''} LIMIT 1)"
    by_force(f"DELETE FROM {table} WHERE id = {row}")
    assert not queries.verify().is_right
    deposit(1, name="later")
    ledger.seal()
    assert not queries.verify().is_right


def test_workers_who_were_exchanged_are_named(two_seals: None) -> None:
    other = "worker:2:available:EUR"
    book("c", PREPAID, other, 7)
    ledger.seal()
    by_force(f"UPDATE ledger_account SET code = 'x' WHERE code = '{WORKER}'")
    by_force(f"UPDATE ledger_account SET code = '{WORKER}' WHERE code = '{other}'")
    by_force(f"UPDATE ledger_account SET code = '{other}' WHERE code = 'x'")
    found = queries.verify()
    assert not found.is_right and len(found.wrong) == 2 and found.drift == []
    assert [(each.account, each.wrong) for each in found.accounts] == [
        (WORKER, "changed"),
        (other, "changed"),
    ]
    assert WORKER in found.accounts[0].sealed and other in found.accounts[0].present


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (f"UPDATE ledger_account SET opened_at = now() WHERE code = '{WORKER}'", (WORKER, "changed")),
        (f"DELETE FROM ledger_account WHERE code = '{WORKER}'", (WORKER, "gone")),
        (
            "INSERT INTO ledger_account (id, code, kind, currency) OVERRIDING SYSTEM VALUE "
            "SELECT min(id) - 1, 'bank:CHF', 'asset', 'CHF' FROM ledger_account",
            ("bank:CHF", "added"),
        ),
    ],
)
def test_an_account_changed_by_force_is_named(two_seals: None, sql: str, named: tuple[str, str]) -> None:
    by_force(sql)
    assert [(each.account, each.wrong) for each in queries.verify().accounts] == [named]


@pytest.mark.parametrize(
    "change", ["kind = 'income'", "guard = 'none'", "currency = 'USD'", "code = 'worker:07:available:EUR'"]
)
def test_an_account_that_no_seal_covers_is_held_against_the_chart(change: str) -> None:
    deposit(100)
    book("a", PREPAID, WORKER, 60)
    assert queries.wrong_accounts() == []
    by_force(f"UPDATE ledger_account SET {change} WHERE code = '{WORKER}'")
    [wrong] = queries.verify().accounts
    assert wrong.wrong == "off the chart" and wrong.account in (WORKER, "worker:07:available:EUR")
    assert not queries.verify().is_right


def seals_of_before() -> None:
    """The book as it was sealed before seals covered accounts: seals of version 1."""
    by_force(
        "DELETE FROM ledger_newest_seal; "
        "UPDATE ledger_seal SET version = 1, last_account = 0, accounts = '', "
        "  hash = ledger_range_hash(previous, first_seq, last_seq); "
        "UPDATE ledger_seal s SET previous = (SELECT hash FROM ledger_seal b WHERE b.id < s.id ORDER BY b.id DESC LIMIT 1); "
        "UPDATE ledger_seal SET hash = ledger_range_hash(previous, first_seq, last_seq); "
        "INSERT INTO ledger_newest_seal (seal_id, last_seq, hash) "
        "  SELECT id, last_seq, hash FROM ledger_seal ORDER BY id DESC LIMIT 1"
    )


def test_seals_made_before_stay_right_and_the_next_one_covers_all_accounts_and_them(two_seals: None) -> None:
    seals_of_before()
    assert queries.verify().is_right
    deposit(1, name="next")
    ledger.seal()
    assert queries.verify().is_right
    newest = Seal.objects.latest("id")
    assert (newest.version, newest.accounts.count("\n")) == (2, 2)
    by_force(f"UPDATE ledger_account SET code = 'worker:999:available:EUR' WHERE code = '{WORKER}'")
    assert queries.broken_seals() == [newest.id]
    by_force(f"UPDATE ledger_account SET code = '{WORKER}' WHERE code LIKE 'worker%'")
    assert queries.verify().is_right
    by_force("UPDATE ledger_seal SET digests = NULL WHERE id = (SELECT min(id) FROM ledger_seal)")
    assert queries.broken_seals() == [newest.id]


def test_many_accounts_are_sealed_by_several_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "LARGEST_SEAL", 1)
    deposit(100)
    ledger.seal()
    book("a", PREPAID, WORKER, 6)
    ledger.seal()
    ledger.seal()
    assert max(one.accounts.count("[") for one in Seal.objects.all()) == 1
    assert queries.verify().is_right
    by_force(f"UPDATE ledger_account SET opened_at = now() WHERE code = '{BANK}'")
    assert not queries.verify().is_right


def test_a_transfer_that_waits_for_its_seal_says_since_when(two_seals: None) -> None:
    assert queries.verify().unsealed_since is None
    book("late", BANK, PREPAID, 1)
    found = queries.verify()
    assert found.is_right and found.unsealed == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(booked_at) FROM ledger_transfer")
        assert found.unsealed_since == queries.unsealed_since() == cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("UPDATE ledger_transfer SET amount_micros = amount_micros + 1 WHERE seq = %s", "changed"),
        ("DELETE FROM ledger_transfer WHERE seq = %s", "gone"),
    ],
)
def test_the_wrong_row_is_named(two_seals: None, sql: str, wrong: str) -> None:
    _first, seal = Seal.objects.order_by("id")
    by_force(sql.replace("%s", str(seal.last_seq)))
    found = queries.verify()
    assert not found.is_right and found.transfers == 3
    assert found.wrong == [
        queries.WrongSeal(seal.id, seal.first_seq, seal.last_seq, [queries.WrongRow(seal.last_seq, wrong)])
    ]


def test_a_row_that_was_put_between_seals_is_named() -> None:
    deposit(100)
    ledger.seal()
    with (
        connection.cursor() as cursor
    ):  # a number that no transfer has, as a booking leaves it that was taken back
        cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_transfer', 'seq'))")
        gap = cursor.fetchone()[0]
    book("a", BANK, PREPAID, 5)
    ledger.seal()
    assert queries.verify().is_right
    by_force(
        "INSERT INTO ledger_transfer (id, seq, event, kind, debit_id, credit_id, currency, amount_micros, code) "
        f"OVERRIDING SYSTEM VALUE SELECT gen_random_uuid(), {gap}, event, kind, debit_id, credit_id, currency, 1, code "
        f"FROM ledger_transfer WHERE seq = {gap + 1}"
    )
    [wrong] = queries.verify().wrong
    assert (wrong.first_seq, wrong.rows) == (gap + 1, [queries.WrongRow(gap, "added")])


def test_a_chain_made_anew_differs_from_what_was_published(two_seals: None) -> None:
    kept = {one.id: bytes(one.hash).hex() for one in Seal.objects.all()}
    assert queries.verify(kept).is_right
    by_force("UPDATE ledger_transfer SET memo = 'x'; DELETE FROM ledger_seal; DELETE FROM ledger_newest_seal")
    ledger.seal()
    assert queries.verify().is_right
    assert queries.verify(kept).differing == sorted(kept)


def test_what_was_published_covers_accounts(two_seals: None) -> None:
    kept = {one.id: bytes(one.hash).hex() for one in Seal.objects.all()}
    by_force(
        f"UPDATE ledger_account SET code = 'worker:999:available:EUR' WHERE code = '{WORKER}'; "
        "DELETE FROM ledger_seal; DELETE FROM ledger_newest_seal; "
        "ALTER TABLE ledger_seal ALTER COLUMN id RESTART"
    )
    ledger.seal()
    assert queries.verify().is_right  # a chain made anew fits itself
    assert queries.verify(kept).differing == sorted(kept)


def test_a_forged_balance_is_drift() -> None:
    deposit(100)
    by_force(
        "UPDATE ledger_account SET credits_posted_micros = credits_posted_micros + 5 WHERE code LIKE 'org%'"
    )
    assert queries.drift() == [queries.Drift(PREPAID, "EUR", 5)]
    assert queries.trial_balance() == {"EUR": -5}
    assert queries.drift_micros() == 10
