"""The fee in words, on both of its bases: as a share of the pay, and of the price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tagwerk.domain.accounts.queries import FeeChange
from tagwerk.domain.projects.rules import price
from tagwerk.interfaces.web.formats import percent_text


@dataclass(frozen=True)
class FeeLine:
    """A line of an organisation's history."""

    text: str
    note: str
    at: datetime


def fee_text(fee_bp: int) -> str:
    """Both bases: “20 % of the pay, which is 16.7 % of the price”."""
    one = price(reward_micros=1_000_000, fee_bp=fee_bp, currency="EUR")
    return _("{of_pay} of the pay, which is {of_price} of the price").format(
        of_pay=percent_text(one.fee_bp / 10_000), of_price=percent_text(one.take_bp / 10_000)
    )


def fee_lines(history: Sequence[FeeChange]) -> list[FeeLine]:
    """The history, the newest first."""
    return [
        FeeLine(_("as everybody here") if one.fee_bp is None else fee_text(one.fee_bp), one.note, one.set_at)
        for one in history
    ]
