"""What is right about the operator's company."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tagwerk.base.errors import Invalid

LARGEST_MINIMUM_MICROS = 10_000_000  # 10.00: more would keep people's wages back


# About what a euro is in currencies in which an amount of money has another size: for the smallest payout, no rate is needed.
# Euros, dollars, pounds and francs are taken for one another. November 2026.
_OF_A_EURO: Mapping[str, Fraction] = {
    code: Fraction(text)
    for code, text in (
        ("ARS", "1500"), ("BDT", "140"), ("BHD", "0.4"), ("BRL", "6"), ("CLP", "1100"), ("CNY", "8"), ("COP", "4500"),
        ("CZK", "25"), ("DKK", "7.5"), ("EGP", "55"), ("HKD", "9"), ("HUF", "400"), ("IDR", "19000"), ("INR", "100"),
        ("ISK", "145"), ("JOD", "0.8"), ("JPY", "170"), ("KES", "150"), ("KRW", "1600"), ("KWD", "0.35"), ("MXN", "21"),
        ("MYR", "5"), ("NGN", "1700"), ("NOK", "11"), ("OMR", "0.45"), ("PHP", "65"), ("PKR", "320"), ("PLN", "4.2"),
        ("RON", "5"), ("RSD", "117"), ("SEK", "11"), ("THB", "38"), ("TND", "3.4"), ("TRY", "48"), ("TWD", "36"),
        ("UAH", "48"), ("UGX", "4200"), ("VND", "30000"), ("ZAR", "20"),
    )
}  # fmt: skip


def smallest_payout(minimum_micros: int, currency: str) -> int:
    """The smallest payout in a currency, of the one in euros (micros): about as much."""
    return int(minimum_micros * _OF_A_EURO.get(currency, Fraction(1)))


class ContractModel(StrEnum):
    """Who owes whom. Principal: the operator buys work and sells results; agent: it passes money on, which is a
    payment service and needs a licence or a licensed partner in the EU (in Germany § 1 (1) no. 6 ZAG)."""

    PRINCIPAL = "principal"
    AGENT = "agent"


def minimum_in_range(micros: int) -> int:
    """The smallest payout, in micros."""
    if not 0 <= micros <= LARGEST_MINIMUM_MICROS:
        raise Invalid(
            "minimum_out_of_range", "The smallest payout is from 0 to 10: more would keep people's wages back.",
            path="minimum",
        )  # fmt: skip
    return micros


def line(text: str, longest: int, path: str) -> str:
    """A text on one line, perhaps empty."""
    found = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(found) > longest:
        raise Invalid("text_too_long", "This has at most {longest} characters.", path=path, longest=longest)
    return found


def missing_for_invoices(company: Mapping[str, Any]) -> list[str]:
    """The fields without which no invoice can be issued: who sells, where they are, and under which tax number."""
    missing = [name for name in ("name", "street", "postcode", "town", "country") if not company[name]]
    if company["vat_scheme"] != "none" and not (company["tax_number"] or company["vat_id"]):
        missing.append("tax_number")
    return missing


def missing_for_payouts(company: Mapping[str, Any]) -> list[str]:
    """The fields without which no file for the bank can be written: whose account, which, and in which town."""
    return [name for name in ("name", "town", "country", "iban") if not company[name]]
