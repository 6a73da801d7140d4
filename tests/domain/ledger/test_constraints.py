"""The database says no by itself, whatever the code above it does."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries
from tagwerk.domain.ledger.models import Account, Seal, Transfer
from tagwerk.domain.ledger.rules import goodwill
from tests.domain.ledger.entries import BANK, PREPAID, RESERVED, book, deposit

pytestmark = [pytest.mark.usefixtures("by_superuser"), pytest.mark.django_db]


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, list(values))


def constraint_of(act: Callable[[], object]) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    name = error.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    assert isinstance(name, str)
    return name


def open_account(**facts: object) -> Account:
    return Account.objects.create(**({"code": "bank:EUR", "kind": "asset", "currency": "EUR"} | facts))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kind": "secret"}, "ledger_account_kind_known"),
        ({"currency": "eur"}, "ledger_account_currency_iso"),
        ({"guard": "maybe"}, "ledger_account_guard_known"),
    ],
)
def test_accounts_are_of_a_known_sort(facts: dict[str, object], name: str) -> None:
    assert constraint_of(lambda: open_account(**facts)) == name


def test_a_code_names_one_account() -> None:
    open_account()
    assert constraint_of(open_account) == "ledger_account_code_once"


@pytest.mark.parametrize(
    ("guard", "change", "name"),
    [
        ("none", "debits_posted_micros = -1", "ledger_account_not_negative"),
        ("debits_le_credits", "debits_posted_micros = 1", "ledger_account_no_overdraft"),
        ("debits_le_credits", "debits_pending_micros = 1", "ledger_account_no_overdraft"),
        ("credits_le_debits", "credits_posted_micros = 1", "ledger_account_no_overcredit"),
        ("credits_le_debits", "credits_pending_micros = 1", "ledger_account_no_overcredit"),
    ],
)
def test_balances_keep_their_guard_even_without_the_triggers(guard: str, change: str, name: str) -> None:
    open_account(guard=guard)
    run("ALTER TABLE ledger_account DISABLE TRIGGER ledger_account_guard")
    assert constraint_of(lambda: run(f"UPDATE ledger_account SET {change}")) == name


def test_a_guard_against_too_many_credits_is_refused_in_words() -> None:
    """ledger_account_no_overcredit: no account of today's chart has it, an operator's own may."""
    open_account(guard="credits_le_debits")
    book("in", goodwill("EUR").code, PREPAID, 10)
    with pytest.raises(Conflict) as refusal:
        book("out", PREPAID, BANK, 5)
    assert refusal.value.code == "account_exceeded"


def make_transfer(**facts: object) -> Transfer:
    ids = dict(Account.objects.values_list("code", "id"))
    usual = {
        "id": uuid4(), "event": uuid4(), "kind": "single", "debit_id": ids[BANK], "credit_id": ids[PREPAID],
        "currency": "EUR", "amount_micros": 1, "code": "test",
    }  # fmt: skip
    columns = usual | facts
    names = ", ".join(columns)
    places = ", ".join(["%s"] * len(columns))
    run(f"INSERT INTO ledger_transfer ({names}) VALUES ({places})", *columns.values())
    return Transfer.objects.get(id=columns["id"])


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kind": "loan"}, "ledger_transfer_kind_known"),
        ({"amount_micros": 0}, "ledger_transfer_amount_range"),
        ({"amount_micros": 10**15 + 1}, "ledger_transfer_amount_range"),
        ({"currency": "USD"}, "ledger_transfer_credit_currency"),
        ({"debit_id": 10**9}, "ledger_transfer_debit_currency"),
        ({"kind": "post"}, "ledger_transfer_names_pending"),
        ({"kind": "post", "pending_id": uuid4()}, "ledger_transfer_pending_exists"),
    ],
)
def test_transfers_are_of_a_known_sort(facts: dict[str, object], name: str) -> None:
    deposit(100)
    found = constraint_of(lambda: make_transfer(**facts))
    # both currency keys are broken at once where the transfer's own currency is wrong
    assert found == name or {found, name} == {
        "ledger_transfer_debit_currency",
        "ledger_transfer_credit_currency",
    }


def test_a_transfer_needs_two_accounts() -> None:
    deposit(100)
    bank = Account.objects.get(code=BANK).pk
    assert (
        constraint_of(lambda: make_transfer(debit_id=bank, credit_id=bank)) == "ledger_transfer_two_accounts"
    )


def test_sequence_numbers_and_resolutions_are_unique() -> None:
    deposit(100)
    hold = make_transfer(kind="pending")
    make_transfer(kind="post", pending_id=hold.id)
    assert (
        constraint_of(lambda: make_transfer(kind="void", pending_id=hold.id))
        == "ledger_transfer_resolved_once"
    )
    sql = (
        "INSERT INTO ledger_transfer (id, event, kind, debit_id, credit_id, currency, amount_micros, code, seq) "
        "OVERRIDING SYSTEM VALUE SELECT %s, event, kind, debit_id, credit_id, currency, amount_micros, code, seq "
        "FROM ledger_transfer WHERE id = %s"
    )
    assert constraint_of(lambda: run(sql, uuid4(), hold.id)) == "ledger_transfer_seq_once"


def test_the_composite_key_that_binds_currencies_is_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'ledger_account'::regclass AND contype = 'u'"
        )
        names = {name for (name,) in cursor.fetchall()}
    assert names == {"ledger_account_code_once", "ledger_account_of_one_currency"}


def test_inserting_by_hand_keeps_the_balances_right() -> None:
    deposit(100)
    make_transfer(amount_micros=7)
    assert queries.balance(PREPAID).posted == 107
    assert queries.drift_micros() == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_transfer SET amount_micros = 1",
        "UPDATE ledger_transfer SET memo = 'x' WHERE false",
        "DELETE FROM ledger_transfer",
        "UPDATE ledger_seal SET transfers = 0",
        "DELETE FROM ledger_seal",
        "UPDATE ledger_newest_seal SET last_seq = 0",
        "DELETE FROM ledger_newest_seal",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET credits_posted_micros = credits_posted_micros + 1",
        "UPDATE ledger_account SET guard = 'none'",
        "UPDATE ledger_account SET code = code || 'x'",
        "INSERT INTO ledger_account (code, kind, currency, credits_posted_micros) VALUES ('bank:USD', 'asset', 'USD', 5)",
    ],
)
def test_the_book_is_append_only(sql: str) -> None:
    deposit(100)
    ledger.seal()
    with pytest.raises(DatabaseError) as error:
        run(sql)
    assert error.value.__cause__.sqlstate == "42501"  # type: ignore[union-attr]


def test_seals_are_of_a_known_sort() -> None:
    def seal(first: int, last: int) -> None:
        Seal.objects.create(first_seq=first, last_seq=last, transfers=1, hash=b"x")

    assert constraint_of(lambda: seal(5, 4)) == "ledger_seal_range_forward"
    seal(5, 6)
    assert constraint_of(lambda: seal(5, 7)) == "ledger_seal_range_once"


def test_there_is_one_newest_seal() -> None:
    run("SET LOCAL session_replication_role = replica")
    second = "INSERT INTO ledger_newest_seal (id, seal_id, last_seq, hash) VALUES (2, 1, 1, ''::bytea)"
    assert constraint_of(lambda: run(second)) == "ledger_newest_seal_is_one"


@pytest.fixture
def app_role() -> str:
    run("CREATE ROLE ledger_test_app")
    run("GRANT ALL ON ALL TABLES IN SCHEMA public TO ledger_test_app")  # what a careless set-up would do
    run("SELECT ledger_restrict('ledger_test_app')")
    return "ledger_test_app"


def test_the_app_role_can_book_and_seal(app_role: str) -> None:
    deposit(100)
    run(f"SET LOCAL ROLE {app_role}")
    book("reserve", PREPAID, RESERVED, 40)  # opens an account, too
    assert ledger.seal() == 1
    assert queries.balance(RESERVED).posted == 40
    assert queries.drift() == []
    assert queries.broken_seals() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_transfer SET amount_micros = 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer, ledger_seal",
        "UPDATE ledger_account SET credits_posted_micros = 0",
        "DELETE FROM ledger_account",
        "TRUNCATE ledger_account CASCADE",
        "INSERT INTO ledger_account (code, kind, currency, credits_posted_micros) VALUES ('bank:USD', 'asset', 'USD', 5)",
        "INSERT INTO ledger_seal (first_seq, last_seq, transfers, hash) VALUES (1, 1, 1, ''::bytea)",
        "UPDATE ledger_newest_seal SET last_seq = 0",
        "DELETE FROM ledger_newest_seal",
        "ALTER TABLE ledger_transfer DISABLE TRIGGER ALL",
        "SELECT ledger_restrict('ledger_test_app')",
    ],
)
def test_the_app_role_has_no_right_to_change_the_book(app_role: str, sql: str) -> None:
    deposit(100)
    run(f"SET LOCAL ROLE {app_role}")
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(sql)
