"""Where a worker is paid, and what holds their payouts up."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tagwerk.base.errors import NotFound
from tagwerk.base.secrecy import decrypted
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.models import PayoutHold, PayoutMethod, PayoutProfile
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.profile import PayoutDetails, Target, details_from, target_from
from tagwerk.domain.payments.rules.rails import Rail


@dataclass(frozen=True, slots=True)
class MethodView:
    """A way to be paid, with its account made unreadable."""

    id: int
    rail: Rail
    shown: str
    asked_at: datetime
    confirmed_at: datetime | None
    usable_at: datetime | None
    ended_at: datetime | None
    ended_because: str


@dataclass(frozen=True, slots=True)
class HoldView:
    """What somebody's payouts wait for, and until when at the latest."""

    id: int
    person_id: int
    code: HoldCode
    reason: str
    begun_at: datetime
    by_rule: bool  # the program holds them, no person had looked
    until: datetime
    ended_at: datetime | None


def payout_details(person_id: int) -> PayoutDetails | None:
    """A worker's own payout profile, decrypted; for themselves, their papers and the files that pay them."""
    row = PayoutProfile.objects.filter(person_id=person_id).order_by("-id").first()
    return details_from(json.loads(decrypted(row.sealed))) if row else None


def details_ever(person_id: int) -> Iterator[tuple[datetime, PayoutDetails]]:
    """All that a worker ever said about themselves for payouts, with when, the newest first; for themselves alone."""
    rows = PayoutProfile.objects.filter(person_id=person_id).order_by("-id")
    for row in rows.iterator():
        yield row.changed_at, details_from(json.loads(decrypted(row.sealed)))


def methods_ever(person_id: int) -> Iterator[tuple[MethodView, Target]]:
    """All ways to be paid that a worker ever entered, with the account, the newest first; for themselves alone."""
    for row in PayoutMethod.objects.filter(person_id=person_id).order_by("-id").iterator():
        yield _method(row), target_from(json.loads(decrypted(row.sealed)))


def holds_ever(person_id: int) -> Iterator[HoldView]:
    """All holds that a worker's payouts ever had, the newest first; for themselves alone."""
    yield from map(_hold, PayoutHold.objects.filter(person_id=person_id).order_by("-id").iterator())


def many_details(person_ids: list[int], *, at: datetime) -> dict[int, PayoutDetails]:
    """The same for many, for files: as it was at a moment, so that a file says the same whenever it is made."""
    rows = (
        PayoutProfile.objects.filter(person_id__in=person_ids, changed_at__lte=at)
        .order_by("person_id", "-id")
        .distinct("person_id")
    )
    return {row.person_id: details_from(json.loads(decrypted(row.sealed))) for row in rows}


def targets_of(method_ids: list[int]) -> dict[int, Target]:
    """The accounts behind methods, for the files that pay them."""
    rows = PayoutMethod.objects.filter(id__in=method_ids).values_list("id", "sealed")
    return {number: target_from(json.loads(decrypted(sealed))) for number, sealed in rows}


def method_in_use(person_id: int) -> MethodView | None:
    """The confirmed way by which a worker is paid, usable or soon to be."""
    row = PayoutMethod.objects.filter(person_id=person_id, ended_at=None, confirmed_at__isnull=False).first()
    return _method(row) if row else None


def method_asked(person_id: int) -> MethodView | None:
    """A way that a worker entered and has not confirmed by e-mail."""
    row = PayoutMethod.objects.filter(person_id=person_id, ended_at=None, confirmed_at=None).first()
    return _method(row) if row else None


def methods_before(person_id: int, *, limit: int = 10) -> list[MethodView]:
    """Ways that a worker was paid by, the newest first: a return says there why it ended."""
    rows = PayoutMethod.objects.filter(
        person_id=person_id, ended_at__isnull=False, confirmed_at__isnull=False
    ).order_by("-id")
    return [_method(row) for row in rows[:limit]]


def method_for(actor: Actor, method_id: int) -> MethodView:
    """The gate of a worker to a way of theirs."""
    row = PayoutMethod.objects.filter(id=method_id, person_id=actor.person_id or 0).first()
    if row is None:
        raise NotFound("method_not_found", "There is no such way to be paid.")
    return _method(row)


def holds_of(person_id: int, now: datetime) -> list[HoldView]:
    """What a worker's payouts wait for now; they see all of it."""
    rows = PayoutHold.objects.filter(person_id=person_id, ended_at=None, until__gt=now).order_by("id")
    return [_hold(row) for row in rows]


def holds_page(actor: Actor, *, now: datetime, before: int | None = None, limit: int = 50) -> list[HoldView]:
    """For operators: the holds in force, the newest first."""
    require_operator(actor)
    rows = PayoutHold.objects.filter(ended_at=None, until__gt=now).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_hold(row) for row in rows[:limit]]


def holds_of_person(actor: Actor, person_id: int, *, limit: int = 50) -> list[HoldView]:
    """For operators: all holds that somebody ever had, the newest first."""
    require_operator(actor)
    accounts.person(person_id)
    return [_hold(row) for row in PayoutHold.objects.filter(person_id=person_id).order_by("-id")[:limit]]


def people_with_the_same_account(actor: Actor, person_id: int) -> list[int]:
    """For operators: others who are paid to the same account as this person; nobody sees the account itself."""
    require_operator(actor)
    mine = PayoutMethod.objects.filter(person_id=person_id, confirmed_at__isnull=False).values("fingerprint")
    others = PayoutMethod.objects.filter(fingerprint__in=mine, confirmed_at__isnull=False)
    return sorted(set(others.exclude(person_id=person_id).values_list("person_id", flat=True)))


def _method(row: PayoutMethod) -> MethodView:
    return MethodView(
        row.id, Rail(row.rail), row.shown, row.asked_at, row.confirmed_at, row.usable_at, row.ended_at,
        row.ended_because,
    )  # fmt: skip


def _hold(row: PayoutHold) -> HoldView:
    return HoldView(
        row.id, row.person_id, HoldCode(row.code), row.reason, row.begun_at, row.by_rule, row.until,
        row.ended_at,
    )  # fmt: skip
