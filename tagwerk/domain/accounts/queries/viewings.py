"""Which operator looked as whom, and who looks now."""

import datetime
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from tagwerk.domain.accounts.models import Viewing


@dataclass(frozen=True)
class ViewingView:
    """An operator's look through the eyes of a person."""

    id: int
    operator_id: int
    operator: str
    person_id: int
    person: str
    reason: str
    begun_at: datetime.datetime
    until: datetime.datetime  # when it ended, or will at the latest


def viewing_now(viewing_id: int, operator_id: int) -> ViewingView | None:
    """The look that this operator has not ended and whose time is not over; they operate still, and the person is there."""
    found = _views(
        Q(
            id=viewing_id,
            operator_id=operator_id,
            ended_at=None,
            until__gt=timezone.now(),
            operator__is_operator=True,
            operator__is_active=True,
            person__is_active=True,
            person__is_operator=False,
        )
    )
    return found[0] if found else None


def viewing(viewing_id: int) -> ViewingView | None:
    """A look by number, for rooms above."""
    found = _views(Q(id=viewing_id))
    return found[0] if found else None


def viewings_of(person_id: int, *, limit: int = 50) -> list[ViewingView]:
    """Who looked at the pages as this person sees them, the newest first: for the person and for operators."""
    return _views(Q(person_id=person_id), limit)


def _views(wanted: Q, limit: int = 1) -> list[ViewingView]:
    rows = Viewing.objects.filter(wanted).annotate(
        over=Least(Coalesce(F("ended_at"), F("until")), F("until")),
        by=F("operator__display_name"),
        whom=F("person__display_name"),
    )
    return [
        ViewingView(
            row.id, row.operator_id, row.by, row.person_id, row.whom, row.reason, row.begun_at, row.over
        )
        for row in rows.order_by("-id")[:limit]
    ]
