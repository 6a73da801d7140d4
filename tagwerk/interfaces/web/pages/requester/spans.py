"""Ranges of time, said no finer than they are known."""

import math

from django.utils.translation import gettext as _

from tagwerk.interfaces.web.formats import number_text

MINUTES_BELOW_HOURS, HOURS_BELOW_HOURS, LONGEST_HOURS = 1.5, 48.0, 24.0 * 365


def span_text(least_hours: float, most_hours: float) -> str:
    """Between so many hours and so many: "about 3 to 5 hours", "about 20 to 35 minutes", "less than 10 minutes"."""
    if most_hours > LONGEST_HOURS:
        return _("more than a year")
    if most_hours < MINUTES_BELOW_HOURS:
        low, high = 5 * int(least_hours * 12), 5 * max(1, math.ceil(most_hours * 12))
        text = _("about {low} to {high} minutes") if low else _("less than {high} minutes")
    elif most_hours < HOURS_BELOW_HOURS:
        low, high = int(least_hours), math.ceil(most_hours)
        text = _("about {low} to {high} hours") if low else _("less than {high} hours")
    else:
        low, high = max(1, int(least_hours / 24)), math.ceil(most_hours / 24)
        text = _("about {low} to {high} days")
    return text.format(low=number_text(low), high=number_text(high))
