"""Operators shut people and organisations out for a while, and let them in again."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.events import (
    OrganisationSuspended,
    OrganisationSuspensionLifted,
    PersonSuspended,
    PersonSuspensionLifted,
)
from tagwerk.domain.accounts.models import Organisation, Person, Suspension
from tagwerk.domain.accounts.rules import Actor


@transaction.atomic
def suspend_person(*, actor: Actor, person_id: int, reason: str, note: str = "") -> None:
    """An operator shuts a person out: no sign-in, no key works. Who is out already stays so, with the reason given first."""
    rules.require_operator(actor)
    known, note = rules.suspension_reason(reason), rules.plain_note(note)
    person = _person(person_id)
    if person.is_operator:
        raise Conflict(
            "person_operates", "An operator cannot be suspended; take the operator's role away first."
        )
    if not person.is_active:
        return
    person.is_active = False
    person.save(update_fields=["is_active"])
    made = Suspension.objects.create(
        person=person, reason=known.value, note=note, begun_by_id=actor.person_id
    )
    record(
        PersonSuspended(
            actor_id=actor.person_id, person_id=person_id, suspension_id=made.id, reason=known.value
        )
    )


@transaction.atomic
def lift_suspension_of_person(*, actor: Actor, person_id: int) -> None:
    """An operator lets a person in again."""
    rules.require_operator(actor)
    person = _person(person_id)
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    ended = _end(Q(person=person), actor)
    record(PersonSuspensionLifted(actor_id=actor.person_id, person_id=person_id, suspension_id=ended))


@transaction.atomic
def suspend_organisation(*, actor: Actor, organisation_id: int, reason: str, note: str = "") -> None:
    """An operator suspends an organisation: its projects pause, and it launches and resumes nothing."""
    rules.require_operator(actor)
    known, note = rules.suspension_reason(reason), rules.plain_note(note)
    organisation = _organisation(organisation_id)
    if organisation.suspended_at is not None:
        return
    organisation.suspended_at = timezone.now()
    organisation.save(update_fields=["suspended_at"])
    made = Suspension.objects.create(
        organisation=organisation, reason=known.value, note=note, begun_by_id=actor.person_id
    )
    record(
        OrganisationSuspended(
            actor_id=actor.person_id,
            organisation_id=organisation_id,
            suspension_id=made.id,
            reason=known.value,
        )
    )


@transaction.atomic
def lift_suspension_of_organisation(*, actor: Actor, organisation_id: int) -> None:
    """An operator lifts the suspension; the organisation's managers resume what they want to go on."""
    rules.require_operator(actor)
    organisation = _organisation(organisation_id)
    if organisation.suspended_at is None:
        return
    organisation.suspended_at = None
    organisation.save(update_fields=["suspended_at"])
    ended = _end(Q(organisation=organisation), actor)
    record(
        OrganisationSuspensionLifted(
            actor_id=actor.person_id, organisation_id=organisation_id, suspension_id=ended
        )
    )


def _end(of: Q, actor: Actor) -> int:
    """End the open one of this person or organisation; who was shut out before reasons were asked for has none (0)."""
    found = Suspension.objects.filter(of, ended_at=None).first()
    if found is None:
        return 0
    found.ended_at, found.ended_by_id = timezone.now(), actor.person_id
    found.save(update_fields=["ended_at", "ended_by"])
    return found.id


def _person(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise NotFound("person_not_found", "There is no such person.")
    return person


def _organisation(organisation_id: int) -> Organisation:
    organisation = Organisation.objects.select_for_update().filter(id=organisation_id).first()
    if organisation is None:
        raise NotFound("organisation_not_found", "There is no such organisation.")
    return organisation
