"""What moved a worker's money, from the transfers alone: for statements and yearly papers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tagwerk.domain.ledger.rules import available, fee_income


@dataclass(frozen=True, slots=True)
class Moved:
    """Posted movements of one sort: positive came in. `other`: the account on the other side. `why`: the reason of a
    correction."""

    other: str
    code: str
    micros: int
    transfers: int
    why: str


def moved_between(
    person_id: int, currency: str, *, after: int, through: int, without: Collection[str] = ()
) -> list[Moved]:
    """What came to a worker and went, payouts apart, in the transfers after `after` up to `through`. What a payout
    gave back counts as coming in under the code "payout_back", whether it failed or was returned; not that of the
    payouts `without` (their `ref_id`), which were never told of."""
    values: dict[str, Any] = {
        "code": available(person_id, currency).code, "after": after, "through": through, "without": list(without),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, values)
        return [Moved(*row) for row in cursor.fetchall()]


def moved_in(person_id: int, currency: str, edges: Sequence[datetime]) -> list[tuple[int, Moved]]:
    """The same by time: which of the spans between the edges, and what came and went in it."""
    values: dict[str, Any] = {
        "code": available(person_id, currency).code,
        "edges": list(edges),
        "without": [],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVED_IN, values)
        return [(span - 1, Moved(*row)) for span, *row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Shared:
    """What others than the operator paid a worker, and the fee that the operator got on top of it."""

    pay_micros: int = 0
    fee_micros: int = 0


def shared_between(person_id: int, currency: str, *, after: int, through: int) -> Shared:
    """Of the pay that came to a worker in the transfers after `after` up to `through`: that of organisations, and the fees
    on it, less what corrections took back of both. Of a fee that was booked once for several people, each has the share of
    their pay, rounded to a micro."""
    values = {"code": available(person_id, currency).code, "fee": fee_income(currency).code}
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, {**values, "after": after, "through": through})
        return Shared(*cursor.fetchone())


def fees_with(person_id: int, currency: str, seqs: Collection[int]) -> dict[int, int]:
    """For transfers that came to a worker: the fee in micros that the operator got on top of each, where it got any."""
    if not seqs:
        return {}
    values = {"code": available(person_id, currency).code, "fee": fee_income(currency).code}
    with connection.cursor() as cursor:
        cursor.execute(_FEES_WITH, {**values, "seqs": list(seqs)})
        return dict(cursor.fetchall())


def years_of(person_id: int, currency: str, time_zone: str) -> list[int]:
    """The years between a worker's first and last movement, the newest first."""
    code = available(person_id, currency).code
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, {"code": code, "zone": time_zone})
        first, last = cursor.fetchone()
    return list(range(last, first - 1, -1)) if first else []


