"""Organisations and their members."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.models import Membership, Organisation
from tagwerk.domain.accounts.rules import Actor, Permission, Role


@dataclass(frozen=True)
class OrganisationView:
    """An organisation."""

    id: int
    name: str
    country: str
    currency: str
    approved_at: datetime.datetime | None
    suspended_at: datetime.datetime | None
    created_at: datetime.datetime
    created_by_id: int


@dataclass(frozen=True)
class MemberView:
    """A member, by name: to that they agreed when they joined."""

    id: int  # of the membership: what comes next in a page
    person_id: int
    name: str
    email: str
    role: Role
    joined_at: datetime.datetime


def organisation(organisation_id: int) -> OrganisationView:
    """An organisation, for other rooms."""
    found = Organisation.objects.filter(id=organisation_id).first()
    if found is None:
        raise NotFound("organisation_not_found", "There is no such organisation.")
    return _organisation_view(found)


def organisation_names(organisation_ids: Iterable[int]) -> dict[int, str]:
    """The names of organisations by id."""
    found = Organisation.objects.filter(id__in=list(organisation_ids))
    return dict(found.values_list("id", "name"))


def organisation_countries(organisation_ids: Iterable[int]) -> dict[int, str]:
    """The countries of organisations by id, of those that say it."""
    found = Organisation.objects.filter(id__in=list(organisation_ids)).exclude(country="")
    return dict(found.values_list("id", "country"))


def organisation_for(actor: Actor, organisation_id: int, permission: Permission) -> OrganisationView:
    """An organisation in which the actor has the permission."""
    rules.require(actor, organisation_id, permission)
    return organisation(organisation_id)


def organisations_of(actor: Actor) -> list[OrganisationView]:
    """The organisations that the actor acts for, oldest first."""
    if not actor.roles:
        return []
    return [
        _organisation_view(row)
        for row in Organisation.objects.filter(id__in=list(actor.roles)).order_by("id")
    ]


ORGANISATION_STATES = {
    "": Q(),
    "waiting": Q(approved_at=None),
    "approved": Q(approved_at__isnull=False, suspended_at=None),
    "suspended": Q(suspended_at__isnull=False),
}


def organisations_page(
    actor: Actor, *, search: str = "", state: str = "", before: int | None = None, limit: int = 50
) -> list[OrganisationView]:
    """For operators: organisations, newest first, by a part of the name, in one of ORGANISATION_STATES."""
    rules.require_operator(actor)
    found = Organisation.objects.filter(ORGANISATION_STATES.get(state, Q())).order_by("-id")
    if search:
        found = found.filter(name__icontains=search)
    if before is not None:
        found = found.filter(id__lt=before)
    return [_organisation_view(row) for row in found[: min(limit, 200)]]


def members_page(actor: Actor, organisation_id: int, *, after: int = 0, limit: int = 50) -> list[MemberView]:
    """The members of an organisation, for its members; the longest there first."""
    rules.require(actor, organisation_id, Permission.PROJECT_VIEW)
    found = Membership.objects.filter(organisation_id=organisation_id, id__gt=after).select_related("person")
    return [member_view(row) for row in found.order_by("id")[: min(limit, 200)]]


def members_of(actor: Actor, organisation_id: int, *, limit: int = 100) -> list[MemberView]:
    """For operators: the members of an organisation; the longest there first."""
    rules.require_operator(actor)
    found = Membership.objects.filter(organisation_id=organisation_id).select_related("person").order_by("id")
    return [member_view(row) for row in found[:limit]]


def members_with(organisation_id: int, permission: Permission) -> list[int]:
    """The ids of the members who have a permission: whom to tell."""
    roles = [role.value for role in Role if permission in rules.MAY[role]]
    found = Membership.objects.filter(organisation_id=organisation_id, role__in=roles, person__is_active=True)
    return list(found.order_by("id").values_list("person_id", flat=True))


def roles_of(person_id: int) -> dict[int, Role]:
    """The organisations of which a person is a member, with the role in each."""
    found = Membership.objects.filter(person_id=person_id).order_by("id")
    return {number: Role(role) for number, role in found.values_list("organisation_id", "role")}


def staff_names(organisation_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """The names of those among the people whom the organisation sees by name: its own members."""
    found = Membership.objects.filter(organisation_id=organisation_id, person_id__in=list(person_ids))
    return dict(found.values_list("person_id", "person__display_name"))


def member_view(row: Membership) -> MemberView:
    """A row as other members see it."""
    return MemberView(
        row.id, row.person_id, row.person.display_name, row.person.email, Role(row.role), row.joined_at
    )


def _organisation_view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        row.id,
        row.name,
        row.country,
        row.currency,
        row.approved_at,
        row.suspended_at,
        row.created_at,
        row.created_by_id,
    )
