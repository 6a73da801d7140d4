"""Each payout has a statement, issued when it leaves."""

import json
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tagwerk.base.secrecy import encrypted
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.actions.invoicing import Titles
from tagwerk.domain.payments.actions.numbers import next_label
from tagwerk.domain.payments.actions.one_by_one import one_by_one
from tagwerk.domain.payments.models import Payout, WorkerStatement
from tagwerk.domain.payments.queries.receiving import payout_details
from tagwerk.domain.payments.rules.payouts import PayoutState
from tagwerk.domain.payments.rules.profile import VatTreatment
from tagwerk.domain.payments.rules.statements import (
    SELF_BILLS,
    STATEMENTS,
    Statement,
    lines_of,
    statement_of,
    worker_on_papers,
)

CHUNK = 100  # statements in one transaction, for which the row of numbers is locked
_LEFT = (
    PayoutState.SUBMITTED, PayoutState.PAID, PayoutState.UNCLAIMED, PayoutState.FAILED, PayoutState.RETURNED,
)  # fmt: skip
_NEVER_TOLD = (PayoutState.LEFT_OUT, PayoutState.PLANNED, PayoutState.WITHDRAWN)


def issue_statements(*, now: datetime, titles: Titles, run_id: int | None = None) -> int:
    """Issue the statements of payouts that have left and have none, of one run or of all; how many. One that fails is
    told at the end and keeps no other one waiting."""
    issued, last = 0, 0
    failed: list[int] = []
    while numbers := _without_one(run_id, after=last):
        last = numbers[-1]
        try:
            issued += _issue_some(numbers, now, titles)
        except Exception:  # of one of them: it is told below, where each is tried by itself
            failed += numbers
    one_by_one("statement of payout", failed, lambda number: _issue_some([number], now, titles))
    return issued + len(failed)


def _without_one(run_id: int | None, *, after: int) -> list[int]:
    rows = Payout.objects.filter(state__in=[state.value for state in _LEFT], id__gt=after)
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    with_one = WorkerStatement.objects.values("payout_id")
    return list(rows.exclude(id__in=with_one).order_by("id").values_list("id", flat=True)[:CHUNK])


@transaction.atomic
def _issue_some(numbers: list[int], now: datetime, titles: Titles) -> int:
    payouts = Payout.objects.select_for_update(of=("self",)).select_related("run", "method")
    for payout in payouts.filter(id__in=numbers).order_by("id"):
        if not WorkerStatement.objects.filter(payout=payout).exists():
            _issue(payout, now, titles)
    return len(numbers)


def _issue(payout: Payout, now: datetime, titles: Titles) -> None:
    details = payout_details(payout.person_id)
    treatment = details.vat_treatment if details else VatTreatment.PRIVATE
    payer = queries.payer()
    rate = (
        (payer.rate_on(payer.day_of(payout.run.cutoff_at)) or 0) if treatment is VatTreatment.STANDARD else 0
    )
    found = statement_behind(payout, treatment, rate, titles)
    shared = ledger.shared_between(
        payout.person_id, payout.run.currency, after=payout.from_seq, through=payout.run.through_seq
    )
    day = payer.day_of(now)
    series = STATEMENTS if treatment is VatTreatment.PRIVATE else SELF_BILLS
    label = next_label(series, day)
    person = accounts.person(payout.person_id)
    facts = {
        "number": label, "issued_on": day.isoformat(), "until": payer.day_of(payout.run.cutoff_at).isoformat(),
        "currency": payout.run.currency, "shown": payout.method.shown if payout.method else "", "rate_bp": rate,
        "from_seq": payout.from_seq, "through_seq": payout.run.through_seq,
        "opening_micros": found.opening_micros, "paid_micros": found.paid_micros,
        "carried_micros": found.carried_micros, "billed_micros": found.billed_micros,
        "vat_micros": found.vat_micros, "lines": [asdict(line) for line in found.lines],
        "shared_pay_micros": shared.pay_micros, "shared_fee_micros": shared.fee_micros,
        "payer": queries.payer_on_papers(), "worker": worker_on_papers(details, person.display_name),
    }  # fmt: skip
    WorkerStatement.objects.create(
        payout=payout, person_id=payout.person_id, label=label, issued_at=now, currency=payout.run.currency,
        language=person.ui_language or accounts.instance().language, paid_micros=found.paid_micros,
        billed_micros=found.billed_micros, vat_micros=found.vat_micros, vat_treatment=treatment.value,
        sealed=encrypted(json.dumps(facts, sort_keys=True)),
    )  # fmt: skip


def statement_behind(payout: Payout, treatment: VatTreatment, rate_bp: int, titles: Titles) -> Statement:
    """What a payout's statement says, computed from the transfers alone."""
    person_id, currency = payout.person_id, payout.run.currency
    mine = Payout.objects.filter(person_id=person_id, run__currency=currency)
    untold = mine.filter(state__in=[state.value for state in _NEVER_TOLD]).values_list("ref", flat=True)
    never_told = [ref.hex for ref in untold]
    before = ledger.moved_between(person_id, currency, after=0, through=payout.from_seq, without=never_told)
    told = mine.exclude(state__in=[state.value for state in _NEVER_TOLD])
    paid = sum(told.filter(run__through_seq__lte=payout.from_seq).values_list("amount_micros", flat=True))
    moved = ledger.moved_between(
        person_id, currency, after=payout.from_seq, through=payout.run.through_seq, without=never_told
    )
    projects = {int(one.other.split(":")[1]) for one in moved if one.other.startswith("project:")}
    found = [(one.other, one.code, one.micros, one.transfers, one.why) for one in moved]
    lines = lines_of(found, titles(projects))
    return statement_of(
        opening_micros=sum(one.micros for one in before) - paid, lines=lines, paid_micros=payout.amount_micros,
        treatment=treatment, rate_bp=rate_bp, currency=currency,
    )  # fmt: skip
