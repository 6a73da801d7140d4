"""Invoices: those there are, what deposits still cover, and what there is to invoice."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db.models import Q

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor, Permission, require, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import prepaid
from tagwerk.domain.payments.models import BillingDetails, Booking, Invoice, Paper
from tagwerk.domain.payments.queries.corrections import corrected_micros
from tagwerk.domain.payments.rules import Direction
from tagwerk.domain.payments.rules.invoices import CORRECTED, VAT_BACK, Advance, InvoiceKind, without
from tagwerk.domain.payments.rules.vat import VatCase


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """A paper to an organisation. `cancelled_by` and `cancels` are numbers of other papers, empty where there is none."""

    id: int
    organisation_id: int
    kind: InvoiceKind
    label: str
    language: str
    currency: str
    issued_on: date
    issued_at: datetime
    issued_by_id: int | None
    period_from: date | None
    period_to: date | None
    vat_case: VatCase
    vat_rate_bp: int
    net_micros: int
    vat_micros: int
    gross_micros: int
    due_micros: int
    cancels: str
    cancelled_by: str
    facts: Mapping[str, Any]
    sha256: str  # of the PDF, in hexadecimal; empty until it is made


def invoices_of(
    actor: Actor, organisation_id: int, *, before: int | None = None, limit: int = 50
) -> list[InvoiceView]:
    """An organisation's papers, for those who may see its money; newest first."""
    require(actor, organisation_id, Permission.MONEY_VIEW)
    return _views(Q(organisation_id=organisation_id), before, limit)


def invoices_page(
    actor: Actor, *, organisation_id: int | None = None, before: int | None = None, limit: int = 50
) -> list[InvoiceView]:
    """For operators: papers of all organisations, newest first."""
    require_operator(actor)
    return _views(Q(organisation_id=organisation_id) if organisation_id else Q(), before, limit)


def invoice_for(actor: Actor, label: str) -> InvoiceView:
    """The gate of one paper: for operators, and for those who may see the money of its organisation."""
    row = Invoice.objects.filter(label=label).values("organisation_id").first()
    organisation_id = row["organisation_id"] if row else 0
    operates = actor.is_operator and actor.scopes is None
    if row is None or not (operates or organisation_id in actor.roles):
        raise NotFound("invoice_not_found", "There is no such invoice.")
    if not operates:
        require(actor, organisation_id, Permission.MONEY_VIEW)
    return _views(Q(label=label), None, 1)[0]


def open_paper(key: str) -> IO[bytes] | None:
    """The stored PDF of a paper whose gate was passed; None: it is not made yet."""
    stored = Paper.objects.filter(key=key).values_list("stored_as", flat=True).first()
    return default_storage.open(stored) if stored else None


def invoices_without_paper(limit: int = 100) -> list[int]:
    """Those whose PDF is still to be made."""
    made = Paper.objects.filter(key__startswith="invoice/").values_list("key", flat=True)
    newest = Invoice.objects.order_by("-id").values_list("id", flat=True)[: limit * 20]
    known = set(made.filter(key__in=[f"invoice/{number}" for number in newest]))
    return [number for number in newest if f"invoice/{number}" not in known][:limit]


def advances_left(organisation_id: int, currency: str) -> list[Advance]:
    """What is left of an organisation's deposits that no invoice and no refund has taken into account, oldest first.

    After them what invoices gave back of their VAT, and what corrections of the book brought in: it is in the balance like a
    deposit without VAT. What corrections took is no deposit any more.
    """
    returned = 0
    used: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    labels: dict[int, str] = {}
    for row in _counting(organisation_id, currency):
        if row.kind == InvoiceKind.ADVANCE:
            labels[row.booking_id or 0] = row.label
        returned += row.facts.get("returned_micros", 0)
        for part in row.facts.get("advances", []):
            used[part["booking"]][0] += part["net_micros"]
            used[part["booking"]][1] += part["vat_micros"]
    bookings = list(Booking.objects.filter(organisation_id=organisation_id, currency=currency).order_by("id"))
    for one in bookings:
        for booking, net, vat, _rate in one.parts:
            used[booking][0] += net
            used[booking][1] += vat
    found = [
        Advance(one.id, labels.get(one.id, ""), net - used[one.id][0], one.vat_micros - used[one.id][1], one.vat_rate_bp)
        for one in bookings
        if one.direction == Direction.DEPOSIT
        if (net := one.amount_micros - one.owed_micros - one.vat_micros) > used[one.id][0]
    ]  # fmt: skip
    corrected = corrected_micros(organisation_id, currency) - used[CORRECTED][0]
    for number, left in ((VAT_BACK, returned - used[VAT_BACK][0]), (CORRECTED, corrected)):
        if left > 0:
            found.append(Advance(number, "", left, 0, 0))
    return without(found, -corrected, currency) if corrected < 0 else found


