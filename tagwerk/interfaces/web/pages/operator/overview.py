"""The instance at a glance: who is there, what waits, whether the book is right."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.jobs import parked_jobs, waiting_jobs
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.projects.rules import price
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.posting import see_other

BOOK = "operator:book"
BOOK_SECONDS = 600  # adding up the whole book takes a while once it is long
MOST_PARKED = 100


@require_safe
@operator_only
def overview(request: ActorRequest) -> HttpResponseBase:
    """All figures on one page."""
    drift, at = _book()
    fee = price(reward_micros=1_000_000, fee_bp=settings.FEE_BP, currency=settings.CURRENCY)
    values = {
        "counts": accounts.instance_counts(request.actor),
        "waiting_jobs": waiting_jobs(),
        "parked": len(parked_jobs(limit=MOST_PARKED)),
        "most_parked": MOST_PARKED,
        "money": _money(),
        "drift": drift,
        "checked_at": at,
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


def _book() -> tuple[int, datetime]:
    known: tuple[int, datetime] | None = cache.get(BOOK)
    if known is None:
        known = (ledger.drift_micros(), timezone.now())
        cache.set(BOOK, known, BOOK_SECONDS)
    return known


def _money() -> list[dict[str, Any]]:
    """Per currency: what the bank holds, and whose it is."""
    totals = ledger.totals()
    sorts = ("bank", "organisation", "project", "worker", "income", "expense")
    return [
        {"currency": currency, **{sort: totals.get((sort, currency), 0) for sort in sorts}}
        for currency in sorted({currency for _sort, currency in totals})
    ]
