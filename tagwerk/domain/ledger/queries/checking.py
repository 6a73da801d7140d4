"""Whether the book is right: balances against transfers, debits against credits, transfers against their seals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, Sum

from tagwerk.domain.ledger.models import Account, Seal, Transfer

ROWS_NAMED = 20  # of a wrong seal


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
    """A seal that no longer fits: its range, and the first rows that are wrong, where they can be named."""

    number: int
    first_seq: int
    last_seq: int
    rows: list[WrongRow]


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was checked. `unsealed`: transfers that the next seal will cover; `imbalance`: currency → debits less
    credits, where they differ; `unpublished`: seals that are not what was published outside."""

    seals: int
    transfers: int
    unsealed: int
    newest: SealView | None
    wrong: list[WrongSeal]
    drift: list[Drift]
    imbalance: dict[str, int]
    differing: list[int]

    @property
    def is_right(self) -> bool:
        return not (self.wrong or self.drift or self.imbalance or self.differing)


def verify(published: Mapping[int, str] | None = None) -> Verification:
    """Check all of the book; `published`: number of a seal → its hash (hexadecimal), as it was kept outside."""
    counted = Seal.objects.aggregate(transfers=Sum("transfers"), last=Max("last_seq"))
    last = counted["last"] or 0
    return Verification(
        seals=Seal.objects.count(),
        transfers=counted["transfers"] or 0,
        unsealed=Transfer.objects.filter(seq__gt=last).count(),
        newest=latest_seal(),
        wrong=[_wrong(number) for number in broken_seals()],
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
    seal = Seal.objects.only("first_seq", "last_seq").get(id=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrong_seq, wrong FROM ledger_wrong_rows(%s) LIMIT %s", [number, ROWS_NAMED])
        rows = [WrongRow(*row) for row in cursor.fetchall()]
    return WrongSeal(number, seal.first_seq, seal.last_seq, rows)


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
