"""Which languages somebody speaks, and how well."""

import re
from collections.abc import Mapping

from tagwerk.base.errors import Invalid

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2", "native")  # Common European Framework of Reference, plus native
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")


def language_tag(text: str, *, path: str | None = None) -> str:
    """The tag in its usual case ("DE-at" → "de-AT"): language, script, region of BCP 47 (RFC 5646)."""
    tag = "-".join(
        _cased(place, part) for place, part in enumerate(text.strip().replace("_", "-").split("-"))
    )
    if not _TAG.fullmatch(tag):
        raise Invalid(
            "language_unknown",
            "“{tag}” is not a language tag; write it like de or de-AT.",
            path=path,
            tag=text[:40],
        )
    return tag


def _cased(place: int, part: str) -> str:
    if place == 0:
        return part.lower()
    return part.title() if len(part) == 4 else part.upper()


def language_level(text: str, *, path: str | None = None) -> str:
    """The level in its usual case; refuses what is none of A1 … C2 and native."""
    level = next((level for level in CEFR if level.lower() == text.strip().lower()), None)
    if level is None:
        raise Invalid(
            "level_unknown",
            "“{level}” is not a level; use one of: {levels}.",
            path=path,
            level=text[:40],
            levels=", ".join(CEFR),
        )
    return level


MOST_LANGUAGES = 30


def languages_spoken(languages: Mapping[str, str]) -> dict[str, str]:
    """Tag → level in their usual spelling; refuses what is none of either."""
    if len(languages) > MOST_LANGUAGES:
        raise Invalid(
            "languages_too_many", "Name at most {most} languages.", path="languages", most=MOST_LANGUAGES
        )
    return {
        language_tag(tag, path="languages"): language_level(level, path="languages")
        for tag, level in languages.items()
    }


def speaks(spoken: Mapping[str, str], tag: str, level: str) -> bool:
    """Whether the languages spoken (tag → level) reach `level` in `tag`; "de" is reached by "de-AT" too."""
    wanted = CEFR.index(level)
    return any(
        CEFR.index(has) >= wanted for own, has in spoken.items() if own == tag or own.startswith(f"{tag}-")
    )
