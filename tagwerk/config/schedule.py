"""A time → an action. One of the three tables that start something (urls, reactions, schedule)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A line of the schedule."""

    name: str
    every_seconds: int
    action: Callable[[datetime], Any]


# Each second: a coalesced reaction → which projects need it now.
PULSE: tuple[tuple[str, Callable[[datetime], list[int]]], ...] = ()
SCHEDULE: tuple[Entry, ...] = ()
