"""What happens when money comes into the house or leaves it. The only code that writes this room's tables."""

from tagwerk.domain.payments.actions.bookings import (
    book_deposit,
    book_refund,
    tell_deposit,
)
from tagwerk.domain.payments.actions.payer import add_vat_rate, change_payer
from tagwerk.domain.payments.actions.watching import check_book, publish_seal

__all__ = [
    "add_vat_rate",
    "book_deposit",
    "book_refund",
    "change_payer",
    "check_book",
    "publish_seal",
    "tell_deposit",
]
