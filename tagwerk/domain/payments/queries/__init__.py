"""What is asked about money in and out of the house."""

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
from tagwerk.domain.payments.queries.payer import PayerView, forget_payer, payer

__all__ = [
    "BookingView",
    "OrganisationMoney",
    "PayerView",
    "ProjectMoney",
    "ProjectReserve",
    "bookings_of",
    "bookings_page",
    "forget_payer",
    "organisation_money",
    "organisation_movements",
    "payer",
    "prepaid_micros",
    "prepaid_of",
    "project_money",
]
