"""The instance at a glance: who is there, what waits, whether the book is right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.projects.rules import price
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.operator.growth import growth
from tagwerk.interfaces.web.pages.operator.health import checks
from tagwerk.interfaces.web.posting import see_other

BOOK = "operator:book"
BOOK_SECONDS = 600  # adding up the whole book takes a while once it is long


@require_safe
@operator_only
def overview(request: ActorRequest) -> HttpResponseBase:
    """All figures on one page."""
    book = _book()
    said = accounts.instance()
    fee = price(reward_micros=1_000_000, fee_bp=said.fee_bp, currency=said.currency)
    values = {
        "counts": accounts.instance_counts(request.actor),
        "checks": checks(request.actor),
        "growth": growth(),
        "instance": said,
        "money": _money(),
        "book": book,
        "fee_share": fee.fee_bp / 10_000,
        "take_share": fee.take_bp / 10_000,
    }
    return render(request, "pages/operator/overview.html", values)


@require_POST
@operator_only
def check_book(request: ActorRequest) -> HttpResponseBase:
    """Add the whole book up again now."""
    cache.delete(BOOK)
    return see_other("operator")


@dataclass(frozen=True)
class Book:
    """How far the book is wrong, since when it has not been sealed where that is too long, the projects for which too
    little is set aside, and when that was looked at."""

    drift_micros: int
    accounts: list[str]  # that are not as they were sealed, or not in the chart
    unsealed_since: datetime | None
    short: list[dict[str, Any]]
    checked_at: datetime


def _book() -> Book:
    known: Book | None = cache.get(BOOK)
    if known is None:
        now = timezone.now()
        accounts_wrong = [each.account for each in ledger.wrong_accounts()]
        known = Book(ledger.drift_micros(), accounts_wrong, ledger.unsealed_too_long(now), _short(), now)
        cache.set(BOOK, known, BOOK_SECONDS)
    return known


def _short() -> list[dict[str, Any]]:
    return [
        {
            "title": view.title,
            "id": view.public_id,
            "missing": cover.missing_micros,
            "currency": view.currency,
        }
        for view, cover in work.uncovered()
    ]


def _money() -> list[dict[str, Any]]:
    """Per currency: what the bank holds, and whose it is."""
    totals = ledger.totals()
    sorts = ("bank", "organisation", "project", "worker", "income", "expense", "vat", "debt")
    return [
        {"currency": currency, **{sort: totals.get((sort, currency), 0) for sort in sorts}}
        for currency in sorted({currency for _sort, currency in totals})
    ]
