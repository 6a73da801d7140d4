"""What an instance says about itself: its name, its fee, its texts, and where each value comes from."""

from collections.abc import Mapping
from enum import StrEnum

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules.profile import interface_language

DEFAULT_NAME = "tagwerk"
LONGEST_INSTANCE_NAME = 60
LONGEST_PAGE_TEXT = 50_000
MOST_FEE_BP = 10_000  # as much again as the workers get
LONGEST_FEE_NOTE = 200
# The ten thresholds of the Fairwork Cloudwork principles (version of June 2024).
FAIRWORK = ("1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "5.1", "5.2")


class Source(StrEnum):
    """Where a setting's value comes from; the first that there is wins."""

    ENVIRONMENT = "environment"
    PAGE = "page"
    DEFAULT = "default"


def fee_in_range(fee_bp: int) -> int:
    """The fee in basis points; refuses what is below 0 or above 100 %."""
    if not 0 <= fee_bp <= MOST_FEE_BP:
        raise Invalid("fee_range", "The fee is a share from 0 to 100 per cent.", path="fee_bp")
    return fee_bp


def fee_note(note: str) -> str:
    """Why an organisation has a fee of its own; refuses none and too much."""
    tidy = " ".join(note.split())
    if not tidy or len(tidy) > LONGEST_FEE_NOTE:
        raise Invalid("fee_note", "Say why, in up to {most} characters; the organisation reads it.", path="note", most=LONGEST_FEE_NOTE)  # fmt: skip
    return tidy


def fairwork_texts(
    texts: Mapping[str, Mapping[str, str]], offered: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What is said about each threshold, those with words in it only; refuses thresholds that are none."""
    kept = {}
    for threshold, said in texts.items():
        if threshold not in FAIRWORK:
            raise Invalid(
                "fairwork_unknown", "“{name}” is no threshold of Fairwork.", path="fairwork", name=threshold
            )
        if tidy := page_texts(said, offered, path="fairwork"):
            kept[threshold] = tidy
    return kept


def page_texts(texts: Mapping[str, str], offered: Mapping[str, str], *, path: str) -> dict[str, str]:
    """Markdown by language, those with words in it only; refuses languages that are not offered and too long ones."""
    kept = {}
    for language, text in texts.items():
        tidy = text.replace("\r\n", "\n").strip()
        if len(tidy) > LONGEST_PAGE_TEXT:
            raise Invalid(
                "page_text_long",
                "This text is longer than {most} characters; shorten it, or link to a page of yours.",
                path=path,
                most=LONGEST_PAGE_TEXT,
            )
        if tidy:
            kept[interface_language(language, offered)] = tidy
    return kept
