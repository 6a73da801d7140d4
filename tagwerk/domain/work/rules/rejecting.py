"""Why an answer may be rejected: a closed list, and a text with it. Pure.

Not on the list, and so no reason: disagreeing with others, a technical fault, working fast as such, or a task that
turned out not to be needed. Such an answer is paid; it can be taken out of the result.
"""

from enum import StrEnum

from tagwerk.base.errors import Invalid
from tagwerk.domain.notices.rules.kinds import N_

LONGEST_REASON = 2_000


class RejectionCode(StrEnum):
    """Every reason for which an answer may be left unpaid."""

    LOW_EFFORT = "low_effort"
    INSTRUCTIONS_IGNORED = "instructions_ignored"
    CHECKS_FAILED = "checks_failed"
    TOO_FAST = "too_fast"
    WRONG_LANGUAGE = "wrong_language"
    COPIED = "copied"
    MODEL_WRITTEN = "model_written"


WORDS = {
    RejectionCode.LOW_EFFORT: N_("Plainly no effort: random, empty or senseless"),
    RejectionCode.INSTRUCTIONS_IGNORED: N_("Plainly against the instructions"),
    RejectionCode.CHECKS_FAILED: N_("Control tasks answered wrongly, again and again"),
    RejectionCode.TOO_FAST: N_("Handed in faster than the task can be read"),
    RejectionCode.WRONG_LANGUAGE: N_("In another language than the one asked for"),
    RejectionCode.COPIED: N_("Copied from elsewhere or from somebody else"),
    RejectionCode.MODEL_WRITTEN: N_("Written by a model where the instructions forbid it"),
}


# What an honest worker can put right when told: for these a better answer is asked for first.
MENDABLE = frozenset({RejectionCode.INSTRUCTIONS_IGNORED, RejectionCode.WRONG_LANGUAGE})


def code_of(text: str) -> RejectionCode:
    """The reason of the closed list; refuses any other."""
    try:
        return RejectionCode(text)
    except ValueError:
        raise Invalid(
            "reason_not_listed",
            "Choose one of the reasons: {reasons}. For any other, the answer is paid.",
            path="code",
            reasons=", ".join(RejectionCode),
        ) from None


def reason_of(text: str) -> str:
    """The words with it, without space around them; refuses none or too many."""
    why = text.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(
            "reason_missing", "Say in up to {most} characters why the answer is rejected.",
            path="reason", most=LONGEST_REASON,
        )  # fmt: skip
    return why
