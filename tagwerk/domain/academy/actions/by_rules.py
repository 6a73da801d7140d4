"""What control rules of a project do with qualifications of its organisation: grant, revoke, ask for the test again."""

from django.db import transaction
from django.utils import timezone

from tagwerk.base.events import record
from tagwerk.domain.academy.actions.qualifications import hold
from tagwerk.domain.academy.events import QualificationExpired, QualificationRevoked
from tagwerk.domain.academy.models import Holding, Qualification
from tagwerk.domain.academy.rules import Source


@transaction.atomic
def grant_by_rule(*, organisation_id: int, slug: str, person_id: int, score: int) -> bool:
    """Grant a qualification because a rule says so; False: they hold it, with as much or more, or it was taken from them."""
    row = _locked(organisation_id, slug)
    if row is None:
        return False
    last = Holding.objects.filter(qualification=row, person_id=person_id).order_by("-id").first()
    if last is not None and (last.revoked or (last.ended_at is None and last.score >= score)):
        return False  # what a member took away, or gave, no rule changes
    return hold(
        row=row, person_id=person_id, score=score, expires_at=None, source=Source.GRANTED, granted_by=None
    )


@transaction.atomic
def revoke_by_rule(*, organisation_id: int, slug: str, person_id: int) -> bool:
    """Take a qualification away because a rule says so; False: they do not hold it."""
    return _end(organisation_id, slug, person_id, revoked=True)


@transaction.atomic
def ask_test_again(*, organisation_id: int, slug: str, person_id: int) -> bool:
    """End what somebody holds, so that they can, and have to, take its entry test again; False: they do not hold it."""
    return _end(organisation_id, slug, person_id, revoked=False)


def _end(organisation_id: int, slug: str, person_id: int, *, revoked: bool) -> bool:
    row = _locked(organisation_id, slug)
    held = row and Holding.objects.filter(qualification=row, person_id=person_id, ended_at=None).first()
    if not row or not held:
        return False
    held.ended_at, held.revoked = timezone.now(), revoked
    held.save(update_fields=["ended_at", "revoked"])
    event = QualificationRevoked if revoked else QualificationExpired
    record(event(organisation_id=organisation_id, person_id=person_id, qualification_id=row.id))
    return True


def _locked(organisation_id: int, slug: str) -> Qualification | None:
    rows = Qualification.objects.select_for_update(no_key=True)
    return rows.filter(organisation_id=organisation_id, slug=slug).first()
