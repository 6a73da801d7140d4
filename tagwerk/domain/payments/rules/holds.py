"""Why a payout may wait, and for how long."""

from datetime import timedelta
from enum import StrEnum

from tagwerk.base.errors import Invalid


class HoldCode(StrEnum):
    """The closed list of reasons. There is no silent hold: each has words and an end."""

    IDENTITY_INCOMPLETE = "identity_incomplete"
    TAX_DATA_MISSING = "tax_data_missing"
    NAME_MISMATCH = "name_mismatch"
    SANCTIONS_HIT = "sanctions_hit"
    FRAUD_REVIEW = "fraud_review"


LONGEST = {
    HoldCode.IDENTITY_INCOMPLETE: timedelta(days=60),
    HoldCode.TAX_DATA_MISSING: timedelta(days=60),
    HoldCode.NAME_MISMATCH: timedelta(days=30),
    HoldCode.SANCTIONS_HIT: timedelta(days=30),
    HoldCode.FRAUD_REVIEW: timedelta(days=14),
}

LONGEST_REASON = 1_000


def reason_text(text: str) -> str:
    """Why, in words that the person reads."""
    reason = text.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(
            "hold_reason",
            "Say in up to {longest} characters why; the person reads it.",
            path="reason",
            longest=LONGEST_REASON,
        )
    return reason
