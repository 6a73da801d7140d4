"""A company that sells, an organisation that buys, and work that was approved, for tests of papers."""

from datetime import UTC, datetime
from typing import Any

from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry, available, fee_income, reserved, transfer_id
from tagwerk.domain.payments import actions
from tagwerk.domain.projects import actions as projects
from tests.orders import project
from tests.people import actor, member, organisation, person

COMPANY = {
    "name": "Nordlicht GmbH", "street": "Hafenstraße", "building": "5", "postcode": "20457", "town": "Hamburg",
    "country": "DE", "vat_id": "DE136695976", "iban": "DE89370400440532013000", "vat_scheme": "standard",
}  # fmt: skip
BUYER = {
    "name": "Acme Daten AG", "street": "Am Wall", "building": "1", "postcode": "28195", "town": "Bremen",
    "country": "DE", "vat_id": "", "reference": "PO 4711", "language": "de",
}  # fmt: skip
NEXT_MONTH = datetime(2100, 1, 15, 12, tzinfo=UTC)  # after everything that a test books


def company(**changes: Any) -> None:
    """The operator's company."""
    actions.change_payer(actor=actor("dan"), **(COMPANY | changes))


def buyer(**changes: Any) -> int:
    """The organisation with its billing details; its id."""
    number = organisation()
    actions.change_billing(
        actor=member("fin", number, "finance"), organisation_id=number, **(BUYER | changes)
    )
    return number


def deposit(gross: int, key: str) -> int:
    """A deposit in whole euros; the number of the booking."""
    return actions.book_deposit(
        actor=actor("dan"),
        organisation_id=organisation(),
        amount_micros=gross * 1_000_000,
        reference="x",
        key=key,
    )


def approved(pay: int, fee: int, key: str, *, project_id: int | None = None, reserve: bool = True) -> int:
    """An answer that was paid for, as approving books it; the number of its project."""
    number = project_id or project().id
    if reserve:
        projects.reserve(project_id=number, amount_micros=pay + fee, key=key)
    entries = [
        Entry(
            id=transfer_id("test", key, part), event=transfer_id("test", key), kind="single",
            debit=reserved(number, "EUR").code, credit=to.code, amount_micros=micros, currency="EUR", code=part,
            ref_type="assignment", ref_id="1",
        )
        for part, to, micros in (("approved", available(person("ben").id, "EUR"), pay), ("fee", fee_income("EUR"), fee))
        if micros
    ]  # fmt: skip
    ledger.transfer(entries=entries)
    return number
