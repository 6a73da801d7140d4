"""Parts of a whole, for `{% component "shares" parts=… %}`."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of the bar from `begin`, `width` wide, both of 100; its tone is ok, wait, info or rest."""

    label: str
    text: str
    tone: str
    begin: float
    width: float


def shares(parts: Sequence[tuple[str, str, str, float]], *, whole: float) -> list[Part]:
    """From (label, text, tone, value) in the order of the bar; `whole` is what all values add up to at most."""
    found, begin = [], 0.0
    for label, text, tone, value in parts:
        width = round(100 * max(0.0, value) / whole, 2) if whole else 0.0
        found.append(Part(label, text, tone, round(begin, 2), width))
        begin += width
    return found
