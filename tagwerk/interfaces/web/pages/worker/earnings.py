"""Earnings: what is to come and what is there, over time and by project, and every movement of it in the book."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id
from tagwerk.base.money import plain
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.payments.queries import payouts
from tagwerk.domain.payments.rules.reasons import LEFT_OUT_WORDS
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import Earnings, OwnWage
from tagwerk.interfaces.web.fee_words import movement_fee_text
from tagwerk.interfaces.web.formats import duration_text
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.worker.earnings_shown import VIEWS, shown_by
from tagwerk.interfaces.web.pages.worker.home import today_of
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.paging import cut, plain_place
from tagwerk.interfaces.web.posting import no_formula

PAGE = 40
PIECE = 500  # movements fetched at a time for a download
COLUMNS = ("id", "at", "kind", "amount", "currency", "project", "assignment", "memo", "operators_fee")
WORDS: dict[str, Any] = {
    "approved": gettext_lazy("Approved answer"),
    "in_time": gettext_lazy("Answer approved by itself: nobody rejected it in time"),
    "accepted": gettext_lazy("Approved answer"),
    "undecided": gettext_lazy("Answer approved by itself: nobody rejected it in time"),
    "not_confirmed": gettext_lazy("Approved answer: nobody confirmed its rejection"),
    "appeal_won": gettext_lazy("Approved answer, after your objection"),
    "rework": gettext_lazy("Better answer that was asked for"),
    "stopped": gettext_lazy("Stopped task"),
    "time": gettext_lazy("Time that was granted"),
    "bonus": gettext_lazy("Bonus"),
    "hour_guarantee": gettext_lazy("Hour guarantee: what a week was short of the minimum wage"),
    "test_pay": gettext_lazy("Entry test"),
    "correction": gettext_lazy("Correction"),
    "goodwill": gettext_lazy("Goodwill: the answer came late through no fault of yours"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One movement, in words."""

    movement: Movement
    what: Any
    assignment: str  # that it was paid for; empty where there is none
    project: str
    reason: str = ""  # of a bonus, or a correction
    fee: str = ""  # who got what of what an organisation paid
    fee_micros: int = 0


@signed_in
@require_safe
def earnings(request: ActorRequest) -> HttpResponse:
    """What the worker has earned, per currency; one of them over time, and its movements by keyset."""
    found = queries.earnings(asking(request))
    chosen = _chosen(request, found)
    values: dict[str, Any] = {"found": found, "chosen": chosen}
    if chosen:
        values |= _facts(request, found, chosen)
        values["tabs"] = [
            {"label": one.currency, "href": f"?currency={one.currency}", "current": one is chosen}
            for one in found
        ]
    return render(request, "pages/worker/earnings.html", values)


def _facts(request: ActorRequest, found: list[Earnings], chosen: Earnings) -> dict[str, Any]:
    person_id = asking(request)
    by = request.GET.get("by", "")
    by = by if by in VIEWS else "day"
    wage = queries.own_wage(person_id, chosen.currency)
    account = available(person_id, chosen.currency).code
    page = cut(
        request,
        ledger.movements(account, before=plain_place(request), limit=PAGE + 1),
        PAGE,
        lambda movement: str(movement.seq),
    )
    coming = payouts.next_payout(
        person_id, available={one.currency: one.available_micros for one in found}, now=timezone.now()
    )
    coming_micros, paid_micros = payouts.on_their_way_and_paid(person_id).get(chosen.currency, (0, 0))
    return {
        "today": today_of(person_id, request.actor.preferences, chosen.currency),
        "shows_money": True,
        "on_its_way": coming_micros,
        "paid_out": paid_micros,
        "next": coming,
        "obstacles": [translated(LEFT_OUT_WORDS[code]) for code in coming.obstacles],
        "wage": wage,
        "worked": duration_text(wage.paid_ms / 1000),
        "unpaid": _unpaid(wage),
        "shown": shown_by(by, person_id, chosen.currency),
        "views": [
            {"label": words, "href": f"?currency={chosen.currency}&by={name}#work", "current": name == by}
            for name, words in VIEWS.items()
        ],
        "page": page,
        "lines": _lines(person_id, list(page.lines)),
    }


