"""What this room tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class MoneyDeposited(Event):
    """An organisation's payment arrived and was booked."""

    booking_id: int


@dataclass(frozen=True, kw_only=True)
class MoneyRefunded(Event):
    """Unspent money went back to an organisation's bank account."""

    booking_id: int


@dataclass(frozen=True, kw_only=True)
class PayerChanged(Event):
    """An operator changed what papers and files for the bank say about their company."""

    changes: Mapping[str, Any]  # field → [before, after]


@dataclass(frozen=True, kw_only=True)
class BillingChanged(Event):
    """An organisation changed where its invoices go; which fields, without what they say."""

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """A paper to an organisation got its number: an invoice, an advance invoice, a correction or a cancellation."""

    invoice_id: int
    invoice: str  # its number
