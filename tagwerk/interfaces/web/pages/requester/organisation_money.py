"""An organisation's money: where it is, what moved, what the fee is."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.base.ids import public_id
from tagwerk.base.money import plain
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.payments.queries import OrganisationMoney
from tagwerk.domain.payments.queries.bank import pay_here
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import price
from tagwerk.interfaces.web.fee_words import fee_lines
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import MOVEMENTS
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.paging import cut, plain_place
from tagwerk.interfaces.web.posting import no_formula

SHOWN = 50
PIECE = 500  # movements fetched at a time for a download
COLUMNS = ("id", "at", "kind", "amount", "currency", "project", "memo")


@require_safe
@requester_only
def money(request: ActorRequest, org: str) -> HttpResponseBase:
    """Balance, reservations, deposits, movements."""
    view = organisation_in(request, org, Permission.MONEY_VIEW)
    lines = payments.organisation_money(request.actor, view.id)
    currency = _currency(request, lines)
    found = payments.organisation_movements(
        request.actor, view.id, currency=currency, before=plain_place(request), limit=SHOWN + 1
    )
    page = cut(request, found, SHOWN, lambda movement: str(movement.seq))
    titles = _titles(lines, page.lines)
    history = accounts.fee_history(request.actor, view.id)
    agreed = accounts.fee_by(history)
    fee = price(reward_micros=1_000_000, fee_bp=agreed.fee_bp, currency=view.currency)
    values = {
        "lines": lines,
        "currency": currency,
        "reserves": [
            (titles.get(reserve.project_id, ""), public_id("prj", reserve.project_id), reserve, line.currency)
            for line in lines
            for reserve in line.projects
        ],
        "movements": [_movement(movement, titles) for movement in page.lines],
        "page": page,
        "pay_here": pay_here(request.actor, view.id),
        "bookings": payments.bookings_of(request.actor, view.id, limit=10),
        "fee": fee,
        "fee_is_own": agreed.is_own,
        "fee_history": fee_lines(history),
        "fee_share": fee.fee_bp / 10_000,
        "take_share": fee.take_bp / 10_000,
    }
    template = "pages/requester/organisation_money.html"
    return render(request, template, frame(request, view, "organisation_money") | values)


@require_safe
@requester_only
def movements_file(request: ActorRequest, org: str) -> HttpResponseBase:
    """All movements as CSV, the newest first, streamed."""
    view = organisation_in(request, org, Permission.MONEY_VIEW)
    currency = _currency(request, payments.organisation_money(request.actor, view.id))
    response = StreamingHttpResponse(_rows(request, view, currency), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="movements-{currency}.csv"'
    return response


def _currency(request: ActorRequest, lines: list[OrganisationMoney]) -> str:
    """The one asked for, if there is money in it, else the organisation's own."""
    wanted = request.GET.get("currency", "")
    return wanted if wanted in [line.currency for line in lines] else lines[0].currency


def _titles(lines: list[OrganisationMoney], movements: Any) -> dict[int, str]:
    wanted = {reserve.project_id for line in lines for reserve in line.projects}
    wanted |= {int(movement.ref_id) for movement in movements if movement.ref_type == "project"}
    return projects.titles_of(wanted)


def _movement(movement: Movement, titles: dict[int, str]) -> dict[str, Any]:
    number = int(movement.ref_id) if movement.ref_type == "project" else None
    return {
        "movement": movement,
        "label": MOVEMENTS.get(movement.code, movement.code),
        "reason": movement.memo if movement.code == "correction" else "",
        "project": public_id("prj", number) if number else "",
        "title": titles.get(number, "") if number else "",
    }


def _rows(request: ActorRequest, view: OrganisationView, currency: str) -> Iterator[str]:
    yield _line(COLUMNS)
    before: int | None = None
    while found := payments.organisation_movements(
        request.actor, view.id, currency=currency, before=before, limit=PIECE
    ):
        for one in found:
            project = public_id("prj", int(one.ref_id)) if one.ref_type == "project" else ""
            facts = (one.id, one.at.isoformat(), one.code, plain(one.amount_micros), one.currency, project)
            yield _line((*facts, no_formula(one.memo)))
        before = found[-1].seq


def _line(values: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()