_SIDES = """
WITH mine AS (SELECT id FROM ledger_account WHERE code = %(code)s), sides AS (
    SELECT t.seq, t.booked_at, t.debit_id AS other_id, CASE WHEN t.code = 'payout_returned' THEN 'payout_back' ELSE t.code END AS code,
        t.amount_micros AS micros, CASE WHEN t.code = 'correction' THEN t.memo ELSE '' END AS why
    FROM ledger_transfer t WHERE t.credit_id = (SELECT id FROM mine) AND t.kind IN ('single', 'post')
    UNION ALL
    SELECT t.seq, t.booked_at, t.credit_id, CASE WHEN t.kind = 'void' THEN 'payout_back' ELSE t.code END,
        CASE WHEN t.kind = 'void' THEN t.amount_micros ELSE -t.amount_micros END,
        CASE WHEN t.code = 'correction' THEN t.memo ELSE '' END
    FROM ledger_transfer t WHERE t.debit_id = (SELECT id FROM mine)
        AND NOT (t.kind = 'void' AND t.ref_id = ANY(%(without)s::text[])) AND (t.kind = 'single' OR t.kind = 'void' AND t.code = 'payout' OR t.kind = 'post' AND t.code <> 'payout')
)
"""
_MOVED = (
    _SIDES
    + """
SELECT a.code, s.code, sum(s.micros)::bigint, count(*), s.why FROM sides s JOIN ledger_account a ON a.id = s.other_id
WHERE s.seq > %(after)s AND s.seq <= %(through)s GROUP BY a.code, s.code, s.why, s.micros < 0 ORDER BY a.code, s.code, s.why, 3
"""
)
_MOVED_IN = (
    _SIDES
    + """
SELECT width_bucket(s.booked_at, %(edges)s::timestamptz[]), a.code, s.code, sum(s.micros)::bigint, count(*), s.why
FROM sides s JOIN ledger_account a ON a.id = s.other_id
WHERE s.booked_at >= (%(edges)s::timestamptz[])[1] AND s.booked_at < (%(edges)s::timestamptz[])[cardinality(%(edges)s::timestamptz[])]
GROUP BY 1, 2, 3, s.why, s.micros < 0 ORDER BY 1, 2, 3, s.why, 4
"""
)
_YEARS = """
WITH mine AS (SELECT id FROM ledger_account WHERE code = %(code)s), ends AS (
    (SELECT booked_at FROM ledger_transfer WHERE credit_id = (SELECT id FROM mine) ORDER BY seq LIMIT 1)
    UNION ALL
    (SELECT booked_at FROM ledger_transfer WHERE credit_id = (SELECT id FROM mine) ORDER BY seq DESC LIMIT 1)
)
SELECT extract(year FROM min(booked_at) AT TIME ZONE %(zone)s)::int,
    extract(year FROM max(booked_at) AT TIME ZONE %(zone)s)::int FROM ends
"""
# Pay and its fee are of one event and out of one account. A list of bonuses has one fee for all its people, and a reward
# and what is added to it later are one event with two fees of one rate: so each has the share that its pay has.
_WITH_FEE = """
WITH mine AS (SELECT id FROM ledger_account WHERE code = %(code)s), posted AS (
    SELECT t.seq, t.event, t.debit_id, t.amount_micros AS micros FROM ledger_transfer t
    WHERE t.credit_id = (SELECT id FROM mine) AND t.kind IN ('single', 'post') AND {which}
)
SELECT p.seq, p.micros, coalesce((
    SELECT round(coalesce(sum(b.amount_micros) FILTER (WHERE a.code = %(fee)s), 0) * p.micros
        / nullif(sum(b.amount_micros) FILTER (WHERE a.code <> %(fee)s), 0))
    FROM ledger_transfer b JOIN ledger_account a ON a.id = b.credit_id
    WHERE b.event = p.event AND b.debit_id = p.debit_id AND b.kind IN ('single', 'post')
), 0)::bigint AS fee
FROM posted p JOIN ledger_account o ON o.id = p.debit_id
WHERE o.code LIKE 'project:%%' OR o.code LIKE 'organisation:%%'
"""
# What a correction took back, with its fee; the other way round. What a correction gave is no pay for anything.
_TAKEN_BACK = """
SELECT t.amount_micros AS micros, coalesce((
    SELECT round(coalesce(sum(b.amount_micros) FILTER (WHERE a.code = %(fee)s), 0) * t.amount_micros
        / nullif(sum(b.amount_micros) FILTER (WHERE a.code <> %(fee)s), 0))
    FROM ledger_transfer b JOIN ledger_account a ON a.id = b.debit_id
    WHERE b.event = t.event AND b.credit_id = t.credit_id AND b.kind = 'single'
), 0)::bigint AS fee
FROM ledger_transfer t JOIN ledger_account o ON o.id = t.credit_id
WHERE t.debit_id = (SELECT id FROM ledger_account WHERE code = %(code)s) AND t.code = 'correction' AND t.kind = 'single'
    AND t.seq > %(after)s AND t.seq <= %(through)s AND (o.code LIKE 'project:%%' OR o.code LIKE 'organisation:%%')
"""
_SHARED = f"""
SELECT coalesce(sum(s.micros), 0)::bigint, coalesce(sum(s.fee), 0)::bigint FROM (
    SELECT p.micros, p.fee FROM ({_WITH_FEE.format(which="t.seq > %(after)s AND t.seq <= %(through)s AND t.code <> 'correction'")}) p
    UNION ALL SELECT -c.micros, -c.fee FROM ({_TAKEN_BACK}) c
) s
"""  # noqa: S608 (only our own words)
_FEES_WITH = f"""
SELECT s.seq, s.fee FROM ({_WITH_FEE.format(which="t.seq = ANY(%(seqs)s) AND t.code <> 'correction'")}) s WHERE s.fee > 0
"""  # noqa: S608 (only our own words)
