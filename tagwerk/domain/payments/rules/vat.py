"""Value added tax on what organisations buy: which case it is, at which rate, and how it is taken out of a sum.

This is arithmetic, not advice: which scheme applies is for the operator and their tax adviser to say.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from babel.numbers import get_currency_precision

from tagwerk.base.errors import Invalid
from tagwerk.base.money import MICROS
from tagwerk.domain.payments.rules.profile import EU

SHIPPED = Path(__file__).with_name("vat_rates.csv")  # standard rates, as known in November 2026
MOST_RATE_BP = 5_000


class VatScheme(StrEnum):
    """What the operator's company is to the tax office."""

    NONE = "none"  # it does not say anything about VAT: papers name none
    SMALL_BUSINESS = "small_business"  # in Germany § 19 UStG
    STANDARD = "standard"


class VatCase(StrEnum):
    """What VAT does to one sale."""

    NONE = "none"
    SMALL_BUSINESS = "small_business"
    DOMESTIC = "domestic"  # also to somebody in the EU who names no VAT id
    REVERSE_CHARGE = "reverse_charge"  # a business elsewhere in the EU: it owes the tax itself
    THIRD_COUNTRY = "third_country"  # outside of the EU: not taxable here


# The category codes of EN 16931 (UNTDID 5305), which an invoice as XML will want.
CATEGORY = {
    VatCase.NONE: "O", VatCase.SMALL_BUSINESS: "E", VatCase.DOMESTIC: "S", VatCase.REVERSE_CHARGE: "AE",
    VatCase.THIRD_COUNTRY: "O",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    """A standard rate of a country from a day on, in basis points."""

    country: str
    since: date
    basis_points: int


@cache
def shipped_rates() -> tuple[Rate, ...]:
    """The table that comes with the program."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(
            Rate(row["country"], date.fromisoformat(row["since"]), int(row["basis_points"]))
            for row in csv.DictReader(file)
        )


def rate_on(country: str, day: date, own: Iterable[Rate] = ()) -> int | None:
    """The rate of a country on a day: the operator's own line counts before a shipped one; None: nobody knows it."""
    for table in (own, shipped_rates()):
        known = [rate for rate in table if rate.country == country and rate.since <= day]
        if known:
            return max(known, key=lambda rate: rate.since).basis_points
    return None


def check_rate(basis_points: int) -> int:
    """A rate from 0 to 50 per cent."""
    if not 0 <= basis_points <= MOST_RATE_BP:
        raise Invalid("vat_rate_range", "A VAT rate is from 0 to 50 per cent.", path="rate")
    return basis_points


def case_of(scheme: VatScheme, seller: str, buyer: str, buyer_vat_id: str) -> VatCase:
    """Which case a sale of services is, by the countries of both and the buyer's VAT id.

    Services to businesses are taxed where the buyer is (Directive 2006/112/EC, art. 44, 196); who gives no VAT id
    is taken for no business, where the seller is (art. 45).
    """
    if scheme is not VatScheme.STANDARD:
        return VatCase.NONE if scheme is VatScheme.NONE else VatCase.SMALL_BUSINESS
    if not buyer or buyer == seller:
        return VatCase.DOMESTIC
    if buyer in EU and seller in EU:
        return VatCase.REVERSE_CHARGE if buyer_vat_id else VatCase.DOMESTIC
    return VatCase.THIRD_COUNTRY


def cent_micros(currency: str) -> int:
    """The smallest unit of a currency on papers, in micros: a cent, a yen, a fils."""
    return int(MICROS // 10 ** get_currency_precision(currency))


def rounded(micros: int, unit: int) -> int:
    """To whole units, half away from zero."""
    sign = -1 if micros < 0 else 1
    return sign * ((abs(micros) * 2 + unit) // (2 * unit)) * unit


def tax_on(net_micros: int, rate_bp: int, currency: str) -> int:
    """The tax on a net sum, rounded once to the currency's smallest unit."""
    return _part(net_micros, rate_bp, 10_000, cent_micros(currency))


def tax_within(gross_micros: int, rate_bp: int, currency: str) -> int:
    """The tax inside of a gross sum, rounded once to the currency's smallest unit."""
    return _part(gross_micros, rate_bp, 10_000 + rate_bp, cent_micros(currency))


def _part(micros: int, above: int, below: int, unit: int) -> int:
    sign = -1 if micros < 0 else 1
    return sign * ((abs(micros) * above * 2 + below * unit) // (2 * below * unit)) * unit


def whole_units(exact: Sequence[int], total_micros: int, unit: int) -> list[int]:
    """Parts as whole units that add up to `total_micros`: the largest remainders get what is left, the earlier first."""
    down = [part // unit * unit for part in exact]
    left = (total_micros - sum(down)) // unit
    order = sorted(range(len(exact)), key=lambda place: (-(exact[place] % unit), place))
    for step in range(abs(left)):
        down[order[step % len(order)]] += unit if left > 0 else -unit
    return down
