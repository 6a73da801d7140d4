"""Invoices as pages show them, to organisations and to operators."""

from collections.abc import Mapping
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from tagwerk.base.errors import Conflict
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.queries import InvoiceView
from tagwerk.domain.payments.rules.invoices import InvoiceKind
from tagwerk.domain.payments.rules.vat import VatCase

PIECE = 65_536
KINDS: Mapping[InvoiceKind, Any] = {
    InvoiceKind.ADVANCE: _("Advance invoice"),
    InvoiceKind.MONTHLY: _("Invoice"),
    InvoiceKind.CORRECTION: _("Invoice correction"),
    InvoiceKind.CANCELLATION: _("Cancellation invoice"),
}
CASES: Mapping[VatCase, Any] = {
    VatCase.NONE: _("without VAT"),
    VatCase.SMALL_BUSINESS: _("small business, without VAT"),
    VatCase.DOMESTIC: _("with VAT"),
    VatCase.REVERSE_CHARGE: _("reverse charge"),
    VatCase.THIRD_COUNTRY: _("not taxable here"),
}


def invoice_line(view: InvoiceView) -> dict[str, Any]:
    """One invoice with its words."""
    return {
        "invoice": view, "kind": KINDS[view.kind], "case": CASES[view.vat_case], "rate": view.vat_rate_bp / 10_000,
        "can_cancel": view.kind is not InvoiceKind.CANCELLATION and not view.cancelled_by,
    }  # fmt: skip


def pdf_of(view: InvoiceView) -> StreamingHttpResponse:
    """The stored PDF of an invoice whose gate was passed, to be saved."""
    file = queries.open_paper(f"invoice/{view.id}")
    if file is None:
        raise Conflict("paper_not_ready", "This paper is being made; try again in a moment.")
    response = StreamingHttpResponse(iter(lambda: file.read(PIECE), b""), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{view.label}.pdf"'
    return response
