"""What was booked is sealed by a chain of hashes, which tells a change made by force."""

from collections.abc import Callable

import pytest
from django.db import connection

from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries
from tagwerk.domain.ledger.models import Seal
from tests.domain.ledger.entries import BANK, PREPAID, book, deposit

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
    book("b", BANK, PREPAID, 6)
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
]


@pytest.mark.parametrize(("sql", "broken"), FORGERIES)
def test_a_change_by_force_breaks_its_seal(
    two_seals: None, sql: str, broken: Callable[[int, int], list[int]]
) -> None:
    first, second = Seal.objects.order_by("id").values_list("id", flat=True)
    by_force(sql)
    assert queries.broken_seals() == broken(first, second)


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
    by_force("UPDATE ledger_transfer SET memo = 'x'; DELETE FROM ledger_seal")
    ledger.seal()
    assert queries.verify().is_right
    assert queries.verify(kept).differing == sorted(kept)


def test_a_forged_balance_is_drift() -> None:
    deposit(100)
    by_force(
        "UPDATE ledger_account SET credits_posted_micros = credits_posted_micros + 5 WHERE code LIKE 'org%'"
    )
    assert queries.drift() == [queries.Drift(PREPAID, "EUR", 5)]
    assert queries.trial_balance() == {"EUR": -5}
    assert queries.drift_micros() == 10
