"""What operators say themselves of payouts that left by a file: paid, or not to be paid after all."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.actions.following import mark_failed, mark_paid, mark_returned
from tagwerk.domain.payments.events import PayoutSaidBack, PayoutsMarkedPaid, PayoutTakenOut
from tagwerk.domain.payments.models import PayeeCheck, Payout
from tagwerk.domain.payments.rules.bank_codes import NameCheck
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY, PayoutState
from tagwerk.domain.payments.rules.rails import Rail

BY_FILE = (Rail.SEPA, Rail.MANUAL)  # PayPal says itself what it paid
NOT_HANDED_OVER = "not_handed_over"
NAME_DIFFERS = "RVNM"


def mark_paid_by_hand(
    *, actor: Actor, run_id: int, rail: Rail, now: datetime, payout_ids: Collection[int] | None = None
) -> int:
    """An operator has paid all payouts of a run that left by a rail, or these of them; how many that was."""
    require_operator(actor)
    payouts = Payout.objects.filter(
        run_id=run_id, rail=rail.value, state__in=[each.value for each in ON_ITS_WAY]
    )
    if payout_ids is not None:
        payouts = payouts.filter(id__in=payout_ids)
    refs: list[UUID] = list(payouts.values_list("ref", flat=True)) if rail in BY_FILE else []
    if not refs:
        raise Conflict("nothing_to_mark", "None of these payouts is on its way.")
    record(PayoutsMarkedPaid(actor_id=actor.person_id, run_id=run_id, rail=rail.value, payouts=len(refs)))
    mark_paid(refs=refs, now=now)
    return len(refs)


@transaction.atomic
def take_out_payout(*, actor: Actor, payout_id: int, now: datetime) -> None:
    """An operator takes a payout out of a file before it is carried out; the money is back in the balance."""
    require_operator(actor)
    row = Payout.objects.filter(id=payout_id, rail__in=[each.value for each in BY_FILE]).first()
    if row is None:
        raise NotFound("payout_not_found", "There is no such payout.")
    differs = PayeeCheck.objects.filter(payout=row, code=NameCheck.NONE.value).exists()
    if not mark_failed(ref=row.ref, reason=NAME_DIFFERS if differs else NOT_HANDED_OVER, now=now):
        raise Conflict("nothing_to_mark", "None of these payouts is on its way.")
    record(PayoutTakenOut(actor_id=actor.person_id, run_id=row.run_id, payout_id=row.id))


@transaction.atomic
def say_payout_came_back(*, actor: Actor, payout_id: int, now: datetime) -> None:
    """An operator says that a paid payout came back, as nobody else will of what is paid by hand; an entry of the bank
    for it may follow."""
    require_operator(actor)
    row = Payout.objects.filter(id=payout_id, rail__in=[each.value for each in BY_FILE]).first()
    if row is None:
        raise NotFound("payout_not_found", "There is no such payout.")
    if row.state != PayoutState.PAID or not mark_returned(ref=row.ref, reason="", now=now):
        raise Conflict("payout_not_paid", "Only what was paid can come back.")
    record(PayoutSaidBack(actor_id=actor.person_id, run_id=row.run_id, payout_id=row.id))
