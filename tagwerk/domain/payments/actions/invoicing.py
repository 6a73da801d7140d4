"""Invoices to organisations: over deposits as VAT asks, and each month over approved work."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.queries import Spent
from tagwerk.domain.ledger.rules import prepaid
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.actions.dues import book_dues, vat_back
from tagwerk.domain.payments.actions.locks import lock_money_of
from tagwerk.domain.payments.actions.numbers import next_label
from tagwerk.domain.payments.events import InvoiceIssued
from tagwerk.domain.payments.models import Booking, Invoice
from tagwerk.domain.payments.queries import PayerView, Treatment
from tagwerk.domain.payments.queries.billing import FIELDS
from tagwerk.domain.payments.rules import Direction
from tagwerk.domain.payments.rules.corrections import CODE
from tagwerk.domain.payments.rules.invoices import (
    ENTRY_TESTS,
    MOST_LINES,
    SERIES,
    Figures,
    InvoiceKind,
    WorkLine,
    figures,
)
from tagwerk.domain.payments.rules.payer import ContractModel
from tagwerk.domain.payments.rules.statements import BESIDE_ANSWERS, ENTRY_TEST
from tagwerk.domain.payments.rules.vat import VatCase

log = logging.getLogger(__name__)

DUE_DAYS = 14
NO_ANSWERS = (*BESIDE_ANSWERS, ENTRY_TEST, CODE, "rework", "time")  # pay that is for no new answer
SOLD = ("worker", "income:fee")  # what an organisation's own account gives directly for entry tests
Titles = Callable[[Collection[int]], Mapping[int, str]]  # of projects: this room does not know them


@transaction.atomic
def invoice_booking(*, booking_id: int, now: datetime, actor_id: int | None = None) -> int | None:
    """Issue the advance invoice over a deposit with VAT in it, or the correction over a refund of one; once."""
    booking = Booking.objects.get(id=booking_id)
    lock_money_of(organisation_id=booking.organisation_id)
    again = times_cancelled(f"booking/{booking_id}")
    key = f"booking/{booking_id}" + (f"/{again}" if again else "")
    if (
        not booking.vat_micros
        or Invoice.objects.filter(key=key).exists()
        or _missing(booking.organisation_id)
    ):
        return None
    day = queries.payer().day_of(booking.booked_at)
    comes_in = booking.direction == Direction.DEPOSIT
    sign = 1 if comes_in else -1
    if comes_in:
        net = booking.amount_micros - booking.owed_micros - booking.vat_micros
    else:  # what was prepaid without VAT goes back without a paper
        net = -sum(part[1] for part in booking.parts if part[2])
    rate = booking.vat_rate_bp if comes_in else next((part[3] for part in booking.parts if part[3]), 0)
    line = {
        "kind": "deposit" if comes_in else "refund", "quantity": 0, "exact_micros": net, "micros": net,
        "on": day.isoformat(), "title": booking.reference,
    }  # fmt: skip
    return _issue(
        booking.organisation_id, kind=InvoiceKind.ADVANCE if comes_in else InvoiceKind.CORRECTION, key=key, now=now,
        actor_id=actor_id, currency=booking.currency, booking_id=booking_id, vat_rate_bp=rate,
        vat_case=VatCase.DOMESTIC.value, net_micros=net, vat_micros=sign * booking.vat_micros,
        gross_micros=net + sign * booking.vat_micros,
        facts={"lines": [line], "parts": booking.parts, "deposit_reference": booking.reference},
    )  # fmt: skip


def issue_due_invoices(*, now: datetime, titles: Titles) -> int:
    """Issue every invoice that is due: over deposits, and over the months that have ended. How many were issued."""
    payer = queries.payer()
    if payer.missing_for_invoices:
        return 0
    issued = sum(invoice_booking(booking_id=number, now=now) is not None for number in _without_invoice())
    end = month_end(payer, now)
    through = ledger.settled_before(_midnight(payer, end + timedelta(days=1)))
    for organisation_id, currency in queries.with_money():
        try:
            issued += invoice_month(
                organisation_id=organisation_id, currency=currency, period_to=end, through_seq=through, now=now,
                titles=titles,
            ) is not None  # fmt: skip
        except Conflict:
            log.exception("The invoice of organisation %s could not be issued", organisation_id)
    return issued


@transaction.atomic
def issue_now(*, actor: Actor, organisation_id: int, now: datetime, titles: Titles) -> list[str]:
    """An operator issues what is due for one organisation, up to the end of the last month. The new numbers."""
    require_operator(actor)
    payer = queries.payer()
    if payer.missing_for_invoices or _missing(organisation_id):
        raise Conflict(
            "invoice_data_missing",
            "An invoice needs the name and the address of both sides, and a tax number where VAT is charged: fill them in first.",
        )
    before = (
        Invoice.objects.filter(organisation_id=organisation_id)
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
    )
    end = month_end(payer, now)
    through = ledger.settled_before(_midnight(payer, end + timedelta(days=1)))
    for number in _without_invoice(organisation_id):
        invoice_booking(booking_id=number, now=now, actor_id=actor.person_id)
    for known, currency in queries.with_money():
        if known == organisation_id:
            invoice_month(
                organisation_id=organisation_id, currency=currency, period_to=end, through_seq=through, now=now,
                titles=titles, actor_id=actor.person_id,
            )  # fmt: skip
    new = Invoice.objects.filter(organisation_id=organisation_id, id__gt=before or 0).order_by("id")
    return list(new.values_list("label", flat=True))


@transaction.atomic
def invoice_month(
    *,
    organisation_id: int,
    currency: str,
    period_to: date,
    through_seq: int,
    now: datetime,
    titles: Titles,
    actor_id: int | None = None,
) -> int | None:
    """Issue the invoice over all work that was approved since the last one, up to a transfer of the book; once."""
    lock_money_of(organisation_id=organisation_id)
    last = queries.last_monthly(organisation_id, currency)
    after = last.through_seq if last else 0
    if through_seq <= after or _missing(organisation_id):
        return None
    if last and last.period_to:
        begin = last.period_to + timedelta(days=1)
    else:
        begin = _first_day(organisation_id, currency) or period_to
    return issue_work(
        organisation_id=organisation_id, currency=currency, after=after, through=through_seq,
        period=(min(begin, period_to), period_to), now=now, titles=titles, actor_id=actor_id,
        carry_micros=last.carry_micros if last else 0,
    )  # fmt: skip


def issue_work(
    *,
    organisation_id: int,
    currency: str,
    after: int,
    through: int,
    period: tuple[date, date],
    now: datetime,
    titles: Titles,
    actor_id: int | None,
    carry_micros: int,
    replaces: Invoice | None = None,
) -> int | None:
    """Issue the invoice over a range of the book, perhaps in place of one; the caller holds the lock of the money.

    What the old one asked for stays asked for: only the difference is booked.
    """
    own = prepaid(organisation_id, currency).code
    projects = queries.projects_of_account(organisation_id, currency) | {own: ENTRY_TESTS}
    agent = queries.payer().contract_model is ContractModel.AGENT
    spent = ledger.spent_between(projects, after=after, through=through)
    lines, passed_on = _lines(spent, projects, titles, only_fee=agent)
    if not lines:
        return None
    if replaces is None and sum(line.exact_micros for line in lines) + carry_micros < 0:
        return None  # more was corrected than worked: the next invoice is over both
    found = queries.treatment(organisation_id, period[1])
    sums = figures(
        lines=lines, carry_micros=carry_micros, advances=queries.advances_left(organisation_id, currency),
        rate_bp=found.rate_bp, currency=currency, paid_from_balance=not agent,
    )  # fmt: skip
    net, vat, returned = sums.due_net_micros, sums.due_vat_micros, 0
    if replaces:
        net, vat = net - replaces.due_net_micros, vat - replaces.due_vat_micros
        returned = replaces.facts.get("returned_micros", 0)
    returned += vat_back(organisation_id, currency, vat)
    key = f"work/{organisation_id}/{currency}/{after}-{through}"
    again = times_cancelled(key)
    number = _issue(
        organisation_id, kind=InvoiceKind.MONTHLY, key=key + (f"/{again}" if again else ""), now=now,
        actor_id=actor_id, currency=currency, period_from=period[0], period_to=period[1], from_seq=after,
        through_seq=through, facts={"passed_on_micros": passed_on, "returned_micros": returned, **_work_facts(sums)},
        **_sums(found, sums),
    )  # fmt: skip
    book_dues(
        invoice_id=number, organisation_id=organisation_id, currency=currency, net_micros=net, vat_micros=vat
    )
    return number


def _sums(found: Treatment, sums: Figures) -> dict[str, Any]:
    return {
        "vat_case": found.case.value, "vat_rate_bp": found.rate_bp, "net_micros": sums.net_micros,
        "vat_micros": sums.vat_micros, "gross_micros": sums.gross_micros, "due_net_micros": sums.due_net_micros,
        "due_vat_micros": sums.due_vat_micros, "carry_micros": sums.carry_micros,
    }  # fmt: skip


def _work_facts(sums: Figures) -> dict[str, Any]:
    return {
        "lines": [asdict(line) for line in sums.lines],
        "advances": [
            {
                "booking": one.booking_id, "invoice": one.label, "net_micros": one.net_micros,
                "vat_micros": one.vat_micros, "rate_bp": one.rate_bp,
            }
            for one in sums.advances
        ],
        "due_days": DUE_DAYS,
    }  # fmt: skip


def _lines(
    spent: Collection[Spent], projects: Mapping[str, int], titles: Titles, *, only_fee: bool
) -> tuple[list[WorkLine], int]:
    """Pay and fee of each project, and how much of it was pay. What came back to the organisation is no sale."""
    sums: dict[tuple[int, str], list[int]] = {}
    for one in spent:
        if one.sort == "organisation" or (projects[one.account] == ENTRY_TESTS and one.sort not in SOLD):
            continue
        kind = {"worker": "pay", "income:fee": "fee"}.get(one.sort, "other")
        line = sums.setdefault((projects[one.account], kind), [0, 0])
        line[0] += one.micros
        line[1] += one.transfers if kind == "pay" and one.code not in NO_ANSWERS else 0
    known = titles({project for project, _kind in sums if project != ENTRY_TESTS})
    order = {"pay": 0, "fee": 1, "other": 2}
    lines = [
        WorkLine(kind, project, known.get(project, str(project)), count, micros)
        for (project, kind), (micros, count) in sorted(
            sums.items(), key=lambda one: (one[0][0], order[one[0][1]])
        )
        if micros
    ]
    pay = sum(line.exact_micros for line in lines if line.kind != "fee")
    return _shortened([line for line in lines if line.kind == "fee" or not only_fee]), pay


def _shortened(lines: list[WorkLine]) -> list[WorkLine]:
    """The largest projects by themselves, and all others of a kind together: a paper has to be read."""
    if len(lines) <= MOST_LINES:
        return lines
    largest = {id(line) for line in sorted(lines, key=lambda line: -line.exact_micros)[: MOST_LINES - 3]}
    rest: dict[str, list[WorkLine]] = {}
    for line in lines:
        if id(line) not in largest:
            rest.setdefault(line.kind, []).append(line)
    together = [
        WorkLine(kind, 0, f"+{len(those)}", sum(line.quantity for line in those), sum(line.exact_micros for line in those))
        for kind, those in rest.items()
    ]  # fmt: skip
    return [line for line in lines if id(line) in largest] + together


def _issue(
    organisation_id: int,
    *,
    kind: InvoiceKind,
    key: str,
    now: datetime,
    actor_id: int | None,
    facts: dict[str, Any],
    **columns: Any,
) -> int:
    """Give a paper its number, freeze all that it says, and tell."""
    payer, buyer = queries.payer(), queries.billing_of(organisation_id)
    frozen = {
        "seller": queries.payer_on_papers(),
        "buyer": {name: getattr(buyer, name) for name in FIELDS},
        "contract_model": payer.contract_model.value,
        "vat_scheme": payer.vat_scheme.value,
    }
    day = payer.day_of(now)
    row = Invoice.objects.create(
        organisation_id=organisation_id, kind=kind.value, label=next_label(SERIES, day), key=key,
        language=buyer.language, issued_on=day, issued_at=now, issued_by_id=actor_id, facts=frozen | facts, **columns,
    )  # fmt: skip
    record(
        InvoiceIssued(
            actor_id=actor_id, organisation_id=organisation_id, invoice_id=row.id, invoice=row.label
        )
    )
    return row.id


def _first_day(organisation_id: int, currency: str) -> date | None:
    """The day on which an organisation first had money of a currency, paid in or lent: no work is older."""
    at = ledger.began_at(prepaid(organisation_id, currency).code)
    return queries.payer().day_of(at) if at else None


def _missing(organisation_id: int) -> bool:
    return bool(queries.payer().missing_for_invoices or queries.billing_of(organisation_id).missing)


def _without_invoice(organisation_id: int | None = None) -> list[int]:
    """Bookings with VAT that no standing invoice is about."""
    rows = Booking.objects.filter(vat_micros__gt=0)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    cancelled = Invoice.objects.filter(cancels__isnull=False).values("cancels")
    standing = Invoice.objects.filter(booking__isnull=False, cancels=None).exclude(id__in=cancelled)
    return list(rows.exclude(id__in=standing.values("booking")).order_by("id").values_list("id", flat=True))


def times_cancelled(key: str) -> int:
    """How often a paper about this was cancelled: the next one needs a key of its own."""
    return Invoice.objects.filter(cancels__key__startswith=key).filter(
        cancels__key__regex=rf"^{key}(/\d+)?$"
    ).count()  # fmt: skip


def month_end(payer: PayerView, now: datetime) -> date:
    """The last day of the month before, in the operator's time zone."""
    return payer.day_of(now).replace(day=1) - timedelta(days=1)


def _midnight(payer: PayerView, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(payer.time_zone))
