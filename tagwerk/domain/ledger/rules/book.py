"""What is right in the book: entries, the chart of accounts, and what an account's name says about it."""

import re
from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid5

TransferKind = Literal["single", "pending", "post", "void"]
AccountKind = Literal["asset", "liability", "income", "expense"]
Guard = Literal["none", "debits_le_credits", "credits_le_debits"]

LARGEST_BATCH = 5_000  # transfers in one transaction: longer ones keep hot accounts locked too long
NAMESPACE = UUID("5c0d6a54-8f1e-5b43-9d0a-6e2f6d1b7c11")  # never changes: every transfer id is made under it


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the chart. A guarded one can never be owed more than it holds."""

    code: str
    kind: AccountKind
    currency: str
    guard: Guard = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """One transfer to book: `amount_micros` leaves `debit` and reaches `credit` (account codes).

    `id` is the idempotency key (`transfer_id` of the business fact); `event` groups what belongs together.
    A "pending" entry holds money; a "post" (all or part of it) or a "void" resolves it, named by `pending_id`.
    """

    id: UUID
    event: UUID
    kind: TransferKind
    debit: str
    credit: str
    amount_micros: int
    currency: str
    code: str
    pending_id: UUID | None = None
    ref_type: str = ""
    ref_id: str = ""
    memo: str = ""


def transfer_id(*parts: str | int | UUID) -> UUID:
    """The id of a business fact, such as transfer_id("approval", 7, 12, "reward"). Source: RFC 9562, version 5."""
    return uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))


def bank(currency: str) -> Account:
    """The operator's bank account: what came in from organisations and has not been paid out."""
    return Account(f"bank:{currency}", "asset", currency)


def prepaid(organisation_id: int, currency: str) -> Account:
    """What an organisation has paid in and not yet set aside for a project."""
    return Account(
        f"organisation:{organisation_id}:prepaid:{currency}", "liability", currency, "debits_le_credits"
    )


def reserved(project_id: int, currency: str) -> Account:
    """What is set aside for a project and not yet earned."""
    return Account(f"project:{project_id}:reserved:{currency}", "liability", currency, "debits_le_credits")


def available(person_id: int, currency: str) -> Account:
    """What a worker has earned and not been paid out."""
    return Account(f"worker:{person_id}:available:{currency}", "liability", currency, "debits_le_credits")


def fee_income(currency: str) -> Account:
    """The operator's fees."""
    return Account(f"income:fee:{currency}", "income", currency)


def goodwill(currency: str) -> Account:
    """What the operator pays out of its own pocket, such as for work lost by our fault."""
    return Account(f"expense:goodwill:{currency}", "expense", currency)


def training(currency: str) -> Account:
    """What the operator pays for taking the instance's own entry tests."""
    return Account(f"expense:training:{currency}", "expense", currency)


def paypal(currency: str) -> Account:
    """The operator's balance at PayPal."""
    return Account(f"paypal:{currency}", "asset", currency)


def rail_fee(currency: str) -> Account:
    """What banks and PayPal take for carrying money; the operator bears it."""
    return Account(f"expense:rail_fee:{currency}", "expense", currency)


def suspense(currency: str) -> Account:
    """What stands on a bank statement and nobody has said yet what it is for."""
    return Account(f"suspense:{currency}", "liability", currency)


def capital(currency: str) -> Account:
    """The operator's own money in the bank account: what was there before, what it put in and took out."""
    return Account(f"capital:{currency}", "liability", currency)


def vat_output(currency: str) -> Account:
    """VAT that the operator has charged and owes to the tax office."""
    return Account(f"vat:output:{currency}", "liability", currency)


def credit(organisation_id: int, currency: str) -> Account:
    """What an organisation was lent within its credit limit and has not been invoiced for."""
    return Account(
        f"organisation:{organisation_id}:credit:{currency}", "asset", currency, "credits_le_debits"
    )


def owed(organisation_id: int, currency: str) -> Account:
    """What an organisation owes on invoices."""
    return Account(f"organisation:{organisation_id}:owed:{currency}", "asset", currency, "credits_le_debits")


def rounding(currency: str) -> Account:
    """Parts of a cent that papers cannot name."""
    return Account(f"rounding:{currency}", "income", currency)


_CHART: tuple[tuple[re.Pattern[str], AccountKind, Guard], ...] = (
    (re.compile(r"bank:([A-Z]{3})"), "asset", "none"),
    (re.compile(r"paypal:([A-Z]{3})"), "asset", "none"),
    (re.compile(r"suspense:([A-Z]{3})"), "liability", "none"),
    (re.compile(r"capital:([A-Z]{3})"), "liability", "none"),
    (re.compile(r"organisation:[1-9][0-9]{0,17}:prepaid:([A-Z]{3})"), "liability", "debits_le_credits"),
    (re.compile(r"organisation:[1-9][0-9]{0,17}:credit:([A-Z]{3})"), "asset", "credits_le_debits"),
    (re.compile(r"organisation:[1-9][0-9]{0,17}:owed:([A-Z]{3})"), "asset", "credits_le_debits"),
    (re.compile(r"vat:output:([A-Z]{3})"), "liability", "none"),
    (re.compile(r"rounding:([A-Z]{3})"), "income", "none"),
    (re.compile(r"project:[1-9][0-9]{0,17}:reserved:([A-Z]{3})"), "liability", "debits_le_credits"),
    (re.compile(r"worker:[1-9][0-9]{0,17}:available:([A-Z]{3})"), "liability", "debits_le_credits"),
    (re.compile(r"income:fee:([A-Z]{3})"), "income", "none"),
    (re.compile(r"expense:goodwill:([A-Z]{3})"), "expense", "none"),
    (re.compile(r"expense:training:([A-Z]{3})"), "expense", "none"),
    (re.compile(r"expense:rail_fee:([A-Z]{3})"), "expense", "none"),
)


def account_of(code: str) -> Account | None:
    """The account that a code names, or None where the chart has no such account."""
    for pattern, kind, guard in _CHART:
        if found := pattern.fullmatch(code):
            return Account(code, kind, found.group(1), guard)
    return None


def balance_sign(kind: str) -> int:
    """+1 where credits raise the balance (what we owe, what we earn), −1 where debits do (what we have, what we spend)."""
    return 1 if kind in ("liability", "income") else -1
