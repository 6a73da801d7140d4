"""How many people of a project earn at least so much, in words, for all pages that say it."""

from django.utils.translation import gettext as _

from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.work.rules.wages import Wages
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.formats import hourly_text, number_text, percent_text


def earners_text(wages: Wages | None, floor: Wage | None, currency: str) -> str:
    """ "68% of 23 people here earn at least €13.90/h, the minimum wage in Germany."; empty while they are too few."""
    if wages is None or not wages.is_enough:
        return ""
    people = number_text(wages.workers)
    share = wages.share_at_least(floor.per_hour_micros) if floor else None
    if floor is None or share is None:
        said = _("Half of {people} people here earn at least {wage}.")
        return said.format(people=people, wage=hourly_text(wages.median_micros, currency))
    said = _("{share} of {people} people here earn at least {wage}, the minimum wage in {country}.")
    return said.format(
        share=percent_text(share), people=people, wage=hourly_text(floor.per_hour_micros, currency),
        country=country_name(floor.country),
    )  # fmt: skip
