"""Files of the bank come in: each file once, each entry once, whatever files it stands in."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.actions.bank_alike import Line, alike, missing_ones
from tagwerk.domain.payments.actions.bank_settling import settle_bank_entries, take_back
from tagwerk.domain.payments.actions.bank_status import follow_status
from tagwerk.domain.payments.events import BankFileImported
from tagwerk.domain.payments.models import BankEntry, BankFile, BankStatement, Payout
from tagwerk.domain.payments.queries.payer import payer
from tagwerk.domain.payments.rules.bank_entries import Meaning, Remark, keys_of, payout_named, run_of_batch
from tagwerk.domain.payments.rules.bank_files import (
    BankLine,
    Part,
    Read,
    Report,
    StatusReport,
    files_in,
    read_bank_file,
)

AT_ONCE = 500  # entries matched while somebody waits; the job that runs each minute goes on with the rest
LOCK = 7_340_021  # files of the bank are taken in one after the other
Remarks = list[list[str]]


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One file: whether it was new, and how many entries in it were."""

    file_id: int
    name: str
    is_new: bool
    entries: int


def import_bank_file(*, actor: Actor, name: str, content: bytes, now: datetime) -> list[ImportedFile]:
    """An operator brings in what the bank says: a file, or an archive of some. What it says is followed at once."""
    require_operator(actor)
    if not payer().iban:
        raise Conflict(
            "payer_account_missing",
            "Fill in your company's name and IBAN first: by them its statements are known.",
        )
    files = [(each, body, read_bank_file(each, body)) for each, body in files_in(name, content)]
    taken = [_import(actor, each, body, reports, now) for each, body, reports in files]
    settle_bank_entries(now=now, most=AT_ONCE)
    return taken


def _import(actor: Actor, name: str, content: bytes, reports: Sequence[Read], now: datetime) -> ImportedFile:
    digest = hashlib.sha256(content).digest()
    known = BankFile.objects.filter(sha256=digest).first()
    if known is not None:
        return ImportedFile(known.id, name, False, 0)
    # What was said of payments is followed first: doing so again changes nothing, and a crash leaves no file behind.
    remarks = [
        remark for each in reports if isinstance(each, StatusReport) for remark in follow_status(each, now)
    ]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        file, is_new = BankFile.objects.get_or_create(
            sha256=digest,
            defaults={
                "name": name[:200],
                "kinds": _kinds(reports),
                "imported_by_id": actor.person_id,
                "imported_at": now,
            },
        )
        if not is_new:
            return ImportedFile(file.id, name, False, 0)
        for each in reports:
            if isinstance(each, Report):
                remarks += _take(file, each)
        file.entries, file.remarks = BankEntry.objects.filter(file=file).count(), remarks
        file.save(update_fields=["entries", "remarks"])
        record(BankFileImported(actor_id=actor.person_id, file_id=file.id))
    return ImportedFile(file.id, name, True, file.entries)


def _kinds(reports: Iterable[Read]) -> str:
    return ", ".join(sorted({each.kind if isinstance(each, Report) else "pain.002" for each in reports}))[:80]


def _take(file: BankFile, report: Report) -> Remarks:
    if report.iban != payer().iban:
        return [[Remark.OTHER_ACCOUNT.value, f"{report.iban[:4]}…{report.iban[-4:]}"]]
    is_statement = report.kind == "camt.053"
    is_known = is_statement and _take_statement(file, report)
    lines = [line for line in report.lines if line.is_booked and line.amount_micros]
    keys = keys_of(lines)
    there, ours = _rows(report, keys), _payouts_in(lines)
    new = []
    for key, line in zip(keys, lines, strict=True):
        if key in there:
            _meet(file, there[key], line, is_statement, ours)
        elif is_statement:
            new += _entries(file, report, key, line)
        elif _is_of_payouts(line, ours):
            new += _entries(file, report, key, line, on_statement=False)
    BankEntry.objects.bulk_create(new, batch_size=1_000)
    if not is_statement:
        return []
    remarks = [] if report.adds_up else [[Remark.DOES_NOT_ADD_UP.value, report.id]]
    return (
        remarks
        if is_known
        else remarks + _take_alike(file, report, alike(zip(keys, lines, strict=True), there))
    )


