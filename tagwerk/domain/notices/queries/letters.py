"""How e-mail is getting on."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from tagwerk.domain.notices.models import Letter


@dataclass(frozen=True, slots=True)
class MailHealth:
    """Since when the oldest letter is due, and how many could not be sent at their last try."""

    oldest_due: datetime | None
    tried_again: int


def mail_health() -> MailHealth:
    """What waits to be sent. It says nothing about whom it goes to, so anybody may know it."""
    waiting = Letter.objects.filter(state=Letter.State.WAITING)
    found = waiting.aggregate(
        oldest_due=Min("next_at", filter=Q(next_at__lte=Now())), tried_again=Count("id", filter=~Q(error=""))
    )
    return MailHealth(**found)
