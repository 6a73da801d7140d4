"""PDFs are made after their paper was issued, and kept: of the same facts they are always the same."""

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext

from tagwerk.base.ids import public_id
from tagwerk.base.providers import provider
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.models import Invoice, Paper
from tagwerk.domain.payments.rules.invoice_words import invoice_sheet
from tagwerk.domain.payments.rules.sheet import Sheet, Writer

_TEXTS = ("kind", "label", "currency", "vat_case", "vat_rate_bp", "net_micros", "vat_micros", "gross_micros",
          "due_net_micros", "due_vat_micros", "facts")  # fmt: skip


def make_invoice_paper(*, invoice_id: int) -> None:
    """Make the PDF of an invoice, once."""
    row = Invoice.objects.get(id=invoice_id)
    key = f"invoice/{invoice_id}"
    if not Paper.objects.filter(key=key).exists():
        keep_paper(key=key, name=f"invoices/{row.label}", sheet=sheet_of(row), at=row.issued_at)


def make_missing_papers() -> int:
    """Make the PDFs of invoices whose job never ended; how many."""
    missing = queries.invoices_without_paper()
    for number in missing:
        make_invoice_paper(invoice_id=number)
    return len(missing)


def sheet_of(row: Invoice) -> Sheet:
    """What an invoice says, in its language."""
    days = {name: str(getattr(row, name) or "") for name in ("issued_on", "period_from", "period_to")}
    with translation.override(row.language):
        paper: dict[str, Any] = {name: getattr(row, name) for name in _TEXTS} | days
        return invoice_sheet(paper, Writer(row.language, gettext))


def keep_paper(*, key: str, name: str, sheet: Sheet, at: datetime) -> None:
    """Set a paper and put it into storage; what somebody else made meanwhile is the same, and stays."""
    pdf, whole = provider("papers").pdf(sheet.plain(), at=at)
    stored_as = default_storage.save(f"papers/{name}.pdf", ContentFile(pdf))
    try:
        with transaction.atomic():
            Paper.objects.create(
                key=key,
                stored_as=stored_as,
                bytes=len(pdf),
                sha256=hashlib.sha256(pdf).digest(),
                is_whole=whole,
            )
    except IntegrityError:
        default_storage.delete(stored_as)


@transaction.atomic
def tell_invoice(*, invoice_id: int) -> int:
    """An organisation has a new paper: those who see its money are told; how many."""
    row = Invoice.objects.get(id=invoice_id)
    return notices.tell_members(
        organisation_id=row.organisation_id, permission=Permission.MONEY_VIEW, kind="invoice_issued",
        params={
            "invoice": row.label, "organisation": accounts.organisation(row.organisation_id).name,
            "amount": amount(row.gross_micros, row.currency),
        },
        link=f"/organisation/{public_id('org', row.organisation_id)}/invoices/", key=f"invoice/{invoice_id}",
    )  # fmt: skip
