"""Who writes in a thread, and what a message may be. Pure."""

from enum import StrEnum

from tagwerk.base.errors import Invalid

LONGEST_CHARS = 4_000


class Author(StrEnum):
    """The two sides of a thread."""

    WORKER = "worker"
    ORGANISATION = "organisation"


def message_text(text: str) -> str:
    """The text of a message, without white space at its ends; refuses an empty or too long one."""
    clean = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not 1 <= len(clean) <= LONGEST_CHARS:
        raise Invalid(
            "message_length",
            "Write a message of 1 to {longest} characters.",
            path="text",
            longest=LONGEST_CHARS,
        )
    return clean
