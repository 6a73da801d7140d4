"""Why a payout may wait, and for how long."""

from datetime import timedelta
from enum import StrEnum


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
