"""What this room needs from outside: somebody who carries payouts and says what became of each, and papers as PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class ItemState(StrEnum):
    """PayPal's states of one payout. None of them is the last for certain: what succeeded may be reversed."""

    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    UNCLAIMED = "UNCLAIMED"
    RETURNED = "RETURNED"
    ONHOLD = "ONHOLD"
    BLOCKED = "BLOCKED"
    REFUNDED = "REFUNDED"
    REVERSED = "REVERSED"
    UNKNOWN = "UNKNOWN"  # ours: a state that this version does not know; nothing follows from it


@dataclass(frozen=True, slots=True)
class Item:
    """One payout to carry; `ref` comes back with everything that is said of it."""

    ref: str
    receiver: str
    amount: str  # as the rail writes it: "12.34"
    note: str


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """What the rail says of one payout now."""

    item_id: str
    ref: str
    batch_ref: str
    state: ItemState
    fee_micros: int = 0
    fee_currency: str = ""
    error: str = ""  # for UNKNOWN: what the rail calls the state


@dataclass(frozen=True, slots=True)
class BatchPage:
    """What the rail says of a batch, with one page of its payouts."""

    state: str
    closed: bool  # nothing of it will change any more, as far as the rail knows
    pages: int
    items: tuple[ItemStatus, ...]


class RailUnsure(Exception):
    """No answer, or one that says nothing: perhaps it was taken. The same request again is safe, another one is not."""


class RailBusy(Exception):
    """Not now: the rail asks to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class RailRefused(Exception):
    """It was not taken, and the rail says why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}"[:300])
        self.code = code


class PayoutRail(Protocol):
    """Carries payouts in batches. All calls raise RailUnsure, RailBusy or RailRefused where they bring no answer."""

    @property
    def is_set_up(self) -> bool:
        """Whether the operator gave what it takes to use it."""
        ...

    def send(self, batch_ref: str, currency: str, items: Sequence[Item], subject: str) -> str:
        """Hand over a batch; the rail's number of it. The same `batch_ref` again is the same batch, never a second."""
        ...

    def batch(self, batch_id: str, page: int) -> BatchPage:
        """A page of a batch, from 1 on."""
        ...

    def item(self, item_id: str) -> ItemStatus:
        """One payout."""
        ...

    def cancel(self, item_id: str) -> ItemStatus:
        """Take back a payout that nobody has claimed."""
        ...

    def balances(self) -> Mapping[str, int]:
        """What is in the operator's account there, in micros of each currency."""
        ...

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the rail itself sent this webhook, a JSON object as it came; header names in lower case."""
        ...


class Papers(Protocol):
    """Sets papers as PDF."""

    def pdf(self, sheet: Mapping[str, Any], *, at: datetime) -> tuple[bytes, bool]:
        """A `rules.sheet.Sheet` as plain data → the PDF, and whether all of its signs could be shown.

        The same sheet and moment give the same bytes. Whatever its texts say, they stay texts."""
        ...
