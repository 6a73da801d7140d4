"""What is right about money that comes into the house or leaves it."""

from enum import StrEnum

from tagwerk.base.errors import Invalid
from tagwerk.base.money import LARGEST_MICROS

LONGEST_REFERENCE = 140  # the remittance information of a SEPA transfer (EPC rulebook: 140 characters)
LONGEST_KEY = 80


class Direction(StrEnum):
    """Whether a booking brought money in, or sent it back."""

    DEPOSIT = "deposit"
    REFUND = "refund"


def check_amount(amount_micros: int) -> int:
    """The amount, if one can book it."""
    if not 0 < amount_micros <= LARGEST_MICROS:
        raise Invalid(
            "amount_out_of_range",
            "An amount must be more than nothing and at most a thousand million.",
            path="amount",
        )
    return amount_micros


def check_reference(text: str) -> str:
    """The reference on one line; it is what a bank statement says."""
    reference = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(reference) > LONGEST_REFERENCE:
        raise Invalid(
            "reference_too_long",
            "A reference has at most {longest} characters.",
            path="reference",
            longest=LONGEST_REFERENCE,
        )
    return reference


def check_key(text: str) -> str:
    """The key under which a booking happens once."""
    if not 1 <= len(text) <= LONGEST_KEY or not text.isprintable():
        raise Invalid(
            "key_unusable",
            "The key of a booking has 1 to {longest} printable characters.",
            path="key",
            longest=LONGEST_KEY,
        )
    return text
