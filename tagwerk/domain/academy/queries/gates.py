"""Who may touch a qualification."""

from django.db.models import Q, QuerySet

from tagwerk.base.errors import NotFound
from tagwerk.domain.academy.models import EntryTest, Qualification
from tagwerk.domain.accounts.rules import Actor, Permission, require, require_operator


def owned_by(organisation_id: int | None) -> Q:
    """The qualifications of an organisation, or (None) those of the whole instance."""
    return Q(organisation__isnull=True) if organisation_id is None else Q(organisation_id=organisation_id)


def require_owner(actor: Actor, organisation_id: int | None) -> None:
    """Refuse who does not manage the qualifications of the organisation, or of the whole instance (None)."""
    if organisation_id is None:
        require_operator(actor)
    else:
        require(actor, organisation_id, Permission.QUALIFICATION_MANAGE)


def open_tests() -> QuerySet[EntryTest]:
    """The tests that workers can begin: not closed, of a qualification not retired, its owner approved and not suspended."""
    approved = Q(qualification__organisation__isnull=True) | Q(
        qualification__organisation__approved_at__isnull=False,
        qualification__organisation__suspended_at=None,
    )
    return EntryTest.objects.filter(approved, closed_at=None, qualification__retired_at=None)


def managed_qualification(actor: Actor, qualification_id: int) -> Qualification:
    """The qualification, its row locked till the end of the transaction, if the actor manages it."""
    row = Qualification.objects.select_for_update(no_key=True).filter(id=qualification_id).first()
    if row is None or (row.organisation_id is not None and row.organisation_id not in actor.roles):
        raise NotFound("qualification_not_found", "There is no such qualification.")
    if row.organisation_id is None and not actor.is_operator:
        raise NotFound("qualification_not_found", "There is no such qualification.")
    require_owner(actor, row.organisation_id)
    return row
