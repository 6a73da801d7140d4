"""Money as whole micros (1e-6 of the currency's unit) and an ISO 4217 code. Never a float."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from tagwerk.base.errors import Invalid

MICROS = 1_000_000
LARGEST_MICROS = 10**15  # a thousand million units: more is a typing error, and sums still fit a bigint


@dataclass(frozen=True, order=True)
class Money:
    """An amount of one currency."""

    micros: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, "money of two currencies cannot be added"
        return Money(self.micros + other.micros, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, "money of two currencies cannot be subtracted"
        return Money(self.micros - other.micros, self.currency)

    def __str__(self) -> str:
        return f"{plain(self.micros)} {self.currency}"


def micros_of(text: str, *, path: str | None = None) -> int:
    """Read an amount such as "0.30" exactly; refuse what is no amount or finer than a micro."""
    try:
        amount = Decimal(text) * MICROS
    except InvalidOperation:
        raise Invalid(
            "amount_unreadable", '“{text}” is not an amount; write it like "0.30".', path=path, text=text
        ) from None
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > LARGEST_MICROS:
        raise Invalid(
            "amount_unreadable", '“{text}” is not an amount; write it like "0.30".', path=path, text=text
        )
    return int(amount)


def plain(micros: int) -> str:
    """Write micros as a plain decimal with at least two places: 300000 → "0.30", 1234 → "0.001234"."""
    sign, rest = ("-", -micros) if micros < 0 else ("", micros)
    whole, part = divmod(rest, MICROS)
    places = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{places}"


def fee_micros(reward_micros: int, fee_bp: int | Decimal) -> int:
    """The operator's fee on top of a reward, rounded up to a micro; `fee_bp` is basis points of the reward, and parts of one
    where a price was agreed. The function `work_fee` of the database says the same."""
    exact = fee_bp if isinstance(fee_bp, int) else Fraction(fee_bp)
    return -(-reward_micros * exact // 10_000)


def for_units(rate_micros: int, units: int) -> int:
    """What so many millionths of a unit pay at a rate for one: half a micro counts as one. The function `work_reward` of
    the database says the same."""
    return (rate_micros * units + MICROS // 2) // MICROS


def for_seconds(hour_micros: int, seconds: int) -> int:
    """What so many seconds pay at a rate for an hour: half a micro counts as one."""
    return (2 * hour_micros * seconds + 3_600) // 7_200
