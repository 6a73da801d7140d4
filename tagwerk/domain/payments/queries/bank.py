"""What is asked about the operator's bank account: whether book and bank agree, and what waits for a word."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Sum, When

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor, Permission, require, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import bank, suspense
from tagwerk.domain.payments.models import BankEntry, BankFile, BankStatement, Booking, Payout
from tagwerk.domain.payments.queries.payer import payer
from tagwerk.domain.payments.rules.bank_entries import (
    Doubt,
    Gap,
    Meaning,
    Stretch,
    creditor_reference,
    gaps,
    in_order,
    newest,
)
from tagwerk.domain.payments.rules.bookings import Direction
from tagwerk.domain.payments.rules.payouts import PayoutState
from tagwerk.domain.payments.rules.rails import Rail

BOOKED_BEFORE = timedelta(days=5)  # nobody books by hand what arrives only days later
WAITS = timedelta(days=5)  # so long may be booked what no statement has; longer is a difference
LEFT = timedelta(days=3)  # a file is carried out a day or two after it was released
SILENT = timedelta(days=7)  # a statement that is older says nothing of this week


@dataclass(frozen=True, slots=True)
class BankStanding:
    """Book and bank of one currency, in micros. `waiting`: in the book, and younger than five days, so that the next
    statement may bring it. `difference` = book − closing − waiting: 0, or something is wrong."""

    currency: str
    book_micros: int
    closing_micros: int
    closing_on: date
    waiting_micros: int
    difference_micros: int
    suspense_micros: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class BankSilence:
    """Payouts that no statement has, and the day of the newest statement, if there is one."""

    currency: str
    newest_on: date | None
    payouts: int


@dataclass(frozen=True, slots=True)
class BankEntryView:
    """An entry of the account; money that came in is positive."""

    id: int
    booked_on: date | None
    amount_micros: int
    currency: str
    name: str
    text: str
    meaning: Meaning
    doubt: Doubt | None
    on_statement: bool
    organisation_id: int | None
    run_id: int | None


@dataclass(frozen=True, slots=True)
class BankFileView:
    """A file that was brought in; remarks are [code, what about]."""

    id: int
    name: str
    kinds: str
    entries: int
    remarks: list[list[str]]
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class BookingLike:
    """A booking by hand that an entry may stand for."""

    id: int
    organisation_id: int
    amount_micros: int
    currency: str
    direction: Direction
    reference: str
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class PayoutLike:
    """A payout that may have come back as an entry."""

    id: int
    ref: UUID
    person_id: int
    amount_micros: int
    currency: str
    cutoff_at: datetime


@dataclass(frozen=True, slots=True)
class PayHere:
    """Where an organisation pays to, and what it writes on the transfer."""

    name: str
    iban: str
    bic: str
    reference: str


def pay_here(actor: Actor, organisation_id: int) -> PayHere | None:
    """For who sees an organisation's money: the operator's account and the organisation's reference."""
    require(actor, organisation_id, Permission.MONEY_VIEW)
    company = payer()
    if not company.iban:
        return None
    return PayHere(company.name, company.iban, company.bic, creditor_reference(organisation_id))


def bank_standings(actor: Actor, *, now: datetime) -> list[BankStanding]:
    """For operators: book and bank, one line for each currency that has a statement."""
    require_operator(actor)
    return standings(now)


def standings(now: datetime) -> list[BankStanding]:
    """The same for the nightly check."""
    company = payer()
    found: dict[str, list[Stretch]] = {}
    rows = BankStatement.objects.filter(iban=company.iban).values_list(
        "currency", "opening_micros", "opening_on", "closing_micros", "closing_on"
    )
    for currency, opening, opening_on, closing, closing_on in rows:
        found.setdefault(currency, []).append(Stretch(opening, opening_on, closing, closing_on))
    return [
        _standing(currency, stretches, company.time_zone, now)
        for currency, stretches in sorted(found.items())
    ]


def stretch_of(row: BankStatement) -> Stretch:
    """A statement's span."""
    return Stretch(row.opening_micros, row.opening_on, row.closing_micros, row.closing_on)


def _standing(currency: str, statements: list[Stretch], time_zone: str, now: datetime) -> BankStanding:
    last, first = newest(statements), min(in_order(statements), key=lambda one: one.opening_on)
    assert last is not None
    begin = datetime.combine(first.opening_on, time(), ZoneInfo(time_zone))
    codes = (bank(currency).code, suspense(currency).code)
    balances = ledger.balances(codes)
    book = balances[codes[0]].posted
    waiting = _bookings_waiting(currency, begin, now) + _payouts_waiting(currency, begin, now)
    return BankStanding(
        currency=currency, book_micros=book, closing_micros=last.closing_micros, closing_on=last.closing_on,
        waiting_micros=waiting, difference_micros=book - last.closing_micros - waiting,
        suspense_micros=balances[codes[1]].posted, gaps=tuple(gaps(statements)),
    )  # fmt: skip


