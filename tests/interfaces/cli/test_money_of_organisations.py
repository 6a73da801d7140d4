"""tagwerk bank deposit, refund, credit, bookings, entries, assign, company, and tagwerk invoice."""

from pathlib import Path
from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.base.models import StoredEvent
from tagwerk.base.money import MICROS
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import prepaid, suspense
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Booking, Invoice
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments import books
from tests.domain.payments.test_bank import entry, paid_run
from tests.domain.payments.wages import company, now, payout_of, right_book, there
from tests.people import actor, organisation

pytestmark = pytest.mark.django_db


def there_of(organisation_id: int) -> float:
    return book.balance(prepaid(organisation_id, "EUR").code).available / MICROS


def waiting_id(entry_id: int) -> str:
    return public_id("bke", entry_id)


def test_deposits_and_refunds_are_booked_once(command: Any) -> None:
    number = organisation()
    org = public_id("org", number)
    assert org in command("bank", "organisations", "--search", "acm").out
    said = command("bank", "deposit", org, "100", "RF 1")
    assert said.code == 0 and "acme has 100.00 EUR prepaid" in said.out
    assert (
        "was booked before" in command("bank", "deposit", org, "100", "RF 1").out and there_of(number) == 100
    )
    assert command("bank", "deposit", org, "100", "RF 1", "--key", "second").code == 0
    assert command("bank", "deposit", org, "50", "RF 1", "--key", "second").code == 2
    assert command("bank", "refund", org, "30.50", "back").code == 0 and there_of(number) == 169.5
    said = command("bank", "refund", org, "1000", "too much")
    assert (said.code, "Not enough money" in said.err) == (2, True)
    for wrong in (("org_x", "1"), (org, "much"), (org, "0"), (org, "-1")):
        assert command("bank", "deposit", wrong[0], "--", wrong[1], "x").code == 2
    listed = command("bank", "bookings", "--organisation", org).out
    assert "30.50" in listed and listed.count("deposit") == 2 and right_book()
    assert StoredEvent.objects.filter(name="MoneyDeposited", actor_id=None).count() == 2
    assert Booking.objects.filter(booked_by=None).count() == 3


def test_a_credit_limit_is_said(command: Any) -> None:
    org = public_id("org", organisation())
    assert "limit 0.00 EUR" in command("bank", "credit", org).out
    assert "500.00 can still be lent" in command("bank", "credit", org, "--limit", "500").out
    assert command("bank", "credit", org, "--limit=-1").code == 2


def test_an_entry_gets_its_place(command: Any) -> None:
    company()
    number = organisation()
    assert "There is no entry yet" in command("bank", "entries").out
    one = waiting_id(entry(10_000, "No idea"))
    assert (
        one in command("bank", "entries", "--waiting").out and "No idea" in command("bank", "entry", one).out
    )
    assert command("bank", "assign", one, "deposit").code == 2
    said = command("bank", "assign", one, "deposit", "--organisation", public_id("org", number))
    assert said.code == 0 and "0 more wait" in said.out and there_of(number) == 100
    assert command("bank", "assign", one, "fee").code == 2
    assert command("bank", "entry", waiting_id(10**9)).code == 2
    assert StoredEvent.objects.filter(name="BankEntryAssigned", actor_id=None).count() == 1
    command("bank", "refund", public_id("org", number), "40", "RF 77")
    two = waiting_id(entry(-4_000, "No idea"))
    choice = command("bank", "entry", two).out
    assert f"--booking {Booking.objects.latest('id').id}" in choice
    assert (
        command("bank", "assign", two, "booking", "--booking", str(Booking.objects.latest("id").id)).code == 0
    )
    assert book.balance(suspense("EUR").code).posted == 0 and right_book()


def test_a_payout_that_came_back_is_known_by_its_reference(command: Any) -> None:
    run, _content = paid_run("ben")
    payments.mark_paid_by_hand(actor=actor("dan"), run_id=run.id, rail=Rail.SEPA, now=now())
    ref = payout_of(actor("ben").person_id or 0, run).ref.hex
    one = waiting_id(entry(1_000, "came back"))
    assert f"returned --payout {ref}" in command("bank", "entry", one).out
    assert command("bank", "assign", one, "returned", "--payout", "x").code == 2
    assert command("bank", "assign", one, "returned", "--payout", ref).code == 0
    assert there(actor("ben").person_id or 0) == 10


def test_book_and_bank_are_compared(command: Any) -> None:
    assert "No statement was brought in yet" in command("bank", "show").out
    company()
    entry(500)
    said = command("bank", "show")
    assert said.code == 0 and "Book and bank agree" in said.out and "1 entries wait" in said.out


def test_the_company_is_said_and_changed(command: Any) -> None:
    assert "For files for the bank these are missing: name" in command("bank", "company").out
    said = command(
        "bank", "company", "--name", "Nordlicht GmbH", "--town", "Hamburg", "--country", "DE", "--iban",
        "DE89 3704 0044 0532 0130 00", "--minimum", "2.50", "--vat-scheme", "standard", "--vat-rate", "2030-01-01", "20",
        "--asks-tax-data", "no",
    )  # fmt: skip
    assert said.code == 0 and "name: Nordlicht GmbH" in said.out and "smallest payout: 2.50" in said.out
    assert "VAT rate from 2030-01-01 on: 20 %" in said.out and "files for the bank" not in said.out
    for wrong in (("--iban", "DE00"), ("--minimum", "99"), ("--country", "XX"), ("--vat-rate", "soon", "20"), ("--vat-rate", "2030-01-01", "0.001")):  # fmt: skip
        assert command("bank", "company", *wrong).code == 2
    assert StoredEvent.objects.filter(name="PayerChanged", actor_id=None).count() == 2


def test_invoices_are_issued_saved_and_cancelled(command: Any, tmp_path: Path) -> None:
    assert "There is no invoice yet" in command("invoice", "list").out
    books.company()
    org = public_id("org", books.buyer())
    assert "Nothing is due" in command("invoice", "issue", org).out
    command("bank", "deposit", org, "119", "RF 1")
    said = command("invoice", "issue", org)
    label = Invoice.objects.get().label
    assert (
        said.code == 0
        and label in said.out
        and label in command("invoice", "list", "--organisation", org).out
    )
    file = tmp_path / "one.pdf"
    said = command("invoice", "file", label, str(file))
    assert (said.code, "being made" in said.err) == (2, True)
    payments.make_missing_papers()
    assert command("invoice", "file", label, str(file)).code == 0 and file.read_bytes().startswith(b"%PDF")
    assert command("invoice", "cancel", label).code == 0 and Invoice.objects.count() == 3
    assert command("invoice", "cancel", label).code == 2 and command("invoice", "cancel", "X1").code == 2
    assert "cancelled by" in command("invoice", "list").out
