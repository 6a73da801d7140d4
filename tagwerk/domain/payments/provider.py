"""What this room needs from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class Papers(Protocol):
    """Sets papers as PDF."""

    def pdf(self, sheet: Mapping[str, Any], *, at: datetime) -> tuple[bytes, bool]:
        """A `rules.sheet.Sheet` as plain data → the PDF, and whether all of its signs could be shown.

        The same sheet and moment give the same bytes. Whatever its texts say, they stay texts."""
        ...
