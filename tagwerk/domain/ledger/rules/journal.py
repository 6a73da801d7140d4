"""The journal as text: for accountants, for tables, for programs. Pure."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

from tagwerk.base.money import MICROS
from tagwerk.domain.ledger.rules.book import account_of

POSTED = ("single", "post")
ROOTS = {"asset": "Assets", "liability": "Liabilities", "income": "Income", "expense": "Expenses"}


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A transfer as it was booked: `amount` (in micros) leaves `debit` and reaches `credit`."""

    seq: int
    at: datetime
    id: str
    event: str
    kind: str
    debit: str
    credit: str
    amount_micros: int
    currency: str
    code: str
    pending: str
    ref_type: str
    ref_id: str
    memo: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What an account held before the first line: debits less credits, posted, in micros."""

    account: str
    currency: str
    debit_micros: int


Lines = Iterable[JournalLine]
Writer = Callable[[list[Opening], Lines, date], Iterator[str]]


def written(form: str, openings: list[Opening], lines: Lines, begin: date) -> Iterator[str]:
    """The journal in one of FORMATS, in pieces of text; `begin` is the day of the opening balances."""
    return FORMATS[form](openings, lines, begin)


def _csv(openings: list[Opening], lines: Lines, begin: date) -> Iterator[str]:
    """A row for each transfer, held ones (pending, void) too. Amounts are decimals of the currency."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name.replace("amount_micros", "amount") for name in JournalLine.__dataclass_fields__])
    for line in lines:
        writer.writerow(_plain(line).values())
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _jsonl(openings: list[Opening], lines: Lines, begin: date) -> Iterator[str]:
    """An object for each transfer, amounts as texts."""
    for line in lines:
        yield json.dumps(_plain(line), ensure_ascii=False) + "\n"


def _plain(line: JournalLine) -> dict[str, object]:
    row = asdict(line) | {"at": line.at.astimezone(UTC).isoformat()}
    return {
        name.replace("amount_micros", "amount"): _decimal(line.amount_micros)
        if name == "amount_micros"
        else value
        for name, value in row.items()
    }


def _beancount(openings: list[Opening], lines: Lines, begin: date) -> Iterator[str]:
    """What was posted, as text that Beancount (and Fava) read; debits are positive. Held money is not posted."""
    yield 'option "title" "tagwerk"\n\n'
    opened: set[str] = set()
    for one in openings:
        equity = f"Equity:Opening-Balances:{one.currency}"
        yield from _opened(opened, begin, one.currency, _named(one.account), equity)
        yield f'{begin} * "Opening balance"\n'
        yield _posting(_named(one.account), one.debit_micros, one.currency)
        yield _posting(equity, -one.debit_micros, one.currency) + "\n"
    for line in lines:
        if line.kind not in POSTED:
            continue
        day = line.at.astimezone(UTC).date()
        debit, credit = _named(line.debit), _named(line.credit)
        yield from _opened(opened, day, line.currency, debit, credit)
        yield f'{day} * "{line.code}" "{_quoted(line.memo)}"\n  id: "{line.id}"\n  seq: {line.seq}\n  event: "{line.event}"\n'
        if line.ref_type:
            yield f'  ref: "{_quoted(f"{line.ref_type}:{line.ref_id}")}"\n'
        yield _posting(debit, line.amount_micros, line.currency)
        yield _posting(credit, -line.amount_micros, line.currency) + "\n"


def _opened(opened: set[str], day: date, currency: str, *accounts: str) -> Iterator[str]:
    for account in accounts:
        if account not in opened:
            opened.add(account)
            yield f"{day} open {account} {currency}\n"


def _named(code: str) -> str:
    """worker:12:available:EUR → Liabilities:Worker:12:Available:EUR"""
    account = account_of(code)
    parts = [ROOTS[account.kind] if account else "Equity", *code.split(":")]
    if account and account.kind in ("income", "expense"):
        del parts[1]  # the code says it already
    return ":".join(part[:1].upper() + part[1:] for part in parts)


def _posting(account: str, micros: int, currency: str) -> str:
    return f"  {account}  {_decimal(micros)} {currency}\n"


def _decimal(micros: int) -> str:
    sign = "-" if micros < 0 else ""
    return f"{sign}{abs(micros) // MICROS}.{abs(micros) % MICROS:06d}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


FORMATS: Mapping[str, Writer] = MappingProxyType({"beancount": _beancount, "csv": _csv, "jsonl": _jsonl})
