"""What a payout run asks of the book: who can be paid what, and what it holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.utils import OperationalError

from tagwerk.base.errors import Conflict


@dataclass(frozen=True, slots=True)
class Held:
    """What one event holds by pending transfers that nothing has resolved yet."""

    transfers: int
    micros: int


def held_by(event: UUID) -> dict[str, Held]:
    """What an event still holds, by the account that it would leave from (the credited one, such as the bank)."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [event])
        return {code: Held(count, int(micros)) for code, count, micros in cursor.fetchall()}


_HELD = """
SELECT a.code, count(*), sum(t.amount_micros) FROM ledger_transfer t JOIN ledger_account a ON a.id = t.credit_id
WHERE t.event = %s AND t.kind = 'pending' AND NOT EXISTS (SELECT 1 FROM ledger_transfer r WHERE r.pending_id = t.id)
GROUP BY a.code
"""


def settled_before(at: datetime) -> int:
    """The number of the last transfer that was booked before a moment; no lower one can still be on its way.

    0 where there is none. Waits for bookings in progress, and refuses where they take longer than two seconds.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute("SELECT seq FROM ledger_settled()")
                (settled,) = cursor.fetchone()
        except OperationalError as error:
            raise Conflict("book_busy", "The book is busy for the moment; try again in a minute.") from error
        cursor.execute(
            "SELECT seq FROM ledger_transfer WHERE booked_at < %s AND seq <= %s ORDER BY seq DESC LIMIT 1",
            [at, settled or 0],
        )
        row = cursor.fetchone()
    return row[0] if row else 0


def worker_balances(currency: str, through_seq: int) -> dict[int, int]:
    """What each worker can be paid in a currency (person → micros, above 0): what they had after the transfer numbered
    `through_seq`, less what was on its way then and has left since or still is, but no more than what is there now and
    not set aside. What was on its way then and came back is theirs again."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKER_BALANCES, {"code": f"worker:%:available:{currency}", "seq": through_seq})
        return {person_id: int(micros) for person_id, micros in cursor.fetchall()}


_WORKER_BALANCES = """
WITH later AS (
    SELECT account_id, sum(micros) AS micros FROM (
        SELECT credit_id AS account_id, amount_micros AS micros FROM ledger_transfer
            WHERE seq > %(seq)s AND kind IN ('single', 'post')
        UNION ALL
        SELECT debit_id, -amount_micros FROM ledger_transfer WHERE seq > %(seq)s AND kind IN ('single', 'post')
    ) sides GROUP BY account_id
), leaving AS (
    SELECT account_id, sum(micros) AS micros FROM (
        SELECT p.debit_id AS account_id, r.amount_micros AS micros FROM ledger_transfer r
            JOIN ledger_transfer p ON p.id = r.pending_id AND p.seq <= %(seq)s WHERE r.seq > %(seq)s AND r.kind = 'post'
        UNION ALL
        SELECT a.id, p.amount_micros FROM ledger_account a
            JOIN ledger_transfer p ON p.debit_id = a.id AND p.kind = 'pending' AND p.seq <= %(seq)s
            WHERE a.debits_pending_micros > 0 AND NOT EXISTS (SELECT FROM ledger_transfer r WHERE r.pending_id = p.id)
    ) held GROUP BY account_id
), due AS (
    SELECT split_part(a.code, ':', 2)::bigint AS person_id, least(
        a.credits_posted_micros - a.debits_posted_micros - a.debits_pending_micros,
        a.credits_posted_micros - a.debits_posted_micros - coalesce(l.micros, 0) - coalesce(h.micros, 0)) AS micros
    FROM ledger_account a LEFT JOIN later l ON l.account_id = a.id LEFT JOIN leaving h ON h.account_id = a.id
    WHERE a.code LIKE 'worker:%%' AND a.code LIKE %(code)s
)
SELECT person_id, micros FROM due WHERE micros > 0 ORDER BY person_id
"""


def sums_of_workers() -> list[tuple[str, int, int]]:
    """Per currency how many workers have money that is not set aside, and how much (micros)."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        return [(currency, people, int(micros)) for currency, people, micros in cursor.fetchall()]


_SUMS = """
SELECT currency, count(*), sum(credits_posted_micros - debits_posted_micros - debits_pending_micros)
FROM ledger_account WHERE code LIKE 'worker:%' AND code LIKE '%:available:%'
    AND credits_posted_micros > debits_posted_micros + debits_pending_micros
GROUP BY currency ORDER BY currency
"""
