"""What is asked about money in and out of the house."""

from tagwerk.domain.payments.queries.history import paid_by_week, releases
from tagwerk.domain.payments.queries.organisations import (
    BookingView,
    OrganisationMoney,
    ProjectMoney,
    ProjectReserve,
    bookings_of,
    bookings_page,
    organisation_money,
    organisation_movements,
    prepaid_micros,
    prepaid_of,
    project_money,
)
from tagwerk.domain.payments.queries.rail_costs import RailCosts, rail_costs

__all__ = [
    "BookingView",
    "OrganisationMoney",
    "ProjectMoney",
    "ProjectReserve",
    "RailCosts",
    "bookings_of",
    "bookings_page",
    "organisation_money",
    "organisation_movements",
    "paid_by_week",
    "prepaid_micros",
    "prepaid_of",
    "project_money",
    "rail_costs",
    "releases",
]
