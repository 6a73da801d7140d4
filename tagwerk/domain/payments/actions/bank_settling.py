"""Each entry of the bank is matched to what it is for, or waits until an operator says it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import CONSOLE, Actor, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import (
    Account,
    Entry,
    bank,
    capital,
    paypal,
    rail_fee,
    suspense,
    transfer_id,
)
from tagwerk.domain.payments.actions.bookings import book_deposit
from tagwerk.domain.payments.actions.following import mark_paid, mark_returned
from tagwerk.domain.payments.actions.one_by_one import one_by_one
from tagwerk.domain.payments.events import BankEntryAssigned, PayoutPaidAfterAll
from tagwerk.domain.payments.models import BankEntry, BankStatement, Booking, Payout, PayoutRun
from tagwerk.domain.payments.queries.bank import bookings_alike, moved_before, payouts_alike, stretch_of
from tagwerk.domain.payments.queries.payer import payer
from tagwerk.domain.payments.rules.bank_entries import (
    ASSIGNABLE,
    Doubt,
    Meaning,
    oldest,
    organisations_named,
    payout_named,
    run_of_batch,
)
from tagwerk.domain.payments.rules.bookings import LONGEST_REFERENCE
from tagwerk.domain.payments.rules.payouts import PayoutState
from tagwerk.domain.payments.rules.rails import Rail

TOLD_SINGLY = 50  # payouts that were given back and are in a debit all the same
# A run's debit is the sum of these; what failed before was never debited.
_DEBITED = [PayoutState.SUBMITTED.value, PayoutState.PAID.value, PayoutState.RETURNED.value]


_MAY_FIT_NOW = Q(meaning=Meaning.UNKNOWN.value, doubt=Doubt.SUM_DIFFERS.value)


@dataclass(frozen=True, slots=True)
class _Found:
    meaning: Meaning
    doubt: Doubt | None = None
    run: PayoutRun | None = None
    payout: Payout | None = None
    booking: Booking | None = None
    organisation_id: int | None = None
    paid_after_all: tuple[Payout, ...] = ()  # given back to their workers before


_UNKNOWN = _Found(Meaning.UNKNOWN)


def settle_bank_entries(*, now: datetime, most: int | None = None) -> int:
    """Match the entries that nobody has looked at, and again those whose sum may fit by now; how many were new. What a
    killed import left is found here. One that fails is told at the end and keeps no other one waiting."""
    waiting = BankEntry.objects.filter(meaning=Meaning.NEW.value).order_by("id")
    chosen = list(waiting.values_list("id", flat=True)[:most])
    again = set(BankEntry.objects.filter(_MAY_FIT_NOW).values_list("id", flat=True))
    failed: ExceptionGroup[Exception] | None = None
    try:
        one_by_one(
            "bank entry", [*chosen, *sorted(again)],
            lambda number: (_settle_again if number in again else _settle)(number, now),
        )  # fmt: skip
    except ExceptionGroup as errors:
        failed = errors
    if not waiting.exists():  # what an entry stands for was not in the account before
        for iban, currency in BankStatement.objects.values_list("iban", "currency").distinct():
            _settle_opening(iban, currency)
    if failed is not None:
        raise failed
    return len(chosen)


def _settle(entry_id: int, now: datetime) -> None:
    row = BankEntry.objects.filter(id=entry_id).first()
    if row is None:
        return  # a hint that somebody who settles at the same time has deleted
    found = _look(row)
    if found.run is not None:
        # In transactions of its own, some thousand at a time; a crash in between is taken up again.
        mark_paid(refs=_debited(found.run).values_list("ref", flat=True), now=now, rail_ref=row.ref)
    with transaction.atomic():
        row = BankEntry.objects.select_for_update().filter(id=entry_id).first()
        if row is None or row.meaning != Meaning.NEW:
            return
        found = found if found.run is not None else _look(row)
        if found.meaning is Meaning.UNKNOWN and not row.on_statement:
            row.delete()  # a hint that fits nothing; the statement will have it, and that counts
        else:
            _carry_out(row, found, now)


def _settle_again(entry_id: int, now: datetime) -> None:
    """The debit of a file whose sum was another one: a rejection that came later may have made it fit."""
    row = BankEntry.objects.filter(_MAY_FIT_NOW, id=entry_id).first()
    found = _look(row) if row is not None else _UNKNOWN
    if row is None or found.run is None:
        return
    mark_paid(refs=_debited(found.run).values_list("ref", flat=True), now=now, rail_ref=row.ref)
    with transaction.atomic():
        locked = BankEntry.objects.select_for_update().filter(_MAY_FIT_NOW, id=entry_id).first()
        if locked is not None:
            take_back(locked)
            _carry_out(locked, found, now)


def _look(row: BankEntry) -> _Found:
    if ref := payout_named(row.end_to_end):  # before the batch: single debits name their file as well
        payout = Payout.objects.filter(ref=ref).exclude(rail=Rail.PAYPAL.value).select_related("run").first()
        if payout is not None:
            return _look_at_payout(row, payout)
    if row.amount_micros < 0 and (run_id := run_of_batch(row.batch)) is not None:
        return _look_at_run(row, run_id)
    if row.is_charge and row.amount_micros < 0:
        return _Found(Meaning.FEE)
    return _look_at_money(row)


def _debited(run: PayoutRun) -> QuerySet[Payout]:
    return Payout.objects.filter(run=run, rail=Rail.SEPA.value, state__in=_DEBITED)


def _look_at_run(row: BankEntry, run_id: int) -> _Found:
    run = PayoutRun.objects.filter(id=run_id, currency=row.currency).first()
    if run is None:
        return _UNKNOWN
    found = _Found(Meaning.RUN, run=run)
    if _same(row, found).filter(on_statement=True).exists():
        return _Found(Meaning.UNKNOWN, Doubt.TWICE)
    total = _sum(_debited(run))
    if total == -row.amount_micros:
        return found
    back = Payout.objects.filter(
        run=run, rail=Rail.SEPA.value, state=PayoutState.FAILED.value, submitted_at__isnull=False
    ).order_by("id")
    if total + _sum(back) == -row.amount_micros:
        return _Found(Meaning.UNKNOWN, Doubt.GIVEN_BACK, paid_after_all=tuple(back[:TOLD_SINGLY]))
    return _Found(Meaning.UNKNOWN, Doubt.SUM_DIFFERS)


def _sum(payouts: QuerySet[Payout]) -> int:
    return payouts.aggregate(total=Sum("amount_micros"))["total"] or 0


def _look_at_payout(row: BankEntry, payout: Payout) -> _Found:
    meaning = Meaning.RETURNED if row.amount_micros > 0 else Meaning.PAYOUT
    if (abs(row.amount_micros), row.currency) != (payout.amount_micros, payout.run.currency):
        return _Found(Meaning.UNKNOWN, Doubt.AMOUNT_DIFFERS)
    if payout.state not in _DEBITED and payout.state != PayoutState.UNCLAIMED:
        paid = (payout,) if meaning is Meaning.PAYOUT else ()
        return _Found(Meaning.UNKNOWN, Doubt.GIVEN_BACK, paid_after_all=paid)
    found = _Found(meaning, payout=payout)
    if _same(row, found).filter(on_statement=True).exists():
        return _Found(Meaning.UNKNOWN, Doubt.TWICE)
    return found


def _same(row: BankEntry, found: _Found) -> QuerySet[BankEntry]:
    """Other entries of the same movement; a payout is debited by itself or with all of its file, not both."""
    if found.run is not None:
        same = Q(run=found.run) | Q(payout__run=found.run, meaning=Meaning.PAYOUT.value)
    else:
        assert found.payout is not None
        same = Q(payout=found.payout, meaning=found.meaning.value)
        if found.meaning is Meaning.PAYOUT:
            same |= Q(run=found.payout.run)
    return BankEntry.objects.filter(same).exclude(id=row.id)


def _look_at_money(row: BankEntry) -> _Found:
    """A deposit by its reference, or what an operator had booked by hand."""
    named = organisations_named(row.text) if row.amount_micros > 0 else set()
    if len(named) > 1:
        return _Found(Meaning.UNKNOWN, Doubt.SEVERAL_REFERENCES)
    alike = bookings_alike(row)
    if named:
        (organisation_id,) = named
        same = alike.filter(organisation_id=organisation_id).first()
        if same is not None:
            return _Found(Meaning.BOOKING, booking=same)
        if accounts.organisation_names([organisation_id]):
            return _Found(Meaning.DEPOSIT, organisation_id=organisation_id)
        return _UNKNOWN
    said = [
        one for one in alike if len(_dense(one.reference)) >= 4 and _dense(one.reference) in _dense(row.text)
    ]
    if len(said) == 1:
        return _Found(Meaning.BOOKING, booking=said[0])
    return _Found(Meaning.UNKNOWN, Doubt.LIKE_A_BOOKING) if alike.exists() else _UNKNOWN


def _dense(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _carry_out(row: BankEntry, found: _Found, now: datetime) -> None:
    if found.payout is not None or found.run is not None:
        _same(row, found).filter(on_statement=False).delete()  # the hints before this entry
    row.meaning, row.doubt, row.settled_at = (
        found.meaning.value,
        found.doubt.value if found.doubt else "",
        now,
    )
    row.run, row.payout, row.booking = found.run, found.payout, found.booking
    _CARRY_OUT[found.meaning](row, found, now)
    row.save()


def _pay(row: BankEntry, found: _Found, now: datetime) -> None:
    assert found.payout is not None
    mark_paid(refs=[found.payout.ref], now=now, rail_ref=row.ref)


def _return(row: BankEntry, found: _Found, now: datetime) -> None:
    assert found.payout is not None
    mark_returned(ref=found.payout.ref, reason=row.return_code, now=now)
    if (
        kept := found.payout.amount_micros - row.amount_micros
    ):  # by a bank on the way; the worker gets all of it
        _transfer(row.currency, -kept, rail_fee(row.currency), _about(row), "fee", str(row.id))


def _deposit(row: BankEntry, found: _Found, now: datetime) -> None:
    assert found.organisation_id is not None
    row.booking_id = book_deposit(
        actor=CONSOLE, organisation_id=found.organisation_id, amount_micros=row.amount_micros, currency=row.currency,
        reference=row.text[:LONGEST_REFERENCE], key=f"bank entry {row.id}",
    )  # fmt: skip


def _nothing(row: BankEntry, found: _Found, now: datetime) -> None:
    """The book has it already."""


def _fee(row: BankEntry, found: _Found, now: datetime) -> None:
    _book(row, "fee", rail_fee(row.currency))


def _own(row: BankEntry, found: _Found, now: datetime) -> None:
    _book(row, "own", capital(row.currency))


def _to_paypal(row: BankEntry, found: _Found, now: datetime) -> None:
    _book(row, "paypal", paypal(row.currency))


def _keep(row: BankEntry, found: _Found, now: datetime) -> None:
    _book(row, "suspense", suspense(row.currency))
    for payout in found.paid_after_all:
        record(PayoutPaidAfterAll(payout_id=payout.id, run_id=payout.run_id))


_CARRY_OUT: dict[Meaning, Callable[[BankEntry, _Found, datetime], None]] = {
    Meaning.RUN: _nothing, Meaning.PAYOUT: _pay, Meaning.RETURNED: _return, Meaning.DEPOSIT: _deposit,
    Meaning.BOOKING: _nothing, Meaning.BY_HAND: _nothing, Meaning.FEE: _fee, Meaning.OWN: _own, Meaning.PAYPAL: _to_paypal,
    Meaning.UNKNOWN: _keep,
}  # fmt: skip


def take_back(row: BankEntry) -> None:
    """What waited in `suspense` leaves it again, because it is known now what it is for."""
    _book(row, "suspense back", suspense(row.currency), turned=True)


def _book(row: BankEntry, step: str, other: Account, *, turned: bool = False) -> None:
    """Between the bank account and another one: money that came in goes to the other, money that left comes from it."""
    micros = row.amount_micros * (-1 if turned else 1)
    _transfer(row.currency, micros, other, _about(row), step, str(row.id))


def _about(row: BankEntry) -> str:
    return f"{row.iban}/{row.currency}/{row.key}/{row.part}"


def _transfer(currency: str, micros: int, other: Account, about: str, step: str, ref_id: str) -> None:
    sides = (bank(currency).code, other.code)
    debit, credit = sides if micros > 0 else sides[::-1]
    ledger.transfer(entries=[Entry(
        id=transfer_id("bank entry", about, step), event=transfer_id("bank entry", about), kind="single",
        debit=debit, credit=credit, amount_micros=abs(micros), currency=currency,
        code=step.replace(" ", "_"), ref_type="bank_entry", ref_id=ref_id,
    )])  # fmt: skip


@transaction.atomic
def assign_bank_entry(
    *,
    actor: Actor,
    entry_id: int,
    meaning: Meaning,
    organisation_id: int | None = None,
    booking_id: int | None = None,
    payout_id: int | None = None,
    now: datetime,
) -> None:
    """An operator says what an entry is for that nobody knew; it leaves `suspense` for its place in the book."""
    require_operator(actor)
    row = BankEntry.objects.select_for_update().filter(id=entry_id).first()
    if row is None:
        raise NotFound("bank_entry_not_found", "There is no such entry.")
    if row.meaning != Meaning.UNKNOWN or meaning not in ASSIGNABLE:
        raise Conflict("bank_entry_assigned", "It is known already what this entry is for.")
    found = (
        _Found(meaning, payout=_returned(row, payout_id))
        if meaning is Meaning.RETURNED
        else _said(row, meaning, organisation_id, booking_id)
    )
    take_back(row)
    row.settled_by_id = actor.person_id
    _carry_out(row, found, now)
    record(BankEntryAssigned(actor_id=actor.person_id, entry_id=row.id, meaning=meaning.value))


def _said(row: BankEntry, meaning: Meaning, organisation_id: int | None, booking_id: int | None) -> _Found:
    if meaning is Meaning.BOOKING:
        return _Found(meaning, booking=_booking(row, booking_id))
    if meaning is Meaning.BY_HAND and row.amount_micros > 0:
        raise Invalid("bank_entry_no_payout", "This money came in, so it paid nobody.", path="meaning")
    if meaning is not Meaning.DEPOSIT:
        return _Found(meaning)
    if row.amount_micros < 0 or not accounts.organisation_names([organisation_id or 0]):
        raise Invalid(
            "bank_entry_no_deposit", "Choose the organisation whose payment came in.", path="organisation"
        )
    return _Found(meaning, organisation_id=organisation_id)


def _returned(row: BankEntry, payout_id: int | None) -> Payout:
    found = payouts_alike(row).filter(id=payout_id or 0).select_related("run").first()
    if found is None:
        raise Invalid(
            "bank_entry_no_return",
            "Choose a payout that left and was at least as much, and whose return no entry stands for yet.",
            path="payout",
        )
    return found


def _booking(row: BankEntry, booking_id: int | None) -> Booking:
    found = bookings_alike(row).filter(id=booking_id or 0).first()
    if found is None:
        raise Invalid(
            "bank_entry_no_booking",
            "Choose a booking of the same amount that no entry stands for yet.",
            path="booking",
        )
    return found


@transaction.atomic
def _settle_opening(iban: str, currency: str) -> None:
    """What was in the account before its first statement and not in the book is the operator's own money."""
    found = BankStatement.objects.select_for_update().filter(iban=iban, currency=currency)
    statements = {stretch_of(row): row for row in found.order_by("opening_on", "id")}
    begin = oldest(statements)
    assert begin is not None, "the account has one"
    first = statements[begin]
    if first.own_micros is not None:
        return
    others_own = sum(other.own_micros or 0 for other in statements.values())
    first.own_micros = first.opening_micros - moved_before(currency, opening_moment(first)) - others_own
    first.save(update_fields=["own_micros"])
    if first.own_micros:
        about = f"{iban}/{currency}/{first.opening_on}/{first.opening_micros}"
        _transfer(currency, first.own_micros, capital(currency), about, "opening", str(first.id))


def opening_moment(first: BankStatement) -> datetime:
    """When the day of the first statement began, where the company is."""
    return datetime.combine(first.opening_on, time(), ZoneInfo(payer().time_zone))
