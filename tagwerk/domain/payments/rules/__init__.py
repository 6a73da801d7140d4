"""What is right about money that comes into the house or leaves it. Pure."""

from tagwerk.domain.payments.rules.bookings import (
    LONGEST_KEY,
    LONGEST_REFERENCE,
    Direction,
    check_amount,
    check_key,
    check_reference,
)

__all__ = ["LONGEST_KEY", "LONGEST_REFERENCE", "Direction", "check_amount", "check_key", "check_reference"]
