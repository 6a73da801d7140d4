"""tagwerk ledger accounts, movements, correct …"""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Correction
from tests.domain.payments.correcting import approve, newest, olga
from tests.domain.payments.wages import earn, right_book, there
from tests.people import actor, email_of, organisation, person

pytestmark = pytest.mark.django_db


def the_id() -> str:
    return public_id("cor", Correction.objects.latest("id").id)


def test_a_correction_is_proposed_in_the_shell_and_approved_by_two(command: Any) -> None:
    person("dan")
    ben = person("ben").id
    assert "Nothing was booked for them yet." in command("ledger", "accounts", email_of("ben")).out
    assert "Nothing has been corrected yet." in command("ledger", "correct", "list").out
    earn(ben, 10)
    account = available(ben, "EUR").code
    assert account in command("ledger", "accounts", email_of("ben")).out
    assert command("ledger", "accounts", public_id("org", organisation())).code == 0
    transfer = str(newest(account))
    assert transfer in command("ledger", "movements", account).out
    propose = ("ledger", "correct", "propose", "--opposite", transfer, "--note", "Booked twice")
    said = command(*propose)
    assert said.code == 0 and f"undoes {transfer}" in said.out and "Nothing is booked yet" in said.out
    assert command(*propose).code == 0 and Correction.objects.count() == 1
    one = the_id()
    assert one in command("ledger", "correct", "list").out
    said = command("ledger", "correct", "approve", one)  # the console is nobody, and Dan is there
    assert (said.code, "another operator has to approve it" in said.err) == (2, True) and there(ben) == 10
    payments.confirm_correction(actor=actor("dan"), correction_id=Correction.objects.get().id)
    assert "approved" not in command("ledger", "correct", "show", one).out
    approve(Correction.objects.get().id, olga())
    assert "approved: Booked twice" in command("ledger", "correct", "show", one).out
    assert there(ben) == 0 and right_book()


def test_the_console_approves_where_nobody_else_could(command: Any) -> None:
    ben = person("ben").id
    said = command(
        "ledger", "correct", "propose", "--debit", "expense:goodwill:EUR", "--credit", available(ben, "EUR").code,
        "--amount", "12.50", "--note", "Forgotten",
    )  # fmt: skip
    assert said.code == 0
    said = command("ledger", "correct", "approve", the_id())
    assert said.code == 0 and "by one person alone" in said.out and there(ben) == 12.5
    assert "alone" in command("ledger", "correct", "list").out
    assert CONSOLE.person_id is None and Correction.objects.get().decided_by_id is None


def test_what_is_wrong_is_said(command: Any) -> None:
    ben = person("ben").id
    account = available(ben, "EUR").code
    for wrong in (
        (),
        ("--opposite", "x"),
        ("--debit", "expense:goodwill:EUR"),
        ("--debit", "expense:goodwill:EUR", "--credit", account, "--amount", "much"),
        ("--debit", "expense:goodwill:EUR", "--credit", account, "--amount", "1", "--opposite", "x"),
        ("--debit", "my:pocket:EUR", "--credit", account, "--amount", "1"),
    ):
        assert command("ledger", "correct", "propose", *wrong, "--note", "x").code == 2
    for word in ("show", "approve"):
        assert command("ledger", "correct", word, "cor_x").code == 2
    assert command("ledger", "movements", "my:pocket:EUR").code == 2
    assert command("ledger", "accounts", "org_x").code == 2
    good = ("--debit", "expense:goodwill:EUR", "--credit", account, "--amount", "1", "--note", "x")
    command("ledger", "correct", "propose", *good)
    said = command("ledger", "correct", "refuse", the_id(), "--note", "It was paid")
    assert said.code == 0 and "refused: It was paid" in said.out
    assert command("ledger", "correct", "approve", the_id()).code == 2 and there(ben) == 0
