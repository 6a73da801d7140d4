"""Operators look at the pages as somebody else sees them: for a while, read-only, and never in secret."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.accounts.events import PersonViewed
from tagwerk.domain.accounts.models import Viewing
from tagwerk.domain.accounts.rules import Actor

VIEWING_MINUTES = 30


@transaction.atomic
def begin_viewing(*, actor: Actor, person_id: int, reason: str) -> int:
    """An operator looks as a person sees the pages, and says why; never as another operator. Returns its number."""
    rules.require_operator(actor)
    reason = rules.plain_note(reason, path="reason", needed=True)
    person = queries.person(person_id)
    if person.is_operator or not person.is_active or actor.person_id is None:
        raise Conflict(
            "viewing_not_possible", "Nobody looks as an operator, nor as somebody who cannot sign in."
        )
    made = Viewing.objects.create(
        operator_id=actor.person_id,
        person_id=person_id,
        reason=reason,
        until=timezone.now() + timedelta(minutes=VIEWING_MINUTES),
    )
    record(PersonViewed(actor_id=actor.person_id, person_id=person_id, viewing_id=made.id))
    return made.id


@transaction.atomic
def end_viewing(*, viewing_id: int, operator_id: int) -> None:
    """The operator stops looking; one that has ended stays as it is."""
    Viewing.objects.filter(id=viewing_id, operator_id=operator_id, ended_at=None).update(
        ended_at=timezone.now()
    )
