"""What became of payouts, as the rail says. The same news again changes nothing, in whatever order it comes."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tagwerk.base.events import record
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry
from tagwerk.domain.payments.events import PayoutCameBack, PayoutPaidAfterAll, PayoutRunEnded
from tagwerk.domain.payments.models import BankEntry, Payout, PayoutMethod, PayoutRun
from tagwerk.domain.payments.rules import entries
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.domain.payments.rules.entries import Paying
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY, OURS, PayoutState, RunState
from tagwerk.domain.payments.rules.rails import Rail

log = logging.getLogger(__name__)
CHUNK = 2_000  # payouts in one transaction


def mark_paid(
    *, refs: Iterable[UUID], now: datetime, rail_ref: str = "", fee_micros: int = 0
) -> frozenset[UUID]:
    """The rail has paid them. Returns those it cannot be true of: we have given that money back already.

    `rail_ref` and `fee_micros` (of each, borne by the operator) belong to what the rail says.
    """
    wanted = sorted(set(refs))
    doubtful: set[UUID] = set()
    for start in range(0, len(wanted), CHUNK):
        doubtful |= _mark_paid(wanted[start : start + CHUNK], now, rail_ref, fee_micros)
    if doubtful:
        log.critical(
            "The rail says that it paid what we gave back: %s", sorted(ref.hex for ref in doubtful)[:20]
        )
        for row in Payout.objects.filter(ref__in=doubtful).order_by("id"):
            record(PayoutPaidAfterAll(payout_id=row.id, run_id=row.run_id))
    return frozenset(doubtful)


@transaction.atomic
def mark_failed(*, ref: UUID, reason: str, now: datetime) -> bool:
    """The rail did not take it: the money is back in the balance. Whether this is news."""
    row = _one(ref)
    if row.state not in ON_ITS_WAY:
        return False
    _book([row], entries.given_back)
    _settle(row, PayoutState.FAILED, reason, now)
    return True


@transaction.atomic
def mark_not_paid(*, ref: UUID, reason: str, now: datetime) -> bool:
    """An operator had said that it was paid, and the bank rejects it: the money is in the balance again. Whether this is
    news; what an entry of the bank shows as paid stays so."""
    row = _one(ref)
    if row.state != PayoutState.PAID or _is_debited(row):
        return False
    _book([row], entries.came_back)
    _settle(row, PayoutState.FAILED, reason, now)  # it never left: the debit of its file is without it
    return True


@transaction.atomic
def mark_returned(*, ref: UUID, reason: str, now: datetime) -> bool:
    """It was paid and came back: the money is in the balance again. Whether this is news."""
    row = _one(ref)
    if row.state not in (*ON_ITS_WAY, PayoutState.PAID):
        return False
    if row.state != PayoutState.PAID:  # the news that it was paid comes later, or never
        _book([row], entries.paid)
    _book([row], entries.came_back)
    _settle(row, PayoutState.RETURNED, reason, now)
    return True


@transaction.atomic
def mark_unclaimed(*, ref: UUID, now: datetime, rail_ref: str = "") -> bool:
    """Nobody has claimed it at the rail so far; the money stays set aside. Whether this is news."""
    row = _one(ref)
    if row.state != PayoutState.SUBMITTED:
        return False
    row.state = PayoutState.UNCLAIMED.value
    row.rail_ref = rail_ref or row.rail_ref
    row.save(update_fields=["state", "rail_ref"])
    return True


def end_settled_runs(*, now: datetime) -> int:
    """End every released run of which nothing is on its way any more; how many."""
    return sum(_end_if_settled(run, now) for run in PayoutRun.objects.filter(state=RunState.RELEASED))


@transaction.atomic
def _mark_paid(refs: Sequence[UUID], now: datetime, rail_ref: str, fee_micros: int) -> set[UUID]:
    rows = _locked_rows(refs)
    new = [row for row in rows if row.state in ON_ITS_WAY]
    _book(new, entries.paid)
    if fee_micros:
        _book(new, lambda one: entries.fee(one, fee_micros))
    Payout.objects.filter(id__in=[row.id for row in new]).update(
        state=PayoutState.PAID.value, settled_at=now, fee_micros=fee_micros
    )
    if rail_ref:
        Payout.objects.filter(id__in=[row.id for row in new]).update(rail_ref=rail_ref)
    for run in {row.run_id: row.run for row in new}.values():
        _end_if_settled(run, now)
    return {row.ref for row in rows if row.state in (PayoutState.FAILED, PayoutState.WITHDRAWN)}


def paying(row: Payout) -> Paying:
    """What the book needs to know about a payout; its run is loaded with it."""
    return Paying(row.ref, row.run_id, row.person_id, Rail(row.rail), row.run.currency, row.amount_micros)


def _book(rows: Iterable[Payout], entry_of: Callable[[Paying], Entry]) -> None:
    ledger.transfer(entries=[entry_of(paying(row)) for row in rows])


def _one(ref: UUID) -> Payout:
    return Payout.objects.select_for_update(of=("self",)).select_related("run").get(ref=ref)


def _is_debited(row: Payout) -> bool:
    """Whether an entry of the bank shows it, or one that an operator called payouts by hand may."""
    shows = Q(payout=row, meaning=Meaning.PAYOUT.value) | Q(run=row.run_id)
    may = Q(meaning=Meaning.BY_HAND.value, currency=row.run.currency, amount_micros=-row.amount_micros)
    return BankEntry.objects.filter(shows | may).exists()


def _locked_rows(refs: Sequence[UUID]) -> list[Payout]:
    found = Payout.objects.select_for_update(of=("self",)).select_related("run")
    return list(found.filter(ref__in=refs).order_by("id"))


def _settle(row: Payout, state: PayoutState, reason: str, now: datetime) -> None:
    row.state, row.reason, row.settled_at = state.value, reason, now
    row.save(update_fields=["state", "reason", "settled_at"])
    if row.method_id is not None and reason not in OURS:  # else the worker's account is as good as before
        PayoutMethod.objects.filter(id=row.method_id, ended_at=None).update(
            ended_at=now, ended_because=reason or state.value
        )
    record(PayoutCameBack(payout_id=row.id, run_id=row.run_id, state=state.value, reason=reason))
    _end_if_settled(row.run, now)


def _end_if_settled(run: PayoutRun, now: datetime) -> bool:
    """Two at once may each see the other's payout on its way; then the schedule ends the run."""
    open_ones = Payout.objects.filter(run=OuterRef("pk"), state__in=[*ON_ITS_WAY, PayoutState.LOCKED.value])
    ended = PayoutRun.objects.filter(~Exists(open_ones), id=run.id, state=RunState.RELEASED.value).update(
        state=RunState.DONE.value, ended_at=now
    )
    if ended:
        record(PayoutRunEnded(run_id=run.id))
    return bool(ended)
