"""Minimum wages, by which prices are measured."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import WageLine
from tagwerk.interfaces.api.asking import ANY_KEY
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["money"])


class WageOut(BaseModel):
    """What an hour has to be paid at least in a country from a day on."""

    country: str = Field(description="ISO 3166", examples=["DE"])
    valid_from: date
    per_hour: Money
    source: str
    holds: bool = Field(description="Whether it is the one that holds today")


class WagesOut(BaseModel):
    """The table, by country, the newest day first. A country that is not in it has no figure here."""

    items: list[WageOut]


@router.get(
    "/minimum-wages",
    auth=ANY_KEY,
    response=WagesOut,
    operation_id="get_minimum_wages",
    summary="Minimum wages",
)
def get_minimum_wages(request: HttpRequest) -> WagesOut:
    """The table that the operators keep."""
    now = queries.floors(timezone.localdate())
    return WagesOut(items=[_wage(one, now.get(one.wage.country) == one.wage) for one in queries.wage_lines()])


def _wage(line: WageLine, holds: bool) -> WageOut:
    one = line.wage
    return WageOut(
        country=one.country, valid_from=one.valid_from, per_hour=money(one.per_hour_micros, one.currency),
        source=one.source, holds=holds,
    )  # fmt: skip
