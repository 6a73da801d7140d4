"""The ways money leaves by, and what each can carry."""

from enum import StrEnum

from babel.numbers import get_currency_precision

from tagwerk.base.money import MICROS


class Rail(StrEnum):
    """A way out: a file for the bank, PayPal's API, or a list that the operator pays by hand."""

    SEPA = "sepa"
    PAYPAL = "paypal"
    MANUAL = "manual"


# PayPal Payouts takes these without decimals, whatever ISO 4217 says.
_PAYPAL_WHOLE = frozenset({"HUF", "JPY", "TWD"})
# Currencies of PayPal Payouts (PayPal's currency codes page, read in November 2026).
PAYPAL_CURRENCIES = frozenset(
    {"AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY", "MXN", "MYR", "NOK", "NZD",
     "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD"}
)  # fmt: skip


def carries(rail: Rail, currency: str) -> bool:
    """Whether money of a currency can leave by this rail."""
    if rail is Rail.SEPA:
        return currency == "EUR"
    return rail is Rail.MANUAL or currency in PAYPAL_CURRENCIES


def places(rail: Rail, currency: str) -> int:
    """Decimals that the rail takes for a currency: 2 for the euro, 0 for the yen, 3 for the Kuwaiti dinar."""
    if rail is Rail.PAYPAL and currency in _PAYPAL_WHOLE:
        return 0
    return int(get_currency_precision(currency))


def smallest_micros(rail: Rail, currency: str) -> int:
    """The rail's smallest amount of a currency, in micros."""
    return MICROS // int(10 ** places(rail, currency))


def payable(balance_micros: int, rail: Rail, currency: str) -> tuple[int, int]:
    """(what can leave, what stays), both in micros: a whole number of the smallest unit, rounded down; nothing is lost."""
    stays = balance_micros % smallest_micros(rail, currency)
    return balance_micros - stays, stays


def written(amount_micros: int, rail: Rail, currency: str) -> str:
    """An amount as files and APIs want it: "12.34", "120" yen, "1.234" dinars. It must be whole in that unit."""
    unit, decimals = smallest_micros(rail, currency), places(rail, currency)
    assert amount_micros >= 0, "amounts to pay are not negative"
    assert amount_micros % unit == 0, "the amount is finer than the rail's smallest unit"
    whole = str(amount_micros // unit).rjust(decimals + 1, "0")
    return f"{whole[:-decimals]}.{whole[-decimals:]}" if decimals else whole
