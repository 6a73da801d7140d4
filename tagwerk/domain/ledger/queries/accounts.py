"""Accounts of the book. Balances are read from the accounts; every one can be recomputed from the transfers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from tagwerk.domain.ledger.models import Account, Transfer
from tagwerk.domain.ledger.rules import balance_sign


@dataclass(frozen=True, slots=True)
class Balance:
    """In micros, positive in the account's normal direction; `available` is posted less what is held on its way out."""

    posted: int = 0
    pending: int = 0
    available: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One posted transfer as seen from an account: positive raises its balance."""

    seq: int
    id: UUID
    event: UUID
    at: datetime
    amount_micros: int
    currency: str
    other: str
    code: str
    ref_type: str
    ref_id: str
    memo: str


@dataclass(frozen=True, slots=True)
class Flow:
    """All that ever moved between an account and another one, posted."""

    other: str
    received_micros: int
    given_micros: int


def balance_of(kind: str, debits: int, credits: int, debits_pending: int, credits_pending: int) -> Balance:
    """The balance of an account of this kind, from what its two sides have posted and hold."""
    sign = balance_sign(kind)
    posted = sign * (credits - debits)
    going_out = debits_pending if sign > 0 else credits_pending
    return Balance(posted, going_out, posted - going_out)


_SIDES = ("debits_posted_micros", "credits_posted_micros", "debits_pending_micros", "credits_pending_micros")


def balances(codes: Iterable[str]) -> dict[str, Balance]:
    """The balance of each account; one that was never opened has nothing."""
    wanted = list(codes)
    rows = Account.objects.filter(code__in=wanted).values_list("code", "kind", *_SIDES)
    found = {code: balance_of(kind, *sides) for code, kind, *sides in rows}
    return {code: found.get(code, Balance()) for code in wanted}


def balance(code: str) -> Balance:
    """The balance of one account."""
    return balances([code])[code]


def balances_under(prefix: str) -> dict[str, Balance]:
    """The balances of all accounts whose code starts so, such as "worker:7:available:" (one per currency)."""
    rows = (
        Account.objects.filter(code__startswith=prefix).order_by("code").values_list("code", "kind", *_SIDES)
    )
    return {code: balance_of(kind, *sides) for code, kind, *sides in rows}


def recomputed(code: str) -> Balance:
    """The balance of one account from its transfers alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, debits_posted_micros::bigint, credits_posted_micros::bigint, "
            "debits_pending_micros::bigint, credits_pending_micros::bigint FROM ledger_recomputed WHERE code = %s",
            [code],
        )
        row = cursor.fetchone()
    return balance_of(*row) if row else Balance()


def began_at(code: str) -> datetime | None:
    """When an account first received something."""
    rows = Transfer.objects.filter(credit__code=code, kind__in=["single", "post"]).order_by("seq")
    return rows.values_list("booked_at", flat=True).first()


def movements(code: str, *, before: int | None = None, limit: int = 50) -> list[Movement]:
    """The newest posted transfers of an account, or those before the sequence number `before`."""
    account = Account.objects.filter(code=code).values("id", "kind").first()
    if account is None:
        return []
    posted = Transfer.objects.filter(kind__in=["single", "post"])
    if before is not None:
        posted = posted.filter(seq__lt=before)
    sign = balance_sign(account["kind"])
    # Each side has its own index by sequence; taken together by OR, PostgreSQL would read and sort all of them.
    sides = [
        (-sign, "credit__code", posted.filter(debit_id=account["id"])),
        (sign, "debit__code", posted.filter(credit_id=account["id"])),
    ]
    found = [
        _movement(direction, other, row)
        for direction, other, transfers in sides
        for row in transfers.order_by("-seq").values(*_MOVEMENT, other)[:limit]
    ]
    return sorted(found, key=lambda movement: movement.seq, reverse=True)[:limit]


_MOVEMENT = (
    "seq",
    "id",
    "event",
    "booked_at",
    "amount_micros",
    "currency",
    "code",
    "ref_type",
    "ref_id",
    "memo",
)


def _movement(direction: int, other: str, row: dict[str, object]) -> Movement:
    facts = dict(row)
    at, amount, opposite = facts.pop("booked_at"), facts.pop("amount_micros"), facts.pop(other)
    assert isinstance(amount, int)
    return Movement(at=at, amount_micros=direction * amount, other=opposite, **facts)  # type: ignore[arg-type]


def flows(code: str) -> list[Flow]:
    """What an account received from and gave to each other one, added up from its transfers."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, [code])
        return [Flow(*row) for row in cursor.fetchall()]


_FLOWS = """
WITH mine AS (SELECT id FROM ledger_account WHERE code = %s), sides AS (
    SELECT debit_id AS other_id, amount_micros AS received, 0 AS given FROM ledger_transfer
        WHERE credit_id = (SELECT id FROM mine) AND kind IN ('single', 'post')
    UNION ALL
    SELECT credit_id, 0, amount_micros FROM ledger_transfer
        WHERE debit_id = (SELECT id FROM mine) AND kind IN ('single', 'post')
), sums AS (
    SELECT other_id, sum(received)::bigint AS received, sum(given)::bigint AS given FROM sides GROUP BY other_id
)
SELECT a.code, s.received, s.given FROM sums s JOIN ledger_account a ON a.id = s.other_id ORDER BY a.code
"""


def totals() -> dict[tuple[str, str], int]:
    """What all accounts of a sort hold together, by the first word of their code ("bank", "worker") and currency. What
    organisations were lent and owe is "debt", beside "organisation", what they have paid in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN code ~ '^organisation:.*:(credit|owed):' THEN 'debt' ELSE split_part(code, ':', 1) END,"
            " currency, kind, sum(credits_posted_micros - debits_posted_micros)::bigint"
            " FROM ledger_account GROUP BY 1, 2, 3 ORDER BY 2, 1"
        )
        return {
            (sort, currency): balance_sign(kind) * total for sort, currency, kind, total in cursor.fetchall()
        }
