"""tagwerk ledger …, as an operator types it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tagwerk.domain.ledger.models import Seal
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
