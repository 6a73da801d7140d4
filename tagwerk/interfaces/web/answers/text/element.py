"""The configuration of <tw-text>."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def configuration(options: Any, *, sides: Sequence[str], language: str) -> dict[str, Any]:
    """Limits, pattern and height."""
    return {
        "lines": options.lines,
        "min_words": options.min_words,
        "max_words": options.max_words,
        "min_chars": options.min_chars,
        "max_chars": options.max_chars,
        "pattern": options.pattern,
        "messages": _messages(),
    }


def _messages() -> dict[str, str]:
    return {
        "words_between": _("Words: {count} ({least} to {most})"),
        "words_least": _("Words: {count} (at least {least})"),
        "words_most": _("Words: {count} (at most {most})"),
        "chars_between": _("Characters: {count} ({least} to {most})"),
        "chars_least": _("Characters: {count} (at least {least})"),
        "chars_most": _("Characters: {count} (at most {most})"),
        "too_few_words": _("Words needed: at least {least}. Words so far: {count}."),
        "too_many_words": _("Words possible: at most {most}. Words so far: {count}."),
        "too_few_chars": _("Characters needed: at least {least}. Characters so far: {count}."),
        "too_many_chars": _("Characters possible: at most {most}. Characters so far: {count}."),
        "no_match": _("The text does not have the form that is asked for."),
    }
