"""The configuration of <tw-choice>."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def configuration(options: Any, *, sides: Sequence[str], language: str) -> dict[str, Any]:
    """Options in their order, each with its label."""
    return {
        "options": [{"value": value, "label": label} for value, label in options.options.items()],
        "many": options.many,
        "other": options.other,
        "messages": {
            "other": _("Something else"),
            "other_words": _("Say what it is"),
            "other_missing": _("Say in your own words what else it is."),
        },
    }
