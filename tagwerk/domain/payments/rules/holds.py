"""Why a payout may wait, and for how long."""

from collections.abc import Iterable
from datetime import datetime, timedelta
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
WINDOW = timedelta(days=60)  # in which all holds for one reason together last no longer than one may


def left(code: HoldCode, held: Iterable[tuple[datetime, datetime]], now: datetime) -> timedelta:
    """How long payouts may be held for a reason from now on, after the holds (from, to) that there were for it."""
    spans = (min(to, now) - max(begun, now - WINDOW) for begun, to in held)
    return LONGEST[code] - sum((span for span in spans if span > timedelta()), timedelta())


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
