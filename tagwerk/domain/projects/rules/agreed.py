"""A price that the operator has agreed for a project: what a client pays for what a worker is paid an amount for. The fee is
the difference. Pure."""

from decimal import Decimal

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import LARGEST_MICROS, plain
from tagwerk.domain.designs.rules.pay import Pay

FEE_PLACES = 30  # of a basis point: enough that no fee of an amount that fits the book is a micro off
MOST_FEE_BP = 100_000  # ten times the pay: a dearer price is a typing error


def agreed_fee_bp(client_micros: int, amount_micros: int) -> Decimal:
    """The fee, in basis points of the pay, that brings an amount to the agreed price; none below the amount.

    It is cut off, not rounded: fees are rounded up to a micro, so that the fee of the amount is the difference exactly.
    """
    scaled = max(0, client_micros - amount_micros) * 10_000 * 10**FEE_PLACES // amount_micros
    return Decimal(f"{scaled}E-{FEE_PLACES}")


def fee_for_price(client_micros: int, pay: Pay) -> Decimal:
    """The fee of a pay plan whose amount was agreed to cost the client so much."""
    if not pay.reward_micros:
        raise Conflict(
            "price_without_amount",
            "A price is agreed for an amount of pay, and this pay plan has none that counts for all tasks.",
        )
    most = min(LARGEST_MICROS, pay.reward_micros + pay.reward_micros * MOST_FEE_BP // 10_000)
    if not pay.reward_micros <= client_micros <= most:
        raise Invalid(
            "price_range",
            "The price lies between {pay} {currency}, which is the pay, and {most} {currency}.",
            path="price", pay=plain(pay.reward_micros), most=plain(most), currency=pay.currency,
        )  # fmt: skip
    return agreed_fee_bp(client_micros, pay.reward_micros)


def fee_after_revision(client_micros: int, old: Pay, new: Pay) -> Decimal:
    """The fee after a draft with an agreed price got another pay plan: the price stays for the same unit and currency."""
    if (old.per, old.currency) != (new.per, new.currency) or not new.reward_micros:
        raise Conflict(
            "price_agreed",
            "The price of this project is agreed with the operator: {price} {currency}. What the pay is for and its currency "
            "can change when the operator takes the agreed price away.",
            price=plain(client_micros), currency=old.currency,
        )  # fmt: skip
    if new.reward_micros > client_micros:
        raise Invalid(
            "pay_above_price",
            "The price agreed with the operator is {price} {currency}, so the pay cannot be more.",
            path="pay.amount", price=plain(client_micros), currency=old.currency,
        )  # fmt: skip
    return agreed_fee_bp(client_micros, new.reward_micros)
