"""What a bank says about a payee's name before it pays."""

from enum import StrEnum


class NameCheck(StrEnum):
    """What Verification of Payee found (EU 2024/886, since 9 October 2025)."""

    MATCH = "RCVC"
    CLOSE = "RVMC"  # the bank says the name that it has
    NONE = "RVNM"
    IMPOSSIBLE = "RVNA"
