"""The configuration of <tw-rating>."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def configuration(options: Any, *, sides: Sequence[str], language: str) -> dict[str, Any]:
    """The points of a Likert scale; of a slider or a number field the ends and the step."""
    values = list(options.points.values())
    labels = {float(value): text for value, text in options.labels.items()}
    config: dict[str, Any] = {"as": options.shown_as}
    if options.shown_as == "likert":
        config["points"] = [{"value": value, "label": labels.get(float(value), "")} for value in values]
    else:
        ends = [labels.get(float(values[0]), ""), labels.get(float(values[-1]), "")]
        step = round(float(values[1]) - float(values[0]), 12)
        config |= {"min": values[0], "max": values[-1], "step": step, "labels": ends}
    config["messages"] = {
        "unset": _("not set"),
        "range": _("from {low} to {high}"),
        "off_scale": _("Give a number from {low} to {high} in steps of {step}."),
    }
    return config
