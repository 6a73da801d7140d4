"""Short ways to write entries for the tests of the book."""

from uuid import UUID

from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import rules
from tagwerk.domain.ledger.rules import Entry, TransferKind, transfer_id

MICROS = 1_000_000
BANK = rules.bank("EUR").code
PREPAID = rules.prepaid(1, "EUR").code
RESERVED = rules.reserved(1, "EUR").code
WORKER = rules.available(1, "EUR").code
FEE = rules.fee_income("EUR").code


def entry(
    name: str,
    debit: str,
    credit: str,
    amount_micros: int,
    *,
    kind: TransferKind = "single",
    pending: str | None = None,
    currency: str = "EUR",
    code: str = "test",
) -> Entry:
    return Entry(
        id=key(name),
        event=key("event", name),
        kind=kind,
        debit=debit,
        credit=credit,
        amount_micros=amount_micros,
        currency=currency,
        code=code,
        pending_id=key(pending) if pending else None,
    )


def key(*parts: str) -> UUID:
    return transfer_id("test", *parts)


def book(name: str, debit: str, credit: str, amount_micros: int, **rest: object) -> int:
    return ledger.transfer(entries=[entry(name, debit, credit, amount_micros, **rest)])  # type: ignore[arg-type]


def deposit(amount_micros: int = 100 * MICROS, *, to: str = PREPAID, name: str = "deposit") -> None:
    book(name, BANK, to, amount_micros)
