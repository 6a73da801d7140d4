"""A worker's papers: a statement for each payout, and a summary for each year. Made from frozen facts when asked for."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from tagwerk.base.errors import NotFound
from tagwerk.base.providers import provider
from tagwerk.base.secrecy import decrypted
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.payments.models import WorkerStatement
from tagwerk.domain.payments.queries.payer import payer, payer_on_papers
from tagwerk.domain.payments.queries.receiving import payout_details
from tagwerk.domain.payments.rules.profile import VatTreatment
from tagwerk.domain.payments.rules.sheet import Sheet, Writer
from tagwerk.domain.payments.rules.statement_words import statement_sheet, year_sheet
from tagwerk.domain.payments.rules.statements import LineKind, line_kind, worker_on_papers

UNCOUNTED = ("rework", "time")  # what is paid for an answer a second time is no second answer


@dataclass(frozen=True, slots=True)
class StatementView:
    """A worker's paper about a payout."""

    id: int
    payout_id: int
    label: str
    issued_at: datetime
    currency: str
    paid_micros: int
    vat_micros: int
    treatment: VatTreatment


@dataclass(frozen=True, slots=True)
class Quarter:
    """What a worker was paid for in three months."""

    first: date
    count: int  # paid assignments
    micros: int
    fees_micros: int  # kept back from them: none, the fee is the requester's


def statements_of(person_id: int, *, before: int | None = None, limit: int = 50) -> list[StatementView]:
    """A worker's own statements, newest first."""
    rows = WorkerStatement.objects.filter(person_id=person_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_view(row) for row in rows[:limit]]


def statement_pdf(person_id: int, label: str) -> bytes:
    """One of a worker's own statements as PDF; always the same bytes."""
    row = WorkerStatement.objects.filter(person_id=person_id, label=label).first()
    if row is None:
        raise NotFound("statement_not_found", "There is no such statement.")
    return _statement(row)


def self_bills(actor: Actor, person_id: int) -> dict[int, str]:
    """For operators, whose books need them: the numbers of somebody's self-billing invoices, by payout."""
    require_operator(actor)
    return dict(_self_bills().filter(person_id=person_id).values_list("payout_id", "label"))


def self_bill_pdf(actor: Actor, label: str) -> bytes:
    """For operators: a self-billing invoice as the worker has it. Statements of private people are theirs alone."""
    require_operator(actor)
    row = _self_bills().filter(label=label).first()
    if row is None:
        raise NotFound("statement_not_found", "There is no such statement.")
    return _statement(row)


def year_summary(person_id: int, currency: str, year: int) -> list[Quarter]:
    """A worker's year, by quarters of the operator's time zone, from the transfers alone."""
    zone = ZoneInfo(payer().time_zone)
    firsts = [date(year, month, 1) for month in (1, 4, 7, 10)]
    edges = [datetime(day.year, day.month, 1, tzinfo=zone) for day in (*firsts, date(year + 1, 1, 1))]
    counts, sums = [0] * 4, [0] * 4
    for place, moved in ledger.moved_in(person_id, currency, edges):
        kind = line_kind(moved.other, moved.code, moved.micros)
        if kind is LineKind.CAME_BACK:
            continue
        sums[place] += moved.micros
        if kind is LineKind.WORK and moved.code not in UNCOUNTED:
            counts[place] += moved.transfers
    return [Quarter(first, counts[place], sums[place], 0) for place, first in enumerate(firsts)]


def years_of(person_id: int, currency: str) -> list[int]:
    """The years in which a worker had money moved, the newest first."""
    return ledger.years_of(person_id, currency, payer().time_zone)


def year_pdf(person_id: int, currency: str, year: int, *, now: datetime) -> bytes:
    """A worker's year as PDF, as it stands at a moment."""
    person = accounts.person(person_id)
    language = person.ui_language or accounts.instance().language
    worker = worker_on_papers(payout_details(person_id), person.display_name)
    quarters = [{"count": one.count, "micros": one.micros} for one in year_summary(person_id, currency, year)]
    with translation.override(language):
        sheet = year_sheet(
            year=year, quarters=quarters, currency=currency, payer=payer_on_papers(), worker=worker,
            today=payer().day_of(now), writer=Writer(language, gettext),
        )  # fmt: skip
        return _pdf(sheet, now)


def _self_bills() -> QuerySet[WorkerStatement]:
    return WorkerStatement.objects.exclude(vat_treatment=VatTreatment.PRIVATE.value)


def _statement(row: WorkerStatement) -> bytes:
    facts: dict[str, Any] = json.loads(decrypted(row.sealed))
    with translation.override(row.language):
        return _pdf(statement_sheet(facts, Writer(row.language, gettext)), row.issued_at)


def _pdf(sheet: Sheet, at: datetime) -> bytes:
    pdf: bytes
    pdf, _whole = provider("papers").pdf(sheet.plain(), at=at)
    return pdf


def _view(row: WorkerStatement) -> StatementView:
    return StatementView(
        row.id, row.payout_id, row.label, row.issued_at, row.currency, row.paid_micros, row.vat_micros,
        VatTreatment(row.vat_treatment),
    )  # fmt: skip
