"""What moved between two places of the book: for papers, which must never leave a transfer out or count one twice."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tagwerk.domain.ledger.models import Transfer


@dataclass(frozen=True, slots=True)
class Spent:
    """What left an account for another sort of account, less what came back from there, in a range of the book."""

    account: str
    sort: str  # the other account's code without what is in the middle: "worker", "income:fee"
    code: str  # of the transfers
    micros: int
    transfers: int


def is_booked(transfer: UUID) -> bool:
    """Whether there is a transfer of this id."""
    return Transfer.objects.filter(id=transfer).exists()


def spent_between(codes: Collection[str], *, after: int, through: int) -> list[Spent]:
    """What these accounts gave to workers, fees and others in the transfers after `after` up to `through`."""
    if not codes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, {"codes": list(codes), "after": after, "through": through})
        return [Spent(*row) for row in cursor.fetchall()]


_SPENT = """
WITH mine AS (SELECT id, code FROM ledger_account WHERE code = ANY(%(codes)s)), sides AS (
    SELECT m.code AS account, t.credit_id AS other_id, t.code, t.amount_micros AS micros FROM mine m
        JOIN ledger_transfer t ON t.debit_id = m.id AND t.seq > %(after)s AND t.seq <= %(through)s
        AND t.kind IN ('single', 'post')
    UNION ALL
    SELECT m.code, t.debit_id, t.code, -t.amount_micros FROM mine m
        JOIN ledger_transfer t ON t.credit_id = m.id AND t.seq > %(after)s AND t.seq <= %(through)s
        AND t.kind IN ('single', 'post')
)
SELECT s.account, CASE split_part(a.code, ':', 1) WHEN 'income' THEN 'income:' || split_part(a.code, ':', 2)
        WHEN 'expense' THEN 'expense:' || split_part(a.code, ':', 2) ELSE split_part(a.code, ':', 1) END,
    s.code, sum(s.micros)::bigint, count(*)
FROM sides s JOIN ledger_account a ON a.id = s.other_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
