"""Payouts of one person wait: for a reason that they are told, and until a day that they know."""

from datetime import datetime, timedelta

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.actions.running import withdraw_payouts
from tagwerk.domain.payments.events import PayoutsFreed, PayoutsHeld
from tagwerk.domain.payments.models import PayoutHold
from tagwerk.domain.payments.rules.holds import LONGEST, WINDOW, HoldCode, left, reason_text


@transaction.atomic
def hold_payouts(
    *, actor: Actor, person_id: int, code: HoldCode, reason: str, until: datetime, now: datetime
) -> int:
    """An operator holds somebody's payouts until a moment, with a reason in words that they read."""
    require_operator(actor)
    accounts.person(person_id)
    rest = _left(person_id, code, now)
    if not now < until <= now + rest:
        raise Invalid(
            "hold_too_long",
            "A hold for this reason ends within {days} days, and all of them within 60 days last no longer than that: {left} days are left.",
            path="until",
            days=LONGEST[code].days,
            left=max(rest.days, 0),
        )
    return _hold(actor.person_id, person_id, code, reason_text(reason), until, now)


@transaction.atomic
def hold_by_rule(*, person_id: int, code: HoldCode, reason: str, now: datetime) -> int | None:
    """The program holds somebody's payouts, for as long as this code still allows; one that there is stays as it is.

    None: they were held for so long already that it is for people to find another way.
    `reason`: a text of ours, marked for translation; it is translated when it is shown."""
    found = _current(person_id, code, now)
    if found:
        return found.id
    rest = _left(person_id, code, now)
    return _hold(None, person_id, code, reason, now + rest, now, by_rule=True) if rest > timedelta() else None


@transaction.atomic
def end_hold(*, actor: Actor, hold_id: int, now: datetime) -> int:
    """An operator ends a hold before its time. Whose it was."""
    require_operator(actor)
    hold = PayoutHold.objects.select_for_update().filter(id=hold_id).first()
    if hold is None:
        raise NotFound("hold_not_found", "There is no such hold.")
    _end(hold, actor.person_id, now)
    return hold.person_id


@transaction.atomic
def end_holds_by_rule(*, person_id: int, code: HoldCode, now: datetime) -> None:
    """What a hold of the program asked for has been done."""
    for hold in PayoutHold.objects.select_for_update().filter(
        person_id=person_id, code=code.value, ended_at=None, by_rule=True
    ):
        _end(hold, None, now)


def _end(hold: PayoutHold, actor_id: int | None, now: datetime) -> None:
    if hold.ended_at is not None:
        return
    hold.ended_at, hold.ended_by_id = now, actor_id
    hold.save(update_fields=["ended_at", "ended_by_id"])
    record(PayoutsFreed(actor_id=actor_id, person_id=hold.person_id, hold_id=hold.id))


def _current(person_id: int, code: HoldCode, now: datetime) -> PayoutHold | None:
    """The hold with this code that is in force; one whose time is over is closed on the way."""
    hold = (
        PayoutHold.objects.select_for_update()
        .filter(person_id=person_id, code=code.value, ended_at=None)
        .first()
    )
    if hold is not None and hold.until <= now:
        hold.ended_at = hold.until
        hold.save(update_fields=["ended_at"])
        return None
    return hold


def _left(person_id: int, code: HoldCode, now: datetime) -> timedelta:
    rows = PayoutHold.objects.filter(person_id=person_id, code=code.value, until__gt=now - WINDOW)
    return left(code, [(row.begun_at, row.ended_at or row.until) for row in rows], now)


def _hold(
    actor_id: int | None,
    person_id: int,
    code: HoldCode,
    reason: str,
    until: datetime,
    now: datetime,
    *,
    by_rule: bool = False,
) -> int:
    if _current(person_id, code, now):
        raise Conflict("hold_exists", "These payouts are held for this reason already; end that hold first.")
    hold = PayoutHold.objects.create(
        person_id=person_id, code=code.value, reason=reason, begun_by_id=actor_id, by_rule=by_rule,
        begun_at=min(now, until - timedelta(seconds=1)), until=until,
    )  # fmt: skip
    withdraw_payouts(person_id=person_id, reason=code.value, now=now, actor_id=actor_id)
    record(PayoutsHeld(actor_id=actor_id, person_id=person_id, hold_id=hold.id, code=code.value))
    return hold.id
