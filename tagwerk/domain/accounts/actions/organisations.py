"""Organisations: founded by anybody, approved by an operator."""

from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import NotAllowed, NotFound, TooMany
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.accounts.events import OrganisationApproved, OrganisationFounded
from tagwerk.domain.accounts.models import Membership, Organisation, Person
from tagwerk.domain.accounts.rules import Actor, Kind, Permission, Role

MOST_PENDING = 3  # organisations of one founder that wait for approval


@transaction.atomic
def found_organisation(*, actor: Actor, name: str, currency: str | None = None, country: str = "") -> int:
    """Found an organisation and own it; unless an operator founds it, it waits for approval."""
    if actor.person_id is None or actor.scopes is not None:
        raise NotAllowed("founder_not_signed_in", "Organisations are founded by signed-in people.")
    founder = Person.objects.select_for_update().get(id=actor.person_id)
    if founder.kind != Kind.PERSON:
        raise NotAllowed("founder_not_human", "Only people can found an organisation.")
    if Organisation.objects.filter(created_by=founder, approved_at=None).count() >= MOST_PENDING:
        raise TooMany(
            "organisations_pending",
            "{most} of your organisations wait for approval already.",
            most=MOST_PENDING,
        )
    organisation = Organisation.objects.create(
        name=rules.plain_name(name, longest=120, path="name"),
        currency=rules.currency_code(currency or queries.instance().currency),
        country=rules.country_code(country) if country else "",
        created_by=founder,
        approved_at=timezone.now() if founder.is_operator else None,
        approved_by=founder if founder.is_operator else None,
    )
    Membership.objects.create(organisation=organisation, person=founder, role=Role.OWNER.value)
    record(
        OrganisationFounded(
            actor_id=founder.id, organisation_id=organisation.id, approved=founder.is_operator
        )
    )
    return organisation.id


@transaction.atomic
def approve_organisation(*, actor: Actor, organisation_id: int) -> None:
    """An operator approves an organisation, so that it may launch projects."""
    rules.require_operator(actor)
    organisation = _locked(organisation_id)
    if organisation.approved_at is not None:
        return
    organisation.approved_at = timezone.now()
    organisation.approved_by_id = actor.person_id
    organisation.save(update_fields=["approved_at", "approved_by"])
    record(OrganisationApproved(actor_id=actor.person_id, organisation_id=organisation_id))


@transaction.atomic
def update_organisation(
    *, actor: Actor, organisation_id: int, name: str | None = None, country: str | None = None
) -> None:
    """Change the organisation's name or country. Its currency stays: money is booked in it."""
    rules.require(actor, organisation_id, Permission.MEMBER_MANAGE)
    organisation = _locked(organisation_id)
    if name is not None:
        organisation.name = rules.plain_name(name, longest=120, path="name")
    if country is not None:
        organisation.country = rules.country_code(country)
    organisation.save(update_fields=["name", "country"])


def _locked(organisation_id: int) -> Organisation:
    organisation = Organisation.objects.select_for_update().filter(id=organisation_id).first()
    if organisation is None:
        raise NotFound("organisation_not_found", "There is no such organisation.")
    return organisation
