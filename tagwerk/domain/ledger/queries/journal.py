"""The journal, and what an account held at any past moment: from the transfers alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tagwerk.domain.ledger.queries.accounts import Balance, balance_of
from tagwerk.domain.ledger.rules import JournalLine, Opening

PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Statement:
    """An account at a moment; `transfers`: how many had moved it or held something of it by then."""

    account: str
    at: datetime
    balance: Balance
    transfers: int


def journal_lines(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[JournalLine]:
    """All transfers booked from `since` on and before `until`, in the order of booking; the ends are open where not given."""
    after = 0
    while rows := _rows(_JOURNAL, {"after": after, "since": since, "until": until, "page": PAGE}):
        for row in rows:
            yield JournalLine(*row)
        after = rows[-1][0]


def transfer_line(transfer: UUID) -> JournalLine | None:
    """One transfer, if it is booked."""
    rows = _rows(_ONE_LINE, {"id": transfer})
    return JournalLine(*rows[0]) if rows else None


def lines_with(transfer: UUID, *, limit: int) -> list[JournalLine]:
    """All transfers that were booked in the event of this one, in the order of booking, at most `limit`; none where there
    is no such transfer."""
    return [JournalLine(*row) for row in _rows(_LINES_OF_EVENT, {"id": transfer, "limit": limit})]


def lines_coded(code: str) -> list[JournalLine]:
    """All transfers of a sort that is rare, such as corrections, in the order of booking; reads all of the book."""
    return [JournalLine(*row) for row in _rows(_LINES_CODED, {"code": code})]


def openings(at: datetime) -> list[Opening]:
    """What each account held just before a moment, posted; those that held nothing are left out."""
    return [Opening(*row) for row in _rows(_OPENINGS, {"at": at})]


def statement(code: str, at: datetime) -> Statement:
    """What an account held at a moment; what was held then and is resolved since still counts as held."""
    rows = _rows(_STATEMENT, {"code": code, "at": at})
    if not rows:
        return Statement(code, at, Balance(), 0)
    kind, *sides, count = rows[0]
    return Statement(code, at, balance_of(kind, *sides), count)


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_LINE = """
SELECT t.seq, t.booked_at, t.id::text, t.event::text, t.kind, d.code, c.code, t.amount_micros, t.currency, t.code,
    coalesce(t.pending_id::text, ''), t.ref_type, t.ref_id, t.memo
FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id JOIN ledger_account c ON c.id = t.credit_id
"""
_ONE_LINE = f"{_LINE} WHERE t.id = %(id)s"
_LINES_CODED = f"{_LINE} WHERE t.code = %(code)s ORDER BY t.seq"
_LINES_OF_EVENT = f"""{_LINE}
WHERE t.event = (SELECT event FROM ledger_transfer WHERE id = %(id)s) ORDER BY t.seq LIMIT %(limit)s
"""  # noqa: S608 (a constant)
_JOURNAL = f"""{_LINE}
WHERE t.seq > %(after)s AND (%(since)s::timestamptz IS NULL OR t.booked_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR t.booked_at < %(until)s)
ORDER BY t.seq LIMIT %(page)s
"""
_OPENINGS = """
WITH sides AS (
    SELECT debit_id AS account_id, amount_micros FROM ledger_transfer
        WHERE kind IN ('single', 'post') AND booked_at < %(at)s
    UNION ALL
    SELECT credit_id, -amount_micros FROM ledger_transfer WHERE kind IN ('single', 'post') AND booked_at < %(at)s
)
SELECT a.code, a.currency, sum(s.amount_micros)::bigint FROM sides s JOIN ledger_account a ON a.id = s.account_id
GROUP BY a.code, a.currency HAVING sum(s.amount_micros) <> 0 ORDER BY a.code
"""
# Each side has its own index; a resolution that came later leaves what was held, held.
_STATEMENT = """
WITH mine AS (SELECT id, kind FROM ledger_account WHERE code = %(code)s), sides AS (
    SELECT t.id, t.kind, t.amount_micros, true AS is_debit FROM ledger_transfer t
        WHERE t.debit_id = (SELECT id FROM mine) AND t.booked_at <= %(at)s
    UNION ALL
    SELECT t.id, t.kind, t.amount_micros, false FROM ledger_transfer t
        WHERE t.credit_id = (SELECT id FROM mine) AND t.booked_at <= %(at)s
), moved AS (
    SELECT s.is_debit, CASE WHEN s.kind IN ('single', 'post') THEN s.amount_micros ELSE 0 END AS posted,
        CASE WHEN s.kind = 'pending' AND r.id IS NULL THEN s.amount_micros ELSE 0 END AS pending
    FROM sides s LEFT JOIN ledger_transfer r ON r.pending_id = s.id AND r.booked_at <= %(at)s
)
SELECT (SELECT kind FROM mine), coalesce(sum(posted) FILTER (WHERE is_debit), 0)::bigint,
    coalesce(sum(posted) FILTER (WHERE NOT is_debit), 0)::bigint,
    coalesce(sum(pending) FILTER (WHERE is_debit), 0)::bigint,
    coalesce(sum(pending) FILTER (WHERE NOT is_debit), 0)::bigint, count(*)
FROM moved HAVING (SELECT id FROM mine) IS NOT NULL
"""
