"""Minimum wages, by which prices are measured."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import WageLine
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.rules.wages import hourly
from tagwerk.interfaces.api.asking import ANY_KEY, Key
from tagwerk.interfaces.api.projects import project_of
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


class ProjectWagesOut(BaseModel):
    """What an hour of work on a project pays. Measured over decided answers, rejected ones paying nothing."""

    estimate: Money | None = Field(
        description="By the time that the requester expects; null where none is given"
    )
    measured: bool = Field(
        description="Whether enough people have decided work; else only the estimate is there"
    )
    workers: int
    answers: int
    per_hour: Money | None = Field(description="All pay by all active time")
    median: Money | None = Field(description="The middle of the wages of people")
    tenth: Money | None = Field(description="A tenth of people earn less")
    floor: Money | None = Field(
        description="The minimum wage that holds for the reader, if it is in this currency"
    )
    floor_country: str | None
    share_at_least_floor: float | None = Field(description="The share of people who earn at least that")


@router.get(
    "/projects/{project}/wages",
    auth=Key(Permission.PROJECT_VIEW),
    response=ProjectWagesOut,
    operation_id="get_wages",
    summary="What an hour pays",
)
def get_wages(request: HttpRequest, project: str) -> ProjectWagesOut:
    """What an hour of work on the project pays, against the minimum wage of the organisation's country."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    floors = work.floors_for("", [view.organisation_id], timezone.localdate())
    return wages_out(view, work.wages_in([view.id]).get(view.id), floors)


def wages_out(view: ProjectView, found: work.ProjectWages | None, floors: work.Floors) -> ProjectWagesOut:
    """The wages of a project as the API tells them."""
    wages = found.wages if found and found.wages.is_enough else None
    floor = floors.floor(view)
    estimate = hourly(view.usual_micros, view.estimate_seconds * 1000)

    def amount(micros: int) -> Money:
        return money(micros, view.currency)

    return ProjectWagesOut(
        estimate=amount(estimate) if estimate else None,
        measured=wages is not None,
        workers=found.wages.workers if found else 0,
        answers=found.wages.answers if found else 0,
        per_hour=amount(wages.per_hour_micros) if wages else None,
        median=amount(wages.median_micros) if wages else None,
        tenth=amount(wages.tenth_micros) if wages else None,
        floor=amount(floor.per_hour_micros) if floor else None,
        floor_country=floor.country if floor else None,
        share_at_least_floor=wages.share_at_least(floor.per_hour_micros) if wages and floor else None,
    )


def _wage(line: WageLine, holds: bool) -> WageOut:
    one = line.wage
    return WageOut(
        country=one.country, valid_from=one.valid_from, per_hour=money(one.per_hour_micros, one.currency),
        source=one.source, holds=holds,
    )  # fmt: skip
