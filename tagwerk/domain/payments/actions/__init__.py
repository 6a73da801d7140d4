"""What happens when money comes into the house or leaves it. The only code that writes this room's tables."""

from tagwerk.domain.payments.actions.billing import change_billing
from tagwerk.domain.payments.actions.bookings import (
    book_deposit,
    book_refund,
    tell_deposit,
)
from tagwerk.domain.payments.actions.cancelling import cancel_invoice
from tagwerk.domain.payments.actions.invoicing import (
    invoice_booking,
    invoice_month,
    issue_due_invoices,
    issue_now,
)
from tagwerk.domain.payments.actions.papers import make_invoice_paper, make_missing_papers, tell_invoice
from tagwerk.domain.payments.actions.payer import add_vat_rate, change_payer
from tagwerk.domain.payments.actions.watching import check_book, publish_seal

__all__ = [
    "add_vat_rate",
    "book_deposit",
    "book_refund",
    "cancel_invoice",
    "change_billing",
    "change_payer",
    "check_book",
    "invoice_booking",
    "invoice_month",
    "issue_due_invoices",
    "issue_now",
    "make_invoice_paper",
    "make_missing_papers",
    "publish_seal",
    "tell_deposit",
    "tell_invoice",
]
