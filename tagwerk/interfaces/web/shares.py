"""Shares with their intervals, for tables and their small bars."""

from collections.abc import Iterable
from dataclasses import dataclass

from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.quality.queries import Share
from tagwerk.interfaces.web.formats import percent_text


@dataclass(frozen=True)
class ShareLine:
    """A share as a line: the question, the right answer that it is about (empty: all), and the figures."""

    question: str
    label: str
    right: int
    seen: int
    share: float
    low: float
    high: float

    @property
    def between(self) -> str:
        """Between which shares the true one lies."""
        return f"{percent_text(round(self.low, 2))} – {percent_text(round(self.high, 2))}"


def share_lines(design: DesignView, shares: Iterable[Share]) -> list[ShareLine]:
    """Shares under the questions' own words."""
    labels = {one.name: one.label or one.name for one in design.questions}
    return [
        ShareLine(
            labels.get(one.question, one.question), one.label or "", one.right, one.seen, one.share, one.low, one.high
        )
        for one in shares
    ]  # fmt: skip
