"""The tables of accounts."""

from tagwerk.domain.accounts.models.instance import Instance, MinimumWage
from tagwerk.domain.accounts.models.keys import ApiKey
from tagwerk.domain.accounts.models.organisations import (
    Invitation,
    Membership,
    Organisation,
    OrganisationFee,
    Suspension,
    Team,
    TeamMember,
)
from tagwerk.domain.accounts.models.people import Consent, People, Person, PersonLanguage, Viewing

__all__ = [
    "ApiKey",
    "Consent",
    "Instance",
    "Invitation",
    "Membership",
    "MinimumWage",
    "Organisation",
    "OrganisationFee",
    "People",
    "Person",
    "PersonLanguage",
    "Suspension",
    "Team",
    "TeamMember",
    "Viewing",
]
