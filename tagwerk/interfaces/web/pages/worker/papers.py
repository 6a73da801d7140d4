"""A worker's papers: a statement for each payout, a summary for each year, and everything as a table."""

import csv
import io

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.base.money import plain
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.rules.profile import VatTreatment
from tagwerk.domain.work.queries import earnings
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.paging import cut, plain_place

SHOWN = 40
SELF_BILLED, STATEMENT = _("Self-billing invoice"), _("Payment statement")
COLUMNS = ("year", "quarter", "currency", "paid_assignments", "pay", "fees")


@require_safe
@signed_in
def papers(request: ActorRequest) -> HttpResponseBase:
    """All of them."""
    person_id = asking(request)
    found = queries.statements_of(person_id, before=plain_place(request), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda statement: str(statement.id))
    years = [
        (one.currency, year)
        for one in earnings(person_id)
        for year in queries.years_of(person_id, one.currency)
    ]
    values = {
        "page": page,
        "lines": [
            (one, STATEMENT if one.treatment is VatTreatment.PRIVATE else SELF_BILLED) for one in page.lines
        ],
        "years": years,
        "several": len({currency for currency, _year in years}) > 1,
        "currencies": sorted({currency for currency, _year in years}),
    }
    return render(request, "pages/worker/papers.html", values)


@require_safe
@signed_in
def statement(request: ActorRequest, statement: str) -> HttpResponseBase:
    """One statement as PDF."""
    return _saved(queries.statement_pdf(asking(request), statement), f"{statement}.pdf", "application/pdf")


@require_safe
@signed_in
def year(request: ActorRequest, currency: str, year: int, form: str) -> HttpResponseBase:
    """One year as PDF or CSV."""
    person_id = asking(request)
    if form not in ("pdf", "csv") or year not in queries.years_of(person_id, currency):
        raise NotFound("page_not_found", "There is nothing here.")
    name = f"{year}-{currency}.{form}"
    if form == "pdf":
        return _saved(queries.year_pdf(person_id, currency, year, now=now()), name, "application/pdf")
    return _saved(_table(person_id, currency, year).encode(), name, "text/csv; charset=utf-8")


def _table(person_id: int, currency: str, year: int) -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for place, one in enumerate(queries.year_summary(person_id, currency, year), 1):
        rows.writerow((year, place, currency, one.count, plain(one.micros), plain(one.fees_micros)))
    return text.getvalue()


def _saved(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"  # who they are stands on it
    return response
