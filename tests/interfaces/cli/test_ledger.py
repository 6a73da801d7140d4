"""tagwerk ledger …, as an operator types it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now

from tagwerk.domain.ledger.models import Seal
from tagwerk.domain.ledger.queries import WrongAccount, WrongRow, WrongSeal, checking
from tagwerk.interfaces.cli.ledger import what_is_wrong
from tests.domain.ledger.entries import MICROS, PREPAID, RESERVED, book, deposit

pytestmark = pytest.mark.django_db


def test_seal_and_verify(command: Any, tmp_path: Path) -> None:
    assert "nothing to seal" in command("ledger", "seal").out
    deposit(5 * MICROS)
    kept = tmp_path / "seals.txt"
    said = command("ledger", "seal", "--append", str(kept))
    newest = Seal.objects.get()
    assert said.code == 0 and bytes(newest.hash).hex() in said.out
    assert kept.read_text().split("\t")[0] == str(newest.id)
    book("more", PREPAID, RESERVED, MICROS)
    said = command("ledger", "verify", "--published", str(kept))
    assert said.code == 0 and "The book is right: 1 seals over 1 transfers, 1 not sealed yet" in said.out
    kept.write_text(kept.read_text().replace(bytes(newest.hash).hex(), "00" * 32))
    said = command("ledger", "verify", "--published", str(kept))
    assert said.code == 1 and f"WRONG  seal {newest.id} is not the one that was published" in said.out
    said = command("ledger", "verify", "--json")
    assert said.code == 0 and json.loads(said.out)["right"] is True
    kept.write_text("something else\n")
    said = command("ledger", "verify", "--published", str(kept))
    assert said.code == 2 and "Line 1" in said.err


def test_verify_names_accounts_that_are_wrong(command: Any) -> None:
    deposit(5 * MICROS)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (code, kind, currency, guard) VALUES ('worker:7:available:EUR', 'liability', 'EUR', 'none')"
        )
    said = command("ledger", "verify")
    assert said.code == 1 and "The book is wrong" in said.out
    assert "account worker:7:available:EUR is not as the chart has it: liability, EUR, none" in said.out
    [account] = json.loads(command("ledger", "verify", "--json").out)["accounts"]
    assert account["account"] == "worker:7:available:EUR"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (WrongAccount("a", "changed", "[1]", "[2]"), "was changed: sealed as [1], now [2]"),
        (WrongAccount("a", "gone", "[1]"), "is gone: sealed as [1]"),
        (WrongAccount("a", "added", "", "[2]"), "was added to what is sealed already: [2]"),
        (WrongSeal(3, 1, 9, [WrongRow(4, "changed")]), "does not fit transfers 1 to 9: 4 changed"),
        (WrongSeal(3, 1, 9, []), "over transfers 1 to 9 does not fit: no transfer can be named"),
        (WrongSeal(3, 0, 0, []), "is gone"),
    ],
)
def test_what_verify_says_of_what_was_changed_by_force(wrong: Any, words: str) -> None:
    assert words in what_is_wrong(wrong)


def test_verify_says_since_when_the_book_is_not_sealed(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    deposit(5 * MICROS)
    said = command("ledger", "verify")
    assert said.code == 0 and f"The oldest transfer without a seal is of {now().date()}" in said.out
    assert "Sealing stands still" not in said.out
    monkeypatch.setattr(checking, "SEALED_WITHIN", timedelta(0))
    said = command("ledger", "verify")
    assert said.code == 0 and "Sealing stands still" in said.out
    command("ledger", "seal")
    assert "without a seal" not in command("ledger", "verify").out


def test_export_and_statement(command: Any, tmp_path: Path) -> None:
    deposit(5 * MICROS)
    target = tmp_path / "book.csv"
    assert command("ledger", "export", str(target)).code == 0
    assert target.read_text().count("\n") == 2
    assert command("ledger", "export", str(target)).code == 2  # it is there already
    assert (
        "5.000000 EUR"
        in command("ledger", "export", "-", "--format", "beancount", "--since", "2026-01-01").out
    )
    assert command("ledger", "export", str(tmp_path / "book.txt")).code == 2
    said = command("ledger", "statement", PREPAID)
    assert said.code == 0 and "5.00 EUR, from 1 transfers" in said.out
    assert "0.00 EUR, from 0 transfers" in command("ledger", "statement", PREPAID, "--at", "2026-01-01").out
    assert command("ledger", "statement", "pocket:EUR").code == 2


def test_a_moment_has_to_be_one(command: Any) -> None:
    with pytest.raises(SystemExit):
        command("ledger", "statement", PREPAID, "--at", "yesterday")
