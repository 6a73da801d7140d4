"""The fee in words, on both of its bases: as a share of the pay, and of the price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.domain.academy.queries import OfferedTest
from tagwerk.domain.accounts.queries import FeeChange
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import Price, price
from tagwerk.domain.work.rules.units import NONE_BP, times
from tagwerk.interfaces.web.formats import CENT_MICROS, money_text, percent_text

SPLIT = {
    "answer": gettext_noop(
        "For an answer the organisation pays {price}: {pay} to you, {fee} to the operator"
    ),
    "about": gettext_noop(
        "For an answer the organisation pays about {price}: {pay} to you, {fee} to the operator"
    ),
    "hour": gettext_noop("For an hour the organisation pays {price}: {pay} to you, {fee} to the operator"),
    "audio_minute": gettext_noop(
        "For a minute of audio the organisation pays {price}: {pay} to you, {fee} to the operator"
    ),
    "word": gettext_noop("For a word the organisation pays {price}: {pay} to you, {fee} to the operator"),
    "test": gettext_noop("For it the organisation pays {price}: {pay} to you, {fee} to the operator"),
}


@dataclass(frozen=True)
class FeeLine:
    """A line of an organisation's history."""

    text: str
    note: str
    at: datetime


def fee_text(fee_bp: int) -> str:
    """Both bases: “20 % of the pay, which is 16.7 % of the price”."""
    return _on_both(price(reward_micros=1_000_000, fee_bp=fee_bp, currency="EUR"))


def offer_fee_text(project: ProjectView, own_bp: int = NONE_BP) -> str:
    """Who gets what of an offer's price: “For an answer the organisation pays €0.12: €0.10 to you, €0.02 to the operator
    (20 % of the pay, which is 16.7 % of the price).” Empty where nothing is paid.

    `own_bp`: how many times the price this worker is paid, in basis points.
    """
    if not project.paid:
        return ""
    is_about, per, micros = _unit(project)
    one = price(reward_micros=times(micros, own_bp), fee_bp=project.fee_bp, currency=project.currency)
    if not project.fee_bp:
        return _("The organisation pays what you get; the operator takes no fee.")
    if not micros:
        return _("On top of your pay the organisation pays the operator a fee: {bases}.").format(
            bases=_on_both(one)
        )
    return split_text(one, "about" if is_about else per)


def test_fee_text(test: OfferedTest) -> str:
    """Who gets what of the price of an attempt that is paid."""
    assert test.pay is not None, "the next attempt is paid"
    one = price(reward_micros=test.pay.pay_micros, fee_bp=test.fee_bp, currency=test.pay.currency)
    return split_text(one, "test")


def movement_fee_text(pay_micros: int, fee_micros: int, currency: str) -> str:
    """What an organisation paid in all for pay that has arrived."""
    return _("The organisation paid {price}, {fee} of it to the operator.").format(
        price=money_text(pay_micros + fee_micros, currency), fee=money_text(fee_micros, currency)
    )


def split_text(one: Price, per: str) -> str:
    """Who gets what of a price, and the fee on both of its bases; `per` is a key of SPLIT."""
    said = _(SPLIT[per]).format(
        price=money_text(one.total_micros, one.currency), pay=money_text(one.reward_micros, one.currency),
        fee=money_text(one.fee_micros, one.currency),
    )  # fmt: skip
    return _("{split} ({bases}).").format(split=said, bases=_on_both(one))


def _unit(project: ProjectView) -> tuple[bool, str, int]:
    """Whether it is a mean, what is paid for, and its pay in micros: 0 where each task has its own and none is known."""
    if project.hour_micros:
        return False, "hour", project.hour_micros
    if project.pay_per in ("audio_minute", "word"):
        return False, project.pay_per, project.reward_micros
    if not project.measures:
        return False, "answer", project.reward_micros
    mean = project.task_micros or 0
    return True, "answer", (mean + CENT_MICROS // 2) // CENT_MICROS * CENT_MICROS or mean


def _on_both(one: Price) -> str:
    return _("{of_pay} of the pay, which is {of_price} of the price").format(
        of_pay=percent_text(float(one.fee_bp) / 10_000), of_price=percent_text(float(one.take_bp) / 10_000)
    )


def fee_lines(history: Sequence[FeeChange]) -> list[FeeLine]:
    """The history, the newest first."""
    return [
        FeeLine(_("as everybody here") if one.fee_bp is None else fee_text(one.fee_bp), one.note, one.set_at)
        for one in history
    ]
