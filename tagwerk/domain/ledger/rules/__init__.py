"""What is right in the book: entries, the chart of accounts, and how a journal is written. Pure."""

from tagwerk.domain.ledger.rules.book import (
    LARGEST_BATCH,
    Account,
    AccountKind,
    Entry,
    TransferKind,
    account_of,
    available,
    balance_sign,
    bank,
    fee_income,
    goodwill,
    prepaid,
    reserved,
    transfer_id,
)
from tagwerk.domain.ledger.rules.journal import FORMATS, JournalLine, Opening, written

__all__ = [
    "FORMATS",
    "LARGEST_BATCH",
    "Account",
    "AccountKind",
    "Entry",
    "JournalLine",
    "Opening",
    "TransferKind",
    "account_of",
    "available",
    "balance_sign",
    "bank",
    "fee_income",
    "goodwill",
    "prepaid",
    "reserved",
    "transfer_id",
    "written",
]
