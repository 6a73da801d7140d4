"""A worker's papers: statements of payouts, and what was paid for by quarter."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id
from tagwerk.domain.payments import queries
from tagwerk.interfaces.api.asking import WORKER, worker_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["my-payouts"])


class StatementOut(BaseModel):
    """A paper about a payout of yours."""

    number: str
    payout: str
    issued_at: datetime
    kind: str = Field(
        description="How your pay stands to VAT: private_person is a statement, others a self-billing invoice"
    )
    paid: Money
    vat: Money = Field(description="Inside of it")


class QuarterOut(BaseModel):
    """What you were paid for in three months."""

    begins: date
    paid_assignments: int
    pay: Money
    fees: Money = Field(description="Kept back from your pay: none")


class YearOut(BaseModel):
    """Your year in one currency."""

    year: int
    quarters: list[QuarterOut]


@router.get(
    "/work/statements",
    auth=WORKER,
    response=Page[StatementOut],
    operation_id="list_my_statements",
    summary="Your statements",
)
def list_my_statements(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Your papers about payouts, the newest first."""
    found = queries.statements_of(
        worker_asking(request), before=place_of(request, paging.cursor), limit=paging.limit
    )
    items = [
        StatementOut(
            number=one.label, payout=public_id("pay", one.payout_id), issued_at=one.issued_at,
            kind=one.treatment.value, paid=money(one.paid_micros, one.currency),
            vat=money(one.vat_micros, one.currency),
        )
        for one in found
    ]  # fmt: skip
    return {"items": items, "next": next_cursor(request, [one.id for one in found], paging.limit)}


@router.get(
    "/work/statements/{statement}/file",
    auth=WORKER,
    operation_id="download_my_statement",
    summary="Download a statement",
    openapi_extra={"responses": {200: {"content": {"application/pdf": {}}}}},
)
def download_my_statement(request: HttpRequest, statement: str) -> HttpResponse:
    """The PDF."""
    pdf = queries.statement_pdf(worker_asking(request), statement)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{statement}.pdf"'
    return answer


@router.get(
    "/work/years/{currency}/{year}",
    auth=WORKER,
    response=YearOut,
    operation_id="get_my_year",
    summary="Your year by quarter",
)
def get_my_year(request: HttpRequest, currency: str, year: int) -> YearOut:
    """How many of your answers were paid in each quarter, and how much."""
    if not (1970 <= year <= 9000 and len(currency) == 3):
        return YearOut(year=year, quarters=[])
    found = queries.year_summary(worker_asking(request), currency, year)
    quarters = [
        QuarterOut(
            begins=one.first, paid_assignments=one.count, pay=money(one.micros, currency),
            fees=money(one.fees_micros, currency),
        )
        for one in found
    ]  # fmt: skip
    return YearOut(year=year, quarters=quarters)