def last_monthly(organisation_id: int, currency: str) -> Invoice | None:
    """The newest invoice over work that was not cancelled."""
    rows = [row for row in _counting(organisation_id, currency) if row.kind == InvoiceKind.MONTHLY]
    return max(rows, key=lambda row: row.through_seq, default=None)


def projects_of_account(organisation_id: int, currency: str) -> dict[str, int]:
    """The accounts of the projects that an organisation put money of a currency into, with the projects' numbers."""
    flows = ledger.flows(prepaid(organisation_id, currency).code)
    return {flow.other: int(flow.other.split(":")[1]) for flow in flows if flow.other.startswith("project:")}


def with_money() -> list[tuple[int, str]]:
    """Organisations that ever paid in or were lent money, by currency."""
    codes = [code.split(":") for code in ledger.balances_under("organisation:")]
    return sorted({(int(parts[1]), parts[3]) for parts in codes if parts[2] == "prepaid"})


def organisations_without_billing(limit: int = 50) -> list[int]:
    """Those with money whose invoices have nowhere to go."""
    wanted = {number for number, _currency in with_money()}
    rows = BillingDetails.objects.filter(organisation_id__in=wanted)
    complete = rows.exclude(Q(name="") | Q(street="") | Q(postcode="") | Q(town="") | Q(country=""))
    return sorted(wanted - set(complete.values_list("organisation_id", flat=True)))[:limit]


def _counting(organisation_id: int, currency: str) -> list[Invoice]:
    """Papers that count: neither cancelled, nor cancelling another."""
    rows = Invoice.objects.filter(organisation_id=organisation_id, currency=currency).order_by("id")
    papers = list(rows)
    gone = {row.cancels_id for row in papers if row.cancels_id}
    return [row for row in papers if row.id not in gone and row.cancels_id is None]


def _views(which: Q, before: int | None, limit: int) -> list[InvoiceView]:
    rows = Invoice.objects.filter(which).select_related("cancels").order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    papers = list(rows[:limit])
    ids = [row.id for row in papers]
    by = dict(Invoice.objects.filter(cancels_id__in=ids).values_list("cancels_id", "label"))
    keys = [f"invoice/{number}" for number in ids]
    hashes = {
        key: bytes(sha).hex() for key, sha in Paper.objects.filter(key__in=keys).values_list("key", "sha256")
    }
    return [_view(row, by.get(row.id, ""), hashes.get(f"invoice/{row.id}", "")) for row in papers]


def _view(row: Invoice, cancelled_by: str, sha256: str) -> InvoiceView:
    return InvoiceView(
        id=row.id, organisation_id=row.organisation_id, kind=InvoiceKind(row.kind), label=row.label,
        language=row.language, currency=row.currency, issued_on=row.issued_on, issued_at=row.issued_at,
        issued_by_id=row.issued_by_id, period_from=row.period_from, period_to=row.period_to,
        vat_case=VatCase(row.vat_case), vat_rate_bp=row.vat_rate_bp, net_micros=row.net_micros,
        vat_micros=row.vat_micros, gross_micros=row.gross_micros,
        due_micros=row.due_net_micros + row.due_vat_micros, cancels=row.cancels.label if row.cancels else "",
        cancelled_by=cancelled_by, facts=row.facts, sha256=sha256,
    )  # fmt: skip
