"""Who is shut out, since when and why."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from tagwerk.domain.accounts.models import Suspension
from tagwerk.domain.accounts.rules import SuspensionReason


@dataclass(frozen=True)
class SuspensionView:
    """A suspension, also one that has ended."""

    id: int
    person_id: int | None
    organisation_id: int | None
    reason: SuspensionReason
    note: str
    begun_at: datetime.datetime
    begun_by: str  # empty: the console
    ended_at: datetime.datetime | None
    ended_by: str


def suspension(suspension_id: int) -> SuspensionView | None:
    """A suspension by number, for rooms above."""
    found = _views(Q(id=suspension_id))
    return found[0] if found else None


def suspensions_of(
    *, person_id: int | None = None, organisation_id: int | None = None
) -> list[SuspensionView]:
    """Those of a person or an organisation, the newest first; for pages whose gate was passed."""
    return _views(Q(person_id=person_id, organisation_id=organisation_id))


def open_suspension(
    *, person_id: int | None = None, organisation_id: int | None = None
) -> SuspensionView | None:
    """The one that stands now; None: there is none, or no reason was ever written down."""
    found = _views(Q(person_id=person_id, organisation_id=organisation_id, ended_at=None))
    return found[0] if found else None


def _views(wanted: Q) -> list[SuspensionView]:
    rows = Suspension.objects.filter(wanted).select_related("begun_by", "ended_by").order_by("-id")[:50]
    return [
        SuspensionView(
            id=row.id,
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            reason=SuspensionReason(row.reason),
            note=row.note,
            begun_at=row.begun_at,
            begun_by=row.begun_by.display_name if row.begun_by else "",
            ended_at=row.ended_at,
            ended_by=row.ended_by.display_name if row.ended_by else "",
        )
        for row in rows
    ]
