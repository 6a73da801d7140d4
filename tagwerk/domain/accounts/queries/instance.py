"""How many there are, for those who run the instance."""

from dataclasses import dataclass

from django.db.models import Count, Q

from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.models import Organisation, Person
from tagwerk.domain.accounts.rules import Actor, Kind


@dataclass(frozen=True)
class InstanceCounts:
    """People and organisations of the instance."""

    people: int  # who are active
    shut_out: int
    machines: int  # models and simulated people
    organisations: int
    waiting: int  # organisations for approval


def instance_counts(actor: Actor) -> InstanceCounts:
    """For operators: how many people and organisations there are, and what waits."""
    rules.require_operator(actor)
    person = Q(kind=Kind.PERSON.value)
    people = Person.objects.aggregate(
        people=Count("id", filter=person & Q(is_active=True)),
        shut_out=Count("id", filter=person & Q(is_active=False)),
        machines=Count("id", filter=~person),
    )
    organisations = Organisation.objects.aggregate(
        organisations=Count("id"), waiting=Count("id", filter=Q(approved_at=None))
    )
    return InstanceCounts(**people, **organisations)