def moved_before(currency: str, begin: datetime) -> int:
    """What the book had moved in the account before its first statement, in micros."""
    bookings = Booking.objects.filter(~_WITH_ENTRY, currency=currency, booked_at__lt=begin)
    listed = BankEntry.objects.filter(Q(payout=OuterRef("pk")) | Q(run=OuterRef("run_id")))
    paid = Payout.objects.filter(
        ~Exists(listed), run__currency=currency, state=PayoutState.PAID.value, settled_at__lt=begin
    ).exclude(rail=Rail.PAYPAL.value)
    return _signed(bookings) - (paid.aggregate(total=Sum("amount_micros"))["total"] or 0)


def _signed(bookings: QuerySet[Booking]) -> int:
    sums = dict(bookings.values_list("direction").annotate(total=Sum("amount_micros")))
    return (sums.get(Direction.DEPOSIT.value) or 0) - (sums.get(Direction.REFUND.value) or 0)


_WITH_ENTRY = Exists(BankEntry.objects.filter(booking=OuterRef("pk")))


def _bookings_waiting(currency: str, begin: datetime, now: datetime) -> int:
    """Booked by hand since the first statement, and not so long ago; no entry stands for it yet."""
    since = max(begin, now - WAITS)
    return _signed(Booking.objects.filter(~_WITH_ENTRY, currency=currency, booked_at__gte=since))


def _payouts() -> QuerySet[Payout]:
    """Payouts that move money of the bank account, and whether a statement has their debit and their return."""
    listed = BankEntry.objects.filter(on_statement=True)
    of_run = Exists(listed.filter(run=OuterRef("run_id")))
    return Payout.objects.exclude(rail=Rail.PAYPAL.value).annotate(
        debit_listed=Exists(listed.filter(payout=OuterRef("pk"), meaning=Meaning.PAYOUT.value))
        | Q(of_run, rail=Rail.SEPA.value),
        return_listed=Exists(listed.filter(payout=OuterRef("pk"), meaning=Meaning.RETURNED.value)),
    )


def _payouts_waiting(currency: str, begin: datetime, now: datetime) -> int:
    """What payouts moved in the book that no statement has, as far as it is young. Debits that an operator knew as
    payouts by hand name none of them: they stand for the oldest."""
    young, back = Q(settled_at__gte=max(begin, now - WAITS)), Q(state=PayoutState.RETURNED.value)
    debited = Q(state=PayoutState.PAID.value) | back & Q(submitted_at__gte=begin)
    sums = (
        _payouts()
        .filter(run__currency=currency, settled_at__gte=begin)
        .aggregate(
            old=Sum("amount_micros", filter=debited & ~young & Q(debit_listed=False), default=0),
            new=Sum("amount_micros", filter=debited & young & Q(debit_listed=False), default=0),
            back=Sum("amount_micros", filter=back & young & Q(return_listed=False), default=0),
        )
    )
    by_hand = BankEntry.objects.filter(
        currency=currency, on_statement=True, meaning=Meaning.BY_HAND.value
    ).aggregate(total=Sum("amount_micros", default=0))["total"]
    uncovered = max(0, sums["new"] - max(0, -by_hand - sums["old"]))
    return int(sums["back"] - uncovered)


def silences(now: datetime) -> list[BankSilence]:
    """Currencies in which payouts left for the bank days ago, and no statement has come since."""
    company = payer()
    gone = _payouts().filter(Q(debit_listed=False), rail=Rail.SEPA.value, submitted_at__lte=now - LEFT)
    states = [PayoutState.SUBMITTED.value, PayoutState.PAID.value]
    lines = gone.filter(state__in=states).values_list("run__currency").annotate(Count("id"))
    last = dict(
        BankStatement.objects.filter(iban=company.iban).values_list("currency").annotate(Max("closing_on"))
    )
    oldest = (now - SILENT).astimezone(ZoneInfo(company.time_zone)).date()
    return [
        BankSilence(currency, last.get(currency), payouts)
        for currency, payouts in lines.order_by("run__currency")
        if (last.get(currency) or date.min) < oldest
    ]


def bank_silences(actor: Actor, *, now: datetime) -> list[BankSilence]:
    """For operators: the same."""
    require_operator(actor)
    return silences(now)


def bank_entries(
    actor: Actor, *, waiting: bool = False, before: int | None = None, limit: int = 50
) -> list[BankEntryView]:
    """For operators: the newest entries, or those that wait for a word, with what is odd first; `before` is the last
    one's number."""
    require_operator(actor)
    found = BankEntry.objects.exclude(meaning=Meaning.SPLIT.value).select_related("booking").order_by("-id")
    if waiting:
        found = found.filter(meaning=Meaning.UNKNOWN.value).order_by(
            Case(When(doubt="", then=1), default=0), "-id"
        )
    if before is not None:
        found = found.filter(id__lt=before)
    return [_view(row) for row in found[:limit]]


