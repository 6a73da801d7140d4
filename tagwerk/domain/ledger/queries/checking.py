"""Whether the book is right: balances against transfers, debits against credits, transfers and accounts against their
seals, accounts against the chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection
from django.db.models import Max, Sum

from tagwerk.domain.ledger.models import Account, Seal, Transfer
from tagwerk.domain.ledger.rules import account_of

ROWS_NAMED = 20  # of a wrong seal, and of wrong accounts
SEALED_WITHIN = timedelta(days=1)  # it takes a minute; what waits longer waits for somebody to look


@dataclass(frozen=True, slots=True)
class Drift:
    """An account whose cached balance is not what its transfers add up to."""

    account: str
    currency: str
    drift_micros: int


@dataclass(frozen=True, slots=True)
class SealView:
    """The newest seal; publish its hash outside to make later changes of the book provable."""

    number: int
    at: datetime
    last_seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A transfer that is not as it was sealed: `wrong` is changed, gone or added."""

    seq: int
    wrong: str


@dataclass(frozen=True, slots=True)
class WrongSeal:
    """A seal that no longer fits: its range (0 to 0 where the seal is gone), and the first rows that are wrong, where
    they can be named."""

    number: int
    first_seq: int
    last_seq: int
    rows: list[WrongRow]


@dataclass(frozen=True, slots=True)
class WrongAccount:
    """An account that is not as it was sealed (`wrong` is changed, gone or added), or not as the chart has it
    (off the chart). `sealed` and `present`: its number, code, kind, currency, guard and when it was opened."""

    account: str
    wrong: str
    sealed: str = ""
    present: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was checked. `unsealed`: transfers that the next seal will cover, the oldest from `unsealed_since`;
    `imbalance`: currency → debits less credits, where they differ; `differing`: seals that are not what was published
    outside."""

    seals: int
    transfers: int
    unsealed: int
    unsealed_since: datetime | None
    newest: SealView | None
    wrong: list[WrongSeal]
    accounts: list[WrongAccount]
    drift: list[Drift]
    imbalance: dict[str, int]
    differing: list[int]

    @property
    def is_right(self) -> bool:
        return not (self.wrong or self.accounts or self.drift or self.imbalance or self.differing)


def verify(published: Mapping[int, str] | None = None) -> Verification:
    """Check all of the book; `published`: number of a seal → its hash (hexadecimal), as it was kept outside."""
    counted = Seal.objects.aggregate(transfers=Sum("transfers"), last=Max("last_seq"))
    unsealed = Transfer.objects.filter(seq__gt=counted["last"] or 0)
    return Verification(
        seals=Seal.objects.count(),
        transfers=counted["transfers"] or 0,
        unsealed=unsealed.count(),
        unsealed_since=unsealed_since(),
        newest=latest_seal(),
        wrong=[_wrong(number) for number in broken_seals()],
        accounts=wrong_accounts(),
        drift=drift(),
        imbalance={currency: total for currency, total in trial_balance().items() if total},
        differing=_differing(published or {}),
    )


def _differing(published: Mapping[int, str]) -> list[int]:
    """A chain that was made anew from end to end fits itself; only what is kept outside can tell."""
    rows = Seal.objects.filter(id__in=list(published)).values_list("id", "hash")
    there = {number: bytes(digest).hex() for number, digest in rows}
    return [number for number, digest in sorted(published.items()) if there.get(number) != digest]


def _wrong(number: int) -> WrongSeal:
    seal = Seal.objects.only("first_seq", "last_seq").filter(id=number).first()
    if seal is None:
        return WrongSeal(number, 0, 0, [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrong_seq, wrong FROM ledger_wrong_rows(%s) LIMIT %s", [number, ROWS_NAMED])
        rows = [WrongRow(*row) for row in cursor.fetchall()]
    return WrongSeal(number, seal.first_seq, seal.last_seq, rows)


def unsealed_since() -> datetime | None:
    """When the oldest transfer was booked that no seal covers; None where all are sealed."""
    last = Seal.objects.aggregate(last=Max("last_seq"))["last"] or 0
    return Transfer.objects.filter(seq__gt=last).order_by("seq").values_list("booked_at", flat=True).first()


def unsealed_too_long(now: datetime) -> datetime | None:
    """When the oldest transfer without a seal was booked, where that is more than a day ago: sealing stands still."""
    since = unsealed_since()
    return since if since is not None and now - since > SEALED_WITHIN else None


def wrong_accounts() -> list[WrongAccount]:
    """The first accounts that are not what was sealed, or not what their code says in the chart: none, or somebody's
    money may be called somebody else's. Reads accounts and seals, not transfers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sealed, ''), coalesce(present, '') FROM ledger_wrong_accounts() LIMIT %s",
            [ROWS_NAMED],
        )
        rows = cursor.fetchall()
    return [_account(*row) for row in rows] + _off_chart()


def _account(sealed: str, present: str) -> WrongAccount:
    wrong = "changed" if sealed and present else "gone" if sealed else "added"
    code = (sealed or present).partition('"')[2].partition('"')[0]
    return WrongAccount(code, wrong, sealed, present)


# Accounts that differ in nothing but their owner's number are looked at once.
_SHAPES = """
SELECT regexp_replace(code, ':[1-9][0-9]{0,17}:', ':1:') AS shape, kind, currency, guard,
        (array_agg(code ORDER BY code))[1:%s::int]
    FROM ledger_account GROUP BY 1, 2, 3, 4 ORDER BY 1
"""


def _off_chart() -> list[WrongAccount]:
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, [ROWS_NAMED])
        wrong = [row for row in cursor.fetchall() if not _is_in_chart(*row[:4])]
    named = ((code, facts) for _shape, *facts, codes in wrong for code in codes)
    return [
        WrongAccount(code, "off the chart", present=", ".join(facts))
        for code, facts in islice(named, ROWS_NAMED)
    ]


def _is_in_chart(code: str, kind: str, currency: str, guard: str) -> bool:
    known = account_of(code)
    return known is not None and (known.kind, known.currency, known.guard) == (kind, currency, guard)


def drift() -> list[Drift]:
    """The accounts whose cached balances differ from their transfers: none, or something is badly wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, currency, drift_micros::bigint FROM ledger_drift ORDER BY code")
        return [Drift(*row) for row in cursor.fetchall()]


def trial_balance() -> dict[str, int]:
    """Per currency, all posted debits less all posted credits: 0 each."""
    rows = Account.objects.values_list("currency").annotate(
        balance=Sum("debits_posted_micros") - Sum("credits_posted_micros")
    )
    return {currency: int(total) for currency, total in rows}


def drift_micros() -> int:
    """One number for reports: all drift and all imbalance together; 0 is right."""
    return sum(each.drift_micros for each in drift()) + sum(abs(total) for total in trial_balance().values())


def broken_seals() -> list[int]:
    """The numbers of the seals that no longer fit their transfers: none, or the book was changed by force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_broken_seals()")
        return [number for (number,) in cursor.fetchall()]


def latest_seal() -> SealView | None:
    """The newest seal, None before the first."""
    seal = Seal.objects.order_by("-id").first()
    return SealView(seal.pk, seal.sealed_at, seal.last_seq, bytes(seal.hash).hex()) if seal else None
