"""The configuration of <tw-comparison>."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

SIDES = ("A", "B")  # as shown: A stands first, whichever of the two it is


def configuration(options: Any, *, sides: Sequence[str], language: str) -> dict[str, Any]:
    """The steps in the order shown. The sign of a value is that of the two as named in `of`, not as shown."""
    first, second = options.of
    sign = 1 if sides.index(first) < sides.index(second) else -1
    shown = range(-(options.scale // 2), options.scale // 2 + 1)
    steps = [_step(at, sign * at, options.scale) for at in shown if at or options.tie]
    return {"steps": steps, "messages": {}}


def _step(at: int, value: int, scale: int) -> dict[str, Any]:
    side = SIDES[at > 0]
    return {"value": value, "label": _words(abs(at), scale, side)}


def _words(strength: int, scale: int, side: str) -> str:
    if strength == 0:
        return pgettext("comparison", "Both the same")
    if scale == 3 or (scale == 7 and strength == 2):
        return _("{side} is better").format(side=side)
    if strength == 1:
        return _("{side} is a little better").format(side=side)
    return _("{side} is much better").format(side=side)