def bank_entry(actor: Actor, entry_id: int) -> BankEntryView:
    """For operators: one entry."""
    require_operator(actor)
    row = BankEntry.objects.select_related("booking").filter(id=entry_id).first()
    if row is None:
        raise NotFound("bank_entry_not_found", "There is no such entry.")
    return _view(row)


def waiting_entries(actor: Actor) -> int:
    """For operators: how many entries wait for a word."""
    require_operator(actor)
    return entries_that_wait()[0]


def entries_that_wait() -> tuple[int, int]:
    """How many entries wait for a word, and how many of them seem to be ours and do not fit."""
    found = BankEntry.objects.filter(meaning=Meaning.UNKNOWN.value)
    sums = found.aggregate(all=Count("id"), doubts=Count("id", filter=~Q(doubt="")))
    return sums["all"], sums["doubts"]


def _view(row: BankEntry) -> BankEntryView:
    return BankEntryView(
        id=row.id, booked_on=row.booked_on, amount_micros=row.amount_micros, currency=row.currency, name=row.name,
        text=row.text, meaning=Meaning(row.meaning), doubt=Doubt(row.doubt) if row.doubt else None,
        on_statement=row.on_statement, organisation_id=row.booking.organisation_id if row.booking else None,
        run_id=row.run_id,
    )  # fmt: skip


def bookings_for(actor: Actor, entry_id: int, *, limit: int = 20) -> list[BookingLike]:
    """For operators: the bookings by hand that an entry may stand for, oldest first."""
    require_operator(actor)
    row = BankEntry.objects.filter(id=entry_id).first()
    found = bookings_alike(row)[:limit] if row is not None else []
    return [
        BookingLike(
            one.id, one.organisation_id, one.amount_micros, one.currency, Direction(one.direction), one.reference,
            one.booked_at,
        )
        for one in found
    ]  # fmt: skip


def bookings_alike(row: BankEntry) -> QuerySet[Booking]:
    """Bookings by hand of an entry's amount and direction that no entry was matched to, oldest first."""
    direction = Direction.DEPOSIT if row.amount_micros > 0 else Direction.REFUND
    found = Booking.objects.filter(
        ~_WITH_ENTRY, direction=direction.value, amount_micros=abs(row.amount_micros), currency=row.currency,
    ).order_by("id")  # fmt: skip
    if row.booked_on is not None:
        found = found.filter(booked_at__gte=datetime.combine(row.booked_on, time(), UTC) - BOOKED_BEFORE)
    return found


def payouts_for(actor: Actor, entry_id: int, *, limit: int = 50) -> list[PayoutLike]:
    """For operators: the payouts of which an entry may be the return, the nearest amounts first."""
    require_operator(actor)
    row = BankEntry.objects.filter(id=entry_id).first()
    found = payouts_alike(row).select_related("run")[:limit] if row is not None else []
    return [
        PayoutLike(one.id, one.ref, one.person_id, one.amount_micros, one.run.currency, one.run.cutoff_at)
        for one in found
    ]


def payouts_alike(row: BankEntry) -> QuerySet[Payout]:
    """Payouts that left and may have come back as an entry, which has no more than they had: banks on the way keep
    a fee."""
    left = [PayoutState.SUBMITTED.value, PayoutState.PAID.value, PayoutState.RETURNED.value]
    back = BankEntry.objects.filter(payout=OuterRef("pk"), meaning=Meaning.RETURNED.value, on_statement=True)
    if row.amount_micros <= 0:
        return Payout.objects.none()
    found = Payout.objects.filter(~Exists(back), run__currency=row.currency, state__in=left)
    return (
        found.filter(amount_micros__gte=row.amount_micros)
        .exclude(rail=Rail.PAYPAL.value)
        .order_by("amount_micros", "-id")
    )


def bank_files(actor: Actor, *, limit: int = 30) -> list[BankFileView]:
    """For operators: the files that were brought in last."""
    require_operator(actor)
    return [
        BankFileView(row.id, row.name, row.kinds, row.entries, row.remarks, row.imported_at)
        for row in BankFile.objects.order_by("-id")[:limit]
    ]


def closings(actor: Actor, currency: str, *, limit: int = 120) -> list[tuple[date, int]]:
    """For operators: the account's balance at the end of each day that a statement ends with, oldest first."""
    require_operator(actor)
    rows = (
        BankStatement.objects.filter(iban=payer().iban, currency=currency)
        .order_by("-closing_on", "-id")
        .values_list("closing_on", "closing_micros")[:limit]
    )
    return sorted(dict(reversed(rows)).items())
