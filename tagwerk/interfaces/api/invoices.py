"""An organisation's invoices, read and downloaded."""

import datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import Conflict
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.queries import InvoiceView
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["money"])
SEE = Key(Permission.MONEY_VIEW)
PIECE = 65_536


class InvoiceLineOut(BaseModel):
    """A line of an invoice: pay or fee of one project, or a deposit."""

    kind: str
    title: str
    quantity: int = Field(description="Paid answers; 0 where that says nothing")
    net: Money


class InvoiceOut(BaseModel):
    """An invoice, or a paper that corrects or cancels one. net + vat = gross."""

    number: str
    kind: str = Field(description="advance, monthly, correction or cancellation")
    date: datetime.date
    period_from: datetime.date | None = None
    period_to: datetime.date | None = None
    vat_case: str = Field(description="none, small_business, domestic, reverse_charge or third_country")
    vat_rate: str = Field(description="In per cent")
    net: Money
    vat: Money
    gross: Money
    due: Money = Field(description="What was not paid in advance")
    cancels: str | None = None
    cancelled_by: str | None = None
    lines: list[InvoiceLineOut]
    sha256: str | None = Field(None, description="Of the PDF; null until it is made")


@router.get(
    "/invoices", auth=SEE, response=Page[InvoiceOut], operation_id="list_invoices", summary="List invoices"
)
def list_invoices(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The organisation's invoices, newest first."""
    found = queries.invoices_of(
        asking(request),
        organisation_asking(request),
        before=place_of(request, paging.cursor),
        limit=paging.limit,
    )
    places = [invoice.id for invoice in found]
    return {"items": [_invoice(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.get(
    "/invoices/{invoice}", auth=SEE, response=InvoiceOut, operation_id="get_invoice", summary="Get an invoice"
)
def get_invoice(request: HttpRequest, invoice: str) -> InvoiceOut:
    """One invoice by its number."""
    return _invoice(queries.invoice_for(asking(request), invoice))


@router.get(
    "/invoices/{invoice}/file",
    auth=SEE,
    operation_id="download_invoice",
    summary="Download an invoice",
    openapi_extra={"responses": {200: {"content": {"application/pdf": {}}}}},
)
def download_invoice(request: HttpRequest, invoice: str) -> StreamingHttpResponse:
    """The PDF."""
    view = queries.invoice_for(asking(request), invoice)
    file = queries.open_paper(f"invoice/{view.id}")
    if file is None:
        raise Conflict("paper_not_ready", "This paper is being made; try again in a moment.")
    answer = StreamingHttpResponse(iter(lambda: file.read(PIECE), b""), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{view.label}.pdf"'
    return answer


def _invoice(view: InvoiceView) -> InvoiceOut:
    return InvoiceOut(
        number=view.label, kind=view.kind.value, date=view.issued_on, period_from=view.period_from,
        period_to=view.period_to, vat_case=view.vat_case.value, vat_rate=f"{view.vat_rate_bp / 100:g}",
        net=money(view.net_micros, view.currency), vat=money(view.vat_micros, view.currency),
        gross=money(view.gross_micros, view.currency), due=money(view.due_micros, view.currency),
        cancels=view.cancels or None, cancelled_by=view.cancelled_by or None,
        lines=[
            InvoiceLineOut(
                kind=line["kind"], title=line.get("title", ""), quantity=line["quantity"],
                net=money(line["micros"], view.currency),
            )
            for line in view.facts["lines"]
        ],
        sha256=view.sha256 or None,
    )  # fmt: skip
