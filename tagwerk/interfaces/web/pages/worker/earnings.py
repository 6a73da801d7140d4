"""Earnings: what is to come, what is there, and every movement of it in the book."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.ids import public_id
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import Earnings
from tagwerk.interfaces.web.formats import duration_text
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.access import hourly_micros
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.paging import cut, plain_place

PAGE = 40
WORDS: dict[str, Any] = {
    "approved": gettext_lazy("Approved answer"),
    "in_time": gettext_lazy("Answer approved after the time for objections"),
    "accepted": gettext_lazy("Approved answer"),
    "stopped": gettext_lazy("Stopped task"),
    "goodwill": gettext_lazy("Goodwill: the answer came late through no fault of yours"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One movement, in words."""

    movement: Movement
    what: Any
    assignment: str  # that it was paid for; empty where there is none


@signed_in
@require_safe
def earnings(request: ActorRequest) -> HttpResponse:
    """What the worker has earned, per currency, and the movements of one of them by keyset."""
    person_id = asking(request)
    found = queries.earnings(person_id)
    chosen = _chosen(request, found)
    found_lines: list[Movement] = []
    pace = None
    if chosen:
        pace = queries.pace(person_id, chosen.currency)
        account = available(person_id, chosen.currency).code
        found_lines = ledger.movements(account, before=plain_place(request), limit=PAGE + 1)
    values = {
        "found": found,
        "chosen": chosen,
        "pace": pace,
        "hourly_micros": hourly_micros(pace.pay_micros, pace.active_ms / 1000) if pace else 0,
        "worked": duration_text(pace.active_ms / 1000) if pace else "",
        "tabs": [
            {"label": one.currency, "href": f"?currency={one.currency}", "current": one is chosen}
            for one in found
        ],
        "page": cut(request, list(map(_line, found_lines)), PAGE, lambda line: str(line.movement.seq)),
    }
    return render(request, "pages/worker/earnings.html", values)


def _chosen(request: HttpRequest, found: list[Earnings]) -> Earnings | None:
    wanted = request.GET.get("currency", "")
    return next((one for one in found if one.currency == wanted), found[0] if found else None)


def _line(movement: Movement) -> Line:
    what = WORDS.get(movement.code) or movement.memo or movement.code
    paid_for = public_id("asg", int(movement.ref_id)) if movement.ref_type == "assignment" else ""
    return Line(movement, what, paid_for)