def _unpaid(wage: OwnWage) -> str:
    """The time that nobody paid for, in words: "with 2 min of rejected answers, about 1 min of tasks given back"."""
    parts = (
        (wage.rejected_ms, _("{time} of rejected answers")),
        (wage.returned_ms, _("about {time} of tasks given back")),
        (wage.test_ms, _("{time} of entry tests")),
    )
    said = [words.format(time=duration_text(ms / 1000)) for ms, words in parts if ms >= 1000]
    return _("with {parts}").format(parts=", ".join(said)) if said else ""


@signed_in
@require_safe
def earnings_file(request: ActorRequest, form: str) -> HttpResponseBase:
    """All movements of one currency as CSV or JSON, the newest first, written while they are read."""
    person_id = asking(request)
    chosen = _chosen(request, queries.earnings(person_id))
    if form not in WRITERS or chosen is None:
        raise NotFound("page_not_found", "There is nothing here.")
    write, content_type = WRITERS[form]
    response = StreamingHttpResponse(write(_rows(person_id, chosen.currency)), content_type=content_type)
    name = f"earnings-{chosen.currency}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _chosen(request: HttpRequest, found: list[Earnings]) -> Earnings | None:
    wanted = request.GET.get("currency", "")
    return next((one for one in found if one.currency == wanted), found[0] if found else None)


def _lines(person_id: int, movements: list[Movement]) -> list[Line]:
    """Movements in words, with the projects that they were paid for."""
    refs = {kind: _refs(movements, kind) for kind in ("assignment", "bonus", "top_up")}
    paid_for = refs["assignment"]
    titles = queries.titles_of_assignments(person_id, paid_for.values()) if paid_for else {}
    currency = movements[0].currency if movements else ""
    fees = ledger.fees_with(person_id, currency, [one.seq for one in movements if one.amount_micros > 0])
    beside = queries.extra_pay(person_id, bonuses=refs["bonus"].values(), top_ups=refs["top_up"].values())
    lines = []
    for one in movements:
        extra = beside.get((one.ref_type, int(one.ref_id))) if one.ref_type in ("bonus", "top_up") else None
        lines.append(
            Line(
                one,
                WORDS.get(one.code) or one.memo or one.code,
                public_id("asg", paid_for[one.seq]) if one.seq in paid_for else "",
                extra.project_title if extra else titles.get(paid_for.get(one.seq, 0), ""),
                extra.reason if extra else (one.memo if one.code == "correction" else ""),
                movement_fee_text(one.amount_micros, fees[one.seq], one.currency) if one.seq in fees else "",
                fees.get(one.seq, 0),
            )
        )
    return lines


def _refs(movements: list[Movement], kind: str) -> dict[int, int]:
    return {one.seq: int(one.ref_id) for one in movements if one.ref_type == kind}


def _rows(person_id: int, currency: str) -> Iterator[dict[str, str]]:
    account, before = available(person_id, currency).code, None
    while found := ledger.movements(account, before=before, limit=PIECE):
        for line in _lines(person_id, found):
            one = line.movement
            texts = (str(one.id), one.at.isoformat(), one.code, plain(one.amount_micros), one.currency)
            yield dict(
                zip(
                    COLUMNS,
                    (*texts, line.project, line.assignment, line.reason or one.memo, plain(line.fee_micros)),
                    strict=True,
                )
            )
        before = found[-1].seq


def _csv(rows: Iterator[dict[str, str]]) -> Iterator[str]:
    yield _csv_line(COLUMNS)
    for row in rows:
        guarded = {**row, "project": no_formula(row["project"]), "memo": no_formula(row["memo"])}
        yield _csv_line(tuple(guarded.values()))


def _csv_line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _json(rows: Iterator[dict[str, str]]) -> Iterator[str]:
    yield "["
    for place, row in enumerate(rows):
        yield (",\n" if place else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


WRITERS = {"csv": (_csv, "text/csv; charset=utf-8"), "json": (_json, "application/json; charset=utf-8")}
