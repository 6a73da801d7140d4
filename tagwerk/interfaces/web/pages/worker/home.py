"""The worker's start page: what is running, what there is to do, today, money on its way, news."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tagwerk.base.money import MICROS
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Preferences
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Earnings, InHand
from tagwerk.interfaces.web.choices import language_name
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.access import hourly_micros
from tagwerk.interfaces.web.pages.worker.offers import Offer, offers_for
from tagwerk.interfaces.web.pages.worker.task import asking

BEST = 5  # offers on the start page
NEWS = 3
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Today:
    """What was done since midnight, in one currency, against the goals that the worker chose."""

    answers: int
    earned_micros: int
    timed_micros: int
    paid_ms: int  # the part of the active time that is paid in this currency
    active_ms: int
    currency: str
    goal_micros: int
    goal_minutes: int

    @property
    def minutes(self) -> int:
        """Of active work."""
        return self.active_ms // MINUTE_MS

    @property
    def hourly_micros(self) -> int:
        """What an hour of today's paid work pays."""
        return hourly_micros(self.timed_micros, self.paid_ms / 1000)

    @property
    def earned_units(self) -> int:
        """In whole hundredths of the currency's unit, for a bar."""
        return self.earned_micros * 100 // MICROS

    @property
    def goal_units(self) -> int:
        """The goal in the same measure."""
        return self.goal_micros * 100 // MICROS


@signed_in
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """What matters to a worker now."""
    person_id = asking(request)
    offers = offers_for(person_id, in_full=False)
    ready = [one for one in offers if one.is_ready]
    money = work.earnings(person_id)
    values = {
        "now": timezone.now(),
        "running": [_running(one, offers) for one in work.in_hand(person_id)],
        "best": [one for one in ready if not one.found.held][:BEST],
        "ready": len(ready),
        "closed": [one for one in offers if not one.found.is_open_to_me],
        "waiting": [one for one in offers if one.found.is_open_to_me and not one.is_ready],
        "offers": offers,
        "is_new": not money and not any(one.found.submitted for one in offers),
        "today": _today(request, money),
        "money": money,
        "shows_money": bool(money) or any(one.project.paid for one in offers),
        "news": notices.inbox(request.actor, unread=True, limit=NEWS),
    }
    return render(request, "pages/worker/home.html", values)


def today_of(person_id: int, preferences: Preferences, currency: str) -> Today:
    """What was done since the person's midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    days = work.days_of_work(person_id, since=midnight, time_zone=timezone.get_current_timezone_name())
    paid = [one for one in days if one.paid and one.currency == currency]
    return Today(
        answers=sum(one.answers for one in days),
        earned_micros=sum(one.earned_micros for one in paid),
        timed_micros=sum(one.timed_micros for one in paid),
        paid_ms=sum(one.active_ms for one in paid),
        active_ms=sum(one.active_ms for one in days),
        currency=currency,
        goal_micros=preferences.goal_micros,
        goal_minutes=preferences.goal_minutes,
    )


def main_currency(money: list[Earnings]) -> str:
    """The currency in which somebody has most, else that of the instance."""
    most = max(money, key=lambda one: one.available_micros + one.pending_micros, default=None)
    return most.currency if most else accounts.instance().currency


def _today(request: ActorRequest, money: list[Earnings]) -> Today:
    return today_of(asking(request), request.actor.preferences, main_currency(money))


def _running(held: InHand, offers: list[Offer]) -> dict[str, Any]:
    offer = next((one for one in offers if one.project.id == held.project_id), None)
    return {"held": held, "offer": offer, "language": language_name(held.language)}