def _take_alike(file: BankFile, report: Report, doubtful: Sequence[Line]) -> Remarks:
    """What may be in this statement for the first time, though another one has a line like it."""
    missing = missing_ones(report, doubtful) if doubtful else []
    if missing is None:
        return [[Remark.LINES_ALIKE.value, f"{report.id}: {len(doubtful)}"]]
    rows = [row for key, line in missing for row in _entries(file, report, key, line)]
    BankEntry.objects.bulk_create(rows, batch_size=1_000)
    return []


def _take_statement(file: BankFile, report: Report) -> bool:
    """Whether this statement was there before."""
    opening, closing = report.opening_micros, report.closing_micros
    if opening is None or closing is None or report.opening_on is None or report.closing_on is None:
        return False
    _statement, is_new = BankStatement.objects.get_or_create(
        iban=report.iban, currency=report.currency, opening_micros=opening, opening_on=report.opening_on,
        closing_micros=closing, closing_on=report.closing_on, defaults={"file": file},
    )  # fmt: skip
    return not is_new


def _rows(report: Report, keys: Sequence[str]) -> dict[str, list[BankEntry]]:
    found: dict[str, list[BankEntry]] = {}
    for row in BankEntry.objects.select_for_update().filter(
        iban=report.iban, currency=report.currency, key__in=keys, of=None
    ):
        found.setdefault(row.key, []).append(row)
    return found


def _meet(
    file: BankFile, rows: Sequence[BankEntry], line: BankLine, is_statement: bool, ours: set[UUID]
) -> None:
    """A line that is there already: the statement confirms a hint, and details open up what nobody knew."""
    hints = [row.id for row in rows if not row.on_statement]
    if is_statement and hints:
        BankEntry.objects.filter(id__in=hints).update(on_statement=True)
    (first, *others) = rows
    if not others and len(line.parts) > 1 and first.meaning == Meaning.UNKNOWN and _is_of_payouts(line, ours):
        take_back(first)
        first.meaning = Meaning.SPLIT.value
        first.save(update_fields=["meaning"])
        parts = [
            _entry(file, first, number, line, part, of=first) for number, part in enumerate(line.parts, 1)
        ]
        BankEntry.objects.bulk_create(parts, batch_size=1_000)


def _is_of_payouts(line: BankLine, ours: set[UUID]) -> bool:
    """Only what names payouts of ours is taken before the statement: it is the same payout in whatever file."""
    return all(payout_named(part.end_to_end) in ours for part in line.parts)


def _payouts_in(lines: Sequence[BankLine]) -> set[UUID]:
    named = {ref for line in lines for part in line.parts if (ref := payout_named(part.end_to_end))}
    return set(Payout.objects.filter(ref__in=named).values_list("ref", flat=True))


def _entries(
    file: BankFile, report: Report, key: str, line: BankLine, *, on_statement: bool = True
) -> list[BankEntry]:
    account = BankEntry(iban=report.iban, currency=report.currency, key=key, on_statement=on_statement)
    # A single debit names the file that it was in as well as its payout.
    is_single = len(line.parts) == 1 and payout_named(line.parts[0].end_to_end) is not None
    is_run = line.amount_micros < 0 and run_of_batch(line.batch) is not None and not is_single
    parts = line.parts[:1] if is_run else line.parts
    return [_entry(file, account, number, line, part, whole=is_run) for number, part in enumerate(parts)]


def _entry(
    file: BankFile,
    account: BankEntry,
    number: int,
    line: BankLine,
    part: Part,
    *,
    of: BankEntry | None = None,
    whole: bool = False,
) -> BankEntry:
    ours = payout_named(part.end_to_end) is not None
    return BankEntry(
        file=file, iban=account.iban, currency=account.currency, key=account.key, part=number, of=of,
        on_statement=account.on_statement, amount_micros=line.amount_micros if whole else part.amount_micros,
        booked_on=line.booked_on, ref=line.ref, batch=line.batch, end_to_end="" if whole else part.end_to_end,
        return_code=part.return_code, is_return=part.is_return, is_charge=line.is_charge,
        name="" if ours or whole else part.name, text="" if whole else part.text,
    )  # fmt: skip
