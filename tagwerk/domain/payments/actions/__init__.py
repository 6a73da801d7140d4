"""What happens when money comes into the house or leaves it. The only code that writes this room's tables."""

from tagwerk.domain.payments.actions.bookings import (
    book_deposit,
    book_refund,
    tell_deposit,
)
from tagwerk.domain.payments.actions.watching import check_book, publish_seal

__all__ = ["book_deposit", "book_refund", "check_book", "publish_seal", "tell_deposit"]
