"""Files by which the money of a released run leaves: for the bank, or for somebody who pays by hand."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.models import Payout, PayoutRun
from tagwerk.domain.payments.queries.receiving import many_details, targets_of
from tagwerk.domain.payments.rules.bank_entries import batch_id
from tagwerk.domain.payments.rules.by_hand import COLUMNS, safe_cell
from tagwerk.domain.payments.rules.payouts import PayoutState
from tagwerk.domain.payments.rules.profile import Address as GivenAddress
from tagwerk.domain.payments.rules.profile import PayoutDetails, Target
from tagwerk.domain.payments.rules.rails import Rail, written
from tagwerk.domain.payments.rules.sepa import (
    EEA,
    Address,
    CreditTransfer,
    Party,
    PaymentFile,
    execution_day,
    pain001,
)

PAGE = 1_000
IN_MEMORY = 4_000_000  # bytes of a file that are kept in memory; the rest goes to the disk
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class RailFile:
    """A file to download, in pieces."""

    name: str
    kind: str
    pieces: Iterator[bytes]


def sepa_file(actor: Actor, run_id: int, *, instant: bool = False, single: bool = False) -> RailFile:
    """For operators: the file of a released run for the bank: the same bytes each time, whatever becomes of the company,
    unless a payout of it failed or was taken out in between."""
    run = _released(actor, run_id)
    assert run.released_at is not None and run.payer is not None, "frozen at the release"
    company: dict[str, str] = run.payer
    payouts = _handed_over(run, Rail.SEPA)
    sums = payouts.aggregate(count=Count("id"), total=Sum("amount_micros"))
    if not sums["count"]:
        raise NotFound("file_empty", "Nobody in this run is paid this way.")
    zone = ZoneInfo(company["time_zone"])
    released, cutoff = run.released_at.astimezone(zone).date(), run.cutoff_at.astimezone(zone).date()
    name = batch_id(run.id, cutoff)
    file = PaymentFile(
        message_id=name, created_at=run.released_at, payer=_company(company),
        execution=released if instant else execution_day(released), count=sums["count"],
        total_micros=sums["total"], instant=instant, batch_booking=not single,
    )  # fmt: skip
    text = f"Payout / Auszahlung {cutoff}"
    transfers = (
        _transfer(payout, target, details, text) for payout, target, details in _all(payouts, run.released_at)
    )
    return RailFile(f"{name}.xml", "application/xml", _whole(pain001(file, transfers)))


def manual_file(actor: Actor, run_id: int) -> RailFile:
    """For operators: whom of a released run to pay by hand, as CSV; no cell of it is a formula."""
    run = _released(actor, run_id)
    return RailFile(f"payouts-{run.id}.csv", "text/csv", _whole(_csv(run)))


def _whole(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """All of a file is made before any of it is handed on: nobody gives the first half of one to a bank."""
    made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by whoever reads it)
    made.writelines(pieces)
    made.seek(0)
    return _pieces(made)


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(PIECE):
            yield piece


def _csv(run: PayoutRun) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for payout, target, details in _all(_handed_over(run, Rail.MANUAL), run.released_at or run.made_at):
        amount = written(payout.amount_micros, Rail.MANUAL, run.currency)
        row = (payout.ref.hex, details.holder, target.account, amount, run.currency, payout.state)
        writer.writerow([safe_cell(cell) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def _released(actor: Actor, run_id: int) -> PayoutRun:
    require_operator(actor)
    run = PayoutRun.objects.filter(id=run_id).first()
    if run is None:
        raise NotFound("run_not_found", "There is no such run.")
    if run.released_at is None:
        raise Conflict("run_not_released", "The files of a run are there once it is released.")
    return run


def _handed_over(run: PayoutRun, rail: Rail) -> QuerySet[Payout]:
    """What failed or was taken out is in its worker's balance again: a file with it would pay it twice."""
    handed = Payout.objects.filter(run=run, rail=rail.value, submitted_at__isnull=False)
    return handed.exclude(state=PayoutState.FAILED.value)


def _all(payouts: QuerySet[Payout], at: datetime) -> Iterator[tuple[Payout, Target, PayoutDetails]]:
    """In the order of their references, a page in memory at a time."""
    page = list(payouts.order_by("ref")[:PAGE])
    while page:
        targets = targets_of([row.method_id for row in page if row.method_id])
        details = many_details([row.person_id for row in page], at=at)
        for row in page:
            assert row.method_id is not None
            yield row, targets[row.method_id], details[row.person_id]
        page = list(payouts.filter(ref__gt=page[-1].ref).order_by("ref")[:PAGE])


def _company(company: dict[str, str]) -> Party:
    address = Address(
        town=company["town"], country=company["country"], street=company["street"], building=company["building"],
        postcode=company["postcode"],
    )  # fmt: skip
    return Party(company["name"], company["iban"], company["bic"], address)


def _transfer(payout: Payout, target: Target, details: PayoutDetails, text: str) -> CreditTransfer:
    """The payee's address only where banks need it: outside the European Economic Area."""
    address = None if target.account[:2] in EEA else _address(details.address)
    return CreditTransfer(
        payout.ref.hex, payout.amount_micros, Party(details.holder, target.account, target.bic, address), text
    )


def _address(given: GivenAddress) -> Address:
    return Address(
        town=given.town, country=given.country, street=given.street, building=given.building, postcode=given.postcode
    )  # fmt: skip
