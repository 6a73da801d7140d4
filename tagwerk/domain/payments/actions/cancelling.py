"""An invoice that is wrong is cancelled by another paper, and issued anew as things are now."""

from datetime import datetime

from django.db import transaction

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.actions.invoicing import Titles, invoice_booking, issue_work
from tagwerk.domain.payments.actions.locks import lock_money_of
from tagwerk.domain.payments.actions.numbers import next_label
from tagwerk.domain.payments.events import InvoiceIssued
from tagwerk.domain.payments.models import Invoice
from tagwerk.domain.payments.rules.invoices import SERIES, InvoiceKind


@transaction.atomic
def cancel_invoice(*, actor: Actor, label: str, now: datetime, titles: Titles) -> list[str]:
    """An operator cancels an invoice and issues it anew, with the details and the VAT case of today. The new numbers."""
    require_operator(actor)
    found = Invoice.objects.filter(label=label).first()
    if found is None:
        raise NotFound("invoice_not_found", "There is no such invoice.")
    lock_money_of(organisation_id=found.organisation_id)
    if found.kind == InvoiceKind.CANCELLATION or Invoice.objects.filter(cancels=found).exists():
        raise Conflict("invoice_cancelled", "This invoice is cancelled already, or cancels another one.")
    if queries.payer().missing_for_invoices or queries.billing_of(found.organisation_id).missing:
        raise Conflict(
            "invoice_data_missing",
            "An invoice needs the name and the address of both sides, and a tax number where VAT is charged: fill them in first.",
        )
    cancellation = _cancellation(found, now, actor.person_id)
    if found.booking_id is not None:
        new = invoice_booking(booking_id=found.booking_id, now=now, actor_id=actor.person_id)
    else:
        new = _work_anew(found, now, titles, actor.person_id)
    labels = Invoice.objects.filter(id__in=[cancellation, new or 0]).order_by("id")
    return list(labels.values_list("label", flat=True))


def _work_anew(found: Invoice, now: datetime, titles: Titles, actor_id: int | None) -> int | None:
    assert found.period_from and found.period_to, "an invoice over work has a period"
    exact = sum(line["exact_micros"] for line in found.facts["lines"])
    return issue_work(
        organisation_id=found.organisation_id, currency=found.currency, after=found.from_seq,
        through=found.through_seq, period=(found.period_from, found.period_to), now=now, titles=titles,
        actor_id=actor_id, carry_micros=found.net_micros + found.carry_micros - exact, replaces=found,
    )  # fmt: skip


def _cancellation(found: Invoice, now: datetime, actor_id: int | None) -> int:
    """The same paper with all amounts less than nothing."""
    facts = dict(found.facts)
    for name in ("lines", "advances"):
        facts[name] = [
            {key: -value if key.endswith("micros") else value for key, value in one.items()}
            for one in facts.get(name, [])
        ]
    facts |= {
        "cancels": found.label,
        "cancels_on": found.issued_on.isoformat(),
        "parts": [],
        "returned_micros": 0,
    }
    day = queries.payer().day_of(now)
    row = Invoice.objects.create(
        organisation_id=found.organisation_id, kind=InvoiceKind.CANCELLATION.value,
        label=next_label(SERIES, day), key=f"cancels/{found.id}", language=found.language, currency=found.currency,
        issued_on=day, issued_at=now, issued_by_id=actor_id, period_from=found.period_from, period_to=found.period_to,
        vat_case=found.vat_case, vat_rate_bp=found.vat_rate_bp, net_micros=-found.net_micros,
        vat_micros=-found.vat_micros, gross_micros=-found.gross_micros, due_net_micros=-found.due_net_micros,
        due_vat_micros=-found.due_vat_micros, cancels=found, booking_id=found.booking_id, facts=facts,
    )  # fmt: skip
    record(
        InvoiceIssued(
            actor_id=actor_id, organisation_id=found.organisation_id, invoice_id=row.id, invoice=row.label
        )
    )
    return row.id
