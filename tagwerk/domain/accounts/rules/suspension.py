"""Why somebody is shut out for a while: a closed list, and words for the one case."""

from enum import StrEnum

from tagwerk.base.errors import Invalid

LONGEST_NOTE = 1_000


class SuspensionReason(StrEnum):
    """What a suspension is for."""

    FRAUD = "fraud"  # answers without work, several accounts, shared accounts
    ABUSE = "abuse"  # how they treat others
    TERMS = "terms"  # another rule of the terms
    IDENTITY = "identity"  # who they are has to be made clear
    PAYMENT = "payment"  # an invoice is open, a deposit came back
    REQUEST = "request"  # they asked for it
    OTHER = "other"


def suspension_reason(text: str) -> SuspensionReason:
    """The reason of that name; refuses what is none."""
    if text not in list(SuspensionReason):
        raise Invalid(
            "suspension_reason_unknown",
            "“{value}” is not a reason; use one of: {reasons}.",
            path="reason",
            value=text[:40],
            reasons=", ".join(SuspensionReason),
        )
    return SuspensionReason(text)


def plain_note(text: str, *, path: str = "note", needed: bool = False) -> str:
    """Words that somebody else will read; refuses too many, or none where they are needed."""
    note = text.replace("\r\n", "\n").strip()
    if needed and not note:
        raise Invalid("note_missing", "Say in a sentence why.", path=path)
    if len(note) > LONGEST_NOTE:
        raise Invalid("note_length", "Write at most {longest} characters.", path=path, longest=LONGEST_NOTE)
    return note
