"""Lines without a number of the bank that are like one of another statement: the same movement, or a second one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet, Sum

from tagwerk.domain.payments.models import BankEntry, BankStatement
from tagwerk.domain.payments.queries.bank import stretch_of
from tagwerk.domain.payments.rules.bank_entries import gaps, newest, oldest
from tagwerk.domain.payments.rules.bank_files import BankLine, Report

Line = tuple[str, BankLine]


def alike(lines: Iterable[Line], there: Mapping[str, Sequence[BankEntry]]) -> list[Line]:
    """The lines without a number of their own that a statement before has as well."""
    return [
        (key, line)
        for key, line in lines
        if not line.ref and any(row.on_statement for row in there.get(key, ()))
    ]


def missing_ones(report: Report, lines: Sequence[Line]) -> list[Line] | None:
    """Of a statement's lines that are like others: those that are second movements, under keys of their own. None: it
    cannot be told.

    All entries lead from the first opening balance to the newest closing balance. Where they already do, the lines are
    the same movements again, as of a statement that covers the days of another one. Where they do once these lines are
    counted too, and the statement continues another one, they are movements of their own.
    """
    left = _left_open(report)
    if left == 0:
        return []
    total = sum(line.amount_micros for _key, line in lines)
    if left != total or not report.adds_up or not _continues_another(report):
        return None
    taken: Counter[str] = Counter()
    found = []
    for key, line in lines:
        name, _, _number = key.rpartition("-")
        there = BankEntry.objects.filter(
            iban=report.iban, currency=report.currency, key__startswith=f"{name}-"
        )
        number = there.values("key").distinct().count() + taken[name]
        taken[name] += 1
        found.append((f"{name}-{number}", line))
    return found


def _left_open(report: Report) -> int | None:
    """What the newest closing balance has more than the first opening balance and all entries; None where that says
    nothing, since statements are missing in between."""
    stretches = [stretch_of(row) for row in _statements(report).order_by("id")]
    first, last = oldest(stretches), newest(stretches)
    if first is None or last is None or gaps(stretches):
        return None
    entries = BankEntry.objects.filter(iban=report.iban, currency=report.currency, of=None, on_statement=True)
    moved = entries.aggregate(total=Sum("amount_micros", default=0))["total"]
    return last.closing_micros - first.opening_micros - int(moved)


def _continues_another(report: Report) -> bool:
    """Whether a statement begins or ends where another one ends or begins, and none has the same begin or end: then it
    repeats no other one."""
    opens = {"opening_on": report.opening_on, "opening_micros": report.opening_micros}
    closes = {"closing_on": report.closing_on, "closing_micros": report.closing_micros}
    others = _statements(report).exclude(**opens, **closes)
    if others.filter(Q(**opens) | Q(**closes)).exists():
        return False
    joins = Q(closing_micros=report.opening_micros) | Q(opening_micros=report.closing_micros)
    return others.filter(joins).exists()


def _statements(report: Report) -> QuerySet[BankStatement]:
    return BankStatement.objects.filter(iban=report.iban, currency=report.currency)
